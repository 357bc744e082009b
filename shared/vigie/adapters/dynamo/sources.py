"""Sources, shards and their hot state.

::

    SHARDS          <shard>          the head: lease, due time, pending poll
    SHARD#<shard>   SOURCE#<id>      the source
    SHARD#<shard>   TIMES            when each source was polled and will be, and the odometer: one write a poll
    SHARD#<shard>   STATE#<id>       the rest of a source's state and its window, written when they change
    SOURCES         <id>             which shard a source is in
    SEARCHES        PLAN             what searches were last planned from
    HOST#<host>     SHARD            which shard a host was given, for ever

and the keys that retired from windows, see ``retired``; what to look at again, see ``lookouts``.

What a poll leaves is true when TIMES is written, which names the poll; states written before it by a worker that
died are those of documents already queued, or bring none. Heads share one partition so that the scheduler, every
minute, reads them all in one query.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from vigie.adapters.backoff import attempts
from vigie.adapters.dynamo.hot import Times, pack_state, pack_window, unpack_state, unpack_window
from vigie.adapters.dynamo.lookouts import Lookouts
from vigie.adapters.dynamo.retired import RetiredKeys
from vigie.adapters.dynamo.table import ABSENT, Change, Condition, ConditionFailed, Item, Table
from vigie.adapters.dynamo.values import pack, stamp, unpack
from vigie.domain.connectors.followed import StackPlan
from vigie.domain.connectors.lookouts import Lookout
from vigie.domain.sources import Odometer, Source, SourceState, SourceWindow, shard_of
from vigie.errors import Busy, Transient
from vigie.ports import ShardHead, SourceStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_TRIES = 8

States = dict[str, SourceState]


class DynamoSources(SourceStore):
    """``SourceStore`` on SourcesTable."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._table = Table(client, table)
        self._retired = RetiredKeys(self._table)
        self._lookouts = Lookouts(self._table)

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

    def search_plan(self) -> StackPlan:
        """Return what searches were last planned from."""
        item = self._table.get("SEARCHES", "PLAN")
        return unpack(item["data"], StackPlan) if item else StackPlan()

    def keep_search_plan(self, plan: StackPlan) -> None:
        """Remember what searches are planned from."""
        self._table.put({"pk": "SEARCHES", "sk": "PLAN", "data": pack(plan)})

    def place(self, source_id: str) -> str | None:
        """Return a followed source's shard."""
        return self._places([source_id]).get(source_id)

    def states(self) -> States:
        """Return the last known state of every source."""
        return {id_: state for head in self.heads() for id_, state in self._states_of(head.shard).items()}

    def odometer(self) -> Odometer:
        """Return the sum of every shard's count."""
        items = self._table.get_many((f"SHARD#{head.shard}", "TIMES") for head in self.heads())
        total = Odometer()
        for item in items.values():
            total = total.plus(_times(item).odometer)
        return total

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
        self._table.write_many(deletes=[(pk, f"SOURCE#{source_id}"), (pk, f"STATE#{source_id}")])
        self._retired.forget(source_id)
        self._change_times(shard, lambda times: times.without(source_id))

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
        return self._sources_of(shard), self._states_of(shard)

    def _states_of(self, shard: str) -> States:
        items = self._table.query_prefix(f"SHARD#{shard}", "STATE#")
        times = _times(self._table.get(f"SHARD#{shard}", "TIMES"))
        packed = {_id_of(item): bytes(item["state"]) for item in items}
        return {source_id: unpack_state(source_id, data, times) for source_id, data in packed.items()}

    def windows(self, shard: str, source_ids: Sequence[str]) -> dict[str, SourceWindow]:
        """Return the windows that exist."""
        items = self._state_items(shard, source_ids).values()
        windows = [unpack_window(_id_of(item), bytes(item["window"])) for item in items]
        return {window.source_id: window for window in windows if window.keys}

    def retired(self, asked: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
        """Return the keys that have retired from their window, by source."""
        return self._retired.find(asked)

    def lookouts(self, connector: str, now: datetime, limit: int) -> list[Lookout]:
        """Return a connector's lookouts that are due, the longest first."""
        return self._lookouts.due(connector, now, limit)

    def change_lookouts(self, added: Iterable[Lookout], done: Iterable[Lookout]) -> None:
        """Keep some lookouts, then forget others."""
        self._lookouts.change(added, done)

    def _state_items(self, shard: str, source_ids: Iterable[str]) -> dict[str, Item]:
        items = self._table.get_many((f"SHARD#{shard}", f"STATE#{source_id}") for source_id in source_ids)
        return {_id_of(item): item for item in items.values()}

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
        """Write retired keys, the states and windows that differ, then the shard's times and odometer, once."""
        changed = {state.source_id: state for state in states}
        keys: dict[str, bytes] = {}
        for window in windows:  # keys retire before they leave the window, so that they are always somewhere
            if window.retired:
                self._retired.add(window.source_id, window.retired, _shown_at(changed[window.source_id]))
            keys[window.source_id] = pack_window(window)
        before = self._state_items(shard, changed)
        items = [
            {
                "pk": f"SHARD#{shard}",
                "sk": f"STATE#{id_}",
                "state": pack_state(state),
                "window": keys.get(id_, bytes(before.get(id_, {}).get("window", b""))),
            }
            for id_, state in changed.items()
        ]
        self._table.write_many(puts=[item for item in items if item != before.get(_id_of(item))])
        self._change_times(shard, lambda times: times.after(poll_id, counted, changed.values()))

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

    def _change_times(self, shard: str, change: Callable[[Times], Times]) -> None:
        """Change a shard's times; when another worker changed them meanwhile, change what it left."""
        for _ in attempts(_TRIES):
            item = self._table.get(f"SHARD#{shard}", "TIMES")
            before = _times(item)
            after = change(before)
            if after == before:
                return
            revision = 0 if item is None else int(item["revision"])
            new = {"pk": f"SHARD#{shard}", "sk": "TIMES", "revision": revision + 1, "data": after.pack()}
            try:
                self._table.put(new, Condition("revision = :r", {":r": revision}) if item else ABSENT)
            except ConditionFailed:
                continue
            return
        raise Transient(f"the times of shard {shard} change too often")


def _shown_at(state: SourceState) -> datetime:
    """Return when a source last showed what its window held: at a poll, or when a push brought news."""
    return max(moment for moment in (state.polled_at, state.rhythm.news_at) if moment is not None)


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


def _id_of(item: Item) -> str:
    return str(item["sk"]).removeprefix("STATE#")


def _times(item: Item | None) -> Times:
    return Times() if item is None else Times.unpack(bytes(item["data"]))
