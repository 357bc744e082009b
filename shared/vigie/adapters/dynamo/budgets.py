"""What credentials have spent, in SourcesTable: ``BUDGET#<window>  SPENT``, a counter that expires with its window.

The count and its limit are one conditional write, so that workers side by side never spend more than there is.
A worker that dies between spending and asking has wasted a call; none is ever made that was not counted.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from vigie.adapters.dynamo.table import Change, Condition, ConditionFailed, Table
from vigie.adapters.dynamo.values import expiry
from vigie.domain.connectors.budgets import Bucket, allowance, window_of
from vigie.ports import Budgets

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_KEPT_DAYS = 7  # for ops to see what was spent


class DynamoBudgets(Budgets):
    """``Budgets`` on SourcesTable."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._table = Table(client, table)

    def take(self, bucket: Bucket, units: int, now: datetime, *, urgent: bool = False) -> bool:
        """Spend ``units`` of the window ``now`` falls in, unless that exceeds the allowance; say which."""
        window = window_of(bucket, now)
        room = allowance(bucket, urgent=urgent) - units
        if room < 0:
            return False
        change = Change({"expires_at": expiry(window.resets_at, _KEPT_DAYS)}, adds={"spent": units})
        enough = Condition("attribute_not_exists(spent) OR spent <= :room", {":room": room})
        try:
            self._table.update(f"BUDGET#{window.key}", "SPENT", change, enough)
        except ConditionFailed:
            return False
        return True

    def spent(self, bucket: Bucket, now: datetime) -> int:
        """Return how many units of the window ``now`` falls in are spent."""
        item = self._table.get(f"BUDGET#{window_of(bucket, now).key}", "SPENT")
        return int(item["spent"]) if item else 0
