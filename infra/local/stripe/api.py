"""The API that the stub answers: what Stripe's documents say of these paths, and no parameter they do not know."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from infra.local.stripe.till import SECRET_KEY, Thing, Till

_KNOWN: dict[str, frozenset[str]] = {
    "GET /v1/prices": frozenset({"lookup_keys[]", "active", "limit"}),
    "POST /v1/checkout/sessions": frozenset(
        {
            "mode",
            "client_reference_id",
            "line_items[][price]",
            "line_items[][quantity]",
            "subscription_data[metadata][client_id]",
            "automatic_tax[enabled]",
            "tax_id_collection[enabled]",
            "billing_address_collection",
            "locale",
            "success_url",
            "cancel_url",
            "customer",
            "customer_email",
            "customer_update[address]",
            "customer_update[name]",
        }
    ),
    "GET /v1/checkout/sessions/": frozenset(),
    "POST /v1/billing_portal/sessions": frozenset({"customer", "locale", "return_url"}),
    "GET /v1/subscriptions/": frozenset({"expand[]"}),
    "POST /v1/subscriptions/": frozenset(
        {
            "items[][id]",
            "items[][price]",
            "proration_behavior",
            "payment_behavior",
            "cancel_at_period_end",
            "pause_collection",
            "pause_collection[behavior]",
        }
    ),
    "DELETE /v1/subscriptions/": frozenset(),
    "GET /v1/invoices": frozenset({"customer", "limit"}),
    "GET /v1/invoice_payments": frozenset({"invoice", "limit", "expand[]"}),
}
_NUMBERED = re.compile(r"\[\d+\]")


class Refusal(Exception):  # noqa: N818 - an answer of the API
    """A 4xx, in Stripe's words."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"error": {"type": "invalid_request_error", "code": code, "message": message}}


@dataclass(slots=True)
class StripeApi:
    """Answers requests to ``/v1``; while ``is_down`` with 503."""

    till: Till
    is_down: bool = False
    answered: dict[str, tuple[str, Thing]] = field(default_factory=dict)

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: str) -> tuple[int, Thing]:
        """Return a status and an object; ``headers`` by lower-case name."""
        path, _, query = target.partition("?")
        try:
            self._check_head(headers)
            fields = parse_qsl(query if method == "GET" else body, keep_blank_values=True)
            _check_known(method, path, [name for name, _ in fields])
            key = headers.get("idempotency-key")
            if key and key in self.answered:
                return 200, self._again(key, body)
            told = self._route(method, path, nested(fields))
            if key:
                self.answered[key] = (body, told)
        except Refusal as refusal:
            return refusal.status, refusal.error
        return 200, told

    def _check_head(self, headers: Mapping[str, str]) -> None:
        if self.is_down:
            raise Refusal(503, "api_error", "Stripe is down.")
        if headers.get("authorization") != f"Bearer {SECRET_KEY}":
            raise Refusal(401, "api_key_invalid", "Invalid API Key provided")

    def _again(self, key: str, body: str) -> Thing:
        before, told = self.answered[key]
        if before != body:
            raise Refusal(400, "idempotency_error", "The key was used with other parameters.")
        return told

    def _route(self, method: str, path: str, asked: Thing) -> Thing:
        folder, _, name = path.rpartition("/")
        till = self.till
        things: dict[str, Callable[[], Thing]] = {
            "GET /v1/prices": lambda: _list(
                each for key, each in till.prices.items() if key in asked["lookup_keys"]
            ),
            "POST /v1/checkout/sessions": lambda: _public(till.open_session(self._checked_order(asked))),
            "GET /v1/checkout/sessions/": lambda: _public(_found(till.sessions, name)),
            "POST /v1/billing_portal/sessions": lambda: till.open_portal(
                _found(till.customers, asked["customer"])["id"], asked["return_url"]
            ),
            "GET /v1/subscriptions/": lambda: self._subscription(name, asked.get("expand", [])),
            "POST /v1/subscriptions/": lambda: till.change(_found(till.subscriptions, name), asked),
            "DELETE /v1/subscriptions/": lambda: till.end(_found(till.subscriptions, name)),
            "GET /v1/invoices": lambda: _list(_of(reversed(till.invoices.values()), "customer", asked)),
            "GET /v1/invoice_payments": lambda: _list(_of(reversed(till.tries), "invoice", asked)[:1]),
        }
        made = things.get(f"{method} {path}") or things.get(f"{method} {folder}/")
        if made is None:
            raise Refusal(404, "url_invalid", f"Unrecognized request URL ({method}: {path}).")
        return made()

    def _checked_order(self, asked: Thing) -> Thing:
        if asked.get("mode") != "subscription":
            raise Refusal(400, "parameter_missing", "mode: the stub sells subscriptions only.")
        if asked.get("customer") and asked.get("customer_email"):
            raise Refusal(400, "parameter_invalid", "Give customer or customer_email, not both.")
        if asked.get("customer"):
            _found(self.till.customers, asked["customer"])
            if (asked.get("tax_id_collection") or {}).get("enabled") == "true" and not (
                asked.get("customer_update") or {}
            ).get("name"):
                raise Refusal(400, "parameter_missing", "tax_id_collection needs customer_update[name]=auto.")
        return asked

    def _subscription(self, name: str, expand: list[str]) -> Thing:
        subscription = _found(self.till.subscriptions, name)
        if "latest_invoice" not in expand:
            return subscription
        return {**subscription, "latest_invoice": self.till.invoices[subscription["latest_invoice"]]}


def nested(fields: Iterable[tuple[str, str]]) -> Thing:
    """Return form fields as the objects and lists they spell: ``a[b]=1``, ``a[0][b]=1``, ``a[]=1``."""
    tree: Thing = {}
    for name, value in fields:
        *way, last = name.replace("]", "").split("[")
        place = tree
        for step in way[: -1 if not last else None]:
            place = place.setdefault(step, {})
        if last:
            place[last] = value
        else:
            place.setdefault(way[-1], []).append(value)
    return {name: _listed(value) for name, value in tree.items()}


def _listed(tree: Any) -> Any:
    if not isinstance(tree, dict):
        return tree
    inner = {name: _listed(value) for name, value in tree.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def _check_known(method: str, path: str, names: Iterable[str]) -> None:
    route = f"{method} {path}"
    known = _KNOWN.get(route, _KNOWN.get(route.rpartition("/")[0] + "/"))
    for name in names:
        if known is not None and _NUMBERED.sub("[]", name) not in known:
            raise Refusal(400, "parameter_unknown", f"Received unknown parameter: {name}")


def _found(things: Mapping[str, Thing], name: str) -> Thing:
    if name not in things:
        raise Refusal(404, "resource_missing", f"No such object: '{name}'")
    return things[name]


def _of(things: Iterable[Thing], name: str, asked: Thing) -> list[Thing]:
    return [thing for thing in things if thing[name] == asked[name]]


def _list(things: Iterable[Thing]) -> Thing:
    return {"object": "list", "data": list(things), "has_more": False}


def _public(thing: Thing) -> Thing:
    return {name: value for name, value in thing.items() if not name.startswith("_")}


def as_json(thing: Thing) -> bytes:
    """Return an object as Stripe writes it."""
    return json.dumps(thing, indent=2).encode()
