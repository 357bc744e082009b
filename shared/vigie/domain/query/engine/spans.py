"""Terms with positions: phrases, windows and NEAR over sets of positions (section 4 of the language).

A NEAR over 500 and 500 occurrences is about as cheap as one over two and two.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from vigie.domain.query.bits import Spans, add, after, each_bit, followed, window_ends
from vigie.domain.query.engine.recognise import ANY_TEXT
from vigie.domain.query.occurrences import raw_places, tokens_of
from vigie.domain.query.prepared import FIELDS, TEXT_FIELDS, QueryDocument


class Asked(Protocol):
    """A document as terms with places ask it: read just now (``recognise``), or kept in a segment."""

    @property
    def document(self) -> QueryDocument:
        """The document with its texts."""
        ...

    @property
    def starts(self) -> tuple[int, int, int, int]:
        """Where title, summary, body and author begin."""
        ...

    def mask(self, fact: int, field: int) -> int:
        """Return the positions of a token or pattern in a field (or ``ANY_TEXT``), as bits."""
        ...


@dataclass(frozen=True, slots=True)
class Places:
    """What finds one operand in a document: only where it begins and ends (both as bits), or every span."""

    edges: Callable[[Asked], tuple[int, int]]
    spans: Callable[[Asked], Spans]


def phrase_starts(document: Asked, field: int, facts: Sequence[int]) -> int:
    """Return where tokens stand one after the other: the positions of the first."""
    starts = document.mask(facts[0], field)
    for offset in range(1, len(facts)):
        if not starts:
            break
        starts &= document.mask(facts[offset], field) >> offset
    return starts


def of_phrase(field: int, facts: Sequence[int]) -> Places:
    """Return the places of a word or phrase."""
    length = len(facts) - 1

    def edges(document: Asked) -> tuple[int, int]:
        starts = phrase_starts(document, field, facts)
        return starts, starts << length

    def spans(document: Asked) -> Spans:
        return dict.fromkeys(each_bit(phrase_starts(document, field, facts)), 1 << length)

    return Places(edges, spans)


def of_spans(spans: Callable[[Asked], Spans]) -> Places:
    """Return the places of whatever gives its spans one by one."""
    return Places(lambda document: _edges_of(spans(document)), spans)


def either(alternatives: Sequence[Places]) -> Places:
    """Return the places of a group of alternatives."""

    def edges(document: Asked) -> tuple[int, int]:
        starts = ends = 0
        for each in alternatives:
            own_starts, own_ends = each.edges(document)
            starts |= own_starts
            ends |= own_ends
        return starts, ends

    def spans(document: Asked) -> Spans:
        joined: Spans = {}
        for each in alternatives:
            add(joined, each.spans(document))
        return joined

    return Places(edges, spans)


def near_holds(left: Places, right: Places, distance: int, *, ordered: bool) -> Callable[[Asked], bool]:
    """Return a test of NEAR or ONEAR: whether an end of one operand has a start of the other near after it."""

    def holds(document: Asked) -> bool:
        left_starts, left_ends = left.edges(document)
        if not left_starts:
            return False
        right_starts, right_ends = right.edges(document)
        if after(left_ends, distance) & right_starts:
            return True
        return not ordered and bool(after(right_ends, distance) & left_starts)

    return holds


def near_spans(left: Places, right: Places, distance: int, *, ordered: bool) -> Callable[[Asked], Spans]:
    """Return what gives the spans that cover a NEAR's two operands."""

    def spans(document: Asked) -> Spans:
        lefts = left.spans(document)
        rights = right.spans(document) if lefts else {}
        joined = followed(lefts, rights, distance)
        if not ordered:
            add(joined, followed(rights, lefts, distance))
        return joined

    return spans


def window_spans(field: int, facts: Sequence[int], distance: int) -> Callable[[Asked], Spans]:
    """Return what gives the windows whose ends belong to distinct positions, one for each of ``facts``."""
    widest = len(facts) + distance

    def spans(document: Asked) -> Spans:
        masks = [document.mask(fact, field) for fact in facts]
        if not all(masks):
            return {}
        fits: dict[int, list[int]] = {}
        for bit, mask in enumerate(masks):
            for place in each_bit(mask):
                fits.setdefault(place, []).append(bit)
        places = sorted(fits)
        found: Spans = {}
        for index, first in enumerate(places):
            window = places[index : bisect_left(places, first + widest)]
            if lasts := window_ends(window, fits, len(facts)):
                found[first] = lasts
        return found

    return spans


def raw_spans(field: int, wanted: str) -> Callable[[Asked], Spans]:
    """Return what gives the tokens that an exact text touches."""

    def spans(document: Asked) -> Spans:
        found: Spans = {}
        for number, name in _looked_in(field):
            text = document.document.fields[name]
            for start, end in raw_places(wanted, text):
                first, last = tokens_of(start, end, text)
                key = document.starts[number] + first
                found[key] = found.get(key, 0) | 1 << last - first
        return found

    return spans


def raw_holds(field: int, wanted: str) -> Callable[[Asked], bool]:
    """Return a test of whether an exact text stands somewhere."""

    def holds(document: Asked) -> bool:
        texts = (document.document.fields[name] for _, name in _looked_in(field))
        return any(wanted in text.text and any(True for _ in raw_places(wanted, text)) for text in texts)

    return holds


def _looked_in(field: int) -> list[tuple[int, str]]:
    return list(enumerate(TEXT_FIELDS)) if field == ANY_TEXT else [(field, FIELDS[field])]


def _edges_of(spans: Spans) -> tuple[int, int]:
    starts = ends = 0
    for first, lasts in spans.items():
        starts |= 1 << first
        ends |= lasts << first
    return starts, ends
