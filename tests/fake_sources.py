# ruff: noqa: D102 - the ports say what each method does, and a fake needs not all it is told
"""Sources, their shards and windows, hubs' subscriptions, platforms' budgets, in memory."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tests.fake_basics import kept
from tests.journal import Journal
from vigie.domain.connectors.budgets import Bucket, allowance, window_of
from vigie.domain.connectors.followed import StackPlan
from vigie.domain.connectors.lookouts import Lookout
from vigie.domain.sources import Odometer, Source, SourceState, SourceWindow, shard_of
from vigie.domain.websub.subscriptions import PushKey, Subscription
from vigie.errors import Busy
from vigie.ports import Budgets, ShardHead, SourceStore, SubscriptionStore


class FakeBudgets(Budgets):
    """What credentials have spent."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._spent: dict[str, int] = {}

    def take(self, bucket: Bucket, units: int, now: datetime, *, urgent: bool = False) -> bool:
        with self._journal.write("budgets.take"):
            key = window_of(bucket, now).key
            spent = self._spent.get(key, 0) + units
            if spent > allowance(bucket, urgent=urgent):
                return False
            self._spent[key] = spent
            return True

    def spent(self, bucket: Bucket, now: datetime) -> int:
        return self._spent.get(window_of(bucket, now).key, 0)


