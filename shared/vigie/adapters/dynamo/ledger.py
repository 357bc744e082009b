"""Batch records: what the ledger of a digest sums up.

::

    BATCH#<batch>           <part>                      the decision, as first taken
    EVALUATED#<UTC hour>    <decided_at>#<batch>.<part> documents put before the watches
    CLIENT#<client>         MATCHED#<decided_at>#<batch>.<part>   how many of them concern the client
    PARKED                  <parked_at>#<stage>#<hash>  what can never succeed
    PARKED#<stage>#<hash>   ONCE                        so that it is kept once

A decision and its counts are one transaction: the counts exist exactly when the decision does. Hours spread
the stack's records over partitions.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from vigie.adapters.dynamo.table import ABSENT, Cancelled, Item, Table
from vigie.adapters.dynamo.values import expiry, pack, stamp, unpack
from vigie.domain.cutoffs import Interval
from vigie.domain.ledger import Evaluated
from vigie.domain.matching import Decision
from vigie.domain.mentions import Parked
from vigie.messages import encode
from vigie.ports import LedgerStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

RETENTION_DAYS = 45  # the longest way of a message (14 days queued, 14 dead) and the longest interval fit in
PARKED_RETENTION_DAYS = 90
PARKED_CONTENT_LIMIT_BYTES = 300_000


class DynamoLedger(LedgerStore):
    """``LedgerStore`` on LedgerTable."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._table = Table(client, table)

    def record_decision(self, decision: Decision) -> Decision:
        """Record a decision and its counts together; return the one recorded first."""
        items = list(_records(decision))
        first, *counts = [
            {**item, "expires_at": expiry(decision.decided_at, RETENTION_DAYS)} for item in items
        ]
        try:
            self._table.transact(
                [self._table.put_in(first, ABSENT), *(self._table.put_in(count) for count in counts)]
            )
        except Cancelled as cancelled:
            return unpack(cancelled.failed[0]["data"], Decision)
        return decision

    def evaluated(self, interval: Interval) -> list[Evaluated]:
        """Return the stack's batch records of the interval, oldest first."""
        low, high = stamp(interval.since), stamp(interval.until)
        return [
            Evaluated(int(item["documents"]), int(item["parked"]))
            for hour in _hours(interval)
            for item in self._table.query(f"EVALUATED#{hour}", low=low, high=high)
        ]

    def matched(self, client_id: str, interval: Interval) -> int:
        """Return how many documents matched the client in the interval."""
        items = self._table.query(
            f"CLIENT#{client_id}",
            low=f"MATCHED#{stamp(interval.since)}",
            high=f"MATCHED#{stamp(interval.until)}",
        )
        return sum(int(item["documents"]) for item in items)

    def park(self, parked: Parked) -> None:
        """Keep a thing once per stage and id. A content too large to keep is replaced by its size."""
        key = hashlib.sha256(parked.thing_id.encode()).hexdigest()[:32]
        expires_at = expiry(parked.parked_at, PARKED_RETENTION_DAYS)
        item: Item = {
            "pk": "PARKED",
            "sk": f"{stamp(parked.parked_at)}#{parked.stage}#{key}",
            "data": pack(_within_limit(parked)),
            "expires_at": expires_at,
        }
        once: Item = {"pk": f"PARKED#{parked.stage}#{key}", "sk": "ONCE", "expires_at": expires_at}
        try:
            self._table.transact([self._table.put_in(once, ABSENT), self._table.put_in(item)])
        except Cancelled:
            return  # parked before

    def parked(self, limit: int = 100) -> list[Parked]:
        """Return what was parked, newest first."""
        items = self._table.query("PARKED", newest_first=True, limit=limit)
        return [unpack(item["data"], Parked) for item in items]


def _records(decision: Decision) -> Iterator[Item]:
    """Yield the decision, then its counts; a part that evaluated nothing new has no record of it."""
    at = f"{stamp(decision.decided_at)}#{decision.batch_id}.{decision.part}"
    yield {"pk": f"BATCH#{decision.batch_id}", "sk": f"{decision.part:06d}", "data": pack(decision)}
    if decision.documents or decision.parked:
        counts = {"documents": decision.documents, "parked": decision.parked}
        yield {"pk": f"EVALUATED#{_hour(decision.decided_at)}", "sk": at, **counts}
    for client_id, documents in decision.matched.items():
        yield {"pk": f"CLIENT#{client_id}", "sk": f"MATCHED#{at}", "documents": documents}


def _hour(instant: datetime) -> str:
    return stamp(instant)[:13]


def _hours(interval: Interval) -> Iterator[str]:
    hour = interval.since.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    while hour < interval.until:
        yield _hour(hour)
        hour += timedelta(hours=1)


def _within_limit(parked: Parked) -> Parked:
    size_bytes = len(encode(parked.content))
    if size_bytes <= PARKED_CONTENT_LIMIT_BYTES:
        return parked
    omitted: dict[str, object] = {"omitted_bytes": size_bytes}
    return Parked(parked.stage, parked.thing_id, parked.reason, parked.parked_at, omitted)
