"""How long it takes from publication to mention: counts by how long, an hour's each, that can be added up.

Percentiles of added counts are those of everything together, to the width of a step (a third or so): good enough to
say "ten minutes" or "an hour", and the same over one stack or over all.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from vigie.domain.mentions import Mention

STEPS_SECONDS = (
    30, 60, 90, 120, 180, 240, 300, 420, 600, 900, 1_200, 1_800, 2_700, 3_600, 5_400, 7_200,
    10_800, 14_400, 21_600, 28_800, 43_200, 64_800, 86_400, 172_800,
)  # fmt: skip
"""Upper ends of the steps; what took longer than the last is counted in it."""

KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Hour:
    """The mentions recorded in an hour that begins at ``start``: ``counts`` has one number for each step."""

    start: datetime
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Freshness:
    """The last day's hours, oldest first."""

    hours: tuple[Hour, ...] = ()

    @property
    def mentions(self) -> int:
        """How many were counted."""
        return sum(sum(hour.counts) for hour in self.hours)

    def percentile_seconds(self, share: float) -> int | None:
        """Return within how many seconds ``share`` of the mentions came (the end of their step); None without any."""
        wanted = share * self.mentions
        if not wanted:
            return None
        reached = 0
        for number, step in enumerate(STEPS_SECONDS):
            reached += sum(hour.counts[number] for hour in self.hours)
            if reached >= wanted:
                return step
        return STEPS_SECONDS[-1]

    def plus(self, other: "Freshness") -> "Freshness":
        """Return both together."""
        starts = sorted({hour.start for hour in (*self.hours, *other.hours)})
        return Freshness(
            tuple(
                Hour(
                    start,
                    _added(hour.counts for hour in (*self.hours, *other.hours) if hour.start == start),
                )
                for start in starts
            )
        )

    def since(self, instant: datetime) -> "Freshness":
        """Return the hours that begin at an instant or later."""
        return Freshness(tuple(hour for hour in self.hours if hour.start >= instant))


def measure(mentions: Iterable[Mention]) -> Freshness:
    """Count mentions by how long they took. Those found in an archive, or on a first reading, tell nothing."""
    found = Freshness()
    for mention in mentions:
        document = mention.document
        if mention.backfilled or document.backfill or document.published_at is None:
            continue
        seconds = (mention.recorded_at - document.event_at).total_seconds()
        step = min(bisect_left(STEPS_SECONDS, max(0.0, seconds)), len(STEPS_SECONDS) - 1)
        counts = tuple(int(number == step) for number in range(len(STEPS_SECONDS)))
        start = mention.recorded_at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        found = found.plus(Freshness((Hour(start, counts),)))
    return found


def _added(counts: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*counts, strict=True)))
