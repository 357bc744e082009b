"""Collected: take in what a collector polled for this stack, and say what one polls for others.

What is handed on goes the way of a push: the shard's lease, the stack's own windows, its own committed poll. So it
lies in the stack's own archive, is counted in its own ledger, and is found again by whoever asks why.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from vigie.domain.collected import (
    HEARD_EVERY,
    HandedDocument,
    Heard,
    TakenIn,
    after_collector,
    doubtful_keys,
    take_in,
)
from vigie.domain.feeds import PublishingHints
from vigie.domain.polling import Reading, after_push
from vigie.domain.sources import Source, SourceState, SourceWindow, health
from vigie.errors import Busy
from vigie.messages import CollectorHeard, DocumentsCollected, Unreadable, open_each, raw
from vigie.ports import Blobs, Clock, LedgerStore, Outbox, SourceStore
from vigie.steps.commits import PUT_OFF_SECONDS, Commits, SourcePoll
from vigie.steps.parking import park_unreadable

_PUT_OFF_AT_MOST = 60  # a quarter of an hour: five times the longest lease


class CollectorStore(Protocol):
    """What a stack heard of its collector."""

    def heard(self) -> Heard | None:
        """Return what was heard last, or None."""
        ...

    def keep(self, heard: Heard) -> None:
        """Remember it."""
        ...


@dataclass(frozen=True, slots=True)
class Left:
    """What is left to ask by ourselves, and what is decided of the sources that the collector reads."""

    due: Sequence[Source]
    polls: Sequence[SourcePoll] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectedFeeds:
    """Leaves to the collector what it reads, as long as it is heard.

    ``fill`` is told of sources that come to be left to it: their past can be had from its archive.
    """

    collector: CollectorStore
    fill: Callable[[Sequence[str]], None]

    def leave(self, due: Sequence[Source], states: Mapping[str, SourceState], now: datetime) -> Left:
        """Return which of the due sources to ask, and the states of those that the collector reads."""
        heard = self.collector.heard() if due else None
        if heard is None:
            return Left(due)
        covered = [each for each in due if each.connector is None and heard.covers(each.source_id, now)]
        ids = {each.source_id for each in covered}
        before = {id_: states.get(id_) or SourceState(source_id=id_) for id_ in ids}
        new = [each.source_id for each in covered if before[each.source_id].polled_at is None]
        if new:
            self.fill(new)
        return Left(
            [each for each in due if each.source_id not in ids],
            [SourcePoll(after_collector(before[each.source_id], heard), pushed=True) for each in covered],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectedReport:
    """What one message came to. ``unfollowed`` documents are of sources that this stack does not follow."""

    batch_id: str
    documents: int = 0
    known: int = 0
    unfollowed: int = 0
    parked: int = 0
    put_off: int = 0
    batches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """Takes in what a collector hands on. Giving it a message twice is harmless."""

    sources: SourceStore
    collector: CollectorStore
    ledger: LedgerStore
    outbox: Outbox
    blobs: Blobs
    clock: Clock
    lease_seconds: int

    def hear(self, message: CollectorHeard) -> Heard:
        """Note that the collector is there; what was said before something heard already says nothing."""
        before = self.collector.heard()
        if before is not None and message.at <= before.at:
            return before
        heard = Heard(
            at=message.at,
            since=before.since if before else message.at,
            source_ids=frozenset(message.source_ids),
            shard_count=message.shard_count,
        )
        self.collector.keep(heard)
        return heard

    def run(self, message: DocumentsCollected, holder: str) -> CollectedReport:
        """Take in the documents of followed sources, shard by shard.

        What belongs to a shard that is being polled is queued again, for a little later. Raises Busy at last.
        """
        handed: list[HandedDocument] = []
        parked = 0
        for position, each in enumerate(open_each(message.items, HandedDocument)):
            if isinstance(each, Unreadable):
                park_unreadable(self.ledger, "poll", f"{message.batch_id}#{position}", each, self.clock())
                parked += 1
            else:
                handed.append(each)
        shards = self._by_shard(handed)
        done = [self._take(shard, own, holder) for shard, own in sorted(shards.items())]
        held = [shard for shard, report in zip(sorted(shards), done, strict=True) if report is None]
        waiting = [document for shard in held for document in shards[shard]]
        self._put_off(message, waiting)
        taken = [report for report in done if report is not None]
        followed = sum(map(len, shards.values()))
        new = sum(count for count, _ in taken)
        return CollectedReport(
            batch_id=message.batch_id,
            documents=new,
            known=followed - len(waiting) - new,
            unfollowed=len(handed) - followed,
            parked=parked,
            put_off=len(waiting),
            batches=tuple(batch_id for _, batch_id in taken if batch_id),
        )

    def _by_shard(self, handed: Sequence[HandedDocument]) -> dict[str, list[HandedDocument]]:
        places = {id_: self.sources.place(id_) for id_ in {each.document.source_id for each in handed}}
        shards: dict[str, list[HandedDocument]] = {}
        for each in handed:
            if shard := places[each.document.source_id]:
                shards.setdefault(shard, []).append(each)
        return shards

    def _put_off(self, message: DocumentsCollected, waiting: Sequence[HandedDocument]) -> None:
        if not waiting:
            return
        if message.tries >= _PUT_OFF_AT_MOST:
            raise Busy(f"the shards of {message.batch_id} are always being polled")
        again = msgspec.structs.replace(message, items=raw(waiting), tries=message.tries + 1)
        self.outbox.send([again], delay_seconds=PUT_OFF_SECONDS)

    def _take(
        self, shard: str, handed: Sequence[HandedDocument], holder: str
    ) -> tuple[int, str | None] | None:
        """Take in one shard's documents: how many are new, and their batch; None while it is being polled."""
        commits = Commits(self.sources, self.outbox, self.blobs, self.clock)
        taken = commits.take(shard, holder, self.lease_seconds)
        if taken is None:
            return None
        _, states = self.sources.load(shard)
        polls = [
            _poll(states.get(id_) or SourceState(source_id=id_), found, self.clock())
            for id_, found in self._found(shard, handed).items()
        ]
        batch_id = commits.finish(shard, holder, polls, taken.head.next_due_at)
        return sum(len(poll.documents) for poll in polls), batch_id

    def _found(self, shard: str, handed: Sequence[HandedDocument]) -> dict[str, TakenIn]:
        """Return what is new by source; of a source that has had all of it, nothing."""
        own: dict[str, list[HandedDocument]] = {}
        for each in handed:
            own.setdefault(each.document.source_id, []).append(each)
        windows = {id_: SourceWindow(id_) for id_ in own} | self.sources.windows(shard, sorted(own))
        doubtful = {id_: doubtful_keys(some, windows[id_]) for id_, some in own.items() if windows[id_].keys}
        asked = {id_: keys for id_, keys in doubtful.items() if keys}
        retired = self.sources.retired(asked) if asked else {}
        found = {id_: take_in(some, windows[id_], retired.get(id_, ())) for id_, some in own.items()}
        return {id_: taken for id_, taken in found.items() if taken.documents}


