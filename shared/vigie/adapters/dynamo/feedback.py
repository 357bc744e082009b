"""What people corrected, in MentionsTable: beside the mentions, in their order, gone with them.

::

    CLIENT#<client>   FEEDBACK#<recorded_at>#<mention>           the corrections made on a mention, and their revision
    CLIENT#<client>   FEEDBACK#<recorded_at>#<mention>#<watch>   what a large model said (see ``dynamo.cases``)

One range of keys holds those of an interval, however late they were made. They name labels and people, no texts.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from vigie.adapters.backoff import attempts
from vigie.adapters.dynamo.table import ABSENT, Condition, ConditionFailed, Table
from vigie.adapters.dynamo.values import expiry, pack, stamp, unpack
from vigie.domain.adjudication.verdicts import Verdict
from vigie.domain.cutoffs import Interval
from vigie.domain.feedback import Correction
from vigie.errors import Transient
from vigie.ports import Corrections, FeedbackStore, Said

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_TRIES = 8


class DynamoFeedback(FeedbackStore):
    """``FeedbackStore`` on MentionsTable; kept ``retention_days`` after the mention was recorded, as it is."""

    def __init__(self, client: "DynamoDBClient", table: str, *, retention_days: int) -> None:
        self._table = Table(client, table)
        self._retention_days = retention_days

    def change(
        self,
        client_id: str,
        recorded_at: datetime,
        mention_id: str,
        decide: Callable[[Corrections], Corrections],
    ) -> Corrections:
        """Replace a mention's corrections, unless somebody else did meanwhile: then theirs are looked at again."""
        pk, sk = f"CLIENT#{client_id}", f"FEEDBACK#{stamp(recorded_at)}#{mention_id}"
        for _ in attempts(_TRIES):
            item = self._table.get(pk, sk)
            before = () if item is None else unpack(item["data"], tuple[Correction, ...])
            after = decide(before)
            if after == before:
                return before
            revision = 0 if item is None else int(item["revision"])
            new = {
                "pk": pk,
                "sk": sk,
                "revision": revision + 1,
                "data": pack(after),
                "expires_at": expiry(recorded_at, self._retention_days),
            }
            unchanged = ABSENT if item is None else Condition("revision = :r", {":r": revision})
            try:
                self._table.put(new, unchanged)
            except ConditionFailed:
                continue
            return after
        raise Transient(f"the corrections {pk}/{sk} change too often")

    def made_on(self, client_id: str, interval: Interval) -> list[Correction]:
        """Return the corrections made on mentions recorded in the interval, in the order of these."""
        return self.said_on(client_id, interval).corrections

    def said_on(self, client_id: str, interval: Interval) -> Said:
        """Return all that was said of mentions recorded in the interval, in the order of these."""
        low, high = f"FEEDBACK#{stamp(interval.since)}", f"FEEDBACK#{stamp(interval.until)}"
        said = Said([], [])
        for item in self._table.query(f"CLIENT#{client_id}", low=low, high=high):
            if "verdict" in item:
                said.verdicts.append(unpack(item["verdict"], Verdict))
            else:
                said.corrections.extend(unpack(item["data"], tuple[Correction, ...]))
        return said
