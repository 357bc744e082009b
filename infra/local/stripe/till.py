"""What the stub keeps, in the shapes of Stripe's objects, and what happens to them; each change tells its events."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Literal

from vigie.domain.plans import CURRENCY, plans_for_sale

SECRET_KEY = "sk_test_of_the_stub"  # noqa: S105 - of nothing but the stub
WEBHOOK_SECRET = "whsec_of_the_stub"  # noqa: S105 - likewise
VAT_PERCENT = 20
Outcome = Literal["paid", "secure", "declined"]
"""``secure``: the bank wants its holder to confirm (3-D Secure)."""

Thing = dict[str, Any]
_INTENT = {"paid": "succeeded", "secure": "requires_action", "declined": "requires_payment_method"}


@dataclass(slots=True, kw_only=True)
class Till:
    """One account at Stripe. ``tell`` is given the type of each event and the object it shows."""

    clock: Callable[[], datetime]
    base_url: str = ""
    tell: Callable[[str, Thing], None] = lambda _kind, _thing: None
    prices: dict[str, Thing] = field(default_factory=dict)
    sessions: dict[str, Thing] = field(default_factory=dict)
    portals: dict[str, Thing] = field(default_factory=dict)
    customers: dict[str, Thing] = field(default_factory=dict)
    subscriptions: dict[str, Thing] = field(default_factory=dict)
    invoices: dict[str, Thing] = field(default_factory=dict)
    tries: list[Thing] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        """Sell what the plans say."""
        for plan in plans_for_sale():
            self.prices[plan.lookup_key] = {
                "id": f"price_{plan.plan_id}",
                "object": "price",
                "active": True,
                "currency": CURRENCY,
                "lookup_key": plan.lookup_key,
                "recurring": {"interval": "month", "interval_count": 1},
                "tax_behavior": "exclusive",
                "unit_amount": plan.price_cents,
            }

    # -- checkout and portal ----------------------------------------------------------------------------------

    def open_session(self, asked: Thing) -> Thing:
        """Open a checkout."""
        session = {
            **{
                name: asked.get(name)
                for name in ("client_reference_id", "customer", "customer_email", "mode")
            },
            **{name: asked[name] for name in ("success_url", "cancel_url", "line_items")},
            "object": "checkout.session",
            "id": self._id("cs_test"),
            "status": "open",
            "payment_status": "unpaid",
            "subscription": None,
            "metadata": {},
        }
        session["url"] = f"{self.base_url}/c/pay/{session['id']}"
        session["_metadata"] = (asked.get("subscription_data") or {}).get("metadata") or {}
        self.sessions[session["id"]] = session
        return session

    def pay_session(self, session: Thing, outcome: Outcome) -> None:
        """Try to pay a checkout: the subscription begins, or stays incomplete until its bank has said yes."""
        subscription = self.subscriptions.get(session["subscription"] or "")
        if subscription is None:
            if outcome == "declined":
                return
            subscription = self._begin(session)
        self._try(self.invoices[subscription["latest_invoice"]], outcome)
        if outcome == "paid":
            session |= {"status": "complete", "payment_status": "paid"}
            self._settle(subscription)
            self.tell("checkout.session.completed", _shown(session))

    def _begin(self, session: Thing) -> Thing:
        customer_id = session["customer"] or self._id("cus")
        self.customers.setdefault(
            customer_id, {"id": customer_id, "email": session["customer_email"], "outcome": "paid"}
        )
        price = next(each for each in self.prices.values() if each["id"] == session["line_items"][0]["price"])
        subscription: Thing = {
            "id": self._id("sub"),
            "object": "subscription",
            "customer": customer_id,
            "status": "incomplete",
            "metadata": session["_metadata"],
            "cancel_at_period_end": False,
            "cancel_at": None,
            "pause_collection": None,
            "items": {
                "object": "list",
                "data": [
                    {"id": self._id("si"), "object": "subscription_item", "price": price, **self._period()}
                ],
            },
        }
        self.subscriptions[subscription["id"]] = subscription
        session |= {"subscription": subscription["id"], "customer": customer_id}
        self._invoice(subscription)
        self.tell("customer.subscription.created", _shown(subscription))
        return subscription

    def open_portal(self, customer_id: str, return_url: str) -> Thing:
        """Open the customer portal."""
        portal = {
            "id": self._id("bps"),
            "object": "billing_portal.session",
            "customer": customer_id,
            "return_url": return_url,
        }
        portal["url"] = f"{self.base_url}/p/session/{portal['id']}"
        self.portals[portal["id"]] = portal
        return portal

    # -- what is asked of a subscription ----------------------------------------------------------------------

    def change(self, subscription: Thing, asked: Thing) -> Thing:
        """Change a subscription as the API's POST does."""
        item = subscription["items"]["data"][0]
        if "items" in asked:
            price_id = asked["items"][0]["price"]
            item["price"] = next(each for each in self.prices.values() if each["id"] == price_id)
            self._try(self._invoice(subscription), self._outcome(subscription))
        if "cancel_at_period_end" in asked:
            cancelling = asked["cancel_at_period_end"] == "true"
            subscription["cancel_at_period_end"] = cancelling
            subscription["cancel_at"] = item["current_period_end"] if cancelling else None
        if "pause_collection" in asked:
            subscription["pause_collection"] = asked["pause_collection"] or None
        self.tell("customer.subscription.updated", _shown(subscription))
        return subscription

    def end(self, subscription: Thing) -> Thing:
        """End a subscription now."""
        subscription["status"] = "canceled"
        self.tell("customer.subscription.deleted", _shown(subscription))
        return subscription

    def renew(self, subscription: Thing) -> None:
        """Let a month pass: end what was cancelled, else try the card on file."""
        if subscription["cancel_at_period_end"]:
            self.end(subscription)
            return
        subscription["items"]["data"][0] |= self._period()
        invoice = self._invoice(subscription)
        if subscription["pause_collection"]:
            invoice["status"] = "void"
            return
        outcome = self._outcome(subscription)
        self._try(invoice, outcome)
        if outcome == "paid":
            self._settle(subscription)
            return
        subscription["status"] = "past_due"
        kind = "invoice.payment_action_required" if outcome == "secure" else "invoice.payment_failed"
        self.tell(kind, _shown(invoice))
        self.tell("customer.subscription.updated", _shown(subscription))

    def pay_invoice(self, invoice: Thing, outcome: Outcome) -> None:
        """Try to pay an invoice on Stripe's own page of it."""
        self._try(invoice, outcome)
        if outcome == "paid":
            self._settle(self.subscriptions[invoice["parent"]["subscription_details"]["subscription"]])

    # -- inside -----------------------------------------------------------------------------------------------

    def _settle(self, subscription: Thing) -> None:
        subscription["status"] = "active"
        self.tell("invoice.paid", _shown(self.invoices[subscription["latest_invoice"]]))
        self.tell("customer.subscription.updated", _shown(subscription))

    def _outcome(self, subscription: Thing) -> Outcome:
        outcome: Outcome = self.customers[subscription["customer"]]["outcome"]
        return outcome

    def _invoice(self, subscription: Thing) -> Thing:
        amount = subscription["items"]["data"][0]["price"]["unit_amount"]
        tax = amount * VAT_PERCENT // 100
        invoice: Thing = {
            "id": self._id("in"),
            "object": "invoice",
            "customer": subscription["customer"],
            "created": int(self.clock().timestamp()),
            "status": "open",
            "total": amount + tax,
            "total_taxes": [{"amount": tax, "tax_behavior": "exclusive"}],
            "parent": {
                "type": "subscription_details",
                "subscription_details": {
                    "subscription": subscription["id"],
                    "metadata": subscription["metadata"],
                },
            },
        }
        invoice["number"] = f"VIGIE-{len(self.invoices) + 1:04}"
        invoice["hosted_invoice_url"] = f"{self.base_url}/i/{invoice['id']}"
        invoice["invoice_pdf"] = f"{self.base_url}/i/{invoice['id']}/pdf"
        self.invoices[invoice["id"]] = invoice
        subscription["latest_invoice"] = invoice["id"]
        return invoice

    def _try(self, invoice: Thing, outcome: Outcome) -> None:
        intent = {"id": self._id("pi"), "object": "payment_intent", "status": _INTENT[outcome]}
        payment = {"type": "payment_intent", "payment_intent": intent}
        self.tries.append(
            {
                "object": "invoice_payment",
                "id": self._id("inpay"),
                "invoice": invoice["id"],
                "payment": payment,
            }
        )
        if outcome == "paid":
            invoice["status"] = "paid"

    def _period(self) -> Thing:
        now = self.clock()
        ends = now + timedelta(days=30)
        return {"current_period_start": int(now.timestamp()), "current_period_end": int(ends.timestamp())}

    def _id(self, prefix: str) -> str:
        return f"{prefix}_{next(self._numbers):08}"


def _shown(thing: Thing) -> Thing:
    return {name: value for name, value in thing.items() if not name.startswith("_")}
