"""Publishers: how many there are, what they publish and when. Everything is drawn from one seed."""

import math
import random
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from vigie.domain.feeds import FeedEntry, PublishingHints

START = datetime(2026, 11, 2, tzinfo=UTC)  # a Monday
DAY = 86_400.0
HISTORY_DAYS = 40  # published before the first poll, so that documents are full
MEDIAN_PER_DAY, SPREAD, MOST_PER_DAY = 3.0, 1.7, 400.0
WINDOWS = (10, 15, 20, 20, 25, 30, 30, 40, 50, 100)
BURSTY = 0.2  # of the feeds put a third of their articles on line in bursts
BURST = (5, 13)
BURST_SECONDS = 3_000
FLOOD, FLOOD_WINDOW, FLOOD_SECONDS = 30, 10, 1_200  # articles at once, of which a document shows a third
# Share of a day's articles by UTC hour: a regional newsroom's.
BY_HOUR = (3, 1, 1, 2, 6, 8, 7, 6, 6, 6, 6, 6, 5, 5, 6, 7, 8, 6, 5, 4, 3, 3, 3, 3)


@dataclass(slots=True)
class Feed:
    """One feed. ``times`` are the seconds since START at which its articles went on line, ascending.

    ``traits`` are the names of its misbehaviours, ``mood`` its own source of chance, ``turn`` a moment of its
    own at which some of them happen.
    """

    number: int
    url: str
    per_day: float
    window: int
    times: list[float]
    first_article: int
    mood: random.Random
    turn: float
    traits: tuple[str, ...] = ()
    steady: bool = True  # what it shows changes with what it publishes only
    answers: tuple[str, ...] = ()  # those of its traits that its server shows
    hints: PublishingHints = field(default_factory=PublishingHints)
    entries: dict[int, FeedEntry] = field(default_factory=dict)
    variants: dict[tuple[Any, ...], tuple[FeedEntry, FeedEntry]] = field(default_factory=dict)

    @property
    def source_id(self) -> str:
        """The source that follows it."""
        return f"feed-{self.number:05d}"

    @property
    def host(self) -> str:
        """The server's name."""
        return self.url.split("/")[2]

    @property
    def home(self) -> str:
        """The site's address."""
        return self.url.rpartition("/")[0]

    def shown(self, now: float, page: int = 1) -> list[int]:
        """Return the numbers of the articles that a page of its document shows, newest first."""
        end = self.published_by(now) - (page - 1) * self.window
        return [self.first_article + n for n in range(end - 1, max(end - 1 - self.window, -1), -1)]

    def flood(self) -> None:
        """Put what it publishes on line thirty at once, in a document that shows ten."""
        self.window = FLOOD_WINDOW
        starts = [self.times[number - number % FLOOD] for number in range(len(self.times))]
        self.times = sorted(start + self.mood.uniform(0, FLOOD_SECONDS) for start in starts)

    def changed(self, entry: FeedEntry, **fields: Any) -> FeedEntry:
        """Return an entry with other fields; made once, for a document shows it again and again."""
        key = (id(entry), *fields.items())
        if key not in self.variants:
            if len(self.variants) > 20 * self.window:
                self.variants.clear()
            self.variants[key] = (entry, replace(entry, **fields))
        return self.variants[key][1]

    def published_by(self, now: float) -> int:
        """Return how many articles are on line."""
        return bisect_right(self.times, now)

    def published_at(self, article: int) -> float:
        """Return when an article went on line."""
        return self.times[article - self.first_article]

    def entry(self, article: int) -> FeedEntry:
        """Return an article as a well-behaved feed shows it; its author tells the bench which it is."""
        if article not in self.entries:
            if len(self.entries) > 4 * self.window:
                self.entries.clear()  # most of them are shown no more
            link = f"{self.home}/{article % 9}/article-{article}.html"
            self.entries[article] = FeedEntry(
                guid=link,
                link=link,
                title=title_of(article),
                summary=f"Le conseil municipal s'est réuni pour la {article}e fois depuis les élections.",
                author=str(article),
                published_at=at(self.published_at(article)),
                language="fr",
            )
        return self.entries[article]


def title_of(article: int) -> str:
    """Return an article's title as it was published."""
    return f"La commune de Vaurel-{article} vote son budget n° {article % 97}"


def at(seconds: float) -> datetime:
    """Return the instant ``seconds`` after START, to the second as feeds give it."""
    return START + timedelta(seconds=int(seconds))


def draw_feeds(count: int, days: float, seed: int) -> list[Feed]:
    """Return feeds with everything they will publish; one in ten shares its host with others."""
    feeds: list[Feed] = []
    articles = 0
    for number in range(count):
        mood = random.Random(f"{seed}/{number}")
        per_day = min(math.exp(mood.gauss(math.log(MEDIAN_PER_DAY), SPREAD)), MOST_PER_DAY)
        times = _times(mood, per_day, days)
        host = f"groupe-{number % max(count // 50, 1)}" if number % 10 == 0 else f"journal-{number}"
        feeds.append(
            Feed(
                number=number,
                url=f"https://{host}.example/{number}/rss",
                per_day=per_day,
                window=mood.choice(WINDOWS),
                times=times,
                first_article=articles,
                mood=mood,
                turn=mood.uniform(0.2, 0.6) * days * DAY,
            )
        )
        articles += len(times)
    return feeds


def _times(mood: random.Random, per_day: float, days: float) -> list[float]:
    history = min(HISTORY_DAYS, 120 / per_day)  # no document shows more than a hundred
    in_bursts = mood.random() < BURSTY
    times: list[float] = []
    for day in range(-math.ceil(history), math.ceil(days)):
        expected = per_day * (0.4 if day % 7 in {5, 6} else 1.24)
        if in_bursts:
            bursts = _poisson(mood, expected / 3 / (sum(BURST) / 2))
            for start in _moments(mood, day, bursts):
                times += [start + mood.uniform(0, BURST_SECONDS) for _ in range(mood.randint(*BURST))]
            expected *= 2 / 3
        times += _moments(mood, day, _poisson(mood, expected))
    return sorted(moment for moment in times if -history * DAY <= moment < days * DAY)


def _moments(mood: random.Random, day: int, count: int) -> list[float]:
    hours = mood.choices(range(24), BY_HOUR, k=count)
    return [day * DAY + hour * 3_600 + mood.uniform(0, 3_600) for hour in hours]


def _poisson(mood: random.Random, mean: float) -> int:
    if mean > 50:
        return max(round(mood.gauss(mean, math.sqrt(mean))), 0)
    limit, count, product = math.exp(-mean), 0, mood.random()
    while product > limit:
        count += 1
        product *= mood.random()
    return count
