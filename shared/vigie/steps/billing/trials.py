"""Trials: a self-serve client's first days, without a card."""

from dataclasses import dataclass
from datetime import datetime

from vigie.domain.subscriptions import Subscription, trial_of
from vigie.ports import BillingStore


@dataclass(frozen=True, slots=True)
class Trials:
    """Begins trials."""

    billing: BillingStore

    def start_trial(self, client_id: str, now: datetime) -> Subscription:
        """Give a new client a trial, and return it; one who has, or had, a subscription keeps that."""
        standing = self.billing.change(client_id, now, lambda found: found or trial_of(client_id, now))
        assert standing is not None  # noqa: S101 - what decide makes is never None
        return standing