class FakeSources(SourceStore):
    """Sources, shards and their hot state."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._hosts: dict[str, str] = {}
        self._sources: dict[str, tuple[str, Source]] = {}
        self._heads: dict[str, ShardHead] = {}
        self._states: dict[str, dict[str, SourceState]] = {}
        self._windows: dict[tuple[str, str], SourceWindow] = {}
        self._retired: dict[str, set[str]] = {}
        self._odometers: dict[str, Odometer] = {}
        self._poll_ids: dict[str, str] = {}
        self._search_plan = StackPlan()
        self._lookouts: dict[tuple[str, datetime, str], Lookout] = {}

    def put_sources(self, sources: Iterable[Source], shard_count: int) -> int:
        new = 0
        for source in {source.source_id: source for source in sources}.values():
            with self._journal.write("sources.put_source"):
                shard = self._hosts.setdefault(source.host, shard_of(source.host, shard_count))
                self._heads.setdefault(shard, ShardHead(shard=shard))
                before = self._sources.get(source.source_id)
                new += before is None
                if before and before[0] != shard:
                    self._forget(before[0], source.source_id)
                self._sources[source.source_id] = (shard, kept(source))
        return new

    def remove_source(self, source_id: str) -> bool:
        with self._journal.write("sources.remove_source"):
            shard, _ = self._sources.pop(source_id, ("", None))
            self._forget(shard, source_id)
            return shard != ""

    def _forget(self, shard: str, source_id: str) -> None:
        self._states.get(shard, {}).pop(source_id, None)
        self._windows.pop((shard, source_id), None)
        self._retired.pop(source_id, None)

    def sources(self) -> list[Source]:
        return [self._sources[source_id][1] for source_id in sorted(self._sources)]

    def search_plan(self) -> StackPlan:
        return self._search_plan

    def keep_search_plan(self, plan: StackPlan) -> None:
        with self._journal.write("sources.keep_search_plan"):
            self._search_plan = kept(plan)

    def place(self, source_id: str) -> str | None:
        return self._sources[source_id][0] if source_id in self._sources else None

    def states(self) -> dict[str, SourceState]:
        return {id_: state for states in self._states.values() for id_, state in states.items()}

    def odometer(self) -> Odometer:
        total = Odometer()
        for counted in self._odometers.values():
            total = total.plus(counted)
        return total

    def heads(self) -> list[ShardHead]:
        return [kept(self._heads[shard]) for shard in sorted(self._heads)]

    def acquire(self, shard: str, holder: str, now: datetime, lease_seconds: int) -> ShardHead | None:
        with self._journal.write("sources.acquire"):
            head = self._heads.get(shard)
            if head is None or (head.lease_until is not None and head.lease_until > now):
                return None
            lease_until = now + timedelta(seconds=lease_seconds)
            self._heads[shard] = replace(head, holder=holder, lease_until=lease_until)
            return kept(self._heads[shard])

    def load(self, shard: str) -> tuple[list[Source], dict[str, SourceState]]:
        sources = [source for place, source in self._sources.values() if place == shard]
        return sorted(sources, key=lambda source: source.source_id), dict(self._states.get(shard, {}))

    def windows(self, shard: str, source_ids: Sequence[str]) -> dict[str, SourceWindow]:
        keys = [(shard, source_id) for source_id in source_ids if (shard, source_id) in self._windows]
        return {key[1]: self._windows[key] for key in keys}

    def retired(self, asked: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
        found = {
            source_id: self._retired.get(source_id, set()) & {*keys} for source_id, keys in asked.items()
        }
        return {source_id: frozenset(keys) for source_id, keys in found.items() if keys}

    def lookouts(self, connector: str, now: datetime, limit: int) -> list[Lookout]:
        due = [key for key in sorted(self._lookouts) if key[0] == connector and key[1] <= now]
        return [kept(self._lookouts[key]) for key in due[:limit]]

    def change_lookouts(self, added: Iterable[Lookout], done: Iterable[Lookout]) -> None:
        for lookout in added:
            with self._journal.write("sources.keep_lookout"):
                self._lookouts[lookout.connector, lookout.due_at, lookout.lookout_id] = kept(lookout)
        for lookout in done:
            with self._journal.write("sources.forget_lookout"):
                self._lookouts.pop((lookout.connector, lookout.due_at, lookout.lookout_id), None)

    def commit(self, shard: str, holder: str, pending: str) -> None:
        with self._journal.write("sources.commit"):
            head = self._heads.get(shard)
            if head is None or head.holder != holder:
                raise Busy(f"shard {shard} is not held by {holder} any more")
            self._heads[shard] = replace(head, pending=pending)

    def save(
        self,
        shard: str,
        poll_id: str,
        states: Iterable[SourceState],
        windows: Iterable[SourceWindow],
        counted: Odometer,
    ) -> None:
        for window in windows:
            with self._journal.write("sources.retire"):
                self._retired.setdefault(window.source_id, set()).update(window.retired)
            with self._journal.write("sources.save_window"):
                self._windows[shard, window.source_id] = kept(replace(window, retired=()))
        with self._journal.write("sources.save_states"):
            if self._poll_ids.get(shard) != poll_id:
                self._poll_ids[shard] = poll_id
                self._odometers[shard] = kept(self._odometers.get(shard, Odometer()).plus(counted))
                changed = {state.source_id: kept(state) for state in states}
                self._states.setdefault(shard, {}).update(changed)

    def release(self, shard: str, holder: str, next_due_at: datetime | None) -> None:
        with self._journal.write("sources.release"):
            head = self._heads.get(shard)
            if head is not None and head.holder == holder:
                self._heads[shard] = ShardHead(shard=shard, next_due_at=next_due_at)


class FakeSubscriptions(SubscriptionStore):
    """What hubs were asked to push."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._kept: dict[PushKey, Subscription] = {}

    def of(self, shard: str) -> list[Subscription]:
        return [found for found in self.all() if found.shard == shard]

    def all(self) -> list[Subscription]:
        keys = sorted(self._kept, key=lambda key: (key.shard, key.source_id, key.offer_id))
        return [self._kept[key] for key in keys]

    def get(self, key: PushKey) -> Subscription | None:
        return self._kept.get(key)

    def change(
        self, key: PushKey, decide: Callable[[Subscription | None], Subscription | None]
    ) -> Subscription | None:
        while True:
            before = self._kept.get(key)
            after = decide(before)
            if after == before or after is None:
                return before
            with self._journal.write("subscriptions.change"):
                if self._kept.get(key) != before:
                    continue  # changed meanwhile: decide again
                if after.status == "left":
                    self._kept.pop(key, None)
                else:
                    self._kept[key] = kept(after)
            return after
