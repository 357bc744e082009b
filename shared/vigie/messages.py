"""What travels on the queues: frozen, versioned, at most 60 KB a message.

Every message is JSON with its ``schema`` ("documents-fetched/1") first. Unknown fields are ignored, missing
ones refused: adding a field is free, any other change takes the next version. A message holds many documents;
``split`` cuts a fan-out so that each piece fits, and what cannot fit travels by reference (``adapters.sqs``).

A document that cannot be read must not drag its neighbours along: documents stay raw JSON in the message
(``msgspec.Raw``) until the step opens them one by one with ``open_each``.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar

import msgspec
from msgspec import Raw

from vigie.domain.documents import Document
from vigie.domain.mentions import ClientMatch, StoryRef
from vigie.domain.notices import EventKind
from vigie.errors import BadMessage

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
BODY_LIMIT_BYTES = 60_000  # SQS bills by 64 KB; the rest is room for the envelope and attributes


class ShardDue(msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="shard-due/1"):
    """A shard has sources to poll. ``force`` asks for all of them, due or not (by hand, or a local pass)."""

    shard: str
    due_at: Instant
    force: bool = False


class FeedPushed(msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="feed-pushed/1"):
    """A hub pushed a feed's document: authentic, whole, unread. ``body`` travels as base64.

    ``tries`` counts how often it was put off because the shard was being polled.
    """

    shard: str
    source_id: str
    offer_id: str
    received_at: Instant
    body: bytes
    content_type: str | None = None
    tries: int = 0


class DocumentsFetched(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="documents-fetched/1"
):
    """New documents of one committed poll (or a piece of it). ``batch_id`` never changes on redelivery."""

    batch_id: str
    polled_at: Instant
    documents: tuple[Raw, ...]  # each a Document


class DocumentsCollected(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="documents-collected/1"
):
    """New documents of one committed poll of a collector (or a piece of it), for the stacks that follow them too.

    ``tries`` counts how often a stack put it off because a shard was being polled.
    """

    batch_id: str
    polled_at: Instant
    items: tuple[Raw, ...]  # each a HandedDocument
    tries: int = 0


class CollectorHeard(msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="collector-heard/1"):
    """A collector is there, reads these sources without trouble, and spreads hosts over so many shards."""

    at: Instant
    source_ids: tuple[str, ...]
    shard_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedDocument:
    """A document and every client it concerns."""

    document: Document
    matches: tuple[ClientMatch, ...]


class DocumentsMatched(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="documents-matched/1"
):
    """Documents that concern somebody."""

    batch_id: str
    items: tuple[Raw, ...]  # each a MatchedDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedDocument:
    """A matched document and its story."""

    document: Document
    matches: tuple[ClientMatch, ...]
    story: StoryRef


class DocumentsGrouped(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="documents-grouped/1"
):
    """Matched documents that know their story."""

    batch_id: str
    items: tuple[Raw, ...]  # each a GroupedDocument


class DocumentsWithdrawn(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="documents-withdrawn/1"
):
    """Documents that who published them took back: no client may be shown them any more."""

    withdrawn_at: Instant
    document_ids: tuple[str, ...]


class StoryUnsure(msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="story-unsure/1"):
    """A story that the classifier is not sure of, for one watch of a client; ``mention_id`` shows its text.

    ``tries`` counts how often a large model was asked in vain.
    """

    client_id: str
    watch_id: str
    story_id: str
    mention_id: str
    tries: int = 0


class NoticeDue(msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="notice-due/1"):
    """Something happened that one endpoint of a client is to be told; ``event_id`` is the same on every try."""

    client_id: str
    endpoint_id: str
    event_id: str
    event: EventKind
    happened_at: Instant
    mention_ids: tuple[str, ...] = ()
    digest_id: str = ""
    alert_id: str = ""
    alert_event: int = 0  # its number, from 1
    tries: int = 0


class DigestReady(msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="digest-ready/1"):
    """A digest is stored and may leave at ``send_at``, to those of ``emails`` who still receive any then."""

    client_id: str
    digest_id: str
    send_at: Instant
    emails: tuple[str, ...]


class PreviewReady(msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="preview-ready/1"):
    """A digest is stored that its client's reviewer may look over from ``preview_at`` until it leaves."""

    client_id: str
    digest_id: str
    preview_at: Instant
    send_at: Instant


class _Message(msgspec.Struct):
    schema: str


Message = (
    ShardDue
    | FeedPushed
    | DocumentsFetched
    | DocumentsCollected
    | CollectorHeard
    | DocumentsMatched
    | DocumentsGrouped
    | DocumentsWithdrawn
    | StoryUnsure
    | NoticeDue
    | DigestReady
    | PreviewReady
)
M = TypeVar(
    "M",
    ShardDue,
    FeedPushed,
    DocumentsFetched,
    DocumentsCollected,
    CollectorHeard,
    DocumentsMatched,
    DocumentsGrouped,
    DocumentsWithdrawn,
    StoryUnsure,
    NoticeDue,
    DigestReady,
    PreviewReady,
)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One element of a message that does not hold what it should: its bytes, and why."""

    raw: bytes
    reason: str


def encode(value: object) -> bytes:
    """Return ``value`` (a message, or anything it holds) as JSON; UTC instants end in Z."""
    return msgspec.json.encode(value)


def raw(values: Iterable[object]) -> tuple[Raw, ...]:
    """Return each value encoded, ready to be an element of a message."""
    return tuple(Raw(encode(value)) for value in values)


def decode(body: str | bytes, kind: type[M]) -> M:
    """Return the message in ``body``. Raises BadMessage naming the field that is wrong."""
    decode_value(body, _Message)  # msgspec forgives an absent tag; we do not
    return decode_value(body, kind)


def decode_value(body: str | bytes | Raw, kind: type[T]) -> T:
    """Return ``body`` read as ``kind``. Raises BadMessage naming the field that is wrong."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise BadMessage(f"not a {kind.__name__.removeprefix('_')}: {error}") from error


def open_each(elements: Iterable[Raw], kind: type[T]) -> Iterator[T | Unreadable]:
    """Yield each element read as ``kind``, or what makes it unreadable; one bad element spoils no other."""
    for element in elements:
        try:
            yield decode_value(element, kind)
        except BadMessage as error:
            yield Unreadable(bytes(element), str(error))


def split(
    elements: Sequence[Raw],
    wrap: Callable[[tuple[Raw, ...], int], Message],
    limit_bytes: int = BODY_LIMIT_BYTES,
) -> list[Message]:
    """Return messages that hold all ``elements`` in order, each within ``limit_bytes`` where that can be.

    ``wrap(elements, n)`` makes the n-th message. An element too large for any message gets one alone.
    The cut depends on the elements only, so the same elements give the same pieces on every try.
    """
    envelope_bytes = len(encode(wrap((), 0))) + 16
    pieces: list[list[Raw]] = []
    room = 0
    for element in elements:
        size = len(bytes(element)) + 1
        if not pieces or size > room:
            pieces.append([])
            room = limit_bytes - envelope_bytes
        pieces[-1].append(element)
        room -= size
    return [wrap(tuple(piece), number) for number, piece in enumerate(pieces)]
