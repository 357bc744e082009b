"""Making a segment: documents cut in tokens by the engine's cutter, and turned around.

Sections, deflated but for the places (see ``engine.sections`` for the envelope; whole numbers are little-endian):

============ ==========================================================================================
about        JSON: what the caller keeps of the segment, and its number of documents
terms        names in the order of their bytes, a line feed after each: tokens and tags of
             title, summary and body (``airbus``, ``#airbus``), those of the author (``author:dupont``),
             values of filters (``lang:fr``; a host is there with every domain it is under)
terms.blocks u32: where each 64th term begins, the first included
terms.ends   u32: the occurrences of term n are those from ends[n - 1] to ends[n]
documents    u16: the document of each occurrence, in order within a term
places       u16 (u32 in a segment where one needs it): the token's position in its document, fields one after
             the other as ``engine.recognise`` has them; 0 for filters
widths       u32: the tokens of title, summary and body of each document
at, until    u32: seconds of the epoch; until when it may be kept, 0 for ever
sources      u32: hashes of the sources
identities   u64: hashes of the documents' ids
marks        u32: what a document has in common with its copies; ``marks.ends``
============ ==========================================================================================
"""

import json
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import accumulate, chain
from typing import Any

from vigie.domain.query.engine.cutting import Cutter
from vigie.domain.query.engine.recognise import AUTHOR, FIELD_GAP
from vigie.domain.query.engine.sections import seal
from vigie.domain.query.filters import host_of
from vigie.domain.query.prepared import QueryDocument

MAGIC = b"VIGIE-S\n"
VERSION = 1
DOCUMENTS_LIMIT = 5_000
"""In one segment: what the making of one may take of memory, and a number of 16 bits holds it."""
AS_THEY_ARE = frozenset({"places"})  # deflating them would save a quarter, and inflating take longest of all
BLOCK_TERMS = 64  # looked at together
_NARROW_LIMIT = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A document and what is kept beside it. ``at`` and ``until`` (0: for ever) are seconds of the epoch.

    ``marks`` (below 2^32) are shared by documents that carry one text.
    """

    document: QueryDocument
    document_id: str
    source_id: str
    at: int
    until: int = 0
    marks: tuple[int, ...] = ()


def write_segment(entries: Sequence[Entry], about: Mapping[str, Any]) -> bytes:
    """Return the segment of some documents, numbered from 0 in the order given; the same, the same bytes.

    ``about`` is JSON values for ``Segment.about``. Raises ValueError for more than ``DOCUMENTS_LIMIT``.
    """
    if len(entries) > DOCUMENTS_LIMIT:
        raise ValueError(f"a segment holds {DOCUMENTS_LIMIT} documents, not {len(entries)}")
    occurrences = _Occurrences()
    widths = array("I")
    for number, entry in enumerate(entries):
        widths.extend(occurrences.add(number, entry.document))
    names = sorted(occurrences.places)
    documents = array("H", chain.from_iterable(occurrences.documents[name] for name in names))
    places = array("I", chain.from_iterable(occurrences.places[name] for name in names))
    narrow = max(places, default=0) < _NARROW_LIMIT
    sections = {
        "about": json.dumps({**about, "documents": len(entries), "narrow": narrow}, sort_keys=True).encode(),
        "terms": b"".join([name + b"\n" for name in names]),
        "terms.blocks": _numbers(
            [0, *accumulate(len(name) + 1 for name in names)][: len(names) : BLOCK_TERMS]
        ),
        "terms.ends": _numbers(accumulate(map(len, map(occurrences.places.__getitem__, names)))),
        "documents": documents.tobytes(),
        "places": array("H" if narrow else "I", places).tobytes(),
        "widths": widths.tobytes(),
        "at": _numbers(entry.at for entry in entries),
        "until": _numbers(entry.until for entry in entries),
        "sources": _numbers(hash_of(entry.source_id, 4) for entry in entries),
        "identities": array("Q", (hash_of(entry.document_id, 8) for entry in entries)).tobytes(),
        "marks": _numbers(mark for entry in entries for mark in entry.marks),
        "marks.ends": _numbers(accumulate(len(entry.marks) for entry in entries)),
    }
    written = {
        name: content if name in AS_THEY_ARE else zlib.compress(content) for name, content in sections.items()
    }
    return seal(MAGIC, VERSION, written)


def hash_of(text: str, size_bytes: int) -> int:
    """Return a number that stands for a text."""
    written = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(written, digest_size=size_bytes).digest(), "little")


class _Occurrences:
    """Where every term stands: for each, documents and places side by side, in order."""

    def __init__(self) -> None:
        self._cut = Cutter()
        self.documents: dict[bytes, array[int]] = {}
        self.places: dict[bytes, array[int]] = {}

    def add(self, number: int, document: QueryDocument) -> tuple[int, int, int]:
        """Add a document; return how many tokens its title, summary and body have."""
        start = 0
        widths = []
        for field, text in enumerate(document.published):
            cut = self._cut(text)
            prefix = b"author:" if field == AUTHOR else b""
            for place, form in enumerate(cut.forms, start):
                if form:
                    self._put(prefix + form, number, place)
            for position, tag in cut.tags:
                self._put(prefix + tag, number, start + position)
            widths.append(len(cut.forms))
            start += len(cut.forms) + FIELD_GAP
        for filtered in dict.fromkeys(_filters(document)):
            self._put(filtered.encode(), number, 0)
        title, summary, body, _ = widths
        return title, summary, body

    def _put(self, name: bytes, number: int, place: int) -> None:
        documents = self.documents.get(name)
        if documents is None:
            documents = self.documents[name] = array("H")
            self.places[name] = array("I")
        documents.append(number)
        self.places[name].append(place)


def _filters(document: QueryDocument) -> Iterable[str]:
    yield f"lang:{document.language}"
    yield f"platform:{document.platform}"
    yield f"type:{document.type}"
    yield from (f"has:{medium}" for medium in sorted(document.holds))
    yield from (f"site:{host}" for host in _with_parents(document.host))
    for link in document.links:
        yield from (f"links:{host}" for host in _with_parents(host_of(link)))


def _with_parents(host: str) -> list[str]:
    labels = host.split(".") if host else []
    return [".".join(labels[index:]) for index in range(len(labels))]


def _numbers(values: Iterable[int]) -> bytes:
    return array("I", values).tobytes()
