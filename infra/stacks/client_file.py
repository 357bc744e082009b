"""A client's file: everything a stack is deployed from, and what its client begins with.

``StackFile`` is the schema. A watch or a recipient is written in it as the API takes them, so that one set of checks
serves both. ``vigie stack schema`` prints it for editors.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec

from vigie.domain.clients import Client, Locale, Watch, check_slug
from vigie.errors import BadField
from vigie.requests import ClientRequest, RecipientRequest, ReviewerRequest, ScheduleRequest, WatchRequest
from vigie.steps.desk import check_query, slug_of

STACK_PREFIX = "vigie-"
ID_LIMIT = 40
"""With the stack's prefix and a function's suffix, a name of 64 characters: Lambda takes no more."""

_BIRTH = datetime(2026, 1, 1, tzinfo=UTC)  # stands in until the client is made; no fact of its file
_SECRET = re.compile(r"[a-z0-9][a-z0-9-]*(?:/[a-z0-9][a-z0-9-]*)*")
_ADDRESS = re.compile(r"[^@\s:]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
_TOPIC = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}")

Days = Annotated[int, msgspec.Meta(ge=1, le=3650)]
Option = str | int | bool | list[str]


class RetentionSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For how many days things are kept; the template's own numbers where left out."""

    mentions_days: Days | None = None
    archive_days: Days | None = None
    stories_days: Days | None = None
    logs_days: Days | None = None


class PlanSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the client's plan includes a month."""

    monthly_mentions: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]


class MailSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who writes: the From address, and the SES identity that it belongs to."""

    sender: str
    identity: str


class StackFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One stack, as ``infra/clients/<client>.yaml`` describes it."""

    client: Annotated[str, msgspec.Meta(description="The client's id, which is the file's name too.")]
    name: Annotated[str, msgspec.Meta(description="The name the client is known by.")]
    kind: Annotated[
        Literal["client", "booost"],
        msgspec.Meta(description="One client's own stack, or the shared self-serve tier."),
    ] = "client"
    locale: Annotated[Locale, msgspec.Meta(description="Language of the client: fr or en.")] = "fr"
    zone: Annotated[str, msgspec.Meta(description="IANA zone: Europe/Paris.")] = "Europe/Paris"
    schedule: Annotated[
        ScheduleRequest, msgspec.Meta(description='When the digest leaves: {send_at: "07:30", …}.')
    ] = ScheduleRequest()
    recipients: Annotated[
        tuple[RecipientRequest, ...], msgspec.Meta(description="Who receives it: a list of {email, name, …}.")
    ] = ()
    reviewer: Annotated[
        ReviewerRequest | None, msgspec.Meta(description="Who looks each digest over: {email, name}.")
    ] = None
    watches: Annotated[
        tuple[WatchRequest, ...],
        msgspec.Meta(description="What is watched: a list of {watch_id, name, purpose, query}."),
    ] = ()
    source_packs: Annotated[
        tuple[str, ...], msgspec.Meta(description="Names of the source packs that the stack follows.")
    ] = ()
    retention: Annotated[RetentionSection, msgspec.Meta(description="Days that things are kept.")] = (
        RetentionSection()
    )
    plan: Annotated[PlanSection | None, msgspec.Meta(description="What is paid for: {monthly_mentions}.")] = (
        None
    )
    mail: Annotated[MailSection, msgspec.Meta(description="Who writes: {sender, identity}.")]
    alarms_to: Annotated[
        str, msgspec.Meta(description="Who hears alarms: a mail address, or the ARN of an SNS topic.")
    ]
    options: Annotated[
        dict[str, Option],
        msgspec.Meta(description="The template's other parameters, as words_with_underscores."),
    ] = {}
    secrets: Annotated[
        tuple[str, ...],
        msgspec.Meta(
            description="Names, under the stack's path, of the SSM parameters it cannot do without."
        ),
    ] = ()

    @property
    def stack(self) -> str:
        """The stack's name."""
        return STACK_PREFIX + self.client

    def to_client(self, created_at: datetime = _BIRTH) -> Client:
        """Return the client described. Raises BadField."""
        request = ClientRequest(
            name=self.name,
            locale=self.locale,
            zone=self.zone,
            schedule=self.schedule,
            recipients=self.recipients,
            reviewer=self.reviewer,
        )
        monthly = self.plan.monthly_mentions if self.plan else None
        return replace(request.to_client(self.client, created_at), monthly_mentions=monthly)

    def watch_requests(self) -> dict[str, WatchRequest]:
        """Return what is asked for each watch, by its id, which is made of its name where it has none."""
        return {request.watch_id or slug_of(request.name): request for request in self.watches}

    def to_watches(self, created_at: datetime = _BIRTH) -> list[Watch]:
        """Return the watches described, by id."""
        return [
            request.to_watch(self.client, watch_id, created_at)
            for watch_id, request in sorted(self.watch_requests().items())
        ]


