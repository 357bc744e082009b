"""The poll step of a stack that follows searches and no feed."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from tests.fakes import World
from vigie.adapters.feeds import parse_feed
from vigie.adapters.http import HttpFetcher
from vigie.domain.polling import PollPolicy
from vigie.ports import Connector
from vigie.steps.poll import Poll
from vigie.steps.searches import Searcher


def searching_poll(
    world: World,
    connectors: Mapping[str, Connector],
    opened: AbstractAsyncContextManager[object] | None = None,
) -> Poll:
    """Return the step around a world; ``opened`` is what the connectors need to be open meanwhile."""

    @asynccontextmanager
    async def connected() -> AsyncIterator[Mapping[str, Connector]]:
        async with opened or nullcontext():
            yield connectors

    async def no_sleep(_: float) -> None:
        await asyncio.sleep(0)

    policy = PollPolicy(interval_seconds=900)
    searcher = Searcher(
        connectors=connected,
        sources=world.sources,
        budgets=world.budgets,
        clock=world.clock,
        policy=policy,
        budget_seconds=80,
        spacing_seconds=1,
        sleep=no_sleep,
    )
    return Poll(
        sources=world.sources,
        fetcher=lambda: HttpFetcher(user_agent="nobody asks a feed here"),
        parse=parse_feed,
        outbox=world.outbox,
        blobs=world.blobs,
        clock=world.clock,
        policy=policy,
        lease_seconds=180,
        budget_seconds=80,
        host_spacing_seconds=0,
        searcher=searcher,
    )
