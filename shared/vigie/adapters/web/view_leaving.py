"""Leaving the mails, and changing when they come."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from vigie.adapters.mail.view import LinkView
from vigie.adapters.web.catalogue import site_catalogue
from vigie.domain.clients import Client, DigestSchedule, Locale
from vigie.domain.cutoffs import next_appointment
from vigie.domain.rhythms import FREQUENCIES, frequency_of
from vigie.domain.typography import day_and_date, hour, one_line

ZONES = (
    "Europe/Paris",
    "Europe/Brussels",
    "Europe/Luxembourg",
    "Europe/Zurich",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Madrid",
    "Europe/Rome",
    "Europe/Lisbon",
    "America/Martinique",
    "America/Guadeloupe",
    "America/Cayenne",
    "America/Miquelon",
    "America/Montreal",
    "America/New_York",
    "Africa/Casablanca",
    "Africa/Dakar",
    "Africa/Abidjan",
    "Indian/Reunion",
    "Indian/Mayotte",
    "Pacific/Noumea",
    "Pacific/Tahiti",
    "Asia/Dubai",
    "Asia/Singapore",
    "UTC",
)
"""Where readers of French mails mostly are; the zone one has is offered too."""

OWN_DAYS = "days"
"""The frequency of who chose days of their own."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingPage:
    """The question whether to leave, or that it is done."""

    heading: str
    client: str
    text: str
    is_left: bool
    button: str
    less: LinkView


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencesPage:
    """When the mails come, to be changed. ``is_own`` says that it is not as the team set it."""

    heading: str
    client: str
    email: str
    next_send: str
    frequencies: tuple[Option, ...]
    days: tuple[Option, ...]
    weekly: tuple[Option, ...]
    send_at: str
    zones: tuple[Option, ...]
    is_own: bool
    is_saved: bool
    problem: str
    leave: LinkView | None


def leaving_page(client: Client, email: str, locale: Locale, *, is_left: bool, less: str) -> LeavingPage:
    """Return the page to leave by; ``less`` is where to ask for fewer mails instead."""
    say = site_catalogue(locale).say
    told = {"email": one_line(email, 200), "client": one_line(client.name, 60)}
    return LeavingPage(
        heading=say("leave_done_title" if is_left else "leave_title"),
        client=told["client"],
        text=say("leave_done" if is_left else "leave_what", **told),
        is_left=is_left,
        button=say("leave_button"),
        less=LinkView(say("leave_less"), less),
    )


def preferences_page(
    client: Client,
    email: str,
    locale: Locale,
    schedule: DigestSchedule,
    zone: str,
    *,
    is_own: bool,
    is_saved: bool,
    problem: str,
    now: datetime,
    leave: str,
) -> PreferencesPage:
    """Return the page of when the mails come: ``schedule`` and ``zone`` are what stands."""
    say = site_catalogue(locale).say
    frequency = frequency_of(schedule) or OWN_DAYS
    day = schedule.weekly_day if schedule.only_when_spoken else min(schedule.days)
    names = day_names(locale)
    return PreferencesPage(
        heading=say("preferences_title"),
        client=one_line(client.name, 60),
        email=one_line(email, 200),
        next_send=_next(locale, schedule, ZoneInfo(zone), now),
        frequencies=tuple(
            Option(each, say(f"often_{each}"), each == frequency) for each in (*FREQUENCIES, OWN_DAYS)
        ),
        days=tuple(Option(str(each), names[each], each in schedule.days) for each in range(7)),
        weekly=tuple(Option(str(each), names[each], each == day) for each in range(7)),
        send_at=f"{schedule.send_at:%H:%M}",
        zones=tuple(Option(each, _zone_name(each), each == zone) for each in dict.fromkeys((*ZONES, zone))),
        is_own=is_own,
        is_saved=is_saved,
        problem=say(problem) if problem else "",
        leave=LinkView(say("leave_title"), leave) if leave else None,
    )


def _next(locale: Locale, schedule: DigestSchedule, zone: ZoneInfo, now: datetime) -> str:
    at = next_appointment(schedule, zone, now).send_at.astimezone(zone)
    told = {"day": day_and_date(at.date(), locale), "hour": hour(at, locale)}
    return site_catalogue(locale).say("next", **told)


def day_names(locale: Locale) -> list[str]:
    """Return the names of the days, Monday first."""
    any_monday = date(2026, 11, 23)
    return [day_and_date(any_monday + timedelta(days=each), locale).split(" ")[0] for each in range(7)]


def _zone_name(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")
