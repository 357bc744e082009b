"""What the payment provider tells: an event is a hint to read a subscription's state, whatever it says itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from vigie.domain.payments import PaymentEvent, open_event
from vigie.domain.subscriptions import Subscription, billed
from vigie.errors import Permanent
from vigie.ports import BillingStore, Clock, Payments

Outcome = Literal["applied", "repeated", "of no subscription", "of no client of ours"]


@dataclass(frozen=True, slots=True)
class Readings:
    """Brings what is kept of a client's subscription up to what the provider has."""

    billing: BillingStore
    payments: Callable[[], Payments]

    def read(self, client_id: str, billing_id: str, now: datetime) -> Subscription | None:
        """Read a subscription at the provider and keep what it says; return what stands, None without a client.

        It is read after what is kept was: of two at once the one that writes second has read anew, so that an older
        state never replaces a newer one. Raises Permanent when the subscription is another client's.
        """

        def decide(standing: Subscription | None) -> Subscription | None:
            if standing is None:
                return None
            found = self.payments().billing(billing_id)
            if found is None:
                return standing
            if found.client_id != client_id:
                raise Permanent(f"the subscription {billing_id} is not that of {client_id}")
            return billed(standing, found, now)

        return self.billing.change(client_id, now, decide)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentEvents:
    """Takes events in: signed, once each, in any order."""

    readings: Readings
    billing: BillingStore
    secrets: Callable[[], tuple[str, ...]]
    clock: Clock

    def receive(self, body: bytes, signature: str) -> tuple[PaymentEvent, Outcome]:
        """Take one event in. Raises Forbidden for one that is not signed, Transient when it is to come again."""
        now = self.clock()
        event = open_event(body, signature, self.secrets(), now)
        if not event.billing_id or not event.client_id:
            return event, "of no subscription"
        if self.billing.is_handled(event.event_id):
            return event, "repeated"
        standing = self.readings.read(event.client_id, event.billing_id, now)
        self.billing.handled(event.event_id, now)  # last: whoever dies before is told again
        return event, "applied" if standing else "of no client of ours"
