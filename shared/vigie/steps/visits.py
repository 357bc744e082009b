"""Visiting sources: asking each what is due, politely, and reading what it answers. Nothing is written.

Hosts are asked side by side, the sources of one host one after the other, spaced.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from vigie.domain.feeds import ParsedFeed, body_fingerprint
from vigie.domain.fetching import Failure, FetchOutcome
from vigie.domain.polling import PollPolicy, after_failure, after_success, request_of
from vigie.domain.sources import Source, SourceState
from vigie.ports import Clock, FeedParser, Fetcher
from vigie.steps.finds import Showing, our_fault


@dataclass(frozen=True, slots=True)
class Visit:
    """One source asked: its state before, the answer less its body, and its state after, or its feed if that changed.

    What a changed feed leaves is known once its entries were looked up.
    """

    source: Source
    before: SourceState
    outcome: FetchOutcome
    at: datetime
    after: SourceState | None
    feed: ParsedFeed | None = None
    body_sha256: str | None = None

    @property
    def wants_peace(self) -> bool:
        """Say whether the host asked for no request at all, for a time."""
        return self.after is not None and self.after.quiet_until is not None

    @property
    def showing(self) -> Showing | None:
        """What there is to look at, if anything."""
        if self.feed is None:
            return None
        return Showing(self.source, self.feed, self.at, self.outcome.partial)


_Answer = tuple[Source, SourceState, FetchOutcome, datetime]


class _Shelf:
    """Answers that came and are still to be read."""

    _ROOM_BYTES = 32_000_000

    def __init__(self) -> None:
        self._answers: deque[_Answer] = deque()
        self._bytes = 0

    def takes(self, answer: _Answer) -> bool:
        """Keep an answer, or say that there is no room for its body."""
        size = len(answer[2].body)
        if self._bytes + size > self._ROOM_BYTES:
            return False
        self._bytes += size
        self._answers.append(answer)
        return True

    def emptied(self) -> Iterator[_Answer]:
        """Give the answers one by one, and hold none that was given."""
        while self._answers:
            yield self._answers.popleft()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Asks sources and reads their answers; whatever goes wrong with one is its failure, and stops no other."""

    fetcher: Callable[[], AbstractAsyncContextManager[Fetcher]]
    parse: FeedParser
    clock: Clock
    policy: PollPolicy
    budget_seconds: float
    host_spacing_seconds: float
    sleep: Callable[[float], Awaitable[None]]

    async def visit(self, due: Sequence[Source], states: Mapping[str, SourceState]) -> list[Visit]:
        """Ask as many sources as the budget allows, in the order given; then read what they answered.

        Reading waits, because a feed that takes seconds to read would eat the time in which others may answer. Only
        where bodies pile up is one read at once.
        """
        by_host: dict[str, list[Source]] = {}
        for source in due:
            by_host.setdefault(source.host, []).append(source)
        shelf = _Shelf()
        async with self.fetcher() as fetcher:
            hosts = [self._visit_host(fetcher, group, states, shelf) for group in by_host.values()]
            visits = [visit for visits in await asyncio.gather(*hosts) for visit in visits]
        visits.extend(self._read_safely(*answer) for answer in shelf.emptied())
        return visits

    async def _visit_host(
        self, fetcher: Fetcher, sources: Sequence[Source], states: Mapping[str, SourceState], shelf: "_Shelf"
    ) -> list[Visit]:
        visits: list[Visit] = []
        deadline = self.clock() + timedelta(seconds=self.budget_seconds)
        for number, source in enumerate(sources):
            if number:
                await self.sleep(self.host_spacing_seconds)
            if self.clock() > deadline:
                break  # the rest stays due, and goes first next time
            state = states.get(source.source_id) or SourceState(source_id=source.source_id)
            outcome = await fetcher.fetch(request_of(source, state, self.clock()))
            answer = (source, state, outcome, self.clock())
            if outcome.kind == "fetched" and shelf.takes(answer):
                continue
            visits.append(self._read_safely(*answer))
            if visits[-1].wants_peace:
                break
        return visits

    def _read_safely(self, source: Source, state: SourceState, outcome: FetchOutcome, at: datetime) -> Visit:
        try:
            return self._read(source, state, outcome, at)
        except Exception as error:  # noqa: BLE001 - reading is pure: it fails again, and stops this source only
            return self.failed(source, state, unread(outcome, our_fault(error)))

    def _read(self, source: Source, state: SourceState, outcome: FetchOutcome, at: datetime) -> Visit:
        """Return what an answer leaves: the next state, or the feed when its body changed."""
        if outcome.failure is not None:
            return self.failed(source, state, outcome)
        if outcome.kind == "unchanged":
            after = after_success(state, outcome, at, self.policy)
            return Visit(source, state, outcome, at, after)
        body_sha256 = body_fingerprint(outcome.body)
        read = replace(outcome, body=b"")  # a visit lives as long as the shard's slowest: bodies must not
        if body_sha256 == state.body_sha256:
            after = after_success(state, read, at, self.policy, body_sha256=body_sha256)
            return Visit(source, state, read, at, after)
        feed = self.parse(outcome.body, url=outcome.final_url, content_type=outcome.content_type)
        if feed.problem is not None:
            failure = Failure.of("not_a_feed", feed.problem)
            return self.failed(source, state, unread(outcome, failure))
        return Visit(source, state, read, at, None, feed, body_sha256)

    def read_page(self, outcome: FetchOutcome) -> ParsedFeed:
        """Return the feed that an answer holds, or the problem it has."""
        try:
            return self.parse(outcome.body, url=outcome.final_url, content_type=outcome.content_type)
        except Exception as error:  # noqa: BLE001 - reading is pure: it fails again, and closes no gap
            return ParsedFeed(problem=our_fault(error).detail)

    def failed(self, source: Source, state: SourceState, outcome: FetchOutcome) -> Visit:
        """Return the visit of a source whose answer cannot be used."""
        now = self.clock()
        return Visit(source, state, outcome, now, self._after_failure(state, outcome, now))

    def refused(self, visit: Visit, failure: Failure) -> SourceState:
        """Return what a visit leaves whose feed cannot be used after all."""
        return self._after_failure(visit.before, unread(visit.outcome, failure), self.clock())

    def _after_failure(self, state: SourceState, outcome: FetchOutcome, now: datetime) -> SourceState:
        return after_failure(state, outcome, now, self.policy)


def unread(outcome: FetchOutcome, failure: Failure) -> FetchOutcome:
    """Return the outcome of an answer that came but cannot be used."""
    return FetchOutcome(kind="failed", final_url=outcome.final_url, status=outcome.status, failure=failure)
