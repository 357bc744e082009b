"""The week that a digest closes, day by day: what the chart of its page shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

DAYS_SHOWN = 7


@dataclass(frozen=True, slots=True)
class DayCount:
    """What the digests that closed on a local day counted, together; None when none closed."""

    day: date
    mentions: int | None


def week_of(closed: Iterable[tuple[datetime, int]], until: datetime, zone: ZoneInfo) -> tuple[DayCount, ...]:
    """Return the seven days that end on the local day of ``until``.

    ``closed`` are cut-offs with what their digests counted; those after ``until`` are left out.
    """
    last = until.astimezone(zone).date()
    counts: dict[date, int] = {}
    for cutoff, mentions in closed:
        if cutoff <= until:
            day = cutoff.astimezone(zone).date()
            counts[day] = counts.get(day, 0) + mentions
    days = (last - timedelta(days=back) for back in reversed(range(DAYS_SHOWN)))
    return tuple(DayCount(day, counts.get(day)) for day in days)
