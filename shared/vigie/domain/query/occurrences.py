"""Where a term stands in one field (section 4): spans of token positions, both ends included."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from vigie.domain.query.bits import Spans, add, each_bit, followed, window_ends
from vigie.domain.query.characters import GLUE, shape_of
from vigie.domain.query.nodes import Leaf, Near, Node, Or, Raw, Slop, Term
from vigie.domain.query.prepared import TEXT_FIELDS, FieldText


class Span(NamedTuple):
    """The tokens from ``first`` to ``last``, both included."""

    first: int
    last: int


def looks_in(leaf: Leaf, name: str) -> bool:
    """Tell whether a term is looked for in the field called ``name``."""
    return name == leaf.field or (leaf.field is None and name in TEXT_FIELDS)


def spans(node: Node, name: str, text: FieldText) -> list[Span]:
    """Return every span of a term, of a NEAR, or of a group of these, in the field ``name``, in order."""
    match node:
        case Or(operands):
            return sorted({span for operand in operands for span in spans(operand, name, text)})
        case Near(left, right):
            return _all_near(node, spans(left, name, text), spans(right, name, text))
        case Term() | Slop() | Raw() if not looks_in(node, name):
            return []
        case Term(_, tokens):
            return _phrase(tokens, text)
        case Slop():
            return _windows(node, text)
        case Raw():
            return [tokens_of(start, end, text) for start, end in raw_places(node.text, text)]
        case _:
            raise TypeError(f"{type(node).__name__} has no place in a text")


def positions(form: str, text: FieldText) -> list[int]:
    """Return the positions of the tokens that match one token of a query, in order."""
    if not is_pattern(form):
        return text.places.get(form, [])
    matches = pattern_of(form).fullmatch
    return sorted({place for known, places in text.places.items() if matches(known) for place in places})


def is_pattern(form: str) -> bool:
    """Tell whether a token of a query holds a wildcard."""
    return "?" in form or form[-1] == "*"


@lru_cache(maxsize=1 << 12)
def pattern_of(form: str) -> re.Pattern[str]:
    """Return the pattern of a word with wildcards."""
    return re.compile(re.escape(form).replace(r"\?", ".").replace(r"\*", ".*"))


def _phrase(forms: tuple[str, ...], text: FieldText) -> list[Span]:
    room = len(text.tokens) - len(forms)
    starts = [start for start in positions(forms[0], text) if start <= room]
    for offset, form in enumerate(forms[1:], 1):
        if not starts:
            break
        if is_pattern(form):
            here = set(positions(form, text))
            starts = [start for start in starts if start + offset in here]
        else:
            starts = [start for start in starts if text.carries(start + offset, form)]
    return [Span(start, start + len(forms) - 1) for start in starts]


def _windows(slop: Slop, text: FieldText) -> list[Span]:
    """Return the windows whose two ends belong to k distinct positions, one for each token of ``slop``."""
    fits: dict[int, list[int]] = {}
    for word, form in enumerate(slop.tokens):
        for place in positions(form, text):
            fits.setdefault(place, []).append(word)
    places = sorted(fits)
    widest = len(slop.tokens) + slop.distance
    found: Spans = {}
    for index, first in enumerate(places):
        window = places[index : bisect_left(places, first + widest)]
        found[first] = window_ends(window, fits, len(slop.tokens))
    return _listed(found)


def raw_places(wanted: str, text: FieldText) -> Iterator[tuple[int, int]]:
    """Give the spans of characters of the cleaned text where ``wanted`` stands by itself and outside URLs."""
    shape = shape_of(wanted)
    glues_before, glues_after = shape[0] in GLUE, shape[-1] in GLUE
    start = text.text.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        before = glues_before and start > 0 and shape_of(text.text[start - 1]) in GLUE
        after = glues_after and end < len(text.text) and shape_of(text.text[end]) in GLUE
        if not before and not after and not _touches_url(start, end, text):
            yield start, end
        start = text.text.find(wanted, start + 1)


def tokens_of(start: int, end: int, text: FieldText) -> Span:
    """Return the tokens that characters ``start:end`` of the cleaned text touch; none when last < first."""
    first = bisect_right(text.tokens, start, key=lambda token: token.end)
    return Span(first, bisect_left(text.tokens, end, key=lambda token: token.start) - 1)


def _touches_url(start: int, end: int, text: FieldText) -> bool:
    first, last = tokens_of(start, end, text)
    return any(not token.form for token in text.tokens[first : last + 1])


def nearest(near: Near, left: list[Span], right: list[Span]) -> list[Span]:
    """Return the spans that join an operand to the nearest that follows it, if near enough: a linear merge.

    Enough to know whether the NEAR holds, and where; a NEAR around this one needs all of ``spans``.
    """
    joined = _follow(left, right, near.distance)
    return joined if near.ordered else joined + _follow(right, left, near.distance)


def _follow(left: list[Span], right: list[Span], distance: int) -> list[Span]:
    found = []
    following = iter(sorted(right))
    after = next(following, None)
    for before in sorted(left, key=lambda span: span.last):
        while after and after.first <= before.last:
            after = next(following, None)
        if after is None:
            break
        if after.first - before.last - 1 <= distance:
            found.append(Span(before.first, after.last))
    return found


def _all_near(near: Near, left: list[Span], right: list[Span]) -> list[Span]:
    lefts, rights = _by_first(left), _by_first(right)
    joined = followed(lefts, rights, near.distance)
    if not near.ordered:
        add(joined, followed(rights, lefts, near.distance))
    return _listed(joined)


def _by_first(found: list[Span]) -> Spans:
    spans: Spans = {}
    for first, last in found:
        spans[first] = spans.get(first, 0) | 1 << last - first
    return spans


def _listed(found: Spans) -> list[Span]:
    return [Span(first, first + length) for first in sorted(found) for length in each_bit(found[first])]


def merged(found: list[Span]) -> list[Span]:
    """Return the spans in order, those that overlap made one."""
    union: list[Span] = []
    for span in sorted(found):
        if union and span.first <= union[-1].last:
            union[-1] = Span(union[-1].first, max(span.last, union[-1].last))
        else:
            union.append(span)
    return union
