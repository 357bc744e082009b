"""The poller of the throughput benchmark: the real step, fetcher and parser; stores, queue and bucket in memory."""

import asyncio
import resource
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from benchmarks.press.stores import CountingSources
from benchmarks.throughput.feeds import LETTERS, host_of
from benchmarks.throughput.server import ADDRESSES
from tests.journal import Journal
from vigie.adapters.feeds import skim_feed
from vigie.adapters.http import HttpFetcher
from vigie.adapters.http_guard import AllowList
from vigie.domain.feeds import ParsedFeed
from vigie.domain.fetching import FetchOutcome, FetchRequest
from vigie.domain.polling import PollPolicy, request_of
from vigie.domain.sources import Source
from vigie.messages import Message, ShardDue
from vigie.ports import Blobs, Outbox
from vigie.steps.poll import Poll

USER_AGENT = "vigie/bench (+https://bench.test)"
SHARDS = 16


@dataclass(slots=True)
class Figures:
    """What one round came to, CPU in seconds of this process, kernel included."""

    polls: int = 0
    unchanged: int = 0
    failed: int = 0
    documents: int = 0
    cpu: float = 0.0
    parsing: float = 0.0
    wall: float = 0.0


@contextmanager
def counting(figures: Figures) -> Iterator[None]:
    """Add what the block takes."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    figures.wall, figures.cpu = time.perf_counter() - wall, time.process_time() - cpu


def memory_mb() -> float:
    """Return the most memory this process ever held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


class _Nowhere(Outbox, Blobs):
    """Queues and a bucket whose cost is not ours: they take everything and keep nothing."""

    def send(self, messages: Iterable[Message], *, delay_seconds: int = 0) -> None:  # noqa: ARG002 - the port's
        for _ in messages:
            pass

    def put(self, key: str, content: bytes, content_type: str) -> None:
        pass

    def get(self, key: str) -> bytes | None:  # noqa: ARG002 - the port's
        return None

    def keys(self, prefix: str) -> list[str]:  # noqa: ARG002 - the port's
        return []


class _Clock:
    """A clock that a round sets: every source is due."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 3, 3, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.instant


class Poller:
    """A stack's poller, all of whose sources are due at every round."""

    def __init__(self, feeds: int, ports: Sequence[int]) -> None:
        places = zip(LETTERS, ADDRESSES, ports, strict=True)
        self.allow = AllowList.parse(
            ",".join(f"*.{letter}.bench.test={address}:{port}" for letter, address, port in places)
        )
        self.clock = _Clock()
        self.stores = CountingSources(Journal())
        self.stores.put_sources(
            (
                Source(
                    source_id=f"journal-{number:04d}",
                    name=f"Journal {number}",
                    url=f"http://{host_of(number)}/rss",
                )
                for number in range(feeds)
            ),
            SHARDS,
        )
        self.parsing = 0.0
        nowhere = _Nowhere()
        self.step = Poll(
            sources=self.stores,
            fetcher=self.fetcher,
            parse=self._parse,
            outbox=nowhere,
            blobs=nowhere,
            clock=self.clock,
            policy=PollPolicy(),
            lease_seconds=180,
            budget_seconds=80,
            host_spacing_seconds=1.0,
        )

    def fetcher(self) -> HttpFetcher:
        """Return the fetcher of one poll, as wiring makes it."""
        return HttpFetcher(user_agent=USER_AGENT, allow=self.allow)

    def _parse(self, body: bytes, *, url: str, content_type: str | None) -> ParsedFeed:
        started = time.process_time()
        feed = skim_feed(body, url=url, content_type=content_type)
        self.parsing += time.process_time() - started
        return feed

    def poll(self) -> Figures:
        """Poll every shard once, by the real step."""
        figures = Figures()
        parsing = self.parsing
        with counting(figures):
            for head in self.stores.heads():
                message = ShardDue(shard=head.shard, due_at=self.clock(), force=True)
                report = self.step.run(message, holder=f"{self.clock.instant:%H%M}")
                figures.polls += report.polled
                figures.unchanged += report.unchanged
                figures.failed += len(report.failed)
                figures.documents += report.documents
        figures.parsing = self.parsing - parsing
        self.clock.instant += timedelta(hours=1)
        return figures

    def fetch(self) -> Figures:
        """Fetch what the next round would fetch, shard by shard, and drop it."""
        figures = Figures()
        with counting(figures):
            for head in self.stores.heads():
                sources, states = self.stores.load(head.shard)
                requests = [request_of(source, states[source.source_id], self.clock()) for source in sources]
                outcomes = asyncio.run(self._fetch_all(requests))
                figures.polls += len(outcomes)
                figures.unchanged += sum(1 for outcome in outcomes if outcome.kind == "unchanged")
                figures.failed += sum(1 for outcome in outcomes if outcome.failure is not None)
        return figures

    async def _fetch_all(self, requests: Sequence[FetchRequest]) -> list[FetchOutcome]:
        async with self.fetcher() as fetcher:
            return await asyncio.gather(*(fetcher.fetch(request) for request in requests))
