"""Segments of the archive: each hour's documents ready for any query, written by ``compact``, read by back-tests.

::

    archive/segments/YYYY/MM/DD/HH/<part>.index               what queries are put to (``domain.query.segment``)
    archive/segments/YYYY/MM/DD/HH/<part>-<hash>.documents    the documents themselves, for the few that are shown

An hour's documents are cut in parts so that each fits in memory. The index names its documents by their content, so
that a reader never mixes two compactions, and says which polls it was made of.
"""

import gzip
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256

import msgspec

from vigie.domain.documents import Document
from vigie.domain.query import QueryDocument, prepare_document
from vigie.domain.query.segment import DOCUMENTS_LIMIT, Entry, Items, Segment, write_items, write_segment
from vigie.domain.stories.fingerprint import fingerprint
from vigie.errors import BadMessage
from vigie.messages import decode_value, encode
from vigie.ports import Blobs

PREFIX = "archive/segments/"
PART_LIMIT_BYTES = 32_000_000
AN_HOUR = timedelta(hours=1)


class _ArchivedPoll(msgspec.Struct):
    documents: tuple[msgspec.Raw, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A segment in bytes, and its documents."""

    index: bytes
    documents: bytes


class Documents:
    """The documents of one part, fetched when the first is asked for."""

    def __init__(self, key: str, content: bytes | None, blobs: Blobs) -> None:
        self._key = key
        self._content = content
        self._blobs = blobs

    def document(self, number: int) -> Document:
        """Return a document. Raises BadFile when it is gone."""
        return decode_value(self._items[number], Document)

    def prepared(self, number: int) -> QueryDocument:
        """Return a document ready to be asked."""
        return prepare_document(self.document(number))

    @cached_property
    def _items(self) -> Items:
        content = self._blobs.get(self._key) if self._content is None else self._content
        return Items(content or b"")


class Archived:
    """One part of an hour, opened: its segment and its documents. Raises BadFile when it cannot be.

    ``documents`` are what was just made of polls, None for what lies in the bucket.
    """

    def __init__(self, index: bytes, documents: bytes | None, blobs: Blobs) -> None:
        self.segment = Segment(index)
        self.documents = Documents(self.segment.about["documents_key"], documents, blobs)


def polls_digest(keys: Sequence[str]) -> str:
    """Return what tells one set of polls from another."""
    return sha256("\n".join(sorted(keys)).encode()).hexdigest()[:16]


def hour_of(key: str) -> datetime:
    """Return the hour of a poll's key, or of a segment's."""
    year, month, day, hour = key.removeprefix(PREFIX).removeprefix("archive/").split("/")[:4]
    return datetime(int(year), int(month), int(day), int(hour), tzinfo=UTC)


def index_key(hour: datetime, part: int) -> str:
    """Return the key of a part's index."""
    return f"{PREFIX}{hour:%Y/%m/%d/%H}/{part:03d}.index"


def parts_of(blobs: Blobs, hour: datetime, polls: Sequence[str], unreadable: list[str]) -> Iterator[Part]:
    """Give the parts of an hour, one in memory at a time; what cannot be read is added to ``unreadable``.

    The same polls give the same bytes. A document that several polls brought is taken from the first.
    """
    digest, seen = polls_digest(polls), set[str]()
    entries: list[Entry] = []
    items: list[bytes] = []
    size = part = 0
    for key in sorted(polls, key=_moment):
        for document in _documents(blobs, key, unreadable):
            if document.document_id in seen:
                continue
            seen.add(document.document_id)
            item = encode(document)
            if len(entries) == DOCUMENTS_LIMIT or size + len(item) > PART_LIMIT_BYTES > len(item):
                yield _part(hour, part, digest, entries, items)
                entries, items, size, part = [], [], 0, part + 1
            entries.append(entry_of(document))
            items.append(item)
            size += len(item)
    yield _part(hour, part, digest, entries, items)


def entry_of(document: Document) -> Entry:
    """Return what a segment keeps of a document."""
    _, keys = fingerprint(document)
    return Entry(
        document=prepare_document(document),
        document_id=document.document_id,
        source_id=document.source_id,
        at=_epoch(document.event_at),
        until=_epoch(document.retain_until) if document.retain_until else 0,
        marks=tuple(int(key[:8], 16) for key in keys.texts),
    )


def _part(hour: datetime, part: int, digest: str, entries: list[Entry], items: list[bytes]) -> Part:
    documents = write_items(items)
    key = index_key(hour, part).removesuffix(".index")
    about = {
        "hour": f"{hour:%Y-%m-%dT%H}",
        "polls": digest,
        "documents_key": f"{key}-{sha256(documents).hexdigest()[:16]}.documents",
    }
    return Part(write_segment(entries, about), documents)


def _documents(blobs: Blobs, key: str, unreadable: list[str]) -> Iterator[Document]:
    try:
        content = blobs.get(key)
        documents = decode_value(gzip.decompress(content or b""), _ArchivedPoll).documents
    except (BadMessage, OSError, EOFError, zlib.error):
        unreadable.append(key)
        return
    for place, raw in enumerate(documents):
        try:
            yield decode_value(raw, Document)
        except BadMessage:
            unreadable.append(f"{key}#{place}")


def _epoch(instant: datetime) -> int:
    return min(max(int(instant.timestamp()), 0), (1 << 32) - 1)


def _moment(key: str) -> tuple[str, str]:
    """Order polls by the instant in their name, then by shard."""
    shard, _, instant = key.rpartition("/")[2].partition("-")
    return instant, shard
