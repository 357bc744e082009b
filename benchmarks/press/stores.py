"""Stores in memory that count what the real ones would write, by the real packing."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from tests.fakes import FakeSources
from tests.journal import Journal
from vigie.adapters.dynamo.hot import Times, pack_state, pack_window
from vigie.adapters.dynamo.retired import PARTS, RUN_KEYS
from vigie.domain.sources import Odometer, Source, SourceState, SourceWindow
from vigie.ports import ShardHead

_KEY_BYTES = 8
WEIGHED_EVERY = 8  # saves of a shard's times: packing them is dear, and their size hardly changes
_AROUND_STATE, _AROUND_TIMES = 60, 36  # keys and attribute names of an item, in bytes


class CountingSources(FakeSources):
    """The fake, with write units: ``quiet`` for what every poll costs, ``news`` for what news add."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal)
        self.units: Counter[str] = Counter()
        self._items: dict[str, bytes] = {}
        self._packed_windows: dict[str, bytes] = {}
        self._times: dict[str, Times] = {}
        self._saves: Counter[str] = Counter()
        self._times_units: dict[str, int] = {}
        self._shards: dict[str, list[Source]] = {}

    def load(self, shard: str) -> tuple[list[Source], dict[str, SourceState]]:
        """Return the shard's sources; they do not change during a simulation."""
        if shard not in self._shards:
            self._shards[shard] = super().load(shard)[0]
        return self._shards[shard], dict(self._states.get(shard, {}))

    def due_at(self, shard: str) -> datetime | None:
        """Return when a shard is due again."""
        return self._heads[shard].next_due_at

    def acquire(self, shard: str, holder: str, now: datetime, lease_seconds: int) -> ShardHead | None:
        """Take the lease."""
        self.units["quiet"] += 1
        return super().acquire(shard, holder, now, lease_seconds)

    def commit(self, shard: str, holder: str, pending: str) -> None:
        """Name the poll."""
        self.units["news"] += 1
        super().commit(shard, holder, pending)

    def release(self, shard: str, holder: str, next_due_at: datetime | None) -> None:
        """Give the lease back."""
        self.units["quiet"] += 1
        super().release(shard, holder, next_due_at)

    def save(
        self,
        shard: str,
        poll_id: str,
        states: Iterable[SourceState],
        windows: Iterable[SourceWindow],
        counted: Odometer,
    ) -> None:
        """Save, and count the items that differ and the shard's times."""
        states, windows = tuple(states), tuple(windows)
        fresh = {window.source_id: pack_window(window) for window in windows}
        for state in states:
            window = fresh.get(state.source_id, self._packed_windows.get(state.source_id, b""))
            item = pack_state(state) + window
            if item != self._items.get(state.source_id):
                kind = "news" if state.source_id in fresh else "quiet"
                self.units[kind] += math.ceil((_AROUND_STATE + len(item)) / 1024)
            self._items[state.source_id] = item
            self._packed_windows[state.source_id] = window
        for read in windows:
            self._retire(read)
        times = self._times.get(shard, Times()).after(poll_id, counted, states)
        self._times[shard] = times
        self._saves[shard] += 1
        if self._saves[shard] % WEIGHED_EVERY == 1:
            self._times_units[shard] = math.ceil((_AROUND_TIMES + len(times.pack())) / 1024)
        self.units["quiet"] += self._times_units[shard]
        self._save_plainly(shard, poll_id, states, windows, counted)

    def _retire(self, window: SourceWindow) -> None:
        """Count what keys that retire cost: their item, and the parts of a run when it is whole."""
        if not window.retired:
            return
        self.units["news"] += math.ceil(len(window.retired) * _KEY_BYTES / 1024)
        before, after = (len(self._retired.get(window.source_id, ())), len(window.retired))
        self.units["news"] += PARTS * ((before + after) // RUN_KEYS - before // RUN_KEYS)
        self._retired.setdefault(window.source_id, set()).update(window.retired)

    def _save_plainly(
        self,
        shard: str,
        poll_id: str,
        states: tuple[SourceState, ...],
        windows: tuple[SourceWindow, ...],
        counted: Odometer,
    ) -> None:
        """Save as the fake does, without the journey through JSON: values here are never changed."""
        with self._journal.write("sources.save_windows"):
            self._windows.update(
                {(shard, window.source_id): replace(window, retired=()) for window in windows}
            )
        with self._journal.write("sources.save_states"):
            if self._poll_ids.get(shard) != poll_id:
                self._poll_ids[shard] = poll_id
                self._odometers[shard] = self._odometers.get(shard, Odometer()).plus(counted)
                self._states.setdefault(shard, {}).update({state.source_id: state for state in states})
