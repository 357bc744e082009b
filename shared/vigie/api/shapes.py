"""The types of what is answered, for the OpenAPI document and the tests that hold it against the answers.

``views`` makes plain values of domain values and changes a few fields on the way; a shape is its domain type with
the same fields changed (``shape_of``), so that a field added to the domain is described without anybody's doing.
"""

import dataclasses
from datetime import datetime
from typing import Annotated, Any, Literal, get_type_hints

import msgspec

from vigie.domain.addresses import Suppression
from vigie.domain.alerts.alert import Alert as DomainAlert
from vigie.domain.alerts.settings import AlertSettings as DomainAlertSettings
from vigie.domain.alerts.settings import Person as DomainPerson
from vigie.domain.clients import Client as DomainClient
from vigie.domain.clients import DigestSchedule
from vigie.domain.clients import Recipient as DomainRecipient
from vigie.domain.clients import Watch as DomainWatch
from vigie.domain.connectors.plan import Unsearchable
from vigie.domain.connectors.standings import Standing as DomainStanding
from vigie.domain.cutoffs import Interval
from vigie.domain.digest import Digest as DomainDigest
from vigie.domain.digest import SubjectLine
from vigie.domain.feedback import Corrected
from vigie.domain.feedback import Correction as DomainCorrection
from vigie.domain.jobs import BackTestJob
from vigie.domain.keys import ApiKey
from vigie.domain.ledger import Ledger as DomainLedger
from vigie.domain.mentions import Evidence, HeldReason, Labels, Status, StoryRef, WatchHit
from vigie.domain.mentions import Parked as DomainParked
from vigie.domain.notices import Attempt, Subscribed
from vigie.domain.query_fix import Proposal as DomainProposal
from vigie.domain.query_fix import WatchFix
from vigie.domain.review import Review as DomainReview
from vigie.domain.sources import Health
from vigie.domain.sources import Source as DomainSource
from vigie.domain.stories.corrections import Change
from vigie.domain.stories.publishers import Family
from vigie.domain.subjects.decisions import SubjectDecision
from vigie.ports import DigestEntry
from vigie.steps.usage_desk import Usage as DomainUsage

HourMinute = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{2}:[0-9]{2}$", description="Local time: 07:30.")]


def shape_of(name: str, *bases: type, without: tuple[str, ...] = (), doc: str = "", **fields: Any) -> type:
    """Return a type with the fields of ``bases`` in their order, some left out, some changed, the rest added."""
    hints: dict[str, Any] = {}
    for base in bases:
        told = get_type_hints(base, include_extras=True)
        names = [field.name for field in dataclasses.fields(base)]
        hints |= {name: told[name] for name in names if name not in without}
    hints |= fields
    found = doc or (bases[0].__doc__ or "").split("\n\n")[0] if bases or doc else ""
    return msgspec.defstruct(
        name, list(hints.items()), namespace={"__doc__": found}, module=__name__, kw_only=True
    )


def many(item: Any) -> Any:
    """Return the type of a list of ``item``, a type made here."""
    return list[item]


def list_of(name: str, field: str, item: Any, **more: Any) -> type:
    """Return the type of an object that holds a list."""
    return msgspec.defstruct(f"{name}List", [(field, many(item)), *more.items()], module=__name__)


Schedule = shape_of("Schedule", DigestSchedule, send_at=HourMinute)
Recipient = shape_of("Recipient", DomainRecipient, schedule=Schedule | None)
Recipients = list_of("Recipient", "recipients", Recipient)
Client = shape_of(
    "Client", DomainClient, without=("monthly_mentions",), schedule=Schedule, recipients=many(Recipient)
)
NewClient = msgspec.defstruct(
    "NewClient", [("api_key", Annotated[str, msgspec.Meta(description="Shown this once.")])], bases=(Client,)
)
Clients = list_of("Client", "clients", Client)


Key = shape_of(
    "Key", ApiKey, without=("key_sha256", "asked", "asked_in"), key_id=str, doc="A key, without its secret."
)
NewKey = msgspec.defstruct(
    "NewKey",
    [("api_key", Annotated[str, msgspec.Meta(description="Shown this once.")])],
    bases=(Key,),
    kw_only=True,
)
Keys = list_of("Key", "keys", Key)


class Plan(msgspec.Struct):
    """What a client's plan includes a month; null when nothing is counted against."""

    monthly_mentions: int | None


Usage = shape_of("Usage", DomainUsage)


class Remark(msgspec.Struct):
    """What is said of a query: a code, where (characters from 0), and what to write instead."""

    code: str
    position: int | None
    problem: str
    remedy: str


Words = list[str] | None
Watch = shape_of("Watch", DomainWatch, any=Words, all=Words, none=Words, lint=many(Remark))
Watches = list_of("Watch", "watches", Watch)
BackTest = shape_of("BackTestJob", BackTestJob)


class MentionDocument(msgspec.Struct):
    """What a mention shows of its document: as much of the text as its source's terms allow."""

    title: str
    summary: str
    author: str
    url: str
    source_id: str
    source_name: str
    outlet_tier: str | None
    platform: str
    type: str
    published_at: datetime | None
    seen_at: datetime
    display: str
    metrics: dict[str, int]