def check(file: StackFile, stem: str) -> StackFile:
    """Return ``file`` when a stack can be made of it. Raises BadField naming the first field that forbids it.

    ``stem`` is the file's name without its suffix; the template's parameters are checked where they are made.
    """
    check_slug("client", file.client)
    if file.client != stem:
        raise BadField("client", f"is {file.client!r}, and the file is {stem}.yaml", "Give both one name.")
    if len(file.client) > ID_LIMIT:
        raise BadField(
            "client", f"is longer than {ID_LIMIT} characters", "Shorten it: it names every resource."
        )
    if not _ADDRESS.fullmatch(file.alarms_to) and not _TOPIC.fullmatch(file.alarms_to):
        raise BadField(
            "alarms_to", f"{file.alarms_to!r} is neither", "Give a mail address, or the ARN of an SNS topic."
        )
    if file.kind == "booost" and (file.watches or file.recipients or file.reviewer or file.plan):
        raise BadField(
            "kind",
            "is booost beside a client's own fields",
            "Leave them out: its clients sign up by themselves.",
        )
    if file.kind == "client" and not file.watches:
        raise BadField("watches", "are none", "Describe what is watched: watch_id, name, purpose and query.")
    file.to_client()
    _check_watches(file)
    _check_names("source_packs", file.source_packs, lambda name: check_slug("source_packs", name))
    _check_names("secrets", file.secrets, _check_secret)
    return file


def topic_and_address(alarms_to: str) -> tuple[str, str]:
    """Return the topic that hears alarms, and the mail address; one of both is empty."""
    return (alarms_to, "") if _TOPIC.fullmatch(alarms_to) else ("", alarms_to)


def _check_watches(file: StackFile) -> None:
    seen: set[str] = set()
    for place, request in enumerate(file.watches):
        watch_id = request.watch_id or slug_of(request.name)
        with _within(f"watches[{place}]"):
            check_query(request.to_watch(file.client, watch_id, _BIRTH).query)
        if watch_id in seen:
            raise BadField(
                f"watches[{place}].watch_id", f"{watch_id!r} is another watch's", "Give each its own."
            )
        seen.add(watch_id)


@contextmanager
def _within(field: str) -> Iterator[None]:
    """Name a field that is complained of from the file's root."""
    try:
        yield
    except BadField as error:
        raise BadField(f"{field}.{error.field}", error.problem, error.remedy) from error


def _check_names(field: str, names: tuple[str, ...], check_one: Callable[[str], object]) -> None:
    for place, name in enumerate(names):
        check_one(name)
        if name in names[:place]:
            raise BadField(f"{field}[{place}]", f"{name!r} is named twice", "Name each once.")


def _check_secret(name: str) -> None:
    """Let the name of a parameter pass. What is none may be a secret by mistake, and is not repeated."""
    if not _SECRET.fullmatch(name):
        raise BadField(
            "secrets",
            "hold something that is no name of a parameter",
            "Name it as it stands under the stack's path, connectors/bluesky; its value belongs into SSM alone.",
        )
