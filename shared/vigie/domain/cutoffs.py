"""When digests close and leave, in the client's zone, across daylight-saving changes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from vigie.domain.clients import DigestSchedule


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
    03:30), one that an autumn change doubles is taken the first time: one digest a local day, always.
    """
    day = after.astimezone(zone).date()
    for offset in range(-1, 9):
        appointment = _appointment_on(day + timedelta(days=offset), schedule, zone)
        if appointment is not None and appointment.cutoff_at > after:
            return appointment
    raise AssertionError("a week without a day: check_client lets none through")


def _appointment_on(day: date, schedule: DigestSchedule, zone: ZoneInfo) -> Appointment | None:
    if day.weekday() not in schedule.days:
        return None
    local = datetime.combine(day, schedule.send_at, tzinfo=zone)  # fold=0: the first of a doubled hour
    send_at = local.astimezone(UTC)
    return Appointment(cutoff_at=send_at - timedelta(minutes=schedule.cutoff_minutes), send_at=send_at)
