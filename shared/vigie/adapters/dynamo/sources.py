"""Sources, shards and their hot state.

::

    SHARDS          <shard>          the head: lease, due time, pending poll
    SHARD#<shard>   SOURCE#<id>      the source
    SHARD#<shard>   MEMORY           every state of the shard and its odometer: one write a poll
    SHARD#<shard>   WINDOW#<id>      a source's identity window, written only when something new appeared
    SOURCES         <id>             which shard a source is in
    HOST#<host>     SHARD            which shard a host was given, for ever

Heads share one partition so that the scheduler, every minute, reads them all in one query.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from vigie.adapters.backoff import attempts
from vigie.adapters.dynamo.table import ABSENT, Change, Condition, ConditionFailed, Item, Table
from vigie.adapters.dynamo.values import pack, stamp, unpack
from vigie.domain.sources import Odometer, Source, SourceState, SourceWindow, shard_of
from vigie.errors import Busy, Transient
from vigie.ports import ShardHead, SourceStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_TRIES = 8

States = dict[str, SourceState]


@dataclass(frozen=True, slots=True)
class _Memory:
    """What a shard's polls left behind; ``poll_id`` names the last one applied."""

    poll_id: str = ""
    odometer: Odometer = field(default_factory=Odometer)
    states: States = field(default_factory=dict)


