"""Who gets a client's digest when.

Recipients who want it at the same hours, in the same zone, share a *rhythm*: one chain of intervals, one digest for
all of them. The client's own schedule and zone are the rhythm named ``""``, which always goes on: it is the client's
record.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from vigie.domain.clients import Client, DigestSchedule, Recipient
from vigie.domain.review import PREVIEW_BEFORE

OWN = ""
"""The rhythm of the client itself."""

OPENING = "opening"
"""The one digest of what the archive holds of a client who has just signed up."""

Frequency = Literal["daily", "weekdays", "weekly", "spoken"]
FREQUENCIES: tuple[Frequency, ...] = get_args(Frequency)

_WORKING_DAYS, _ALL_DAYS = (0, 1, 2, 3, 4), (0, 1, 2, 3, 4, 5, 6)
_TO_BUILD_MINUTES = 15
REVIEWED_CUTOFF_MINUTES = int(PREVIEW_BEFORE.total_seconds()) // 60 + _TO_BUILD_MINUTES
"""How long before sending the interval of a reviewed client closes, at least: time to build, then to look it over."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Hours, days and zone. ``name`` follows from them: letters and digits, no hyphen; empty for the client's own."""

    name: str
    schedule: DigestSchedule
    zone: str

    @property
    def tz(self) -> ZoneInfo:
        """The IANA zone its hours are in."""
        return ZoneInfo(self.zone)


def rhythms_of(client: Client) -> dict[str, Rhythm]:
    """Return every rhythm of a client by name, its own first. A reviewed client's close in time for the review."""
    found = {OWN: Rhythm(OWN, _reviewable(client, client.schedule), client.zone)}
    for recipient in client.recipients:
        name = rhythm_name(client, recipient)
        if name != OWN:
            schedule = _reviewable(client, recipient.schedule or client.schedule)
            found[name] = Rhythm(name, schedule, recipient.zone or client.zone)
    return found


def rhythm_name(client: Client, recipient: Recipient) -> str:
    """Return the name of a recipient's rhythm: the client's own unless theirs differs."""
    schedule, zone = recipient.schedule or client.schedule, recipient.zone or client.zone
    if (schedule, zone) == (client.schedule, client.zone):
        return OWN
    hours = f"{schedule.send_at:%H:%M} {sorted(schedule.days)} {schedule.cutoff_minutes} {schedule.holidays}"
    spoken = schedule.weekly_day if schedule.only_when_spoken else None
    return "r" + hashlib.sha256(f"{hours} {spoken} {zone}".encode()).hexdigest()[:10]


def members(client: Client, name: str) -> tuple[Recipient, ...]:
    """Return the recipients who follow a rhythm."""
    return tuple(each for each in client.recipients if rhythm_name(client, each) == name)


def frequency_of(schedule: DigestSchedule) -> Frequency | None:
    """Return the frequency that a schedule comes to, None for days of one's own."""
    if schedule.only_when_spoken:
        return "spoken"
    if len(schedule.days) == 1:
        return "weekly"
    return {_WORKING_DAYS: "weekdays", _ALL_DAYS: "daily"}.get(tuple(sorted(schedule.days)))  # type: ignore[return-value]


def with_frequency(schedule: DigestSchedule, frequency: Frequency, day: int = 0) -> DigestSchedule:
    """Return a schedule at the same hour with another frequency; ``day`` is that of a weekly mail."""
    days = {"weekly": (day,), "weekdays": _WORKING_DAYS}.get(frequency, _ALL_DAYS)
    return replace(schedule, days=days, only_when_spoken=frequency == "spoken", weekly_day=day)


def _reviewable(client: Client, schedule: DigestSchedule) -> DigestSchedule:
    if client.reviewer is None:
        return schedule
    return replace(schedule, cutoff_minutes=max(schedule.cutoff_minutes, REVIEWED_CUTOFF_MINUTES))
