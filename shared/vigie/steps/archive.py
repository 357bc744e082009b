"""The archive: finding documents again in the polls that brought them (``steps.poll`` writes it).

A poll is kept as ``archive/YYYY/MM/DD/HH/<shard>-<instant>.json.gz`` for 30 days. Of each only what is asked for is
read, so that an archive written by an earlier version still answers.
"""

import gzip
import zlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import msgspec

from vigie.domain.cutoffs import Interval
from vigie.domain.documents import Document
from vigie.errors import BadMessage
from vigie.messages import decode_value
from vigie.ports import Blobs

READERS = 8  # reading is waiting for the bucket; boto3 keeps ten connections


class _ArchivedPoll(msgspec.Struct):
    batch_id: str
    polled_at: datetime
    documents: tuple[msgspec.Raw, ...]


class _Address(msgspec.Struct):
    canonical_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedDocument:
    """A document, and the archived poll that holds it."""

    key: str
    batch_id: str
    polled_at: datetime
    document: Document


@dataclass(slots=True)
class Found:
    """What a reading of the archive came to; ``unreadable`` are the keys that hold no poll."""

    documents: list[ArchivedDocument]
    polls_read: int
    unreadable: list[str]


def poll_keys(blobs: Blobs, interval: Interval) -> list[str]:
    """Return the keys of the polls archived on the days of an interval, oldest first."""
    return [
        key for day in _days(interval) for key in sorted(blobs.keys(f"archive/{day:%Y/%m/%d}/"), key=_moment)
    ]


def shard_in(key: str) -> str:
    """Return the shard whose poll a key holds."""
    return key.rpartition("/")[2].partition("-")[0]


def find_documents(blobs: Blobs, keys: Sequence[str], addresses: Iterable[str]) -> Found:
    """Return the documents under these polls whose canonical address is one of these, in the order of keys."""
    wanted = frozenset(addresses)
    found = Found([], 0, [])
    with ThreadPoolExecutor(READERS) as readers:
        for key, documents in zip(
            keys, readers.map(lambda key: _read(blobs, key, wanted), keys), strict=True
        ):
            if documents is None:
                found.unreadable.append(key)
            else:
                found.polls_read += 1
                found.documents += documents
    return found


def sample_documents(blobs: Blobs, keys: Iterable[str], limit: int) -> list[Document]:
    """Return the first documents of polls, an equal share of each and at most ``limit`` in all.

    What cannot be read is skipped: a sample has no need of it.
    """
    keys = list(keys)
    share = limit // max(1, len(keys)) + 1
    documents: list[Document] = []
    for key in keys:
        content = blobs.get(key)
        try:
            poll = decode_value(gzip.decompress(content), _ArchivedPoll) if content else None
            documents += [decode_value(each, Document) for each in poll.documents[:share]] if poll else []
        except (BadMessage, OSError, EOFError, zlib.error):
            continue
    return documents[:limit]


def _read(blobs: Blobs, key: str, wanted: frozenset[str]) -> list[ArchivedDocument] | None:
    """Return the wanted documents of one poll, None when it is gone or cannot be read."""
    content = blobs.get(key)
    if content is None:
        return None
    try:
        poll = decode_value(gzip.decompress(content), _ArchivedPoll)
        return [
            ArchivedDocument(
                key=key,
                batch_id=poll.batch_id,
                polled_at=poll.polled_at,
                document=decode_value(raw, Document),
            )
            for raw in poll.documents
            if decode_value(raw, _Address).canonical_url in wanted
        ]
    except (BadMessage, OSError, EOFError, zlib.error):
        return None


def _days(interval: Interval) -> Iterator[date]:
    day = interval.since.date()
    while day <= interval.until.date():
        yield day
        day += timedelta(days=1)


def _moment(key: str) -> tuple[str, str]:
    """Order keys by the instant in their name, then by shard."""
    shard, _, instant = key.rpartition("/")[2].partition("-")
    return instant, shard
