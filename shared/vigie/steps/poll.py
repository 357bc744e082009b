"""Poll: fetch a shard's due sources, find what is new, queue it, remember.

Deciding and doing are apart, with a redo log between them: a poll visits its sources (``visits``) and decides what
is new without writing; then all of it becomes true at once (``commits``).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from vigie.domain.fetching import Failure
from vigie.domain.polling import PollPolicy, after_success, is_due, kept_quiet, next_tick, quiet_hosts
from vigie.domain.sources import Source, SourceState
from vigie.domain.websub.offers import PushOffer
from vigie.messages import ShardDue
from vigie.ports import Blobs, Clock, FeedParser, Fetcher, Outbox, SourceStore
from vigie.steps.collected import CollectedFeeds, Left
from vigie.steps.commits import PUT_OFF_SECONDS, Commits, SourcePoll
from vigie.steps.finds import Found, Showing, find, our_fault
from vigie.steps.gaps import GapReader, Paged
from vigie.steps.pushes import Asked, Noted, Pushes
from vigie.steps.searches import Asked as AskedSearch
from vigie.steps.searches import Searcher, decide
from vigie.steps.visits import Visit, Visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """What one poll of a shard came to.

    ``held``: another worker has the shard, nothing was done. ``redone``: the key of a committed poll that was
    found unfinished. ``lost``: such a key whose content is gone; its documents are new again. ``gaps``: sources
    of whose documents some may have come and gone between two polls, and no older page could tell. ``rekeyed``:
    known entries that came with new guids. ``missed``: sources whose hub should have pushed what this poll found.
    ``rechecked``: things looked at again, ``withdrawn`` those found gone or said to be, ``unchecked`` why some wait,
    by search. ``collected`` were due and not asked: the stack's collector reads them.
    ``hubs_asked``: requests for subscriptions, those that failed in ``hubs_refused`` by source.
    """

    shard: str
    held: bool = False
    redone: str | None = None
    lost: str | None = None
    polled: int = 0
    collected: int = 0
    unchanged: int = 0
    documents: int = 0
    failed: dict[str, str] = field(default_factory=dict)  # source id → reason and detail
    gaps: tuple[str, ...] = ()
    rekeyed: int = 0
    missed: tuple[str, ...] = ()
    rechecked: int = 0
    withdrawn: int = 0
    unchecked: dict[str, str] = field(default_factory=dict)
    hubs_asked: int = 0
    hubs_refused: dict[str, str] = field(default_factory=dict)
    batch_id: str | None = None


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
    searcher: Searcher | None = None
    pushes: Pushes | None = None  # a stack that takes no pushes has none
    handover: Outbox | None = None  # only a collector has one
    collected: CollectedFeeds | None = None  # a stack that has no collector asks every source itself
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def run(self, message: ShardDue, holder: str) -> PollReport:
        """Poll what is due in a shard. ``holder`` names this try, and no other, as owner of the lease.

        While somebody polls the shard nothing is done; what asked for all of it by force is queued again, for whoever
        holds it may ask only what is due.
        """
        now = self.clock()
        commits = Commits(self.sources, self.outbox, self.blobs, self.clock, self.handover)
        taken = commits.take(message.shard, holder, self.lease_seconds)
        if taken is None:
            if message.force:
                self.outbox.send([message], delay_seconds=PUT_OFF_SECONDS)
            return PollReport(shard=message.shard, held=True)
        sources, states = self.sources.load(message.shard)
        due = [source for source in sources if is_due(states.get(source.source_id), now, force=message.force)]
        due.sort(key=lambda source: _waiting_since(states.get(source.source_id), now))
        left = self.collected.leave(due, states, now) if self.collected else Left(due)
        polls = [*self._poll_all(message.shard, left.due, states), *left.polls]
        noted = self.pushes.note(message.shard, sources, states, polls) if self.pushes else Noted(polls)
        polls = noted.polls
        after = states | {poll.state.source_id: poll.state for poll in polls}
        quiet = quiet_hosts(sources, after, [poll.state for poll in polls])
        next_due_at = next_tick(sources, after | quiet, now, self.policy)
        batch_id = commits.finish(message.shard, holder, polls, next_due_at, quiet=tuple(quiet.values()))
        asked = self.pushes.ask(noted, after) if self.pushes else Asked()
        return PollReport(
            shard=message.shard,
            redone=taken.redone,
            lost=taken.lost,
            polled=len(polls) - len(left.polls),
            collected=len(left.polls),
            unchanged=sum(1 for poll in polls if poll.unchanged),
            documents=sum(len(poll.documents) for poll in polls),
            failed={poll.state.source_id: poll.state.failure for poll in polls if poll.state.failure},
            gaps=tuple(poll.state.source_id for poll in polls if poll.gap),
            rekeyed=sum(poll.rekeyed for poll in polls),
            missed=noted.missed,
            rechecked=sum(poll.looked.asked for poll in polls),
            withdrawn=sum(len(poll.withdrawn) for poll in polls),
            unchecked={poll.state.source_id: why for poll in polls if (why := poll.looked.trouble)},
            hubs_asked=asked.requests,
            hubs_refused=asked.refused,
            batch_id=batch_id,
        )

    def _poll_all(
        self, shard: str, due: Sequence[Source], states: dict[str, SourceState]
    ) -> list[SourcePoll]:
        searches = [source for source in due if source.connector is not None]
        feeds = [source for source in due if source.connector is None]
        visitor = self._visitor()
        deadline = self.clock() + timedelta(seconds=self.budget_seconds)
        visits, asked = asyncio.run(self._ask_all(visitor, feeds, searches, states)) if due else ([], [])
        return [
            *self._decide_visits(shard, visits, visitor, deadline),
            *self._decide_searches(shard, asked),
        ]

    async def _ask_all(
        self,
        visitor: Visitor,
        feeds: Sequence[Source],
        searches: Sequence[Source],
        states: dict[str, SourceState],
    ) -> tuple[list[Visit], list[AskedSearch]]:
        """Ask feeds and searches side by side, in the same time."""
        if self.searcher is None:
            return await visitor.visit(feeds, states), []
        return await asyncio.gather(visitor.visit(feeds, states), self.searcher.ask(searches, states))

    def _decide_searches(self, shard: str, asked: Sequence[AskedSearch]) -> list[SourcePoll]:
        found = find(self.sources, shard, [showing for one in asked if (showing := one.showing)])
        polls = [decide(one, found.get(one.source.source_id), self.policy) for one in asked]
        return [replace(poll, keys=()) for poll in polls]  # searches are ours: nobody else asked for them

    def _decide_visits(
        self, shard: str, visits: Sequence[Visit], visitor: Visitor, deadline: datetime
    ) -> list[SourcePoll]:
        found = find(self.sources, shard, [showing for visit in visits if (showing := visit.showing)])
        paged = self._read_back(shard, visits, found, visitor, deadline)
        found |= find(self.sources, shard, [each.showing for each in paged.values() if each.showing.older])
        polls = [self._decide_safely(visitor, visit, found) for visit in visits]
        return [_kept_quiet(poll, paged.get(poll.state.source_id)) for poll in polls]

    def _read_back(
        self,
        shard: str,
        visits: Sequence[Visit],
        found: Mapping[str, Found | Failure],
        visitor: Visitor,
        deadline: datetime,
    ) -> dict[str, Paged]:
        """Read the older pages of documents with a gap, on hosts that did not ask for peace."""
        quiet = {visit.source.host for visit in visits if visit.wants_peace}
        gaps = [
            visit
            for visit in visits
            if isinstance(own := found.get(visit.source.source_id), Found) and own.reading.gap
            if visit.feed is not None and visit.feed.next_url is not None and visit.source.host not in quiet
        ]

        def reaches(page: Showing) -> bool:
            (own,) = find(self.sources, shard, [page]).values()
            return isinstance(own, Found) and own.reading.known

        return asyncio.run(GapReader(visitor, reaches, deadline).read(gaps)) if gaps else {}

    def _offers(self, visit: Visit) -> tuple[PushOffer, ...] | None:
        return self.pushes.offers(visit.outcome, visit.feed) if self.pushes and visit.feed else None

    def _visitor(self) -> Visitor:
        return Visitor(
            fetcher=self.fetcher,
            parse=self.parse,
            clock=self.clock,
            policy=self.policy,
            budget_seconds=self.budget_seconds,
            host_spacing_seconds=self.host_spacing_seconds,
            sleep=self.sleep,
        )

    def _decide_safely(
        self, visitor: Visitor, visit: Visit, found: Mapping[str, Found | Failure]
    ) -> SourcePoll:
        try:
            return self._decide(visitor, visit, found)
        except Exception as error:  # noqa: BLE001 - deciding is pure: it fails again, and stops this source only
            return SourcePoll(visitor.refused(visit, our_fault(error)))

    def _decide(self, visitor: Visitor, visit: Visit, found: Mapping[str, Found | Failure]) -> SourcePoll:
        """Return what a visit comes to, with what was found when there was something to look at."""
        if visit.after is not None:
            return SourcePoll(visit.after, unchanged=visit.outcome.kind == "unchanged")
        own = found[visit.source.source_id]
        if isinstance(own, Failure):
            return SourcePoll(visitor.refused(visit, own))
        after = after_success(
            visit.before,
            visit.outcome,
            visit.at,
            self.policy,
            body_sha256=visit.body_sha256,
            reading=own.reading,
        )
        return replace(own.poll(after), offers=self._offers(visit))


def _kept_quiet(poll: SourcePoll, paged: Paged | None) -> SourcePoll:
    if paged is None or paged.quiet_until is None:
        return poll
    return replace(poll, state=kept_quiet(poll.state, paged.quiet_until))


def _waiting_since(state: SourceState | None, now: datetime) -> datetime:
    return (state and state.next_poll_at) or now
