"""When digests close and leave, in the client's zone, across daylight-saving changes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from vigie.domain.clients import DigestSchedule
from vigie.domain.holidays import is_holiday

_WEEK_END = (5, 6)
_MOVED_AT_MOST_DAYS = 5  # a week-end and holidays on both sides of it


@dataclass(frozen=True, slots=True)
class Interval:
    """Half-open time between two cut-offs: what was recorded at ``since`` is in, at ``until`` is not."""

    since: datetime
    until: datetime

    def __contains__(self, instant: object) -> bool:
        """Whether an aware datetime falls inside."""
        return isinstance(instant, datetime) and self.since <= instant < self.until


@dataclass(frozen=True, slots=True)
class Appointment:
    """One digest to come: the interval closes at ``cutoff_at``, the mail leaves at ``send_at`` (both UTC)."""

    cutoff_at: datetime
    send_at: datetime


def next_appointment(schedule: DigestSchedule, zone: ZoneInfo, after: datetime) -> Appointment:
    """Return the first appointment whose cut-off is strictly later than ``after``.

    A local hour that a spring change skips is taken at the same distance after the gap (02:30 becomes
    03:30), one that an autumn change doubles is taken the first time: one digest a local day, always. Where the gap
    ends the day (Nuuk), the hour is taken at the same distance before it, to stay on its day.
    """
    day = after.astimezone(zone).date()
    for offset in range(-_MOVED_AT_MOST_DAYS, 9 + _MOVED_AT_MOST_DAYS):
        appointment = _appointment_on(day + timedelta(days=offset), schedule, zone)
        if appointment is not None and appointment.cutoff_at > after:
            return appointment
    raise AssertionError("a week without a day: check_client lets none through")


def keeps_waiting(schedule: DigestSchedule, zone: ZoneInfo, interval: Interval, send_at: datetime) -> bool:
    """Whether a digest with nothing to say is not sent: the reader wants it then on one day of the week only.

    That day may have been left out since the last digest (a holiday): the next one is then sent in its place.
    """
    if not schedule.only_when_spoken:
        return False
    since, until = interval.since.astimezone(zone).date(), send_at.astimezone(zone).date()
    passed = (since + timedelta(days=n) for n in range(1, (until - since).days + 1))
    return not any(day.weekday() == schedule.weekly_day for day in passed)


def _appointment_on(day: date, schedule: DigestSchedule, zone: ZoneInfo) -> Appointment | None:
    if not _is_wanted(day, schedule):
        return None
    # fold=0: the first of a doubled hour; after the gap, of a skipped one. fold=1: before the gap.
    for fold in (0, 1):
        local = datetime.combine(day, schedule.send_at, tzinfo=zone).replace(fold=fold)
        send_at = local.astimezone(UTC)
        if send_at.astimezone(zone).date() == day:
            cutoff_at = send_at - timedelta(minutes=schedule.cutoff_minutes)
            return Appointment(cutoff_at=cutoff_at, send_at=send_at)
    return None  # the zone skipped the whole day


def _is_wanted(day: date, schedule: DigestSchedule) -> bool:
    """Whether a digest leaves on ``day``. A weekly one that a holiday falls on leaves on the next working day."""
    country = schedule.holidays
    if country is None:
        return day.weekday() in schedule.days
    if is_holiday(day, country):
        return False
    if day.weekday() in schedule.days:
        return True
    if len(schedule.days) > 1 or day.weekday() in _WEEK_END:
        return False
    wanted = day - timedelta(days=(day.weekday() - schedule.days[0]) % 7)
    between = (wanted + timedelta(days=n) for n in range((day - wanted).days))
    return all(
        is_holiday(other, country) or (other != wanted and other.weekday() in _WEEK_END) for other in between
    )
