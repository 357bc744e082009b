"""A simulation: the real poll step, ticked as the schedule would, on a virtual clock."""

import heapq
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Self

import msgspec

from benchmarks.press.clock import VirtualClock
from benchmarks.press.misbehaviours import give_traits
from benchmarks.press.publishers import DAY, START, Feed, draw_feeds, title_of
from benchmarks.press.stores import CountingSources
from benchmarks.press.web import Web
from tests.fakes import FakeBlobs
from tests.journal import Crash, Journal
from vigie.domain.polling import PollPolicy
from vigie.domain.sources import Source, shard_of
from vigie.messages import DocumentsFetched, Message, ShardDue
from vigie.ports import Outbox
from vigie.steps.poll import Poll

FEEDS_A_SHARD = 94  # 1,500 feeds in the sixteen shards of a stack
LEASE_SECONDS, BUDGET_SECONDS = 110, 60  # the template's
DOUBLED_AFTER_SECONDS = 1.0  # the first has ended, when it did not die
LATE_SECONDS = 2.0  # from the schedule's minute until a worker has heard of it
WARM_UP_DAYS = (
    1  # the first documents are full of old articles: what they cost and how late they are says nothing
)
ENDING_SECONDS = 1_200  # without trouble
WRITES_AT_MOST = 8  # of one poll: a crash is drawn among them


class _Told(msgspec.Struct):
    """What the bench reads of a document: its author is the article's number."""

    author: str
    title: str


@dataclass
class Emissions(Outbox):
    """Documents as the next stage gets them: once per batch, however often the batch is sent."""

    clock: VirtualClock
    journal: Journal
    told: dict[int, float] = field(default_factory=dict)  # article → when it was first queued
    doubles: Counter[int] = field(default_factory=Counter)
    garbled: int = 0  # documents whose title is not the one that was published
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
            document = msgspec.json.decode(raw, type=_Told)
            article = int(document.author)
            self.garbled += not document.title.startswith(title_of(article))
            if article in self.told:
                self.doubles[article] += 1
            else:
                self.told[article] = self.clock.latest


