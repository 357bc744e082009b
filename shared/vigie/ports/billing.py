"""Subscriptions and who takes the money."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from vigie.domain.clients import Locale
from vigie.domain.payments import Invoice
from vigie.domain.plans import Plan
from vigie.domain.subscriptions import Billing
from vigie.domain.subscriptions import Subscription as Subscribed


class BillingStore(Protocol):
    """Self-serve clients' subscriptions, each under its client; and the provider's events dealt with."""

    def subscription(self, client_id: str) -> Subscribed | None:
        """Return a client's subscription, None for one without (an agency's)."""
        ...

    def change(
        self, client_id: str, now: datetime, decide: Callable[[Subscribed | None], Subscribed | None]
    ) -> Subscribed | None:
        """Replace a subscription by what ``decide`` makes of it, None forgets it; return that.

        ``decide`` is asked again, with what stands then, when somebody else changed it meanwhile: what it reads
        elsewhere it reads anew. Returning what it was given writes nothing.
        """
        ...

    def due(self, now: datetime) -> list[str]:
        """Return the clients for whose subscription time has something to do at ``now``, the longest due first."""
        ...

    def is_handled(self, event_id: str) -> bool:
        """Return whether an event of the payment provider was dealt with."""
        ...

    def handled(self, event_id: str, now: datetime) -> None:
        """Remember, for longer than the provider repeats itself, that an event was dealt with."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutOrder:
    """What a client is about to subscribe to. Asked again on the same ``occasion`` it is the same order.

    ``paid_url`` may hold ``{CHECKOUT_SESSION_ID}``, which the provider fills in.
    """

    client_id: str
    plan: Plan
    email: str
    locale: Locale
    paid_url: str
    back_url: str
    occasion: str
    customer_id: str = ""


class Payments(Protocol):
    """Who takes the money. All raise Transient when it cannot be asked now, Permanent when it refuses."""

    def checkout(self, order: CheckoutOrder) -> str:
        """Return the address of the page that takes a card for a new subscription."""
        ...

    def bought(self, session_id: str, client_id: str) -> str | None:
        """Return the subscription that a client's own checkout made, None when it made none."""
        ...

    def portal(self, customer_id: str, locale: Locale, return_url: str) -> str:
        """Return the address of the page to change the means of payment."""
        ...

    def billing(self, billing_id: str) -> Billing | None:
        """Return a subscription as the provider has it now."""
        ...

    def change_plan(self, billing_id: str, plan: Plan) -> None:
        """Have another plan billed; until what it costs more is paid, the plan stays."""
        ...

    def set_cancelling(self, billing_id: str, *, cancelling: bool) -> None:
        """Let a subscription end with the period that is paid, or go on after all."""
        ...

    def set_paused(self, billing_id: str, *, paused: bool) -> None:
        """Ask for no money while a subscription is paused."""
        ...

    def end(self, billing_id: str) -> None:
        """End a subscription now; doing it again changes nothing."""
        ...

    def invoices(self, customer_id: str) -> list[Invoice]:
        """Return a customer's invoices, the latest first."""
        ...
