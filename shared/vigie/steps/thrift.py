"""Thrift: while a stack saves, budgets that are paid for give nothing; what costs no money goes on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from vigie.domain.connectors.budgets import Bucket
from vigie.ports import Budgets


@dataclass(frozen=True, slots=True)
class ThriftyBudgets(Budgets):
    """Budgets of a stack with a monthly cap. ``is_saving`` is asked only where money would be spent."""

    budgets: Budgets
    is_saving: Callable[[], bool]

    def take(self, bucket: Bucket, units: int, now: datetime, *, urgent: bool = False) -> bool:
        """Spend, unless it is money and the stack saves. What was taken and not used may always be given back."""
        if bucket.paid and units > 0 and self.is_saving():
            return False
        return self.budgets.take(bucket, units, now, urgent=urgent)

    def spent(self, bucket: Bucket, now: datetime) -> int:
        """Return how many units of the bucket's window at ``now`` are spent."""
        return self.budgets.spent(bucket, now)
