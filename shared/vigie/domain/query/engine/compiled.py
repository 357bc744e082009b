"""All queries of a stack, compiled: one file, used as it lies, decoded piece by piece as documents ask for it.

Sections (see ``sections`` for the envelope, ``program`` for programs):

=============  ============================================================================================
facts          names of facts, UTF-8, end to end; with ``facts.ends`` and ``facts.slots`` a StringTable in which
               fact n is string n
facts.shares   f32: the share of documents that hold each fact, when the file was compiled
patterns       u32: the facts that are patterns
scoped.FIELD   u32 pairs: a fact, and the same in that field
anchored       bytes, by fact from 0: 1 when queries are filed under it
entries        u32 pairs (second fact or 0, query); those of fact n are entries.ends[n - 1] to entries.ends[n]
always         u32: queries that are filed under nothing
programs       JSON, end to end; ``programs.ends``
names          the queries' names, UTF-8, end to end; with ``names.ends`` and ``names.slots`` a StringTable in
               which query n (from 0) is string n + 1
labels         what the caller keeps of each query: JSON lists of LABELS_TOGETHER, deflated; ``labels.ends``
=============  ============================================================================================
"""

import json
import zlib
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from vigie.domain.query.engine.program import Program
from vigie.domain.query.engine.sections import Sections, packed, seal, unseal
from vigie.domain.query.engine.table import StringTable
from vigie.domain.query.engine.vocabulary import Known
from vigie.domain.query.prepared import FIELDS

MAGIC = b"VIGIE-Q\n"
VERSION = 2
LABELS_TOGETHER = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is written: queries by number; ``entries`` by fact, pairs of a second fact (or 0) and a query."""

    known: Known
    shares: Sequence[float]
    entries: dict[int, list[tuple[int, int]]]
    always: Sequence[int]
    programs: Sequence[Program]
    names: Sequence[str]
    labels: Sequence[str]


class Compiled:
    """A file read. Raises BadFile when it cannot be."""

    def __init__(self, content: bytes) -> None:
        sections = unseal(MAGIC, VERSION, content)
        self._sections = sections
        self.known = Known(
            names=_table(sections, "facts"),
            patterns=sections.numbers("patterns"),
            scoped=tuple(sections.numbers(f"scoped.{field}") for field in FIELDS),
        )
        self.anchored = bytearray(sections.raw("anchored"))
        self.always = tuple(sections.numbers("always"))
        self._shares = memoryview(sections.raw("facts.shares")).cast("f")
        self._ends = sections.numbers("entries.ends")
        self._entries = sections.numbers("entries")
        self._programs = sections.numbers("programs.ends")
        self._names = _table(sections, "names")
        self._labels: Callable[[int], list[str]] = lru_cache(maxsize=256)(self._labels_together)

    def __len__(self) -> int:
        return len(self._names)

    def share(self, fact: int) -> float:
        """Return the share of documents that held a fact when the file was compiled."""
        return self._shares[fact - 1]

    def entries(self, fact: int) -> "array[int]":
        """Return what is filed under a fact: a second fact, or 0, and a query, by turns."""
        return array("I", self._entries[2 * self._ends[fact - 1] : 2 * self._ends[fact]].tobytes())

    def program(self, query: int) -> Program:
        """Return the program of a query."""
        start = self._sections.start("programs")
        return json.loads(
            self._sections.content[start + self._programs[query] : start + self._programs[query + 1]]
        )

    def name(self, query: int) -> str:
        """Return the name of a query."""
        return self._names.written(query + 1).decode()

    def number(self, name: str) -> int | None:
        """Return the query that has a name."""
        found = self._names.number(name.encode())
        return found - 1 if found else None

    def label(self, query: int) -> str:
        """Return what the caller keeps of a query."""
        return self._labels(query // LABELS_TOGETHER)[query % LABELS_TOGETHER]

    def _labels_together(self, block: int) -> list[str]:
        ends, start = self._sections.numbers("labels.ends"), self._sections.start("labels")
        deflated = self._sections.content[start + ends[block] : start + ends[block + 1]]
        labels: list[str] = json.loads(zlib.decompress(deflated))
        return labels


def write(content: Content) -> bytes:
    """Return the file."""
    facts = len(content.known.names)
    by_fact = [sorted(content.entries.get(fact, ())) for fact in range(1, facts + 1)]
    programs = [
        json.dumps(each, separators=(",", ":"), ensure_ascii=False).encode() for each in content.programs
    ]
    blocks = range(0, len(content.labels), LABELS_TOGETHER)
    labels = [
        zlib.compress(
            json.dumps(content.labels[first : first + LABELS_TOGETHER], ensure_ascii=False).encode()
        )
        for first in blocks
    ]
    sections = {
        **_written("facts", content.known.names),
        "facts.shares": array("f", content.shares).tobytes(),
        "patterns": packed(list(content.known.patterns)),
        **{
            f"scoped.{field}": packed(list(pairs))
            for field, pairs in zip(FIELDS, content.known.scoped, strict=True)
        },
        "anchored": bytes([0, *(bool(entries) for entries in by_fact)]),
        "entries": packed([number for entries in by_fact for pair in entries for number in pair]),
        "entries.ends": _ends(by_fact),
        "always": packed(list(content.always)),
        "programs": b"".join(programs),
        "programs.ends": _ends(programs),
        **_written("names", StringTable.of([name.encode() for name in content.names])),
        "labels": b"".join(labels),
        "labels.ends": _ends(labels),
    }
    return seal(MAGIC, VERSION, sections)


def _ends(pieces: Iterable[Sequence[object]]) -> bytes:
    return packed(list(accumulate(map(len, pieces), initial=0)))


def _written(name: str, table: StringTable) -> dict[str, bytes]:
    return {
        name: table.content,
        f"{name}.ends": packed(list(table.ends)),
        f"{name}.slots": packed(list(table.slots)),
    }


def _table(sections: Sections, name: str) -> StringTable:
    return StringTable(
        content=sections.content,
        start=sections.start(name),
        ends=sections.numbers(f"{name}.ends"),
        slots=sections.numbers(f"{name}.slots"),
    )
