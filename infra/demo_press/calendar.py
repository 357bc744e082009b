"""The thirty days of the demo press, in the local time of its readers."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Paris")
DAYS = 30
LAST_MINUTE = 24 * 60 - 1


def end_of(day: date) -> datetime:
    """Return the last second of a local day."""
    return datetime.combine(day, time(23, 59, 59), ZONE)


@dataclass(frozen=True, slots=True)
class Month:
    """Days 0 to 29; the last one is the local day of ``until`` and is told to its end."""

    last: date

    @classmethod
    def ending(cls, until: datetime) -> "Month":
        """Return the month that ends on the local day of ``until`` (aware)."""
        return cls(until.astimezone(ZONE).date())

    def day(self, number: int) -> date:
        """Return the date of a day; -1 and 30 are allowed, for stories that speak of them."""
        return self.last - timedelta(days=DAYS - 1 - number)

    def instant(self, number: int, minute: int) -> datetime:
        """Return the UTC instant of a local minute of the day, kept inside that day."""
        clock = min(max(minute, 0), LAST_MINUTE)
        return datetime.combine(self.day(number), time(clock // 60, clock % 60), ZONE).astimezone(UTC)
