"""What a simulation came to, in figures, beside what fixed intervals would have come to."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import mean

from benchmarks.press.publishers import DAY, Feed
from benchmarks.press.run import WARM_UP_DAYS, Played

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
    garbled: int = 0
    violations: int = 0
    unchanged_share: float = 0.0
    units_per_poll: float = 0.0
    units_per_document: float = 0.0


def measure(played: Played) -> Figures:
    """Return what the poll step achieved, the warm-up left out where it would distort."""
    told, counts = played.told, played.counts
    judged = list(_judged(played.feeds, played.days))
    delays = [(told[article] - moment) / 60 for article, moment in judged if article in told]
    candidates = counts["unchanged"] + counts["fetched unchanged, conditional"]
    published = sum(1 for feed in played.feeds for moment in feed.times if moment >= WARM_UP_DAYS * DAY)
    return Figures(
        name="vigie",
        requests_per_article=counts["requests"] / max(published, 1),
        recall_published=len(delays) / max(len(judged), 1),
        recall_visible=sum(article in told for article in played.shown) / max(len(played.shown), 1),
        duplicates=sum(played.doubles.values()),
        garbled=counts["garbled"],
        violations=sum(played.violations.values()),
        unchanged_share=counts["unchanged"] / max(candidates, 1),
        units_per_poll=counts["quiet units"] / max(counts["requests"], 1),
        units_per_document=counts["news units"] / max(counts["documents"], 1),
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
        **_spread(delays),  # type: ignore[arg-type]  # the three delays
    )


def table(rows: Sequence[Figures]) -> Iterator[str]:
    """Yield the lines of a table, one way of polling a line, each other one beside the first in ratios."""
    yield f"{'':<14}{'requests/article':>22}{'lost of published':>22}{'delay p50, min':>22}{'p95':>8}{'mean':>8}"
    first = rows[0]
    for row in rows:
        cells = (
            (row.requests_per_article, first.requests_per_article, "8.2f"),
            (1 - row.recall_published, 1 - first.recall_published, "8.3%"),
            (row.delay_p50, first.delay_p50, "8.1f"),
        )
        line = "".join(f"{value:{form}}{_times(value, of):>14}" for value, of, form in cells)
        yield f"{row.name:<14}{line}{row.delay_p95:>8.1f}{row.delay_mean:>8.1f}"


def details(played: Played) -> Iterator[str]:
    """Yield what only the real step has."""
    counts = played.counts
    yield (
        f"requests {counts['requests']:,}, documents {counts['documents']:,} after the first day; "
        f"violations {dict(played.violations)}; asked before max-age, half of the document being less than an hour "
        f"old: {counts['asked before max-age, in a rush']:,}"
    )
    yield (
        f"gaps told {counts['gaps']:,}, entries known under new guids {counts['rekeyed']:,}, "
        f"workers that died {counts['crashes']:,}, messages heard twice {counts['doubled']:,}"
    )
    never = len(played.in_vain - played.told.keys())
    yield (
        f"articles given only to workers that died before they wrote anything: {len(played.in_vain):,}, {never:,} of "
        f"them never told, {never / max(len(played.shown) + never, 1):.4%} of all that any worker was given"
    )


def by_trait(played: Played) -> Iterator[str]:
    """Yield, for each misbehaviour with losses or doubles, what its feeds lost; a feed counts for all of its own."""
    published, lost, unseen, doubled = (Counter[str]() for _ in range(4))
    for feed in played.feeds:
        traits = feed.traits or ("none",)
        own = [article for article, _ in _judged([feed], played.days)]
        numbers = range(feed.first_article, feed.first_article + len(feed.times))
        for counter, number in (
            (published, len(own)),
            (lost, sum(article not in played.told for article in own)),
            (unseen, sum(article in played.shown and article not in played.told for article in numbers)),
            (doubled, sum(played.doubles[article] for article in numbers)),
        ):
            counter.update(dict.fromkeys(traits, number))
    worst = sorted(published, key=lambda name: (-lost[name] - unseen[name] - doubled[name], name))
    for name in worst:
        if lost[name] or unseen[name] or doubled[name]:
            yield (
                f"  {name:<26} of {published[name]:>9,} articles {lost[name]:>6,} lost "
                f"({lost[name] / max(published[name], 1):.3%}), {unseen[name]:,} of them shown to a poll; "
                f"{doubled[name]:,} told twice"
            )


def _times(value: float, of: float) -> str:
    return f"(x {value / of:.2g})" if of else "(x -)"


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