def _poll(before: SourceState, found: TakenIn, now: datetime) -> SourcePoll:
    dates = tuple(document.published_at for document in found.documents)
    reading = Reading(
        entries=len(dates), new=dates, first=False, known=True, hints=PublishingHints(), partial=True
    )
    return SourcePoll(
        after_push(before, reading, now), window=found.window, documents=found.documents, pushed=True
    )


@dataclass(slots=True, kw_only=True)
class Heartbeat:
    """Says to the stacks that a collector polls for that it is there, and which sources it reads without trouble."""

    sources: SourceStore
    handover: Outbox
    clock: Clock
    shard_count: int
    late_after_seconds: int
    _said_at: datetime | None = field(default=None, init=False)

    def run(self) -> int | None:
        """Say so when it is time; return of how many sources, None when it was said lately.

        Of a source that fails here nothing is said: each stack asks it by itself, and tells its own clients.
        """
        now = self.clock().astimezone(UTC)
        if self._said_at is not None and now - self._said_at < HEARD_EVERY:
            return None
        states = self.sources.states()
        told = tuple(
            source.source_id
            for source in self.sources.sources()
            if source.connector is None
            and health(states.get(source.source_id), now, self.late_after_seconds)
            not in {"new", "gone", "failing", "late"}
        )
        self.handover.send([CollectorHeard(at=now, source_ids=told, shard_count=self.shard_count)])
        self._said_at = now
        return len(told)
