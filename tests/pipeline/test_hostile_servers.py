"""One poll of the real step, fetcher and parser, in a web full of enemies: each is refused, everyone else is read."""

import resource
import socket
import sys
from functools import partial

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.fakes import World
from tests.pipeline.hostile import CASES, DNS, LIMITS, Case, serving
from vigie.adapters.feeds import parse_feed
from vigie.adapters.http import HttpFetcher
from vigie.adapters.http_guard import AllowList
from vigie.domain.documents import Document
from vigie.domain.outlook import outlook
from vigie.domain.polling import PollPolicy
from vigie.domain.sources import Source, SourceState, health
from vigie.messages import DocumentsFetched, ShardDue, decode_value
from vigie.steps.poll import Poll, PollReport

MEMORY_MB = 150


class TableDns(AbstractResolver):
    """DNS that knows the names of the table."""

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,
    ) -> list[ResolveResult]:
        """Answer, or fail as the C library does."""
        if host not in DNS:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in DNS[host]
        ]

    async def close(self) -> None:
        """Have nothing to close."""


@pytest.fixture(scope="module")
def polled() -> tuple[World, PollReport, float]:
    """Return the world after one poll of everybody, the report, and by how many MB the process grew."""
    world = World()
    world.sources.put_sources(
        (Source(source_id=case.name, name=case.name, url=case.address) for case in CASES), shard_count=1
    )
    before = peak_mb()
    with serving() as port:
        allow = AllowList.parse(f"*.test=127.0.0.1:{port}")
        poll = Poll(
            sources=world.sources,
            fetcher=lambda: HttpFetcher(
                user_agent="vigie/0", limits=LIMITS, allow=allow, resolver=TableDns, at_once=64
            ),
            parse=partial(
                parse_feed, time_limit_seconds=60
            ),  # no verdict here may hang on this machine's speed
            outbox=world.outbox,
            blobs=world.blobs,
            clock=world.clock,
            policy=PollPolicy(),
            lease_seconds=180,
            budget_seconds=80,
            host_spacing_seconds=0,
        )
        report = poll.run(ShardDue(shard="0000", due_at=world.clock()), holder="one")
    return world, report, peak_mb() - before


def peak_mb() -> float:
    """Return the most memory this process ever held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def documents(world: World) -> dict[str, Document]:
    """Return what was queued, by its source."""
    messages = [message for message, _ in world.outbox.sent if isinstance(message, DocumentsFetched)]
    found = [decode_value(raw, Document) for message in messages for raw in message.documents]
    return {document.source_id: document for document in found}


def state_of(world: World, case: Case) -> SourceState:
    """Return what the poll left of a source."""
    return world.sources.states()[case.name]


def test_everybody_is_polled(polled: tuple[World, PollReport, float]) -> None:
    """No enemy keeps the poll from anyone, and no exception leaves it."""
    _, report, _ = polled
    assert report.polled == len(CASES)


@pytest.mark.parametrize("case", [case for case in CASES if case.reason], ids=lambda case: case.name)
def test_an_enemy_is_refused_and_its_source_says_why(
    polled: tuple[World, PollReport, float], case: Case
) -> None:
    """Its health is failing, with the reason, what happened and what comes next in one line; it queued nothing."""
    world, report, _ = polled
    state = state_of(world, case)
    assert health(state, world.clock(), 3_600) == "failing"
    assert state.failure is not None
    assert report.failed[case.name] == state.failure
    reason, _, sentence = state.failure.partition(": ")
    assert (reason, case.says in sentence) == (case.reason, True), state.failure
    assert state.failure.isprintable()
    ahead = outlook(state, world.clock())
    assert ahead is not None
    assert f"asked again at {state.next_poll_at:%Y-%m-%d %H:%M} UTC" in ahead.says
    assert case.name not in documents(world)


@pytest.mark.parametrize("case", [case for case in CASES if not case.reason], ids=lambda case: case.name)
def test_everyone_else_is_read(polled: tuple[World, PollReport, float], case: Case) -> None:
    """Honest papers are read as if alone; what an enemy puts into a readable feed stays small, and opens nothing."""
    world, _, _ = polled
    assert health(state_of(world, case), world.clock(), 3_600) == "fresh", state_of(world, case).failure
    document = documents(world)[case.name]
    assert max(len(document.author or ""), len(document.title), len(document.summary)) <= 100_000
    assert "root:" not in document.title


def test_all_of_it_together_stays_small(polled: tuple[World, PollReport, float]) -> None:
    """Bombs of 60 MB, endless bodies and a hundred thousand items: none is ever held whole."""
    _, _, grown = polled
    assert grown < MEMORY_MB
