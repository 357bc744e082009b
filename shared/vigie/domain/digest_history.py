"""What a client's digests counted before: the same weekday's mean, and the seven days that a digest closes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from vigie.domain.cutoffs import Interval
from vigie.domain.week import DayCount, week_of

WEEKS_COMPARED = 8
_SAME_LENGTH = timedelta(minutes=75)  # a daylight-saving change, and an appointment moved by a little


@dataclass(frozen=True, slots=True)
class History:
    """``same_weekday`` are the counts of the digests that closed on this weekday and were as long, newest first.

    ``week`` are the seven days that end with this digest's, its own count included.
    """

    same_weekday: tuple[int, ...] = ()
    week: tuple[DayCount, ...] = ()

    @property
    def mean(self) -> float | None:
        """The same weekday's mean; None while there are not two to take it of: it is being learnt."""
        counts = self.same_weekday
        return sum(counts) / len(counts) if len(counts) > 1 else None


def history_of(
    past: Iterable[tuple[Interval, int]], interval: Interval, retained: int, zone: ZoneInfo
) -> History:
    """Return the history of a digest that counted ``retained``; ``past`` are the client's digests, in any order."""
    before = [(closed, count) for closed, count in past if closed.until < interval.until]
    days = [(closed.until, count) for closed, count in before]
    return History(
        same_weekday=tuple(_comparable(before, interval, zone)),
        week=week_of([*days, (interval.until, retained)], interval.until, zone),
    )


def as_long(one: Interval, other: Interval) -> bool:
    """Whether two intervals are of one length, give or take a daylight-saving change."""
    return abs((one.until - one.since) - (other.until - other.since)) <= _SAME_LENGTH


def _comparable(past: list[tuple[Interval, int]], interval: Interval, zone: ZoneInfo) -> Iterable[int]:
    """Yield the counts of the same weekday in the eight weeks before, the last digest of each such day."""
    day = _day(interval.until, zone)
    seen = set()
    for closed, count in sorted(past, key=lambda one: one[0].until, reverse=True):
        weeks, days_over = divmod((day - _day(closed.until, zone)).days, 7)
        if (
            days_over == 0
            and 1 <= weeks <= WEEKS_COMPARED
            and weeks not in seen
            and as_long(closed, interval)
        ):
            seen.add(weeks)
            yield count


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
