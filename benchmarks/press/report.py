"""What a simulation came to, in figures, beside what fixed intervals would have come to."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import mean

from benchmarks.press.publishers import DAY, Feed
from benchmarks.press.run import WARM_UP_DAYS, Simulation

LAST_DAYS = 1  # what is published on the last day may still be seen after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One way of polling. Delays in minutes; recalls and shares from 0 to 1."""

    name: str
    requests_per_article: float
    recall_published: float
    delay_p50: float
    delay_p95: float
    delay_mean: float
    recall_visible: float = 1.0
    duplicates: int = 0
    violations: int = 0
    unchanged_share: float = 0.0
    units_per_poll: float = 0.0
    units_per_document: float = 0.0


def measure(simulation: Simulation) -> Figures:
    """Return what the poll step achieved, the warm-up left out where it would distort."""
    told, shown = simulation.emissions.told, simulation.web.first_shown
    settled = simulation.reading()
    settled.subtract(simulation.settled or {})
    judged = list(_judged(simulation.feeds, simulation.days))
    delays = [(told[article] - moment) / 60 for article, moment in judged if article in told]
    candidates = settled["unchanged"] + settled["fetched unchanged, conditional"]
    published = sum(1 for feed in simulation.feeds for moment in feed.times if moment >= WARM_UP_DAYS * DAY)
    return Figures(
        name="vigie",
        requests_per_article=settled["requests"] / max(published, 1),
        recall_published=len(delays) / max(len(judged), 1),
        recall_visible=sum(article in told for article in shown) / max(len(shown), 1),
        duplicates=sum(simulation.emissions.doubles.values()),
        violations=sum(simulation.web.violations.values()),
        unchanged_share=settled["unchanged"] / max(candidates, 1),
        units_per_poll=settled["quiet units"] / max(settled["requests"], 1),
        units_per_document=settled["news units"] / max(settled["documents"], 1),
        **_spread(delays),
    )


def fixed(feeds: Sequence[Feed], days: float, minutes: int) -> Figures:
    """Return what polling every so many minutes would achieve, were every server well-behaved."""
    step = minutes * 60.0
    delays: list[float] = []
    missed = published = requests = 0
    for feed in feeds:
        phase = step * (feed.number % 97) / 97
        requests += int((days - WARM_UP_DAYS) * DAY / step)
        published += sum(1 for moment in feed.times if moment >= WARM_UP_DAYS * DAY)
        for _, moment in _judged([feed], days):
            polled = phase + step * -(-(moment - phase) // step)
            newer = bisect_right(feed.times, polled) - bisect_left(feed.times, moment) - 1
            if newer >= feed.window:
                missed += 1
            else:
                delays.append((polled - moment) / 60)
    return Figures(
        name=f"every {minutes} min",
        requests_per_article=requests / max(published, 1),
        recall_published=len(delays) / max(len(delays) + missed, 1),
        **_spread(delays),
    )


def table(rows: Sequence[Figures]) -> Iterator[str]:
    """Yield the lines of a table, one way of polling a line."""
    yield f"{'':<14}{'requests':>10}{'published':>11}{'visible':>10}{'delay, min':>24}"
    yield f"{'':<14}{'/article':>10}{'recall':>11}{'recall':>10}{'p50':>8}{'p95':>8}{'mean':>8}"
    for row in rows:
        visible = f"{row.recall_visible:.3%}" if row.name == "vigie" else ""
        yield (
            f"{row.name:<14}{row.requests_per_article:>10.2f}{row.recall_published:>11.3%}{visible:>10}"
            f"{row.delay_p50:>8.1f}{row.delay_p95:>8.1f}{row.delay_mean:>8.1f}"
        )


def details(simulation: Simulation, figures: Figures) -> Iterator[str]:
    """Yield what only the real step has."""
    web = simulation.web
    yield f"requests {web.counts['requests']:,}, documents {len(simulation.emissions.told):,}"
    yield f"duplicates {figures.duplicates}, politeness violations {figures.violations} {dict(web.violations)}"
    yield f"304 among unchanged answers of feeds with validators: {figures.unchanged_share:.1%}"
    yield (
        f"write units: {figures.units_per_poll:.2f} a poll, {figures.units_per_document:.2f} more a new document"
    )
    yield (
        f"gaps told {simulation.gaps}, entries known under new guids {simulation.rekeyed:,}, "
        f"workers that died {simulation.crashes}, messages heard twice {simulation.doubled}"
    )


def missed(simulation: Simulation) -> dict[str, int]:
    """Return how many published articles were never seen, by the misbehaviours of their feed."""
    told = simulation.emissions.told
    counts: dict[str, int] = {}
    for feed in simulation.feeds:
        lost = sum(1 for article, _ in _judged([feed], simulation.days) if article not in told)
        if lost:
            name = ", ".join(feed.traits) or "none"
            counts[name] = counts.get(name, 0) + lost
    return dict(sorted(counts.items(), key=lambda pair: -pair[1]))


def _judged(feeds: Sequence[Feed], days: float) -> Iterator[tuple[int, float]]:
    """Yield the articles, and when they went on line, that a fair judge counts."""
    for feed in feeds:
        first = bisect_left(feed.times, WARM_UP_DAYS * DAY)
        for n in range(first, bisect_left(feed.times, (days - LAST_DAYS) * DAY)):
            yield feed.first_article + n, feed.times[n]


def _spread(delays: list[float]) -> dict[str, float]:
    ordered = sorted(delays) or [0.0]
    return {
        "delay_p50": ordered[len(ordered) // 2],
        "delay_p95": ordered[len(ordered) * 95 // 100],
        "delay_mean": mean(ordered),
    }