class DynamoSources(SourceStore):
    """``SourceStore`` on SourcesTable."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._table = Table(client, table)

    # -- what is followed -----------------------------------------------------------------------------------

    def put_sources(self, sources: Iterable[Source], shard_count: int) -> int:
        """Add or replace sources. Interrupted, it is finished by doing it again: pointers come last."""
        wanted = {source.source_id: source for source in sources}
        shards = self._assign({source.host for source in wanted.values()}, shard_count)
        places = {source_id: shards[source.host] for source_id, source in wanted.items()}
        before = self._places(wanted)
        self._table.write_many(
            puts=[
                {"pk": f"SHARD#{places[id_]}", "sk": f"SOURCE#{id_}", "data": pack(source)}
                for id_, source in wanted.items()
            ]
        )
        for source_id, shard in before.items():
            if shard != places[source_id]:
                self._forget(shard, source_id)
        self._table.write_many(
            puts=[{"pk": "SOURCES", "sk": source_id, "shard": shard} for source_id, shard in places.items()]
        )
        return len(wanted.keys() - before.keys())

    def remove_source(self, source_id: str) -> bool:
        """Stop following a source, its state and window included."""
        place = self._places([source_id])
        if not place:
            return False
        self._forget(place[source_id], source_id)
        self._table.write_many(deletes=[("SOURCES", source_id)])
        return True

    def sources(self) -> list[Source]:
        """Return every source, by id."""
        found = [source for head in self.heads() for source in self._sources_of(head.shard)]
        return sorted(found, key=lambda source: source.source_id)

    def states(self) -> States:
        """Return the last known state of every source."""
        return {id_: state for memory in self._memories() for id_, state in memory.states.items()}

    def odometer(self) -> Odometer:
        """Return the sum of every shard's count."""
        total = Odometer()
        for memory in self._memories():
            total = total.plus(memory.odometer)
        return total

    def _memories(self) -> "list[_Memory]":
        items = self._table.get_many((f"SHARD#{head.shard}", "MEMORY") for head in self.heads())
        return [_memory(item) for item in items.values()]

    def _assign(self, hosts: set[str], shard_count: int) -> dict[str, str]:
        """Return each host's shard, giving one to those that have none; the first to give it wins."""
        known = self._table.get_many((f"HOST#{host}", "SHARD") for host in hosts)
        shards = {pk.removeprefix("HOST#"): str(item["shard"]) for (pk, _), item in known.items()}
        for host in sorted(hosts - shards.keys()):
            item = {"pk": f"HOST#{host}", "sk": "SHARD", "shard": shard_of(host, shard_count)}
            shards[host] = str(self._put_first(item)["shard"])
        for shard in sorted(set(shards.values()) - {head.shard for head in self.heads()}):
            self._put_first({"pk": "SHARDS", "sk": shard})
        return shards

    def _put_first(self, item: Item) -> Item:
        try:
            self._table.put(item, ABSENT)
        except ConditionFailed as failed:
            return failed.item
        return item

    def _places(self, source_ids: Iterable[str]) -> dict[str, str]:
        found = self._table.get_many(("SOURCES", source_id) for source_id in source_ids)
        return {sk: str(item["shard"]) for (_, sk), item in found.items()}

    def _sources_of(self, shard: str) -> list[Source]:
        items = self._table.query_prefix(f"SHARD#{shard}", "SOURCE#")
        return [unpack(item["data"], Source) for item in items]

    def _forget(self, shard: str, source_id: str) -> None:
        pk = f"SHARD#{shard}"
        self._table.write_many(deletes=[(pk, f"SOURCE#{source_id}"), (pk, f"WINDOW#{source_id}")])
        self._change_memory(
            shard,
            lambda memory: replace(memory, states={k: v for k, v in memory.states.items() if k != source_id}),
        )

    # -- a poll ---------------------------------------------------------------------------------------------

    def heads(self) -> list[ShardHead]:
        """Return the head of every shard that ever had sources."""
        return [_head(item) for item in self._table.query("SHARDS")]

    def acquire(self, shard: str, holder: str, now: datetime, lease_seconds: int) -> ShardHead | None:
        """Take the lease of a known shard that nobody holds, or whose holder's time is over."""
        sets = {"holder": holder, "lease_until": stamp(now + timedelta(seconds=lease_seconds))}
        free = Condition(
            "attribute_exists(pk) AND (attribute_not_exists(lease_until) OR lease_until <= :now)",
            {":now": stamp(now)},
        )
        item = self._write_head(shard, free, Change(sets))
        return None if item is None else _head(item)

    def load(self, shard: str) -> tuple[list[Source], States]:
        """Return a shard's sources, by id, and the states of those that were ever polled."""
        memory = _memory(self._table.get(f"SHARD#{shard}", "MEMORY"))
        return self._sources_of(shard), memory.states

    def windows(self, shard: str, source_ids: Sequence[str]) -> dict[str, SourceWindow]:
        """Return the windows that exist."""
        items = self._table.get_many((f"SHARD#{shard}", f"WINDOW#{source_id}") for source_id in source_ids)
        windows = (unpack(item["data"], SourceWindow) for item in items.values())
        return {window.source_id: window for window in windows}

    def commit(self, shard: str, holder: str, pending: str) -> None:
        """Name the poll that has now happened. Raises Busy when ``holder`` does not hold the shard."""
        if self._write_head(shard, _held_by(holder), Change({"pending": pending})) is None:
            raise Busy(f"shard {shard} is not held by {holder} any more")

    def save(
        self,
        shard: str,
        poll_id: str,
        states: Iterable[SourceState],
        windows: Iterable[SourceWindow],
        counted: Odometer,
    ) -> None:
        """Write windows, then the shard's states and odometer in one item, once per ``poll_id``."""
        self._table.write_many(
            puts=[
                {"pk": f"SHARD#{shard}", "sk": f"WINDOW#{window.source_id}", "data": pack(window)}
                for window in windows
            ]
        )
        changed = {state.source_id: state for state in states}

        def apply(memory: _Memory) -> _Memory:
            if memory.poll_id == poll_id:
                return memory
            return _Memory(poll_id, memory.odometer.plus(counted), {**memory.states, **changed})

        self._change_memory(shard, apply)

    def release(self, shard: str, holder: str, next_due_at: datetime | None) -> None:
        """Give the lease back. Another holder's lease is left alone."""
        removes = ["holder", "lease_until", "pending"]
        sets = {} if next_due_at is None else {"next_due_at": stamp(next_due_at)}
        if next_due_at is None:
            removes.append("next_due_at")
        self._write_head(shard, _held_by(holder), Change(sets, {}, removes))

    def _write_head(self, shard: str, condition: Condition, change: Change) -> Item | None:
        """Update a head; None when ``condition`` forbids it.

        boto3 repeats a request whose answer got lost. The token tells such a repetition, whose first try went
        through, from a real refusal: nothing is counted twice, and a lease taken is known to be taken.
        """
        token = uuid4().hex
        once = Condition(
            f"({condition.expression}) AND NOT write_token = :token", {**condition.values, ":token": token}
        )
        marked = Change({**change.sets, "write_token": token}, change.adds, change.removes)
        try:
            return self._table.update("SHARDS", shard, marked, once)
        except ConditionFailed as failed:
            return failed.item if failed.item.get("write_token") == token else None

    def _change_memory(self, shard: str, change: Callable[["_Memory"], "_Memory"]) -> None:
        """Change a shard's memory; when another worker changed it meanwhile, change what it left."""
        for _ in attempts(_TRIES):
            item = self._table.get(f"SHARD#{shard}", "MEMORY")
            before = _memory(item)
            after = change(before)
            if after == before:
                return
            revision = 0 if item is None else int(item["revision"])
            new = {
                "pk": f"SHARD#{shard}",
                "sk": "MEMORY",
                "revision": revision + 1,
                "data": pack(after),
            }
            try:
                self._table.put(new, Condition("revision = :r", {":r": revision}) if item else ABSENT)
            except ConditionFailed:
                continue
            return
        raise Transient(f"the memory of shard {shard} changes too often")


def _held_by(holder: str) -> Condition:
    return Condition("holder = :holder", {":holder": holder})


def _head(item: Item) -> ShardHead:
    return ShardHead(
        shard=item["sk"],
        next_due_at=_instant(item, "next_due_at"),
        lease_until=_instant(item, "lease_until"),
        holder=item.get("holder", ""),
        pending=item.get("pending"),
    )


def _instant(item: Item, name: str) -> datetime | None:
    return datetime.fromisoformat(item[name]) if name in item else None


def _memory(item: Item | None) -> _Memory:
    return _Memory() if item is None else unpack(item["data"], _Memory)
