"""Subscriptions and invoices at Stripe, in our words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from vigie.adapters.stripe.wire import StripeWire
from vigie.domain.clients import Locale
from vigie.domain.payments import Invoice, instant
from vigie.domain.plans import CURRENCY, Plan, plan_of_price
from vigie.domain.subscriptions import Billing, BillingStatus, Need
from vigie.errors import Permanent
from vigie.ports import CheckoutOrder, Payments

_STATUSES: Mapping[str, BillingStatus] = {
    "trialing": "active",  # a trial that Stripe was told of by hand
    "active": "active",
    "incomplete": "incomplete",
    "incomplete_expired": "incomplete_expired",
    "past_due": "past_due",
    "unpaid": "unpaid",
    "paused": "unpaid",
    "canceled": "canceled",
}
_OWING = frozenset({"incomplete", "past_due", "unpaid"})
_INVOICES_SHOWN = 24


@dataclass(frozen=True, slots=True)
class StripePayments(Payments):
    """``Payments`` by Stripe."""

    wire: StripeWire

    def checkout(self, order: CheckoutOrder) -> str:
        """Return the address of Stripe's page that takes the card, or the tax number, of a new subscription."""
        price_id = self._price(order.plan)
        known: dict[str, Any] = {"customer_email": order.email}
        if order.customer_id:
            known = {"customer": order.customer_id, "customer_update": {"address": "auto", "name": "auto"}}
        session = self.wire.post(
            "/v1/checkout/sessions",
            {
                "mode": "subscription",
                "client_reference_id": order.client_id,
                "line_items": [{"price": price_id, "quantity": 1}],
                "subscription_data": {"metadata": {"client_id": order.client_id}},
                "automatic_tax": {"enabled": True},
                "tax_id_collection": {"enabled": True},
                "billing_address_collection": "required",
                "locale": order.locale,
                "success_url": order.paid_url,
                "cancel_url": order.back_url,
                **known,
            },
            occasion=order.occasion,
        )
        return str(session["url"])

    def bought(self, session_id: str, client_id: str) -> str | None:
        """Return the subscription that a client's own checkout made, None when it made none (yet)."""
        session = self.wire.get(f"/v1/checkout/sessions/{quote(session_id, safe='')}")
        if session is None or session.get("client_reference_id") != client_id:
            return None
        return session.get("subscription")

    def portal(self, customer_id: str, locale: Locale, return_url: str) -> str:
        """Return the address of Stripe's page to change a card or an address."""
        session = self.wire.post(
            "/v1/billing_portal/sessions",
            {"customer": customer_id, "locale": locale, "return_url": return_url},
        )
        return str(session["url"])

    def billing(self, billing_id: str) -> Billing | None:
        """Return a subscription as Stripe has it now."""
        path = f"/v1/subscriptions/{quote(billing_id, safe='')}"
        told = self.wire.get(path, {"expand": ["latest_invoice"]})
        return None if told is None else self._billing(told)

    def change_plan(self, billing_id: str, plan: Plan) -> None:
        """Have another plan billed, from now on. What more is due is taken at once; unpaid, the plan stays."""
        path = f"/v1/subscriptions/{quote(billing_id, safe='')}"
        standing = self.wire.get(path)
        if standing is None:
            raise Permanent(f"Stripe has no subscription {billing_id}")
        item = standing["items"]["data"][0]
        changed = {
            "items": [{"id": item["id"], "price": self._price(plan)}],
            "proration_behavior": "always_invoice",
            "payment_behavior": "pending_if_incomplete",
        }
        self.wire.post(path, changed)

    def set_cancelling(self, billing_id: str, *, cancelling: bool) -> None:
        """Let a subscription end with the period that is paid, or go on after all."""
        path = f"/v1/subscriptions/{quote(billing_id, safe='')}"
        self.wire.post(path, {"cancel_at_period_end": cancelling})

    def set_paused(self, billing_id: str, *, paused: bool) -> None:
        """Ask for nothing while a subscription is paused: its invoices are void."""
        path = f"/v1/subscriptions/{quote(billing_id, safe='')}"
        self.wire.post(path, {"pause_collection": {"behavior": "void"} if paused else ""})

    def end(self, billing_id: str) -> None:
        """End a subscription now; one that is over already, or that never was, is."""
        standing = self.wire.get(f"/v1/subscriptions/{quote(billing_id, safe='')}")
        if standing is not None and standing["status"] != "canceled":
            self.wire.delete(f"/v1/subscriptions/{quote(billing_id, safe='')}")

    def invoices(self, customer_id: str) -> list[Invoice]:
        """Return a customer's invoices, the latest first; drafts are none yet."""
        told = self.wire.get("/v1/invoices", {"customer": customer_id, "limit": _INVOICES_SHOWN}) or {
            "data": []
        }
        return [_invoice(each) for each in told["data"] if each["status"] not in {"draft", "void"}]

    def _price(self, plan: Plan) -> str:
        """Return Stripe's price of a plan. Raises Permanent when it is not the one our pages show."""
        found = self.wire.get("/v1/prices", {"lookup_keys": [plan.lookup_key], "active": True, "limit": 1})
        prices = found["data"] if found else []
        if not prices:
            raise Permanent(f"Stripe has no active price with lookup_key {plan.lookup_key}: make it there.")
        price = prices[0]
        theirs = (price["unit_amount"], price["currency"], price["recurring"]["interval"])
        if theirs != (plan.price_cents, CURRENCY, "month") or price["tax_behavior"] != "exclusive":
            raise Permanent(
                f"Stripe's price {plan.lookup_key} is {theirs}, tax {price['tax_behavior']}; "
                f"our page says {plan.price_cents} cents of {CURRENCY} a month, tax exclusive."
            )
        return str(price["id"])

    def _billing(self, told: Mapping[str, Any]) -> Billing:
        item = told["items"]["data"][0]
        plan = plan_of_price(item["price"].get("lookup_key") or "")
        if plan is None:
            raise Permanent(f"the subscription {told['id']} is for a price that is no plan of ours")
        status = _STATUSES[told["status"]]
        invoice = told.get("latest_invoice") or {}
        owing = status in _OWING and invoice.get("status") == "open"
        return Billing(
            client_id=str((told.get("metadata") or {}).get("client_id") or ""),
            customer_id=str(told["customer"]),
            billing_id=str(told["id"]),
            plan_id=plan.plan_id,
            status=status,
            period_ends_at=instant(item.get("current_period_end")),
            cancels_at=instant(told.get("cancel_at")),
            is_paused=told.get("pause_collection") is not None,
            needs=self._need(str(invoice["id"])) if owing else None,
            pay_url=str(invoice.get("hosted_invoice_url") or "") if owing else "",
        )

    def _need(self, invoice_id: str) -> Need:
        """Return what the last try to pay an invoice waits for."""
        asked = {"invoice": invoice_id, "limit": 1, "expand": ["data.payment.payment_intent"]}
        tries = (self.wire.get("/v1/invoice_payments", asked) or {"data": []})["data"]
        intent = (tries[0].get("payment") or {}).get("payment_intent") if tries else None
        return "action" if isinstance(intent, dict) and intent["status"] == "requires_action" else "card"


def _invoice(told: Mapping[str, Any]) -> Invoice:
    issued_at = instant(told["created"])
    assert issued_at is not None  # noqa: S101 - every object of Stripe's has its second
    return Invoice(
        number=str(told.get("number") or told["id"]),
        issued_at=issued_at,
        total_cents=int(told["total"]),
        tax_cents=sum(int(tax["amount"]) for tax in told.get("total_taxes") or []),
        is_paid=told["status"] == "paid",
        page_url=str(told.get("hosted_invoice_url") or ""),
        pdf_url=str(told.get("invoice_pdf") or ""),
    )
