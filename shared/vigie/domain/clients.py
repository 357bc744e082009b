"""Clients and what they ask for: watches, recipients, the hour of their digest."""

import re
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from vigie.domain.holidays import Country
from vigie.errors import BadField

Purpose = Literal["brand", "competitor", "partner", "sector", "campaign", "lead", "crisis"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
Locale = Literal["fr", "en"]
LOCALES: tuple[Locale, ...] = get_args(Locale)

QUERY_LIMIT_BYTES = 300_000
"""A query that can be kept: an item of the table holds 400 KB in all."""

NAME_LIMIT, ALIASES_LIMIT, ABOUT_LIMIT = 120, 30, 400
"""A watched entity is told briefly: it travels with each match."""

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?")
# RFC 5322's dot-atom and RFC 1035's labels, in ASCII: what SES sends to without SMTPUTF8.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"(?=.{{1,64}}@.{{1,253}}$){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who looks each digest of a client over before it leaves."""

    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class DigestSchedule:
    """When the digest leaves: local ``send_at`` on ``days`` (0 is Monday), in the client's zone.

    The interval closes ``cutoff_minutes`` before sending, so that there is time to build and to look it over.
    ``only_when_spoken``: where nothing was retained for the client the interval stays open, until ``weekly_day``.
    ``holidays`` is the country whose public holidays are left out, as days that are not listed.
    """

    send_at: time = time(7, 30)
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    cutoff_minutes: int = 15
    only_when_spoken: bool = False
    weekly_day: int = 0
    holidays: Country | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address that receives the client's digest, in the client's language, zone and rhythm or its own.

    ``manager`` may change, in the client's area, what is watched and who receives it.
    """

    email: str
    name: str = ""
    locale: Locale | None = None
    zone: str | None = None
    schedule: DigestSchedule | None = None
    manager: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who is watched over. ``client_id`` is a slug and starts every key the client owns.

    ``monthly_mentions`` is what its plan includes, set by the agency; None when nothing is counted against.
    """

    client_id: str
    name: str
    created_at: datetime
    locale: Locale = "fr"
    zone: str = "Europe/Paris"
    schedule: DigestSchedule = DigestSchedule()
    recipients: tuple[Recipient, ...] = ()
    reviewer: Reviewer | None = None
    monthly_mentions: int | None = None

    @property
    def tz(self) -> ZoneInfo:
        """The client's IANA zone."""
        return ZoneInfo(self.zone)


@dataclass(frozen=True, slots=True)
class WatchedEntity:
    """Whom a watch names: a name, what else it is called, and ``about``, a sentence on what it is and where.

    ``about`` tells it from what is called the same: « Boulangerie artisanale d'Auzelle ».
    """

    name: str
    aliases: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A client's saved boolean query, with a name and a purpose.

    ``entity`` is whom it names; without it, the names are read in the query.
    """

    client_id: str
    watch_id: str
    name: str
    purpose: Purpose
    query: str
    created_at: datetime
    entity: WatchedEntity | None = None


def check_slug(field: str, value: str) -> str:
    """Return ``value`` when it can be an id. Raises BadField naming ``field``."""
    if not _SLUG.fullmatch(value):
        raise BadField(field, f"{value!r} cannot be an id", "Use 1 to 48 of a-z, 0-9 and inner hyphens.")
    return value


def check_email(field: str, value: str) -> str:
    """Return ``value`` when a mail can go there. Raises BadField naming ``field``."""
    if not _EMAIL.fullmatch(value):
        raise BadField(field, f"{value!r:.100} is no address", "Use name@domain.")
    return value


def check_client(client: Client) -> Client:
    """Return ``client`` when every field can be kept. Raises BadField naming the first that cannot."""
    check_slug("client_id", client.client_id)
    if not client.name.strip():
        raise BadField("name", "is empty", "Give the name the client is known by.")
    _check_zone("zone", client.zone)
    _check_schedule("schedule", client.schedule)
    for recipient in client.recipients:
        check_email("recipients.email", recipient.email)
        if recipient.zone is not None:
            _check_zone("recipients.zone", recipient.zone)
        if recipient.schedule is not None:
            _check_schedule("recipients.schedule", recipient.schedule)
    if client.reviewer is not None:
        check_email("reviewer.email", client.reviewer.email)
    return client


def _check_zone(field: str, zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError) as error:
        raise BadField(field, f"{zone!r} is unknown", "Use an IANA zone: Europe/Paris.") from error


def _check_schedule(field: str, schedule: DigestSchedule) -> None:
    if schedule.send_at.tzinfo is not None:
        raise BadField(
            f"{field}.send_at", "holds an offset", "Give a local time; the zone has its own field."
        )
    if not schedule.days or not set(schedule.days) <= set(range(7)):
        raise BadField(f"{field}.days", "names no day", "List days from 0 (Monday) to 6 (Sunday).")
    if not 0 <= schedule.cutoff_minutes <= 240:
        raise BadField(f"{field}.cutoff_minutes", "is out of range", "Use 0 to 240 minutes.")
    if schedule.weekly_day not in schedule.days and schedule.only_when_spoken:
        raise BadField(f"{field}.weekly_day", "is none of the days", "Name one of the days listed.")


def check_watch(watch: Watch) -> Watch:
    """Return ``watch`` when its id, name and purpose can be kept (its query is the parser's business)."""
    check_slug("watch_id", watch.watch_id)
    if not watch.name.strip():
        raise BadField("name", "is empty", "Name the watch as the digest should show it.")
    if len(watch.query.encode()) > QUERY_LIMIT_BYTES:
        raise BadField(
            "query", f"is longer than {QUERY_LIMIT_BYTES // 1000} KB", "Split it into several watches."
        )
    if watch.purpose not in PURPOSES:
        raise BadField("purpose", f"{watch.purpose!r} is unknown", f"Use one of {', '.join(PURPOSES)}.")
    if watch.entity is not None:
        _check_entity(watch.entity)
    return watch


def _check_entity(entity: WatchedEntity) -> None:
    for field, name in (
        ("entity.name", entity.name),
        *((f"entity.aliases[{number}]", alias) for number, alias in enumerate(entity.aliases)),
    ):
        if not any(character.isalnum() for character in name):
            raise BadField(field, "holds no letter", "Give the name as texts write it.")
        if len(name) > NAME_LIMIT:
            raise BadField(field, f"is longer than {NAME_LIMIT} characters", "Give a name, not a sentence.")
    if len(entity.aliases) > ALIASES_LIMIT:
        raise BadField("entity.aliases", f"are more than {ALIASES_LIMIT}", "Keep those that texts use.")
    if len(entity.about) > ABOUT_LIMIT:
        raise BadField("entity.about", f"is longer than {ABOUT_LIMIT} characters", "One sentence will do.")
