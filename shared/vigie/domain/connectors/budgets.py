"""Budgets of calls: how many a credential has, in which window of which clock, and when it is full again."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from vigie.domain.connectors.outcomes import QuotaUntil


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """So many units per window. One of a day, or a month (``MONTH_SECONDS``), begins at midnight in ``zone``.

    Platforms count in their own time: YouTube's day is California's, with 23 or 25 hours twice a year.
    ``reserve`` is the share that only urgent polls may use. Where calls cost money (``paid``) the unit is a
    micro-dollar, and the limit a cap; a stack that saves takes nothing of it.
    """

    name: str
    limit: int
    window_seconds: int
    zone: str = "UTC"
    reserve: float = 0.1
    paid: bool = False


@dataclass(frozen=True, slots=True)
class Cost:
    """What one request takes from a bucket."""

    bucket: Bucket
    units: int = 1


@dataclass(frozen=True, slots=True)
class Window:
    """One window of a bucket: the key its count is kept under, and when the next one begins."""

    key: str
    resets_at: datetime


_DAY_SECONDS = 86_400
MONTH_SECONDS = 31 * _DAY_SECONDS
"""A window of this length is a calendar month, as bills are."""


def window_of(bucket: Bucket, now: datetime) -> Window:
    """Return the window that ``now`` falls in. The key sorts by time."""
    if bucket.window_seconds == _DAY_SECONDS:
        zone = ZoneInfo(bucket.zone)
        today = now.astimezone(zone).date()
        midnight = datetime.combine(today + timedelta(days=1), time(), zone)
        return Window(f"{bucket.name}#{today:%Y%m%d}", midnight.astimezone(UTC))
    if bucket.window_seconds == MONTH_SECONDS:
        zone = ZoneInfo(bucket.zone)
        first = now.astimezone(zone).date().replace(day=1)
        midnight = datetime.combine((first + timedelta(days=32)).replace(day=1), time(), zone)
        return Window(f"{bucket.name}#{first:%Y%m}", midnight.astimezone(UTC))
    number = int(now.timestamp()) // bucket.window_seconds
    resets_at = datetime.fromtimestamp((number + 1) * bucket.window_seconds, UTC)
    return Window(f"{bucket.name}#{number}", resets_at)


def allowance(bucket: Bucket, *, urgent: bool) -> int:
    """Return how far the count may go: everybody stops short of the reserve, urgent polls do not."""
    return bucket.limit if urgent else bucket.limit - round(bucket.limit * bucket.reserve)


def spent(bucket: Bucket, now: datetime) -> QuotaUntil:
    """Return what to say when the allowance is used up."""
    window = window_of(bucket, now)
    return QuotaUntil(window.resets_at, f"the {bucket.limit} calls of {bucket.name} are used up")
