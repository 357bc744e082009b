"""Stripe's wire format: nested parameters as form fields, errors as JSON, repeated requests by their key.

Raises  Transient when Stripe cannot answer now (nothing, 409, 429, 5xx), Permanent with its own sentence when it
        refuses (400, 401, 402, 403); 404 is a value: None
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from vigie.errors import Permanent, Transient, Unanswered

VERSION = "2025-10-29.clover"  # of the API: answers keep this form until we ask for another
BASE_URL = "https://api.stripe.com"
PAGES = ("https://checkout.stripe.com", "https://billing.stripe.com")  # where people are led
_LATER = frozenset({409, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class StripeWire:
    """Asks Stripe with a secret key; ``base_url`` is another only in a local run."""

    secret_key: str = field(repr=False)
    base_url: str = BASE_URL
    timeout_seconds: float = 8.0
    _pool: PoolManager = field(default_factory=PoolManager, repr=False)

    def get(self, path: str, parameters: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        """Return what is at a path."""
        query = form(parameters or {})
        return self._ask("GET", f"{path}?{query}" if query else path, None, {})

    def post(self, path: str, parameters: Mapping[str, Any], *, occasion: str = "") -> dict[str, Any]:
        """Make or change a thing. The same on the same ``occasion`` is done once, however often it is asked."""
        body = form(parameters)
        named = hashlib.sha256(f"{path}\n{body}\n{occasion}".encode()).hexdigest()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if occasion:
            headers["Idempotency-Key"] = named
        answer = self._ask("POST", path, body, headers)
        if answer is None:
            raise Permanent(f"Stripe has nothing at {path}")
        return answer

    def delete(self, path: str) -> dict[str, Any] | None:
        """End a thing; None when there is none."""
        return self._ask("DELETE", path, None, {})

    def _ask(
        self, method: str, path: str, body: str | None, headers: Mapping[str, str]
    ) -> dict[str, Any] | None:
        own = {"Authorization": f"Bearer {self.secret_key}", "Stripe-Version": VERSION, **headers}
        try:
            answer = self._pool.request(
                method,
                self.base_url + path,
                body=body,
                headers=own,
                timeout=Timeout(total=self.timeout_seconds),
                retries=False,
                redirect=False,
            )
        except HTTPError as error:
            raise Unanswered(f"Stripe did not answer {method} {_bare(path)}: {error}") from error
        if answer.status == 404:
            return None
        if answer.status in _LATER:
            raise Transient(f"Stripe answered {answer.status} to {method} {_bare(path)}")
        told = _json(answer.data)
        if answer.status != 200:
            raise Permanent(f"Stripe refused {method} {_bare(path)}: {answer.status}, {_sentence(told)}")
        return told


def form(parameters: Mapping[str, Any]) -> str:
    """Return parameters as Stripe reads them: ``items[0][price]=…``, true and false, "" to unset.

    A parameter that is None is left out.
    """
    return urlencode(list(_fields(parameters)))


def _fields(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    match value:
        case None:
            return
        case Mapping():
            for key, inner in value.items():
                yield from _fields(inner, f"{name}[{key}]" if name else key)
        case list():
            for number, inner in enumerate(value):
                # Things are numbered, plain values only listed.
                place = str(number) if isinstance(inner, Mapping) else ""
                yield from _fields(inner, f"{name}[{place}]")
        case bool():
            yield name, "true" if value else "false"
        case _:
            yield name, str(value)


def _json(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Transient("Stripe answered something that is no JSON object")
    return told


def _sentence(told: Mapping[str, Any]) -> str:
    error = told.get("error") or {}
    return f"{error.get('code') or error.get('type')}: {error.get('message')}"


def _bare(path: str) -> str:
    return path.partition("?")[0]
