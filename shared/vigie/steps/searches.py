"""Asking platforms what a shard's due searches find. Nothing is written but what budgets spend."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from vigie.domain.connectors.budgets import Cost, spent
from vigie.domain.connectors.lookouts import Looked, lookouts_for
from vigie.domain.connectors.outcomes import Answer, AuthRevoked, QueryRejected, Unavailable
from vigie.domain.connectors.searches import after_answer
from vigie.domain.feeds import FeedEntry, ParsedFeed
from vigie.domain.fetching import Failure
from vigie.domain.identity import document_id_of
from vigie.domain.polling import PollPolicy, kept_quiet
from vigie.domain.sources import Source, SourceState
from vigie.errors import Transient
from vigie.ports import Budgets, Clock, Connector, Rechecks, SourceStore
from vigie.steps.commits import SourcePoll
from vigie.steps.finds import Found, Showing
from vigie.steps.recheck import Rechecker

PAGES_AT_ONCE = 5  # of one search in one poll; the rest is due at once, after the others'

Connectors = Callable[[], AbstractAsyncContextManager[Mapping[str, Connector]]]
"""The connectors this stack has credentials for, by name, while their connections are open."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One search asked: its state before, what its pages brought together, and when.

    ``rechecks`` says that what it brought can be looked at again; ``looked`` what that came to, in the last asking
    of each platform.
    """

    source: Source
    before: SourceState
    answer: Answer
    at: datetime
    rechecks: bool = False
    looked: Looked = field(default_factory=Looked)

    @property
    def showing(self) -> Showing | None:
        """What there is to look at, if anything."""
        if not self.answer.entries:
            return None
        feed = ParsedFeed(title=self.source.name, entries=self.answer.entries)
        return Showing(self.source, feed, self.at, partial=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Searcher:
    """Asks searches within their budgets; whatever goes wrong with one is its failure, and stops no other.

    Platforms are asked side by side, the searches of one platform one after the other, spaced.
    """

    connectors: Connectors
    sources: SourceStore
    budgets: Budgets
    clock: Clock
    policy: PollPolicy
    budget_seconds: float
    spacing_seconds: float
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def ask(self, due: Sequence[Source], states: Mapping[str, SourceState]) -> list[Asked]:
        """Ask as many searches as time allows, in the order given.

        When the credentials cannot be read now, each search says so, and is tried again like any failure.
        """
        if not due:
            return []
        by_connector: dict[str, list[Source]] = {}
        for source in due:
            by_connector.setdefault(source.connector or "", []).append(source)
        async with AsyncExitStack() as opened:
            try:
                connectors = await opened.enter_async_context(self.connectors())
            except Transient as error:
                return [self._unasked(source, states, error) for source in due]
            asking = [
                self._ask_all(connectors.get(name), sources, states) for name, sources in by_connector.items()
            ]
            return [asked for group in await asyncio.gather(*asking) for asked in group]

    async def _ask_all(
        self, connector: Connector | None, sources: Sequence[Source], states: Mapping[str, SourceState]
    ) -> list[Asked]:
        asked: list[Asked] = []
        deadline = self.clock() + timedelta(seconds=self.budget_seconds)
        for number, source in enumerate(sorted(sources, key=lambda source: not source.urgent)):
            if number:
                await self.sleep(self.spacing_seconds)
            if self.clock() > deadline:
                break  # the rest stays due, and goes first next time
            state = _state(source, states)
            answer = await self._ask(connector, source, state.cursor, deadline)
            asked.append(Asked(source, state, answer, self.clock(), isinstance(connector, Rechecks)))
        if isinstance(connector, Rechecks) and asked and not any(one.answer.refusal for one in asked):
            looked = await self._rechecker().look(sources[0].connector or "", connector, deadline)
            asked[-1] = replace(asked[-1], looked=looked)
        return asked

    def _rechecker(self) -> Rechecker:
        return Rechecker(
            sources=self.sources,
            budgets=self.budgets,
            clock=self.clock,
            spacing_seconds=self.spacing_seconds,
            sleep=self.sleep,
        )

    def _unasked(self, source: Source, states: Mapping[str, SourceState], error: Transient) -> Asked:
        failure = Failure("connect", f"our credentials cannot be read: {error}", transient=True)
        return Asked(source, _state(source, states), Answer(refusal=Unavailable(failure)), self.clock())

    async def _ask(
        self, connector: Connector | None, source: Source, cursor: str | None, deadline: datetime
    ) -> Answer:
        """Return what a search's pages bring, up to so many, one entry for each thing."""
        if connector is None:
            return Answer(refusal=AuthRevoked(f"{source.connector} is not set up on this stack"))
        whole = Answer(cursor=cursor)
        for _ in range(PAGES_AT_ONCE):
            page = await self._page(connector, source, whole.cursor)
            whole = _joined(whole, page)
            if page.refusal is not None or not page.more or self.clock() > deadline:
                break
            await self.sleep(self.spacing_seconds)
        return whole

    async def _page(self, connector: Connector, source: Source, cursor: str | None) -> Answer:
        now = self.clock()
        for cost in (*connector.also, Cost(connector.bucket, connector.units)):  # the scarce one last
            if not self.budgets.take(cost.bucket, cost.units, now, urgent=source.urgent):
                return Answer(refusal=spent(cost.bucket, now))
        try:
            return await connector.poll(source.query, cursor, now)
        except Exception as error:  # noqa: BLE001 - a connector's bug stops its own search, and is shown there
            return Answer(refusal=QueryRejected(f"our reader failed on it: {error!r}"))


def decide(asked: Asked, found: Found | Failure | None, policy: PollPolicy) -> SourcePoll:
    """Return what one asking comes to, with what was found when there was something to look at."""
    answer = asked.answer
    if isinstance(found, Failure):  # nothing of it was queued: the cursor stays
        answer = Answer(refusal=Unavailable(found))
    reading = found.reading if isinstance(found, Found) else None
    after = after_answer(asked.before, answer, asked.at, policy, reading=reading, source=asked.source)
    poll = (
        found.poll(after) if isinstance(found, Found) else SourcePoll(after, unchanged=answer.refusal is None)
    )
    gone = tuple(
        document_id_of(asked.source.platform, native_id)
        for native_id in (*answer.deleted, *asked.looked.gone)
    )
    if asked.looked.quiet_until is not None:
        poll = replace(poll, state=kept_quiet(poll.state, asked.looked.quiet_until))
    lookouts = lookouts_for(asked.source.connector or "", poll.documents) if asked.rechecks else ()
    return replace(poll, withdrawn=gone, lookouts=lookouts, looked=asked.looked)


def _state(source: Source, states: Mapping[str, SourceState]) -> SourceState:
    return states.get(source.source_id) or SourceState(source_id=source.source_id)


def _joined(whole: Answer, page: Answer) -> Answer:
    """Return two pages as one. The cursor goes on only as far as pages were had."""
    return replace(
        page,
        entries=_once((*whole.entries, *page.entries)),
        deleted=(*whole.deleted, *page.deleted),
        cursor=page.cursor or whole.cursor,
        coverage=whole.coverage if page.coverage == "complete" else page.coverage,
        rates=page.rates or whole.rates,
    )


def _once(entries: Sequence[FeedEntry]) -> tuple[FeedEntry, ...]:
    """Return the entries without those that another page brought too: the last said is the latest."""
    return tuple({_id(entry): entry for entry in entries}.values())


def _id(entry: FeedEntry) -> str:
    return entry.native.native_id if entry.native else entry.guid or entry.link or entry.title
