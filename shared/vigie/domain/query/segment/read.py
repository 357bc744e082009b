"""A segment read: sections are inflated when they are asked for the first time."""

import json
import zlib
from array import array
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import Any

from vigie.domain.query.bits import bits
from vigie.domain.query.engine.patterns import Patterns
from vigie.domain.query.engine.recognise import FIELD_GAP
from vigie.domain.query.engine.sections import unseal
from vigie.domain.query.occurrences import is_pattern
from vigie.domain.query.prepared import TEXT_FIELDS
from vigie.domain.query.segment.write import AS_THEY_ARE, BLOCK_TERMS, MAGIC, VERSION

_AFTER_ALL = b"\xff"  # no UTF-8 begins with it
_AUTHOR = "author:"


class Segment:
    """Documents ready to be asked. Raises BadFile, saying what is wrong with the bytes."""

    def __init__(self, content: bytes) -> None:
        self._sections = unseal(MAGIC, VERSION, content)
        self._split: dict[int, list[bytes]] = {}
        self.about: dict[str, Any] = json.loads(self._inflated("about"))

    def __len__(self) -> int:
        return int(self.about["documents"])

    # -- what is kept beside each document -------------------------------------------------------------------

    @cached_property
    def at(self) -> "array[int]":
        """Seconds of the epoch, by document."""
        return self._numbers("at")

    @cached_property
    def until(self) -> "array[int]":
        """Until when each document may be kept, in seconds of the epoch; 0 for ever."""
        return self._numbers("until")

    @cached_property
    def sources(self) -> "array[int]":
        """A hash of each document's source."""
        return self._numbers("sources")

    @cached_property
    def identities(self) -> "array[int]":
        """A hash of each document's id."""
        return self._numbers("identities", "Q")

    def marks(self, document: int) -> "array[int]":
        """Return what a document shares with its copies."""
        ends = self._marks_ends
        return self._marks[ends[document - 1] if document else 0 : ends[document]]

    @cached_property
    def _marks(self) -> "array[int]":
        return self._numbers("marks")

    @cached_property
    def _marks_ends(self) -> "array[int]":
        return self._numbers("marks.ends")

    # -- terms ------------------------------------------------------------------------------------------------

    @cached_property
    def names(self) -> list[bytes]:
        """The terms, in the order of their bytes."""
        return self._content.split(b"\n")[:-1]

    @cached_property
    def _blocks(self) -> "array[int]":
        return self._numbers("terms.blocks")

    @cached_property
    def _content(self) -> bytes:
        return self._inflated("terms")

    def terms(self, name: str) -> list[int]:
        """Return the numbers of the terms that a fact's name (see ``engine.vocabulary``) means.

        One in title, summary or body means the same as without a field: see ``places``.
        """
        field, colon, form = name.partition(":")
        if colon and field in TEXT_FIELDS:
            return self.terms(form)
        prefix, form = (_AUTHOR, form) if colon and field == "author" else ("", name)
        if form and is_pattern(form):
            return self._answering(prefix, form)
        written = name.encode()
        place, found = self._place(written)
        return [place] if found == written else []

    def _answering(self, prefix: str, pattern: str) -> list[int]:
        """Return the terms that answer a pattern: of those that begin as it does."""
        patterns = Patterns()
        patterns.add(pattern, 1)
        begun = (prefix + pattern[: min(at for sign in "*?" if (at := pattern.find(sign)) >= 0)]).encode()
        skipped = len(prefix)
        first, last = self._place(begun)[0], self._place(begun + _AFTER_ALL)[0]
        forms = ((place, self._name(place).decode()[skipped:]) for place in range(first, last))
        return [place for place, form in forms if ":" not in form and patterns.answered_by(form)]

    def _place(self, name: bytes) -> tuple[int, bytes]:
        """Return the number of the first term that is not before ``name``, and that term (empty: there is none)."""
        block = max(0, bisect_right(self._blocks, name, key=self._name_at) - 1)
        names = self._block(block)
        place = bisect_left(names, name)
        if place < len(names):
            return block * BLOCK_TERMS + place, names[place]
        return block * BLOCK_TERMS + place, self._block(block + 1)[0] if block + 1 < len(
            self._blocks
        ) else b""

    def _name(self, term: int) -> bytes:
        return self._block(term // BLOCK_TERMS)[term % BLOCK_TERMS]

    def _block(self, block: int) -> list[bytes]:
        """Return the names of a block of terms."""
        names = self._split.get(block)
        if names is None:
            ends = [*self._blocks[block : block + 2], len(self._content)]
            content = self._content[ends[0] : ends[1]] if len(self._blocks) else b""
            names = self._split[block] = content.split(b"\n")[:-1]
        return names

    def _name_at(self, start: int) -> bytes:
        return self._content[start : self._content.index(b"\n", start)]

    def holders(self, term: int) -> int:
        """Return the documents that hold a term, as bits."""
        start, end = self._span(term)
        documents = self._documents[start:end]
        return 1 << documents[0] if len(documents) == 1 else bits(documents)

    def places(self, term: int, document: int) -> "array[int]":
        """Return where a document holds a term."""
        start, end = self._span(term)
        low = bisect_left(self._documents, document, start, end)
        return self._places[low : bisect_left(self._documents, document + 1, low, end)]

    def starts(self, document: int) -> tuple[int, int, int, int]:
        """Return where title, summary, body and author begin."""
        title, summary, body = self._widths[3 * document : 3 * document + 3]
        after_title = title + FIELD_GAP
        after_summary = after_title + summary + FIELD_GAP
        return 0, after_title, after_summary, after_summary + body + FIELD_GAP

    def _span(self, term: int) -> tuple[int, int]:
        return self._ends[term - 1] if term else 0, self._ends[term]

    @cached_property
    def _ends(self) -> "array[int]":
        return self._numbers("terms.ends")

    @cached_property
    def _documents(self) -> "array[int]":
        return self._numbers("documents", "H")

    @cached_property
    def _places(self) -> "array[int]":
        return self._numbers("places", "H" if self.about["narrow"] else "I")

    @cached_property
    def _widths(self) -> "array[int]":
        return self._numbers("widths")

    def _numbers(self, name: str, kind: str = "I") -> "array[int]":
        return array(kind, self._inflated(name))

    def _inflated(self, name: str) -> bytes:
        content = self._sections.raw(name)
        return content if name in AS_THEY_ARE else zlib.decompress(content)
