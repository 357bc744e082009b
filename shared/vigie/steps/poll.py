"""Poll: fetch a shard's due sources, find what is new, queue it, remember.

Deciding and doing are apart, with a redo log between them. A poll fetches and decides without writing; when
there is something new, everything that follows (documents, states, windows, counts) is written to the archive
as one *committed poll*, and one write to the shard's head makes it true by naming it. Then its effects are applied:
documents queued, states saved and polls counted in one write, lease given back. A worker that dies before the head
names the poll has done nothing; one that dies after it leaves the name, and whoever polls the shard next applies
the same effects again, which changes nothing that was already done. So a document belongs to one batch for ever,
and no validator is kept for documents that were not queued.
"""

import asyncio
import gzip
import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from msgspec import Raw

from vigie.domain.documents import Document
from vigie.domain.entries import to_document
from vigie.domain.feeds import ParsedFeed
from vigie.domain.fetching import Failure, FetchOutcome
from vigie.domain.identity import find_new
from vigie.domain.polling import (
    PollPolicy,
    Reading,
    after_failure,
    after_success,
    is_due,
    next_tick,
    quiet_hosts,
    request_of,
)
from vigie.domain.sources import Odometer, Source, SourceState, SourceWindow
from vigie.messages import DocumentsFetched, ShardDue, decode_value, encode, raw, split
from vigie.ports import Blobs, Clock, FeedParser, Fetcher, Outbox, ShardHead, SourceStore


@dataclass(frozen=True, slots=True, kw_only=True)
class CommittedPoll:
    """One poll that brought something new, whole: what the archive keeps and what a redo needs."""

    batch_id: str
    shard: str
    polled_at: datetime
    documents: tuple[Document, ...]
    states: tuple[SourceState, ...]
    windows: tuple[SourceWindow, ...]
    counted: Odometer


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """What one poll of a shard came to.

    ``held``: another worker has the shard, nothing was done. ``redone``: the key of a committed poll that was
    found unfinished. ``lost``: such a key whose content is gone; its documents are new again. ``gaps``: sources
    of whose documents some may have come and gone between two polls. ``rekeyed``: known entries that came with
    new guids.
    """

    shard: str
    held: bool = False
    redone: str | None = None
    lost: str | None = None
    polled: int = 0
    unchanged: int = 0
    documents: int = 0
    failed: dict[str, str] = field(default_factory=dict)  # source id → reason and detail
    gaps: tuple[str, ...] = ()
    rekeyed: int = 0
    batch_id: str | None = None


@dataclass(frozen=True, slots=True)
class _Visit:
    """One source asked: its state before, the answer, and its feed when the body changed, or its state after."""

    source: Source
    before: SourceState
    outcome: FetchOutcome
    at: datetime
    after: SourceState
    feed: ParsedFeed | None = None


