"""What is kept of a document to find its copies by: at most 850 bytes, and a dozen keys."""

import re
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b

from vigie.domain.documents import Document
from vigie.domain.stories.particulars import Particulars, particulars_of
from vigie.domain.stories.sketch import NONE, PLACES, Shingles, Sketch, WordRuns
from vigie.domain.stories.text import Text, folded, text_of
from vigie.domain.urls import site_of

WIDE, NARROW = 8, 4  # words of a shingle: of any text, and of a short one
SHORT_WORDS = 40  # under this a text has narrow shingles too
TINY_WORDS = 20  # under this it has those only
FEWEST_WORDS = 4  # under this a text says nothing

# A text is posted under few keys and looked for under more: a read costs a twentieth of a write.
BODY_KEYS, LEAD_KEYS, SHORT_KEYS = 6, 3, 3
BODY_ASKED, LEAD_ASKED = 8, 4
LEAD_WORDS = 48
WHOLE_WORDS = 80  # under this the very words are a key too: a template may have taken all the others

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
    """Where copies meet: the page (empty for a home page), the very words of a short text, and chosen shingles.

    ``headline`` is the publisher's host with the title: where a news search, whose links hide the page, meets it.
    Under ``asked`` the document looks for others without being posted itself.
    """

    page: str
    texts: tuple[str, ...]
    headline: str = ""
    asked: tuple[str, ...] = ()


def fingerprint(document: Document) -> tuple[Fingerprint, StoryKeys]:
    """Return a document's fingerprint and its keys."""
    text = text_of(document)
    count, runs = len(text.words), WordRuns(text.words)
    wide = runs.shingles(WIDE) if count >= TINY_WORDS else NONE
    narrow = runs.shingles(NARROW) if FEWEST_WORDS <= count < SHORT_WORDS else NONE
    wide_sketch, narrow_sketch = wide.sketch(), narrow.sketch()
    mark = Fingerprint(
        at=max(int(_published(document).timestamp()), 0),
        words=count,
        social=text.social,
        repost=text.repost,
        wide=wide_sketch,
        narrow=narrow_sketch,
        particulars=particulars_of(text.letters),
    )
    chosen = [runs.joined] if FEWEST_WORDS <= count < WHOLE_WORDS else []
    posted, asked = _key_hashes(wide, wide_sketch)
    chosen += [runs.run(start, WIDE) for start in wide.starts(posted)]
    chosen += [runs.run(start, NARROW) for start in narrow.starts(narrow_sketch.hashes[:SHORT_KEYS])]
    texts = tuple(dict.fromkeys(map(_key, chosen)))
    further = tuple(_key(runs.run(start, WIDE)) for start in wide.starts(asked))
    return mark, StoryKeys(_page_key(document, text), texts, _headline_key(document, text), further)


def pack(mark: Fingerprint) -> bytes:
    """Return a fingerprint as bytes: a header, then entries of three bytes, then particulars of two."""
    flags = mark.social | mark.repost << 1
    header = _HEADER.pack(
        mark.at,
        mark.words,
        flags,
        mark.wide.size,
        len(mark.wide.hashes),
        mark.narrow.size,
        len(mark.narrow.hashes),
        mark.particulars.size,
    )
    sketches = b"".join(
        (value * PLACES + place).to_bytes(3, "big")
        for sketch in (mark.wide, mark.narrow)
        for value, place in zip(sketch.hashes, sketch.places, strict=True)
    )
    found = mark.particulars.entries
    return header + sketches + struct.pack(f">{len(found)}H", *found)


def unpack(data: bytes) -> Fingerprint:
    """Return what ``pack`` was given."""
    at, words, flags, wide_size, wide, narrow_size, narrow, particulars = _HEADER.unpack_from(data)
    end = _HEADER.size + 3 * (wide + narrow)
    entries = [int.from_bytes(data[start : start + 3], "big") for start in range(_HEADER.size, end, 3)]
    return Fingerprint(
        at=at,
        words=words,
        social=bool(flags & 1),
        repost=bool(flags & 2),
        wide=_sketch(wide_size, entries[:wide]),
        narrow=_sketch(narrow_size, entries[wide:]),
        particulars=Particulars(struct.unpack(f">{(len(data) - end) // 2}H", data[end:]), particulars),
    )


def _sketch(size: int, entries: list[int]) -> Sketch:
    hashes = tuple(entry // PLACES for entry in entries)
    return Sketch(size, hashes, bytes(entry % PLACES for entry in entries))


def _key_hashes(wide: Shingles, sketch: Sketch) -> tuple[list[int], list[int]]:
    """Return the smallest hashes of a text and of its beginning: those to post it under, and the next ones."""
    lead = wide.hashes[: LEAD_WORDS - WIDE + 1]
    body = BODY_KEYS if len(wide.hashes) > len(lead) else LEAD_KEYS + 1
    beginning = sorted(set(lead))[:LEAD_ASKED]
    posted = list(dict.fromkeys([*sketch.hashes[:body], *beginning[:LEAD_KEYS]]))
    further = dict.fromkeys([*sketch.hashes[body:BODY_ASKED], *beginning[LEAD_KEYS:]])
    return posted, [value for value in further if value not in posted]


def _key(shingle: bytes) -> str:
    return blake2b(shingle, digest_size=8).hexdigest()


def _page_key(document: Document, text: Text) -> str:
    """Return the key of the document's page; a home page, or what posts link to, is not one's own page."""
    address = document.canonical_url
    if not address or _HOME.fullmatch(address):
        return ""
    kind = "post" if text.social else "page"
    return f"{kind}:{blake2b(address.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"


def _headline_key(document: Document, text: Text) -> str:
    title = " ".join(folded(document.title).lower().split())
    host = (document.site or site_of(document.canonical_url)).removeprefix("www.")
    if text.social or not host or len(title.split()) < FEWEST_WORDS:
        return ""
    named = f"{host}\x1f{title}".encode("utf-8", "surrogatepass")
    return f"headline:{blake2b(named, digest_size=8).hexdigest()}"


def _published(document: Document) -> datetime:
    """Return when a document came out: a date later than our reading is a mistake, or a lure."""
    published = document.published_at or document.seen_at
    return min(published, document.seen_at).astimezone(UTC)
