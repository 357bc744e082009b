"""Whether a document matches a query (section 4), and what in it says so.

Plain and readable on purpose: this is the meaning of the language. ``engine`` decides whom to ask.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from vigie.domain.query.filters import is_under
from vigie.domain.query.nodes import And, Filter, Leaf, Near, Node, Not, Or, Query, Raw, Slop, Term
from vigie.domain.query.occurrences import (
    Span,
    is_pattern,
    looks_in,
    merged,
    nearest,
    positions,
    raw_places,
    spans,
    tokens_of,
)
from vigie.domain.query.prepared import FIELDS, FieldText, QueryDocument


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """Characters ``start:end`` of a field, in its text as published, and the query's term they answer."""

    field: str
    start: int
    end: int
    term: str


@dataclass(frozen=True, slots=True)
class Match:
    """A document matched; ``hits`` are in reading order, and empty when filters alone decided."""

    hits: tuple[Hit, ...]


def evaluate(query: Query, document: QueryDocument) -> Match | None:
    """Return the evidence when ``document`` matches ``query``, None when it does not."""
    if not _holds(query.root, document):
        return None
    hits = set(_evidence(query.root, document))
    return Match(tuple(sorted(hits, key=lambda hit: (FIELDS.index(hit.field), hit.start, hit.end, hit.term))))


def _holds(node: Node, document: QueryDocument) -> bool:
    match node:
        case And(operands):
            return all(_holds(operand, document) for operand in operands)
        case Or(operands):
            return any(_holds(operand, document) for operand in operands)
        case Not(operand):
            return not _holds(operand, document)
        case Filter():
            return _passes(node, document)
        case _:
            return any(_found(node, name, text) for name, text in document.fields.items() if text.text)


def _found(node: Leaf | Near, name: str, text: FieldText) -> bool:
    match node:
        case Term(_, (form,)) if not is_pattern(form):  # most terms: no need to list where they stand
            return form in text.places and looks_in(node, name)
        case Near():
            return bool(_near(node, name, text))
        case Raw():  # one without a token has no span, and holds all the same
            return looks_in(node, name) and any(True for _ in raw_places(node.text, text))
        case _:
            return bool(spans(node, name, text))


def _near(node: Near, name: str, text: FieldText) -> list[Span]:
    left = spans(node.left, name, text)
    return nearest(node, left, spans(node.right, name, text)) if left else []


def _passes(node: Filter, document: QueryDocument) -> bool:
    match node.name:
        case "site":
            return any(is_under(document.host, value) for value in node.values)
        case "links":
            return any(is_under(host, value) for host in document.link_hosts for value in node.values)
        case "lang":
            return document.language in node.values
        case "platform":
            return document.platform in node.values
        case "type":
            return document.type in node.values
        case _:
            return not document.holds.isdisjoint(node.values)


def _evidence(node: Node, document: QueryDocument) -> Iterator[Hit]:
    """Give the hits of a node that holds: of all of an AND, of the branches of an OR that hold, of no NOT."""
    match node:
        case And(operands) | Or(operands):
            for operand in operands:
                if _holds(operand, document):
                    yield from _evidence(operand, document)
        case Near():
            for name, text in document.fields.items():
                if within := merged(_near(node, name, text)):
                    yield from _leaf_hits(node, name, text, within)
        case Term() | Slop() | Raw():
            for name, text in document.fields.items():
                yield from _hits(node, name, text)


def _leaf_hits(node: Node, name: str, text: FieldText, within: list[Span]) -> Iterator[Hit]:
    """Give the hits of the terms of a NEAR that stand inside what it joined."""
    match node:
        case Near(left, right):
            yield from _leaf_hits(left, name, text, within)
            yield from _leaf_hits(right, name, text, within)
        case Or(operands):
            for operand in operands:
                yield from _leaf_hits(operand, name, text, within)
        case Term() | Slop() | Raw():
            yield from _hits(node, name, text, within)


def _hits(leaf: Leaf, name: str, text: FieldText, within: list[Span] | None = None) -> Iterator[Hit]:
    if not looks_in(leaf, name):
        return
    if isinstance(leaf, Raw):
        for start, end in raw_places(leaf.text, text):
            if within is None or _is_inside(tokens_of(start, end, text), within):
                yield Hit(name, *text.cleaned.origin(start, end), leaf.text)
        return
    found = spans(leaf, name, text)
    if within is not None:
        found = [span for span in found if _is_inside(span, within)]
    for (first, last), is_tag in _marks(leaf, text, found):
        start = text.tokens[first].tag_start if is_tag else text.tokens[first].start
        yield Hit(name, *text.cleaned.origin(start, text.tokens[last].end), leaf.text)


def _marks(leaf: Term | Slop, text: FieldText, found: list[Span]) -> Iterator[tuple[Span, bool]]:
    """Give what to show of a term's spans, and whether it begins with the sign of a tag or handle.

    Of a window, its words and not what stands between them.
    """
    if isinstance(leaf, Term):
        for span in found:
            yield span, leaf.tokens[0][0] in "#@"
        return
    windows = merged(found)
    for form in leaf.tokens:
        for place in positions(form, text):
            if _is_inside(Span(place, place), windows):
                yield Span(place, place), form[0] in "#@"


def _is_inside(span: Span, within: list[Span]) -> bool:
    index = bisect_right(within, span.first, key=lambda each: each.first) - 1
    return index >= 0 and span.last <= within[index].last
