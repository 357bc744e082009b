"""Who is alerted, how, and when not."""

from datetime import time
from typing import Annotated

import msgspec

from vigie.domain.alerts.settings import CRISIS_FROM, AlertSettings, Channel, ChannelKind, Mute, Person
from vigie.errors import BadField
from vigie.requests.fields import Instant


class ChannelRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A way to reach somebody: an address, an https URL, or a number such as +33612345678 for ``sms``."""

    kind: ChannelKind
    to: Annotated[str, msgspec.Meta(max_length=500)]


class PersonRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody that alerts wake; see Person. Quiet hours are local: 22:00."""

    name: Annotated[str, msgspec.Meta(max_length=120)]
    channels: tuple[ChannelRequest, ...]
    after_minutes: int = 0
    zone: str = "Europe/Paris"
    quiet_from: str | None = None
    quiet_until: str | None = None

    def to_person(self, field: str) -> Person:
        """Return the person asked for. Raises BadField when an hour is none."""
        return Person(
            name=self.name,
            channels=tuple(Channel(channel.kind, channel.to) for channel in self.channels),
            after_minutes=self.after_minutes,
            zone=self.zone,
            quiet_from=_local_hour(f"{field}.quiet_from", self.quiet_from),
            quiet_until=_local_hour(f"{field}.quiet_until", self.quiet_until),
        )


class MuteRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A time in which bursts are expected, and why."""

    since: Instant
    until: Instant
    why: Annotated[str, msgspec.Meta(max_length=200)] = ""


class AlertSettingsRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom alerts wake, and about what besides bursts; see AlertSettings. ``factor`` stays when it is left out."""

    people: tuple[PersonRequest, ...] = ()
    outlets: tuple[Annotated[str, msgspec.Meta(max_length=253)], ...] = ()
    mutes: tuple[MuteRequest, ...] = ()
    factor: float | None = None
    expected_a_day: float | None = None
    crisis_alone: bool = True
    crisis_from: float = CRISIS_FROM

    def to_settings(self, standing: AlertSettings) -> AlertSettings:
        """Return what is asked for. Raises BadField."""
        return AlertSettings(
            client_id=standing.client_id,
            people=tuple(person.to_person(f"people[{number}]") for number, person in enumerate(self.people)),
            outlets=self.outlets,
            mutes=tuple(Mute(mute.since, mute.until, mute.why) for mute in self.mutes),
            factor=standing.factor if self.factor is None else self.factor,
            expected_a_day=self.expected_a_day,
            crisis_alone=self.crisis_alone,
            crisis_from=self.crisis_from,
        )


def _local_hour(field: str, text: str | None) -> time | None:
    if text is None:
        return None
    try:
        hour = time.fromisoformat(text)
    except ValueError as error:
        raise BadField(field, f"{text!r:.40} is no hour of the day", "Write it as 07:30.") from error
    if hour.tzinfo is not None or hour.second or hour.microsecond:
        raise BadField(field, "is not a local hour and minute", "Write it as 07:30.")
    return hour
