"""A simulation: the real poll step, ticked as the schedule would, on a virtual clock."""

import heapq
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from benchmarks.press.misbehaviours import give_traits
from benchmarks.press.publishers import DAY, START, Feed, draw_feeds
from benchmarks.press.stores import CountingSources
from benchmarks.press.web import VirtualClock, Web
from tests.fakes import FakeBlobs
from tests.journal import Crash, Journal
from vigie.domain.polling import PollPolicy
from vigie.domain.sources import Source
from vigie.messages import DocumentsFetched, Message, ShardDue
from vigie.ports import Outbox
from vigie.steps.poll import Poll

FEEDS_A_SHARD = 94  # 1,500 feeds in the sixteen shards of a stack
LEASE_SECONDS = 180
WARM_UP_DAYS = (
    1  # the first documents are full of old articles: what they cost and how late they are says nothing
)
WRITES_AT_MOST = 8  # of one poll: a crash is drawn among them


class _Told(msgspec.Struct):
    """What the bench reads of a document: its author is the article's number."""

    author: str


@dataclass
class Emissions(Outbox):
    """Documents as the next stage gets them: once per batch, however often the batch is sent."""

    clock: VirtualClock
    journal: Journal
    told: dict[int, float] = field(default_factory=dict)  # article → when it was first queued
    doubles: Counter[int] = field(default_factory=Counter)
    _batches: set[str] = field(default_factory=set)

    def send(self, messages: Iterable[Message], *, delay_seconds: int = 0) -> None:  # noqa: ARG002 - the port's
        """Take messages."""
        for message in messages:
            with self.journal.write("outbox.send"):
                assert isinstance(message, DocumentsFetched)
                if message.batch_id not in self._batches:
                    self._batches.add(message.batch_id)
                    self._take(message)

    def _take(self, message: DocumentsFetched) -> None:
        for raw in message.documents:
            article = int(msgspec.json.decode(raw, type=_Told).author)
            if article in self.told:
                self.doubles[article] += 1
            else:
                self.told[article] = self.clock.now()


class DropBlobs(FakeBlobs):
    """A bucket that keeps only what a redo may still need."""

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Keep the newest objects."""
        super().put(key, content, content_type)
        while len(self.objects) > 500:
            del self.objects[next(iter(self.objects))]


@dataclass
class Simulation:
    """Feeds, their web, and a stack that polls them."""

    feeds: list[Feed]
    days: float
    seed: int
    trouble: float = 0.0  # share of polls during which the worker dies, or whose message comes twice
    policy: PollPolicy = field(default_factory=PollPolicy)

    def __post_init__(self) -> None:
        self.clock, self.journal = VirtualClock(), Journal()
        self.web = Web(self.feeds, self.clock)
        self.emissions = Emissions(self.clock, self.journal)
        self.sources = CountingSources(self.journal)
        self.settled: Counter[str] | None = None
        self.crashes = self.doubled = self.gaps = self.rekeyed = 0
        self.poll = Poll(
            sources=self.sources,
            fetcher=self.web.open,
            parse=self.web.parse,
            outbox=self.emissions,
            blobs=DropBlobs(self.journal),
            clock=self.clock,
            policy=self.policy,
            lease_seconds=LEASE_SECONDS,
            budget_seconds=80,
            host_spacing_seconds=1.0,
            sleep=self.clock.sleep,
        )

    @classmethod
    def of(cls, count: int, days: float, seed: int, **parts: float) -> "Simulation":
        """Return a simulation of ``count`` feeds with their misbehaviours."""
        feeds = draw_feeds(count, days, seed)
        for feed in feeds:
            give_traits(feed)
        return cls(feeds, days, seed, **parts)

    def run(self) -> None:
        """Poll until the days are over."""
        self.sources.put_sources(
            (Source(source_id=feed.source_id, name=feed.source_id, url=feed.url) for feed in self.feeds),
            max(len(self.feeds) // FEEDS_A_SHARD, 1),
        )
        chance = random.Random(f"{self.seed}/trouble")
        ticks = [(0.0, head.shard) for head in self.sources.heads()]
        while ticks and ticks[0][0] < self.days * DAY:
            self.clock.seconds, shard = heapq.heappop(ticks)
            if self.settled is None and self.clock.seconds >= WARM_UP_DAYS * DAY:
                self.settled = self.reading()
            due_at = self._tick(shard, chance)
            heapq.heappush(ticks, (_next_minute(due_at, self.clock.seconds), shard))
            del self.journal.writes[:-1]

    def reading(self) -> Counter[str]:
        """Return what has been counted so far; ``settled`` holds it as of the end of the warm-up."""
        units = {f"{kind} units": number for kind, number in self.sources.units.items()}
        return Counter({**self.web.counts, **units, "documents": len(self.emissions.told)})

    def _tick(self, shard: str, chance: random.Random) -> datetime | None:
        """Poll a shard once, or die, or hear it twice; return when it is due again."""
        message = ShardDue(shard=shard, due_at=self.clock())
        if chance.random() < self.trouble:
            self.journal.interrupt(**{chance.choice(["before", "after"]): chance.randint(1, WRITES_AT_MOST)})
        holder = f"{self.clock.seconds}"
        try:
            report = self.poll.run(message, holder)
        except Crash:
            self.crashes += 1
            self.web.forgive()
            return self.clock() + timedelta(
                seconds=LEASE_SECONDS
            )  # the schedule names it again when its lease has run out
        self.journal.interrupt()
        self.gaps += len(report.gaps)
        self.rekeyed += report.rekeyed
        if chance.random() < self.trouble:
            self.doubled += 1
            self.poll.run(message, f"{holder} again")
        return self.sources.due_at(shard)


def _next_minute(due_at: datetime | None, now: float) -> float:
    wanted = now if due_at is None else (due_at - START).total_seconds()
    return max(-(-wanted // 60) * 60, now - now % 60 + 60)
