"""Check sources: ask each address once, as a poll would, and say how it stands."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from vigie.domain.fetching import FetchRequest
from vigie.domain.source_checks import SourceCheck, judge
from vigie.domain.sources import Source
from vigie.ports import Clock, FeedParser, Fetcher

HOSTS_TOGETHER = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSources:
    """Asks addresses: hosts side by side, those of one host one after the other, spaced."""

    fetcher: Callable[[], AbstractAsyncContextManager[Fetcher]]
    parse: FeedParser
    clock: Clock
    host_spacing_seconds: float
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(self, sources: Sequence[Source]) -> AsyncIterator[SourceCheck]:
        """Yield what each address came to, as it comes. Nothing is kept, and no validator is sent."""
        hosts: dict[str, list[Source]] = {}
        for source in sources:
            hosts.setdefault(source.host, []).append(source)
        found: asyncio.Queue[SourceCheck] = asyncio.Queue()
        turns = asyncio.Semaphore(HOSTS_TOGETHER)
        async with self.fetcher() as fetcher, asyncio.TaskGroup() as group:
            for own in hosts.values():
                group.create_task(self._ask_host(fetcher, own, turns, found))
            for _ in sources:
                yield await found.get()

    async def _ask_host(
        self,
        fetcher: Fetcher,
        sources: Sequence[Source],
        turns: asyncio.Semaphore,
        found: "asyncio.Queue[SourceCheck]",
    ) -> None:
        async with turns:
            for place, source in enumerate(sources):
                if place:
                    await self.sleep(self.host_spacing_seconds)
                found.put_nowait(await self._ask(fetcher, source))

    async def _ask(self, fetcher: Fetcher, source: Source) -> SourceCheck:
        outcome = await fetcher.fetch(FetchRequest(source.url))
        feed = None
        if outcome.failure is None:
            feed = self.parse(outcome.body, url=outcome.final_url, content_type=outcome.content_type)
        return judge(source.url, outcome, feed, self.clock())