class DropBlobs(FakeBlobs):
    """A bucket that keeps only what a redo may still need."""

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Keep the newest objects."""
        super().put(key, content, content_type)
        while len(self.objects) > 500:
            del self.objects[next(iter(self.objects))]


@dataclass(kw_only=True)
class Played:
    """What a simulation, or one of its parts, came to: the truth and what was made of it."""

    feeds: list[Feed]
    days: float
    # article → when a poll was first given it, of those that wrote down what they read
    shown: dict[int, float]
    # articles given to workers only that died before they wrote anything down
    in_vain: set[int]
    # article → when it was first queued
    told: dict[int, float]
    # article → how often it was queued again
    doubles: Counter[int]
    counts: Counter[str]  # after the warm-up, but for what went wrong
    violations: Counter[str]

    @classmethod
    def together(cls, parts: Sequence[Self]) -> Self:
        """Return the whole of several parts."""
        return cls(
            feeds=sorted(chain.from_iterable(part.feeds for part in parts), key=lambda feed: feed.number),
            days=parts[0].days,
            shown={article: moment for part in parts for article, moment in part.shown.items()},
            in_vain={article for part in parts for article in part.in_vain},
            told={article: moment for part in parts for article, moment in part.told.items()},
            doubles=sum((part.doubles for part in parts), Counter()),
            counts=sum((part.counts for part in parts), Counter()),
            violations=sum((part.violations for part in parts), Counter()),
        )


@dataclass
class Simulation:
    """Feeds, their web, and a stack that polls them."""

    feeds: list[Feed]
    days: float
    seed: int
    trouble: float = 0.0  # share of polls during which the worker dies, and of messages that come twice
    shard_count: int = 1
    policy: PollPolicy = field(default_factory=PollPolicy)

    def __post_init__(self) -> None:
        self.clock, self.journal = VirtualClock(), Journal()
        self.web = Web(self.feeds, self.clock, self.journal)
        self.emissions = Emissions(self.clock, self.journal)
        self.sources = CountingSources(self.journal)
        self.settled: Counter[str] | None = None
        self.troubles: Counter[str] = Counter()
        self.poll = Poll(
            sources=self.sources,
            fetcher=self.web.open,
            parse=self.web.parse,
            outbox=self.emissions,
            blobs=DropBlobs(self.journal),
            clock=self.clock,
            policy=self.policy,
            lease_seconds=LEASE_SECONDS,
            budget_seconds=BUDGET_SECONDS,
            host_spacing_seconds=1.0,
            sleep=self.clock.sleep,
        )

    @classmethod
    def of(
        cls, count: int, days: float, seed: int, *, trouble: float = 0.0, part: tuple[int, int] = (0, 1)
    ) -> Self:
        """Return a simulation of ``count`` feeds with their misbehaviours, or of one part (number, of how many).

        Parts are made of whole shards, which have nothing in common: played apart they come to the same.
        """
        feeds, shard_count = draw_feeds(count, days, seed), max(count // FEEDS_A_SHARD, 2)
        number, parts = part
        own = [feed for feed in feeds if int(shard_of(feed.host, shard_count)) % parts == number]
        for feed in own:
            give_traits(feed)
        return cls(own, days, seed, trouble, shard_count)

    def run(self) -> Played:
        """Poll until the days are over, and as long again as the last worker that died is waited for."""
        self.sources.put_sources(
            (Source(source_id=feed.source_id, name=feed.source_id, url=feed.url) for feed in self.feeds),
            self.shard_count,
        )
        chances = {
            head.shard: random.Random(f"{self.seed}/{head.shard}/trouble") for head in self.sources.heads()
        }
        ticks = [(0.0, shard) for shard in chances]
        while ticks and ticks[0][0] < self.days * DAY + ENDING_SECONDS:
            minute, shard = heapq.heappop(ticks)
            self.clock.seconds = minute + LATE_SECONDS
            self.clock.latest = self.clock.seconds
            if self.settled is None and self.clock.seconds >= WARM_UP_DAYS * DAY:
                self.settled = self._reading()
            due_at = self._tick(shard, chances[shard])
            heapq.heappush(ticks, (_next_minute(due_at, self.clock.seconds), shard))
            del self.journal.writes[:-1]
        return self._played()

    def _played(self) -> Played:
        counts = self._reading()
        counts.subtract(self.settled or {})
        counts.update(self.troubles)
        for feed in self.feeds:
            feed.entries.clear()
            feed.variants.clear()
        return Played(
            feeds=self.feeds,
            days=self.days,
            shown=self.web.first_shown,
            in_vain=self.web.shown_in_vain,
            told=self.emissions.told,
            doubles=self.emissions.doubles,
            counts=counts,
            violations=self.web.violations,
        )

    def _reading(self) -> Counter[str]:
        """Return what has been counted so far; ``settled`` holds it as of the end of the warm-up."""
        units = {f"{kind} units": number for kind, number in self.sources.units.items()}
        documents = {"documents": len(self.emissions.told), "garbled": self.emissions.garbled}
        return Counter({**self.web.counts, **units, **documents})

    def _tick(self, shard: str, chance: random.Random) -> datetime | None:
        """Poll a shard once, or die, and perhaps hear it twice; return when it is due again."""
        message = ShardDue(shard=shard, due_at=self.clock())
        trouble = self.trouble if self.clock.seconds < self.days * DAY else 0.0
        if chance.random() < trouble:
            when, number = chance.choice(["before", "after"]), chance.randint(1, WRITES_AT_MOST)
            self.journal.interrupt(**{when: number})  # type: ignore[arg-type]
        self.web.begin()
        holder, began, died = f"{self.clock.seconds}", self.clock(), False
        try:
            report = self.poll.run(message, holder)
            self.troubles["gaps"] += len(report.gaps)
            self.troubles["rekeyed"] += report.rekeyed
        except Crash:
            died = True
            self.troubles["crashes"] += 1
            self.web.bury()
        self.journal.interrupt()
        if chance.random() < trouble:
            self.troubles["doubled"] += 1
            self.clock.seconds = self.clock.latest + DOUBLED_AFTER_SECONDS
            self.web.begin()
            self.poll.run(message, f"{holder} again")
        # What died is named again by the schedule when its lease has run out.
        return began + timedelta(seconds=LEASE_SECONDS) if died else self.sources.due_at(shard)


def _next_minute(due_at: datetime | None, now: float) -> float:
    wanted = now if due_at is None else (due_at - START).total_seconds()
    return max(-(-wanted // 60) * 60, now - now % 60 + 60)