Found = shape_of("Found", Evidence, words=str)
Hit = shape_of("Hit", WatchHit, without=("entity",), evidence=many(Found))
Mention = shape_of(
    "Mention",
    doc="A document that matched at least one watch: where, its story and its labels.",
    mention_id=str,
    recorded_at=datetime,
    status=Status,
    held_reason=HeldReason | None,
    backfilled=bool,
    document=MentionDocument,
    watches=many(Hit),
    story=StoryRef,
    labels=Labels,
)
Cursor = Annotated[str | None, msgspec.Meta(description="Asks for the next page; null on the last.")]
Mentions = list_of(
    "Mention", "mentions", Mention, cursor=Cursor, complete=bool, history_since=datetime | None
)


class StoryCorrection(msgspec.Struct):
    """A document whose text differs from what its own page said before."""

    document_id: str
    changes: list[Change]


PressGroup = shape_of("PressGroup", Family, documents=int)


Story = shape_of(
    "Story",
    doc="A story: who was first, how many documents each press group has, whose text it is, what was corrected.",
    story_id=str,
    first_source=str,
    first_at=datetime,
    reprints=int,
    families=many(PressGroup),
    best_tier=str | None,
    agencies=list[str],
    corrections=list[StoryCorrection],
    mentions=many(Mention),
)
Decision = shape_of("Decision", SubjectDecision, without=("client_id",))
Subjects = list_of("Subject", "subjects", SubjectLine)
DecidedSubjects = list_of("DecidedSubject", "subjects", SubjectLine, decisions=many(Decision))

Correction = shape_of("Correction", DomainCorrection, without=("client_id",), is_not_us=bool)
Corrections = list_of("Correction", "corrections", Correction)
CorrectedMention = list_of("CorrectedMention", "corrections", Correction, mention=Mention)


class Unsure(msgspec.Struct):
    """Labels that a classifier abstained on, of whom a watch names."""

    watch_id: str
    labels: list[Corrected]


Awaited = shape_of(
    "Awaited", doc="A mention whose labels await a person.", mention=Mention, unsure=list[Unsure]
)
ToVerify = list_of("Awaited", "to_verify", Awaited, cursor=Cursor)
Endpoint = shape_of(
    "Endpoint",
    doc="An address of a client's own system: what it is told, and how that goes.",
    endpoint_id=str,
    url=str,
    events=list[Subscribed],
    created_at=datetime,
    rotated_at=datetime | None,
    standing=Literal["active", "failing", "disabled"],
    failing_since=datetime | None,
    disabled_at=datetime | None,
    next_try_at=datetime | None,
    trouble=str,
)
NewEndpoint = msgspec.defstruct(
    "NewEndpoint",
    [("secret", Annotated[str, msgspec.Meta(description="Shown this once.")])],
    bases=(Endpoint,),
    kw_only=True,
)
Endpoints = list_of("Endpoint", "webhooks", Endpoint)
Attempts = list_of("Attempt", "deliveries", Attempt)


class Pinged(msgspec.Struct):
    """An event is on its way."""

    event_id: str


Proposal = shape_of("Proposal", DomainProposal, without=("client_id",))
Fix = shape_of("Fix", WatchFix, without=("client_id",))
Fixes = list_of("Fix", "decided", Fix, proposal=Proposal | None)

Ledger = shape_of("Ledger", DomainLedger, unmatched=int, held_back=int)
Digest = shape_of("Digest", DomainDigest, without=("odometer",), ledger=Ledger)
Digests = list_of("Digest", "digests", DigestEntry)
ReviewSheet = shape_of(
    "ReviewSheet",
    doc="A digest on its reviewer's desk: as it was found, what is decided of it, and how it leaves.",
    digest_id=str,
    is_open=bool,
    leaves_at=datetime,
    review=shape_of("Review", DomainReview, without=("client_id", "digest_id")),
    found=Digest,
    digest=Digest,
)
DigestLedger = msgspec.defstruct(
    "DigestLedger", [("digest_id", str), ("interval", Interval)], bases=(Ledger,), kw_only=True
)
Ledgers = list_of("Ledger", "ledgers", DigestLedger)


class Push(msgspec.Struct):
    """How a source is pushed: by which hub, until when, and whether polls rely on it."""

    standing: str
    hub: str
    until: datetime | None
    pushed_at: datetime | None
    missed_at: datetime | None
    trouble: str | None


Source = shape_of(
    "Source",
    DomainSource,
    health=Health,
    polled_at=datetime | None,
    succeeded_at=datetime | None,
    next_poll_at=datetime | None,
    failing_since=datetime | None,
    failures=int,
    failure=str | None,
    outlook=str | None,
    alarm=bool,
    news_at=datetime | None,
    articles_per_day=float,
    quiet_until=datetime | None,
    gap_at=datetime | None,
    moved_to=str | None,
    limited=str | None,
    coverage=str | None,
    push=Push | None,
    doc="A source and how it does.",
)
Sources = list_of("Source", "sources", Source)
Unserved = shape_of("Unserved", Unsearchable, detail=str)
Connector = shape_of("Connector", DomainStanding, detail=str, unsearchable=many(Unserved))
Connectors = list_of("Connector", "connectors", Connector)
Parked = list_of("Parked", "parked", DomainParked)
Suppressed = shape_of("Suppressed", Suppression, email=str, doc="An address that is not written to, and why.")
Suppressions = list_of("Suppressed", "suppressions", Suppressed)


class Running(msgspec.Struct):
    """The API answers."""

    status: str


Alert = shape_of("Alert", DomainAlert, without=("client_id", "pending", "announced"))
Alerts = list_of("Alert", "alerts", Alert)
Person = shape_of("Person", DomainPerson, quiet_from=HourMinute | None, quiet_until=HourMinute | None)
AlertSettings = shape_of("AlertSettings", DomainAlertSettings, without=("client_id",), people=many(Person))
