"""Whom a client wants alerted, how, and about what besides bursts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from vigie.domain.clients import Client
from vigie.errors import BadField

ChannelKind = Literal["mail", "slack", "teams", "webhook", "sms"]
CHANNEL_KINDS: tuple[ChannelKind, ...] = get_args(ChannelKind)

PEOPLE_AT_MOST, CHANNELS_AT_MOST, MUTES_AT_MOST, OUTLETS_AT_MOST = 10, 5, 20, 100
CRISIS_FROM = 0.98
"""How sure one article alone must be. On held-back texts all it tells are crises; on the demo press nothing else."""

CRISIS_FROM_LEAST, CRISIS_FROM_MOST = 0.8, 0.999
FACTOR_LEAST, FACTOR_MOST, FACTOR_STEP = 0.7, 1.6, 1.1
"""How far feedback moves the thresholds, and by how much each time."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to reach somebody: an address, a URL, or a number in international form for ``sms``."""

    kind: ChannelKind
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in the chain: told ``after_minutes`` without an acknowledgement, by the first channel that works.

    From ``quiet_from`` to ``quiet_until``, in their zone, only what is critical passes.
    """

    name: str
    channels: tuple[Channel, ...]
    after_minutes: int = 0
    zone: str = "Europe/Paris"
    quiet_from: time | None = None
    quiet_until: time | None = None


@dataclass(frozen=True, slots=True)
class Mute:
    """A campaign that will be spoken of: bursts in this time are expected."""

    since: datetime
    until: datetime
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSettings:
    """A client's. Without people the recipients of its digest are told.

    ``outlets``: hosts of which a single article is worth an alert. ``factor`` scales the thresholds: false alarms
    raise it. ``expected_a_day``: how many mentions the client says are usual, before there is anything to learn from.
    ``crisis_alone``: one article of the press alerts whose label is a crisis, at ``alert``, when the client is its
    subject and plainly harmed, and the classifier is sure of it from ``crisis_from`` on (docs/decisions/0052).
    """

    client_id: str
    people: tuple[Person, ...] = ()
    outlets: tuple[str, ...] = ()
    mutes: tuple[Mute, ...] = ()
    factor: float = 1.0
    expected_a_day: float | None = None
    crisis_alone: bool = True
    crisis_from: float = CRISIS_FROM

    def chain(self, client: Client) -> tuple[Person, ...]:
        """Return who is told, those told first first."""
        people = self.people or tuple(
            Person(name=each.name or each.email, channels=(Channel("mail", each.email),), zone=client.zone)
            for each in client.recipients
        )
        return tuple(sorted(people, key=lambda person: person.after_minutes))

    def person(self, client: Client, taker: str) -> Person | None:
        """Return who in the chain has this name, or this address."""
        wanted = taker.casefold()
        return next(
            (
                person
                for person in self.chain(client)
                if person.name.casefold() == wanted
                or any(way.kind == "mail" and way.to.casefold() == wanted for way in person.channels)
            ),
            None,
        )

    @property
    def sure_from(self) -> float:
        """How sure one article must be that it is a crisis, as feedback moved it: doubt is what is scaled."""
        return 1 - (1 - self.crisis_from) / self.factor

    def muted(self, now: datetime) -> bool:
        """Return whether bursts are expected now."""
        return any(mute.since <= now < mute.until for mute in self.mutes)


def after_false_alarm(settings: AlertSettings) -> AlertSettings:
    """Return settings that alarm a little less, within bounds."""
    return replace(settings, factor=min(round(settings.factor * FACTOR_STEP, 4), FACTOR_MOST))


def after_useful(settings: AlertSettings) -> AlertSettings:
    """Return settings that alarm a little sooner, within bounds."""
    return replace(settings, factor=max(round(settings.factor / FACTOR_STEP, 4), FACTOR_LEAST))


def may_be_told_at(person: Person, now: datetime, *, critical: bool) -> datetime:
    """Return when somebody may be told: now, or when their quiet hours are over."""
    if critical or person.quiet_from is None or person.quiet_until is None:
        return now
    local = now.astimezone(ZoneInfo(person.zone))
    for day in (local.date() - timedelta(days=1), local.date()):
        begin = datetime.combine(day, person.quiet_from, tzinfo=local.tzinfo)
        ends_on = day if person.quiet_until > person.quiet_from else day + timedelta(days=1)
        end = datetime.combine(ends_on, person.quiet_until, tzinfo=local.tzinfo)
        if begin.astimezone(UTC) <= now < end.astimezone(UTC):
            return end.astimezone(UTC)
    return now


def check_settings(settings: AlertSettings) -> AlertSettings:
    """Return ``settings`` when they can be kept. Raises BadField naming the first that cannot."""
    _few("people", settings.people, PEOPLE_AT_MOST)
    _few("outlets", settings.outlets, OUTLETS_AT_MOST)
    _few("mutes", settings.mutes, MUTES_AT_MOST)
    for number, person in enumerate(settings.people):
        _check_person(f"people[{number}]", person)
    for number, mute in enumerate(settings.mutes):
        if mute.since >= mute.until:
            raise BadField(f"mutes[{number}].until", "is not after its beginning", "Give since before until.")
    if not FACTOR_LEAST <= settings.factor <= FACTOR_MOST:
        raise BadField("factor", "is out of range", f"Use {FACTOR_LEAST} to {FACTOR_MOST}.")
    if not CRISIS_FROM_LEAST <= settings.crisis_from <= CRISIS_FROM_MOST:
        raise BadField(
            "crisis_from",
            "is out of range",
            f"Use {CRISIS_FROM_LEAST} to {CRISIS_FROM_MOST}; crisis_alone false is never.",
        )
    if settings.expected_a_day is not None and not 0 <= settings.expected_a_day <= 1_000_000:
        raise BadField("expected_a_day", "is out of range", "Give the usual number of mentions a day.")
    return settings


def _check_person(field: str, person: Person) -> None:
    if not person.name.strip():
        raise BadField(f"{field}.name", "is empty", "Say who is told.")
    if not person.channels:
        raise BadField(
            f"{field}.channels", "names none", "Give at least one: mail, slack, teams, webhook or sms."
        )
    _few(f"{field}.channels", person.channels, CHANNELS_AT_MOST)
    if not 0 <= person.after_minutes <= 1_440:
        raise BadField(f"{field}.after_minutes", "is out of range", "Use 0 to 1440 minutes.")
    if (person.quiet_from is None) != (person.quiet_until is None):
        raise BadField(f"{field}.quiet_until", "goes with quiet_from", "Give both hours, or neither.")
    try:
        ZoneInfo(person.zone)
    except (ValueError, OSError, KeyError) as error:
        raise BadField(
            f"{field}.zone", f"{person.zone!r} is unknown", "Use an IANA zone: Europe/Paris."
        ) from error
    for number, channel in enumerate(person.channels):
        _check_channel(f"{field}.channels[{number}].to", channel)


def _check_channel(field: str, channel: Channel) -> None:
    wrong = {
        "mail": "@" not in channel.to or " " in channel.to,
        "sms": not (channel.to.startswith("+") and channel.to[1:].isdigit() and 8 <= len(channel.to) <= 16),
    }.get(channel.kind, not channel.to.startswith("https://"))
    if wrong:
        remedy = {"mail": "Use name@domain.", "sms": "Use +33612345678."}.get(channel.kind, "Use https://…")
        raise BadField(field, f"{channel.to!r:.60} cannot be reached", remedy)


def _few(field: str, things: Iterable[object], most: int) -> None:
    if len(tuple(things)) > most:
        raise BadField(field, f"holds more than {most}", "Leave some out.")
