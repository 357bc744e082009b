"""Mail events: what the provider tells of mails settles deliveries, stops addresses, takes complainers off."""

from dataclasses import dataclass

from vigie.domain.addresses import MailEvent, after
from vigie.domain.mentions import Parked
from vigie.ports import AddressStore, Clock, LedgerStore
from vigie.steps.deliver import Deliver
from vigie.steps.unsubscribe import Unsubscribe


@dataclass(frozen=True, slots=True, kw_only=True)
class MailEvents:
    """Takes the provider's word. Hearing it twice, or late, changes nothing more."""

    deliver: Deliver
    addresses: AddressStore
    unsubscribe: Unsubscribe
    ledger: LedgerStore
    clock: Clock

    def run(self, event: MailEvent) -> None:
        """Take one event in."""
        if event.kind == "sent":
            if event.delivery_key:
                self.deliver.confirm(event.delivery_key, event.provider_id)
            return
        if event.kind == "rejected":
            thing = event.delivery_key or event.provider_id
            self.ledger.park(Parked("send", thing, f"rejected: {event.detail}", self.clock()))
            return
        self.addresses.change(event.email, lambda address: after(address, event))
        if event.kind == "complained" and event.delivery_key:
            self.unsubscribe.run(event.delivery_key.partition("_")[0], event.email)
