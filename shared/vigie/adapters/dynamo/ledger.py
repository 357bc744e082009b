"""Batch records: what the ledger of a digest sums up.

::

    BATCH#<batch>           <part>                      the decision, as first taken; when it was ``recounted``
    EVALUATED#<UTC hour>    <decided_at>#<batch>.<part> documents put before the watches
    CLIENT#<client>         MATCHED#<decided_at>#<batch>.<part>   how many of them concern the client
    PARKED                  <parked_at>#<stage>#<hash>  what can never succeed
    PARKED#<stage>#<hash>   ONCE                        so that it is kept once

The decision is written first, under a condition, then its counts, which follow from it: half the price of one
transaction. Who finds a decision standing sees to its counts, each of which is written once, see
``adapters.dynamo.stamps``. Hours spread the stack's records over partitions.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from vigie.adapters.dynamo.stamps import Standing, standing
from vigie.adapters.dynamo.table import (
    ABSENT,
    Cancelled,
    Change,
    Condition,
    ConditionFailed,
    Item,
    Key,
    Table,
)
from vigie.adapters.dynamo.values import expiry, instant, pack, stamp, unpack
from vigie.domain.cutoffs import Interval
from vigie.domain.ledger import Evaluated
from vigie.domain.matching import Decision
from vigie.domain.mentions import Parked
from vigie.errors import Transient
from vigie.messages import encode
from vigie.ports import LedgerStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

RETENTION_DAYS = 45  # the longest way of a message (14 days queued, 14 dead) and the longest interval fit in
PARKED_RETENTION_DAYS = 90
PARKED_CONTENT_LIMIT_BYTES = 300_000
_NEVER_RECOUNTED = Condition("attribute_not_exists(recounted)")


class DynamoLedger(LedgerStore):
    """``LedgerStore`` on LedgerTable."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._table = Table(client, table)

    def record_decision(self, decision: Decision) -> Decision:
        """Record a decision, then its counts; return the one recorded first.

        Raises Transient while another worker may be about to write the counts of that one.
        """
        pk, sk = _place(decision)
        item: Item = {"pk": pk, "sk": sk, "data": pack(decision)}
        try:
            self._table.put({**item, "expires_at": expiry(decision.decided_at, RETENTION_DAYS)}, ABSENT)
        except ConditionFailed as failed:
            first = unpack(failed.item["data"], Decision)
            self._count_the_rest(first, failed.item.get("recounted", []), decision.decided_at)
            return first
        self._table.write_many(_counts(decision, decision.decided_at))
        return decision

    def _count_the_rest(self, decision: Decision, recounted: list[str], now: datetime) -> None:
        """Write those counts of a decision that stand under none of its stamps."""
        stamps = [decision.decided_at, *map(instant, recounted)]
        stamped = [_counts(decision, at) for at in stamps]
        found = self._table.get_many(_key(count) for counts in stamped for count in counts)
        missing = [
            n for n, same in enumerate(zip(*stamped, strict=True)) if not found.keys() & map(_key, same)
        ]
        counts = stamped[-1]
        if not missing:
            return
        match standing(stamps[-1], now):
            case Standing.HELD:
                raise Transient(f"batch {decision.batch_id} is being counted")
            case Standing.SPENT:
                self._recount(decision, recounted, now)
                counts = _counts(decision, now)
        self._table.write_many(counts[n] for n in missing)

    def _recount(self, decision: Decision, recounted: list[str], now: datetime) -> None:
        """Give a decision another stamp to be counted under, unless another worker just did."""
        before = Condition("recounted = :before", {":before": recounted})
        later = Change({"recounted": [*recounted, stamp(now)]})
        try:
            self._table.update(*_place(decision), later, before if recounted else _NEVER_RECOUNTED)
        except ConditionFailed:
            raise Transient(f"batch {decision.batch_id} is being counted") from None

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


def _place(decision: Decision) -> Key:
    return f"BATCH#{decision.batch_id}", f"{decision.part:06d}"


def _counts(decision: Decision, at: datetime) -> list[Item]:
    """Return a decision's counts, stamped; a part that evaluated nothing new has no count of that."""
    own = f"{stamp(at)}#{decision.batch_id}.{decision.part}"
    counts: list[Item] = []
    if decision.documents or decision.parked:
        evaluated = {"documents": decision.documents, "parked": decision.parked}
        counts.append({"pk": f"EVALUATED#{_hour(at)}", "sk": own, **evaluated})
    for client_id, documents in decision.matched.items():
        counts.append({"pk": f"CLIENT#{client_id}", "sk": f"MATCHED#{own}", "documents": documents})
    return [{**count, "expires_at": expiry(at, RETENTION_DAYS)} for count in counts]


def _key(item: Item) -> Key:
    return item["pk"], item["sk"]


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