@dataclass(frozen=True, slots=True)
class _SourcePoll:
    """One source's decision: its next state, and what it brought. ``unchanged`` says that it answered 304."""

    state: SourceState
    unchanged: bool = False
    window: SourceWindow | None = None
    documents: tuple[Document, ...] = ()
    gap: bool = False
    rekeyed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """Polls shards. Hosts are asked side by side, the sources of one host one after the other, spaced."""

    sources: SourceStore
    fetcher: Callable[[], AbstractAsyncContextManager[Fetcher]]
    parse: FeedParser
    outbox: Outbox
    blobs: Blobs
    clock: Clock
    policy: PollPolicy
    lease_seconds: int
    budget_seconds: float
    host_spacing_seconds: float
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def run(self, message: ShardDue, holder: str) -> PollReport:
        """Poll what is due in a shard. ``holder`` names this try, and no other, as owner of the lease."""
        now = self.clock()
        head = self.sources.acquire(message.shard, holder, now, self.lease_seconds)
        if head is None:
            return PollReport(shard=message.shard, held=True)
        redone = self._apply_again(head)
        sources, states = self.sources.load(message.shard)
        due = [source for source in sources if is_due(states.get(source.source_id), now, force=message.force)]
        due.sort(key=lambda source: _waiting_since(states.get(source.source_id), now))
        polls = self._poll_all(message.shard, due, states)
        after = states | {poll.state.source_id: poll.state for poll in polls}
        quiet = quiet_hosts(sources, after, [poll.state for poll in polls])
        next_due_at = next_tick(sources, after | quiet, now, self.policy)
        batch_id = self._finish(message.shard, holder, polls, tuple(quiet.values()), next_due_at)
        return PollReport(
            shard=message.shard,
            redone=redone,
            lost=head.pending if redone is None else None,
            polled=len(polls),
            unchanged=sum(1 for poll in polls if poll.unchanged),
            documents=sum(len(poll.documents) for poll in polls),
            failed={poll.state.source_id: poll.state.failure for poll in polls if poll.state.failure},
            gaps=tuple(poll.state.source_id for poll in polls if poll.gap),
            rekeyed=sum(poll.rekeyed for poll in polls),
            batch_id=batch_id,
        )

    # -- deciding -------------------------------------------------------------------------------------------

    def _poll_all(
        self, shard: str, due: Sequence[Source], states: dict[str, SourceState]
    ) -> list[_SourcePoll]:
        visits = asyncio.run(self._visit_all(due, states)) if due else []
        changed = [visit.source.source_id for visit in visits if visit.feed is not None]
        windows = self.sources.windows(shard, changed) if changed else {}
        return [self._decide_safely(visit, windows.get(visit.source.source_id)) for visit in visits]

    async def _visit_all(self, due: Sequence[Source], states: dict[str, SourceState]) -> list[_Visit]:
        by_host: dict[str, list[Source]] = {}
        for source in due:
            by_host.setdefault(source.host, []).append(source)
        async with self.fetcher() as fetcher:
            hosts = [self._visit_host(fetcher, group, states) for group in by_host.values()]
            return [visit for visits in await asyncio.gather(*hosts) for visit in visits]

    async def _visit_host(
        self, fetcher: Fetcher, sources: Sequence[Source], states: dict[str, SourceState]
    ) -> list[_Visit]:
        visits: list[_Visit] = []
        deadline = self.clock() + timedelta(seconds=self.budget_seconds)
        for number, source in enumerate(sources):
            if number:
                await self.sleep(self.host_spacing_seconds)
            if self.clock() > deadline:
                break  # the rest stays due, and goes first next time
            state = states.get(source.source_id) or SourceState(source_id=source.source_id)
            outcome = await fetcher.fetch(request_of(source, state, self.clock()))
            visits.append(self._read_safely(source, state, outcome))
            if visits[-1].after.quiet_until is not None:
                break  # the host wants no request at all
        return visits

    def _read_safely(self, source: Source, state: SourceState, outcome: FetchOutcome) -> _Visit:
        try:
            return self._read(source, state, outcome)
        except Exception as error:  # noqa: BLE001 - reading is pure: it fails again, and stops this source only
            return self._failed(source, state, _unread(outcome, _our_fault(error)))

    def _read(self, source: Source, state: SourceState, outcome: FetchOutcome) -> _Visit:
        """Return what an answer leaves: the next state, and the feed when its body changed."""
        now = self.clock()
        if outcome.failure is not None:
            return self._failed(source, state, outcome)
        if outcome.kind == "unchanged":
            after = after_success(state, outcome, now, self.policy)
            return _Visit(source, state, outcome, now, after)
        body_sha256 = _fingerprint(outcome.body)
        after = after_success(state, outcome, now, self.policy, body_sha256=body_sha256)
        if body_sha256 == state.body_sha256:
            return _Visit(source, state, outcome, now, after)
        feed = self.parse(outcome.body, url=outcome.final_url, content_type=outcome.content_type)
        if feed.problem is not None:
            failure = Failure.of("not_a_feed", feed.problem)
            return self._failed(source, state, _unread(outcome, failure))
        return _Visit(source, state, outcome, now, after, feed)

    def _decide_safely(self, visit: _Visit, window: SourceWindow | None) -> _SourcePoll:
        if visit.feed is None:
            return _SourcePoll(visit.after, unchanged=visit.outcome.kind == "unchanged")
        try:
            return self._decide(visit, visit.feed, window or SourceWindow(visit.source.source_id))
        except Exception as error:  # noqa: BLE001 - deciding is pure: it fails again, and stops this source only
            outcome = _unread(visit.outcome, _our_fault(error))
            return _SourcePoll(self._failed(visit.source, visit.before, outcome).after)

    def _decide(self, visit: _Visit, feed: ParsedFeed, window: SourceWindow) -> _SourcePoll:
        homes = [url for url in (visit.source.url, feed.site_url) if url]
        novelty = find_new(visit.source.source_id, feed.entries, window, homes)
        reading = Reading(
            entries=len(feed.entries),
            new=tuple(new.entry.published_at for new in novelty.new),
            first=not window.keys,
            known=novelty.known > 0,
            hints=feed.hints,
        )
        return _SourcePoll(
            after_success(
                visit.before,
                visit.outcome,
                visit.at,
                self.policy,
                body_sha256=visit.after.body_sha256,
                reading=reading,
            ),
            window=novelty.window if novelty.window != window else None,
            documents=tuple(to_document(visit.source, feed, new, visit.at) for new in novelty.new),
            gap=novelty.gap,
            rekeyed=novelty.rekeyed,
        )

    def _failed(self, source: Source, state: SourceState, outcome: FetchOutcome) -> _Visit:
        now = self.clock()
        return _Visit(source, state, outcome, now, after_failure(state, outcome, now, self.policy))

    # -- doing ----------------------------------------------------------------------------------------------

    def _finish(
        self,
        shard: str,
        holder: str,
        polls: Sequence[_SourcePoll],
        quiet: tuple[SourceState, ...],
        next_due_at: datetime | None,
    ) -> str | None:
        """Make the decided polls true and give the shard back; return the batch's id when there is one.

        ``quiet`` are the states of sources that were not asked, because their host wants peace.
        """
        now = self.clock()
        quieted = {state.source_id for state in quiet}
        poll = CommittedPoll(
            batch_id=f"{shard}-{now:%Y%m%dT%H%M%S%f}",
            shard=shard,
            polled_at=now,
            documents=tuple(document for poll in polls for document in poll.documents),
            states=(*(poll.state for poll in polls if poll.state.source_id not in quieted), *quiet),
            windows=tuple(poll.window for poll in polls if poll.window is not None),
            counted=_count(polls),
        )
        if poll.documents:
            key = f"archive/{now:%Y/%m/%d/%H}/{poll.batch_id}.json.gz"
            self.blobs.put(key, gzip.compress(encode(poll), mtime=0), "application/gzip")
            self.sources.commit(shard, holder, key)
        if polls:
            self._apply(poll)
        self.sources.release(shard, holder, next_due_at)
        return poll.batch_id if poll.documents else None

    def _apply(self, poll: CommittedPoll) -> None:
        def wrap(documents: tuple[Raw, ...], number: int) -> DocumentsFetched:
            batch_id = f"{poll.batch_id}.{number}"
            return DocumentsFetched(batch_id=batch_id, polled_at=poll.polled_at, documents=documents)

        self.outbox.send(split(raw(poll.documents), wrap))
        self.sources.save(poll.shard, poll.batch_id, poll.states, poll.windows, poll.counted)

    def _apply_again(self, head: ShardHead) -> str | None:
        """Apply the committed poll a worker left unfinished; the next commit or release forgets it."""
        content = self.blobs.get(head.pending) if head.pending else None
        if content is None:
            return None
        self._apply(decode_value(gzip.decompress(content), CommittedPoll))
        return head.pending


def _our_fault(error: Exception) -> Failure:
    return Failure.of("not_a_feed", f"our reader failed on it: {error!r}")


def _unread(outcome: FetchOutcome, failure: Failure) -> FetchOutcome:
    """Return the outcome of an answer that came but cannot be used."""
    return FetchOutcome(kind="failed", final_url=outcome.final_url, status=outcome.status, failure=failure)


def _fingerprint(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def _waiting_since(state: SourceState | None, now: datetime) -> datetime:
    return (state and state.next_poll_at) or now


def _count(polls: Sequence[_SourcePoll]) -> Odometer:
    reasons = Counter(
        (poll.state.failure or "").partition(":")[0] for poll in polls if poll.state.failure is not None
    )
    return Odometer(
        polled=len(polls),
        fetched=sum(len(poll.documents) for poll in polls),
        failed=dict(reasons),
    )
