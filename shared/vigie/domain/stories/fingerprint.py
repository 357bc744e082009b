"""What is kept of a document to find its copies by: at most 850 bytes, and a dozen keys."""

import re
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from heapq import nsmallest

from vigie.domain.documents import Document
from vigie.domain.stories.particulars import Particulars, particulars_of
from vigie.domain.stories.sketch import Sketch, shingle_hashes, sketch_of
from vigie.domain.stories.text import Text, text_of

WIDE, NARROW = 8, 4  # words of a shingle: of any text, and of a short one
SHORT_WORDS = 40  # under this a text has narrow shingles too
TINY_WORDS = 20  # under this it has those only
FEWEST_WORDS = 4  # under this a text says nothing

BODY_KEYS, LEAD_KEYS, SHORT_KEYS = 6, 3, 3
LEAD_WORDS = 48

_HEADER = struct.Struct(">IHBHBBBH")
_HOME = re.compile(r"https://[^/?#]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """A text as it is compared. ``at`` is when it was published, in seconds of the epoch."""

    at: int
    words: int
    social: bool
    repost: bool
    wide: Sketch
    narrow: Sketch
    particulars: Particulars


@dataclass(frozen=True, slots=True)
class StoryKeys:
    """Where copies meet: the page (empty for a home page), the very words, and chosen shingles."""

    page: str
    texts: tuple[str, ...]


def fingerprint(document: Document) -> tuple[Fingerprint, StoryKeys]:
    """Return a document's fingerprint and its keys."""
    text = text_of(document)
    wide_hashes, joined, starts = shingle_hashes(text.words, WIDE)
    narrow_hashes: list[int] = []
    if FEWEST_WORDS <= len(text.words) < SHORT_WORDS:
        narrow_hashes, _, _ = shingle_hashes(text.words, NARROW)
    if len(text.words) < TINY_WORDS:
        wide_hashes = []
    mark = Fingerprint(
        at=max(int(_published(document).timestamp()), 0),
        words=len(text.words),
        social=text.social,
        repost=text.repost,
        wide=sketch_of(wide_hashes),
        narrow=sketch_of(narrow_hashes),
        particulars=particulars_of(text.letters),
    )
    places = [(place, WIDE) for place in _key_places(wide_hashes)]
    places += [(place, NARROW) for place in _smallest(narrow_hashes, SHORT_KEYS)]
    chosen = [joined] if len(text.words) >= FEWEST_WORDS else []
    chosen += [joined[starts[place] : starts[place + width] - 1] for place, width in places]
    keys = tuple(dict.fromkeys(_key(shingle) for shingle in chosen))
    return mark, StoryKeys(_page_key(document, text), keys)


def pack(mark: Fingerprint) -> bytes:
    """Return a fingerprint as bytes: a header, then entries of three bytes, then particulars of two."""
    flags = mark.social | mark.repost << 1
    header = _HEADER.pack(
        mark.at,
        mark.words,
        flags,
        mark.wide.size,
        len(mark.wide.entries),
        mark.narrow.size,
        len(mark.narrow.entries),
        mark.particulars.size,
    )
    entries = b"".join(entry.to_bytes(3, "big") for entry in (*mark.wide.entries, *mark.narrow.entries))
    found = mark.particulars.entries
    return header + entries + struct.pack(f">{len(found)}H", *found)


def unpack(data: bytes) -> Fingerprint:
    """Return what ``pack`` was given."""
    at, words, flags, wide_size, wide, narrow_size, narrow, particulars = _HEADER.unpack_from(data)
    end = _HEADER.size + 3 * (wide + narrow)
    spans = range(_HEADER.size, end, 3)
    entries = tuple(int.from_bytes(data[start : start + 3], "big") for start in spans)
    return Fingerprint(
        at=at,
        words=words,
        social=bool(flags & 1),
        repost=bool(flags & 2),
        wide=Sketch(wide_size, entries[:wide]),
        narrow=Sketch(narrow_size, entries[wide:]),
        particulars=Particulars(struct.unpack(f">{(len(data) - end) // 2}H", data[end:]), particulars),
    )


def _key_places(hashes: list[int]) -> list[int]:
    lead = hashes[: LEAD_WORDS - WIDE + 1]
    body = BODY_KEYS if len(hashes) > len(lead) else LEAD_KEYS + 1
    return list(dict.fromkeys([*_smallest(hashes, body), *_smallest(lead, LEAD_KEYS)]))


def _smallest(hashes: list[int], count: int) -> list[int]:
    return [hashes.index(value) for value in nsmallest(count, set(hashes))]


def _key(shingle: bytes) -> str:
    return blake2b(shingle, digest_size=8).hexdigest()


def _page_key(document: Document, text: Text) -> str:
    """Return the key of the document's page; a home page, or what posts link to, is not one's own page."""
    address = document.canonical_url
    if not address or _HOME.fullmatch(address):
        return ""
    kind = "post" if text.social else "page"
    return f"{kind}:{blake2b(address.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"


def _published(document: Document) -> datetime:
    """Return when a document came out: a date later than our reading is a mistake, or a lure."""
    published = document.published_at or document.seen_at
    return min(published, document.seen_at).astimezone(UTC)
