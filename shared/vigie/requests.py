"""What callers of the API may write, and how a wrong field is named to them."""

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, time
from typing import Annotated, Literal, TypeVar

import msgspec

from vigie.domain.alerts.settings import AlertSettings, Channel, ChannelKind, Mute, Person
from vigie.domain.clients import (
    LOCALES,
    Client,
    DigestSchedule,
    Locale,
    Purpose,
    Recipient,
    Reviewer,
    Watch,
    WatchedEntity,
    check_client,
    check_watch,
)
from vigie.domain.digest import AddedItem, AddedKind, Tone
from vigie.domain.digest import Channel as DigestChannel
from vigie.domain.feedback import Corrected, Scope, Wish
from vigie.domain.holidays import Country
from vigie.domain.keys import Scope as KeyScope
from vigie.domain.mention_questions import Wanted
from vigie.domain.notices import SUBSCRIBED, Subscribed
from vigie.domain.query.builder import Wishes, query_of
from vigie.domain.query_fix import Decision
from vigie.domain.review import Review, ToneCorrection
from vigie.errors import BadField

_PATH = re.compile(r" - at `\$\.?([^`]*)`$")
_NAMED = re.compile(r"field `(.+)`$")
_WEIGHT = re.compile(r"q=([01](?:\.[0-9]{0,3})?)", re.IGNORECASE)
T = TypeVar("T")

PAGE_LIMIT = 100
EXPORT_LIMIT = 2_000
REVIEW_LIMIT = 100
Instant = Annotated[
    datetime, msgspec.Meta(tz=True, description="An instant with its zone: 2026-11-22T06:15:00Z.")
]
Name = Annotated[str, msgspec.Meta(max_length=120, description="Who says so.")]
Reason = Annotated[str, msgspec.Meta(max_length=500, description="Why.")]
SearchText = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=1000,
        description="A query, in the language of watches without raw:, put to title, summary and body.",
    ),
]
Impact = Literal["unfavourable", "neutral", "favourable", "mixed", "to_verify"]
Relevance = Literal["main", "secondary", "passing", "homonym", "to_verify"]
Crisis = Literal["alert", "watch", "none", "to_verify"]
PageLimit = Annotated[int, msgspec.Meta(ge=1, le=PAGE_LIMIT, description="How many at most.")]


class ReviewerRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who looks each digest over before it leaves."""

    email: str
    name: str = ""


class ScheduleRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the digest leaves, local time as 07:30; see DigestSchedule."""

    send_at: str = "07:30"
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    cutoff_minutes: int = 15
    only_when_spoken: bool = False
    weekly_day: Annotated[int, msgspec.Meta(ge=0, le=6)] = 0
    holidays: Country | None = None

    def to_schedule(self, field: str = "schedule") -> DigestSchedule:
        """Return the schedule asked for. Raises BadField when the hour is none."""
        try:
            send_at = time.fromisoformat(self.send_at)
        except ValueError as error:
            problem = f"{self.send_at!r} is no hour of the day"
            raise BadField(f"{field}.send_at", problem, "Write it as 07:30.") from error
        if send_at.tzinfo is not None or send_at.second or send_at.microsecond:
            raise BadField(f"{field}.send_at", "is not a local hour and minute", "Write it as 07:30.")
        return DigestSchedule(
            send_at, self.days, self.cutoff_minutes, self.only_when_spoken, self.weekly_day, self.holidays
        )


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
    crisis_alone: bool = False

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


class RecipientRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One recipient of the digest; language, zone and schedule are the client's where they are left out.

    A ``manager`` may change, in the client's area, what is watched and who receives it.
    """

    email: str
    name: str = ""
    locale: Locale | None = None
    zone: str | None = None
    schedule: ScheduleRequest | None = None
    manager: bool = False

    def to_recipient(self) -> Recipient:
        """Return the recipient asked for. Raises BadField when the hour is none."""
        schedule = self.schedule.to_schedule("recipients.schedule") if self.schedule else None
        return Recipient(self.email, self.name, self.locale, self.zone, schedule, self.manager)


class PackRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A source pack to follow, but for the sources ``removed``, by their ids."""

    removed: Annotated[tuple[str, ...], msgspec.Meta(max_length=500)] = ()


class ClientRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A client as ops create it, or as it changes itself."""

    name: str
    client_id: str | None = None
    locale: Locale | None = None
    zone: str = "Europe/Paris"
    schedule: ScheduleRequest = ScheduleRequest()
    recipients: tuple[RecipientRequest, ...] = ()
    reviewer: ReviewerRequest | None = None

    def to_client(self, client_id: str, created_at: datetime, default_locale: Locale = "fr") -> Client:
        """Return the client asked for, in the stack's language when it names none.

        Raises BadField naming what cannot be kept.
        """
        if self.client_id not in {None, client_id}:
            raise BadField("client_id", "is not the one of the address", "Leave it out; an id never changes.")
        schedule = self.schedule.to_schedule()
        return check_client(
            Client(
                client_id=client_id,
                name=self.name,
                created_at=created_at,
                locale=self.locale or default_locale,
                zone=self.zone,
                schedule=schedule,
                recipients=tuple(recipient.to_recipient() for recipient in self.recipients),
                reviewer=Reviewer(self.reviewer.email, self.reviewer.name) if self.reviewer else None,
            )
        )


class PlanRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a client's plan includes a month; null when nothing is counted against."""

    monthly_mentions: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)] | None


class EntityRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom a watch names: as texts write it, what else they call it, and a sentence on what it is and where."""

    name: str
    aliases: tuple[str, ...] = ()
    about: str = ""


class WatchRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A watch as its client writes it: with a query, or with words of which it wants any, all and none."""

    name: str
    purpose: Purpose
    query: str | None = None
    any: tuple[str, ...] | None = None
    all: tuple[str, ...] | None = None
    none: tuple[str, ...] | None = None
    watch_id: str | None = None
    entity: EntityRequest | None = None

    def to_query(self) -> str:
        """Return the query, or the one that asks for the words given. Raises BadField, or BadQuery on a word."""
        words = [self.any, self.all, self.none]
        if self.query is not None:
            if any(given is not None for given in words):
                raise BadField(
                    "query", "stands beside any, all or none", "Give the query or words, not both."
                )
            return self.query
        if all(given is None for given in words):
            raise BadField("query", "is missing", "Give a query, or words in any, all and none.")
        return query_of(Wishes(any=self.any or (), all=self.all or (), none=self.none or ()))

    def to_watch(self, client_id: str, watch_id: str, created_at: datetime) -> Watch:
        """Return the watch asked for. Raises BadField naming what cannot be kept (the query is not read)."""
        if self.watch_id not in {None, watch_id}:
            raise BadField("watch_id", "is not the one of the address", "Leave it out; an id never changes.")
        entity = self.entity
        watch = Watch(
            client_id=client_id,
            watch_id=watch_id,
            name=self.name,
            purpose=self.purpose,
            query=self.to_query(),
            created_at=created_at,
            entity=WatchedEntity(entity.name, entity.aliases, entity.about) if entity else None,
        )
        return check_watch(watch)


class BackTestRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A back-test asked for: the query, over how many days, and the mentions a month that the plan includes."""

    query: str
    days: int = 30
    monthly_mentions: int | None = None


class KeyRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A key asked for: what it is for, what it may do, how long it is good (for ever when left out)."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    scopes: tuple[KeyScope, ...]
    good_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] | None = None


class RotateRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long the key that is replaced stays good."""

    grace_hours: Annotated[int, msgspec.Meta(ge=0, le=720)] = 24


class MergeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which subject is the same as the one of the address; who says so, and why."""

    other_subject_id: str
    by: str = ""
    reason: str = ""


class SplitRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which story is not of the subject of the address; who says so, and why."""

    story_id: str
    by: str = ""
    reason: str = ""


class FeedbackRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A label as it should be, who says so, and why. "Pas nous" is relevance ``homonym``.

    ``watch_id`` names whom it is about; left out, the client itself. ``scope``: every document with this text
    (``story``), or this mention alone.
    """

    label: Corrected
    value: str
    crisis_type: str | None = None
    watch_id: str | None = None
    scope: Scope = "story"
    by: Name = ""
    reason: Reason = ""

    def to_wish(self, caller: str) -> Wish:
        """Return what is asked, said by ``by`` with the key of ``caller``."""
        return Wish(
            label=self.label,
            value=self.value,
            by=f"{self.by} ({caller})" if self.by else caller,
            reason=self.reason,
            crisis_type=self.crisis_type,
            watch_ids=(self.watch_id,) if self.watch_id else (),
            scope=self.scope,
        )


class UndoRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who takes something back, and why."""

    by: Name = ""
    reason: Reason = ""


class FixRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is decided of a proposed fix (its ``fix_id``), by whom, and why."""

    fix_id: str
    decision: Decision
    by: Name = ""
    reason: Reason = ""


class ToneRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another tone for one story."""

    story_id: str
    tone: Tone


class AddedRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something heard or read elsewhere: on what, when, in a few words."""

    title: str
    outlet: str
    kind: AddedKind = "other"
    at: Instant | None = None
    note: str = ""


class ReviewRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that a reviewer wants of a digest, in place of what they wanted in the ``version`` they had read."""

    version: int = 0
    dropped: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    note: str = ""
    corrections: tuple[ToneRequest, ...] = ()
    added: tuple[AddedRequest, ...] = ()
    by: Name = ""

    def to_review(self, client_id: str, digest_id: str, by: str, at: datetime) -> Review:
        """Return the review asked for. What is added is named by its place."""
        added = tuple(
            AddedItem(
                item_id=f"added-{place}",
                kind=each.kind,
                title=each.title,
                outlet=each.outlet,
                at=each.at,
                note=each.note,
            )
            for place, each in enumerate(self.added, start=1)
        )
        return Review(
            client_id=client_id,
            digest_id=digest_id,
            version=self.version,
            by=by,
            at=at,
            dropped=self.dropped,
            pinned=self.pinned,
            order=self.order,
            note=self.note,
            corrections=tuple(ToneCorrection(each.story_id, each.tone) for each in self.corrections),
            added=added,
        )


class EndpointRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An https address of the caller's, and what it is to be told."""

    url: Annotated[str, msgspec.Meta(max_length=2_000)]
    events: tuple[Subscribed, ...] = SUBSCRIBED


class IntervalQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of an address: from when (included) until when (excluded)."""

    since: Instant | None = None
    until: Instant | None = None


class PageQuery(IntervalQuery, frozen=True, forbid_unknown_fields=True):
    """An interval, a page at a time."""

    limit: PageLimit = PAGE_LIMIT
    cursor: str | None = None


class MentionFilter(IntervalQuery, frozen=True, forbid_unknown_fields=True):
    """Which mentions: when they were recorded, what they hold, what was found of them."""

    q: SearchText | None = None
    watch: str | None = None
    purpose: Purpose | None = None
    channel: DigestChannel | None = None
    platform: str | None = None
    source: str | None = None
    tone: Tone | None = None
    impact: Impact | None = None
    relevance: Relevance | None = None
    crisis: Crisis | None = None
    status: Literal["kept", "held", "all"] = "all"

    def to_wanted(self) -> Wanted:
        """Return which mentions are wanted."""
        names = [each.name for each in fields(Wanted)]
        return Wanted(**{name: getattr(self, name) for name in names})


class MentionsQuery(MentionFilter, frozen=True, forbid_unknown_fields=True):
    """Which mentions to list, a page at a time."""

    limit: PageLimit = PAGE_LIMIT
    cursor: str | None = None


class ExportQuery(MentionFilter, frozen=True, forbid_unknown_fields=True):
    """Which mentions to take away, a file at a time."""

    status: Literal["kept", "held", "all"] = "kept"
    limit: Annotated[int, msgspec.Meta(ge=1, le=EXPORT_LIMIT, description="How many at most.")] = EXPORT_LIMIT
    cursor: str | None = None


class ReviewQuery(MentionFilter, frozen=True, forbid_unknown_fields=True):
    """Which mentions a press review is made of: those that are wanted, or those that are named."""

    status: Literal["kept", "held", "all"] = "kept"
    ids: (
        Annotated[
            str, msgspec.Meta(min_length=1, max_length=20_000, description="Ids of mentions, with commas.")
        ]
        | None
    ) = None

    def chosen(self) -> list[str]:
        """Return the ids named, each once. Raises BadField when they are too many."""
        ids = list(dict.fromkeys(filter(None, (self.ids or "").split(","))))
        if len(ids) > REVIEW_LIMIT:
            raise BadField("ids", f"are more than {REVIEW_LIMIT}", f"Name {REVIEW_LIMIT} at most.")
        return ids


def language_of(accept_language: str | None) -> Locale | None:
    """Return which of our languages a caller prefers (RFC 9110, section 12.5.4), None when it names neither."""
    best: Locale | None = None
    best_weight = 0.0
    for choice in (accept_language or "").split(","):
        tag, _, parameter = choice.partition(";")
        weight = _WEIGHT.fullmatch(parameter.strip()) if parameter else None
        value = float(weight[1]) if weight else 1.0
        for locale in LOCALES:
            if tag.strip().lower().split("-")[0] == locale and value > best_weight:
                best, best_weight = locale, value
    return best


def read(body: bytes, kind: type[T]) -> T:
    """Return a request body read as ``kind``. Raises BadField with the path of the field and what it takes."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        field, problem = _named(error)
        raise BadField(
            field or "body", problem, "See the description of this route for what it takes."
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadField("body", f"is no JSON: {error}", "Send one JSON object, in UTF-8.") from error


def read_query(query: Mapping[str, str], kind: type[T]) -> T:
    """Return an address's parameters read as ``kind``. Raises BadField naming the parameter and what it takes."""
    try:
        found = msgspec.convert(dict(query), kind, strict=False)
    except msgspec.ValidationError as error:
        field, problem = _named(error)
        raise BadField(
            field or "query", problem, "See the description of this route for what it takes."
        ) from error
    for name, text in query.items():
        if getattr(found, name) is None:  # msgspec takes null, of any case, for None
            raise BadField(name, f"{text!r} is no value", "Leave it out to ask for all.")
    return found


def _named(error: msgspec.ValidationError) -> tuple[str, str]:
    """Return the path of the field that is wrong, and what is wrong with it."""
    text = str(error)
    path = _PATH.search(text)
    problem = _PATH.sub("", text)
    named = _NAMED.search(problem)  # a field that is missing or unknown: the path stops above it
    return ".".join(part[1] for part in (path, named) if part and part[1]), problem
