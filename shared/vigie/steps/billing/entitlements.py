"""What a client's subscription entitles it to; a client without one (an agency's) is entitled to everything."""

from dataclasses import dataclass

from vigie.domain.plans import Plan
from vigie.ports import BillingStore


@dataclass(frozen=True, slots=True)
class Entitlements:
    """Asks a client's subscription."""

    billing: BillingStore

    def plan_of(self, client_id: str) -> Plan | None:
        """Return the plan whose limits apply, or None."""
        subscription = self.billing.subscription(client_id)
        return subscription.plan if subscription else None

    def is_mailed(self, client_id: str) -> bool:
        """Whether digests are mailed: not while it is paused, nor once it is over."""
        subscription = self.billing.subscription(client_id)
        return subscription is None or subscription.is_mailed

    def is_alerted(self, client_id: str) -> bool:
        """Whether alerts are told, besides being shown on the pages."""
        subscription = self.billing.subscription(client_id)
        return subscription is None or (subscription.is_mailed and subscription.plan.alerts)
