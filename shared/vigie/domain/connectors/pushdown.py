"""What of a query a platform can be asked: never less than what the query itself would accept.

Platforms know no proximity, wildcard, field nor our characters' rules, so what they are asked is a *superset*:
the query with everything dropped that they cannot express, as alternatives of words that must be there
together. What comes back is put before the whole query again, like any document.

The alternatives are a disjunctive normal form without negation. No alternative at all means that the query
can match nothing on that platform (``platform:press`` on a social network); an alternative that asks nothing
means that no word is sure to be there, and that the platform cannot be searched for it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Literal, TypeAlias

from vigie.domain.query.nodes import And, Filter, Near, Node, Not, Or, Query, Raw, Slop, Term

ALTERNATIVES_LIMIT = 64  # beyond, an AND keeps its most telling operand and leaves the others to us

PieceKind = Literal["word", "phrase", "tag", "handle"]


@dataclass(frozen=True, slots=True, order=True)
class Piece:
    """Something a matching document holds: a word, words in a row, a ``#tag`` or a ``@handle``."""

    text: str
    kind: PieceKind = "word"


Alternative: TypeAlias = frozenset[Piece]
NOTHING: tuple[Alternative, ...] = ()
ANYTHING: tuple[Alternative, ...] = (frozenset(),)


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of every document a connector brings: its platform, and the types it may have."""

    platform: str
    types: frozenset[str]


def alternatives(query: Query, place: Place) -> tuple[Alternative, ...]:
    """Return what documents of ``place`` that match ``query`` hold: all pieces of one alternative or another.

    In the order of the query, at most ``ALTERNATIVES_LIMIT`` of what AND multiplies; none contains another.
    """
    return _needs(query.root, place)


def most_telling(alternative: Alternative) -> Piece | None:
    """Return the piece of an alternative that the fewest documents hold, as far as its looks tell."""
    return min(alternative, key=lambda piece: (-_worth(piece), piece), default=None)


def _needs(node: Node, place: Place) -> tuple[Alternative, ...]:
    known = _known(node, place)
    if known is not None:
        return ANYTHING if known else NOTHING
    match node:
        case And(operands):
            return reduce(_both, (_needs(operand, place) for operand in operands))
        case Or(operands):
            return _absorbed(need for operand in operands for need in _needs(operand, place))
        case Near(left, right):
            return _both(_needs(left, place), _needs(right, place))
        case Term() | Slop() | Raw() if node.field != "author":
            return (_pieces(node),)
        case _:  # negations, authors, sites, languages, media: left to us
            return ANYTHING


def _known(node: Node, place: Place) -> bool | None:
    """Return what a node comes to for every document of the place, or None when that depends."""
    match node:
        case Filter("platform", values):
            return place.platform in values
        case Filter("type", values):
            kept = place.types & frozenset(values)
            return True if kept == place.types else (None if kept else False)
        case Not(operand):
            known = _known(operand, place)
            return None if known is None else not known
        case And(operands):
            return _all([_known(operand, place) for operand in operands])
        case Or(operands):
            none = _all([None if known is None else not known for known in _each(operands, place)])
            return None if none is None else not none
        case _:
            return None


def _each(operands: Iterable[Node], place: Place) -> list[bool | None]:
    return [_known(operand, place) for operand in operands]


def _all(known: list[bool | None]) -> bool | None:
    if False in known:
        return False
    return None if None in known else True


def _both(left: tuple[Alternative, ...], right: tuple[Alternative, ...]) -> tuple[Alternative, ...]:
    if len(left) * len(right) <= ALTERNATIVES_LIMIT or ANYTHING in (left, right):
        return _absorbed(one | other for one in left for other in right)
    return min(left, right, key=_looseness)


def _looseness(needs: tuple[Alternative, ...]) -> tuple[float, int]:
    worths = [max(map(_worth, need), default=0.0) for need in needs]
    return -min(worths, default=0.0), len(needs)


def _absorbed(needs: Iterable[Alternative]) -> tuple[Alternative, ...]:
    """Drop repetitions, and alternatives that ask more than another that asks something.

    Beside one that asks nothing the others are kept: what can be searched for is.
    """
    kept = list(dict.fromkeys(needs))
    if len(kept) > 10 * ALTERNATIVES_LIMIT:  # an OR of thousands of words: comparing all pairs tells little
        return tuple(kept)
    return tuple(need for need in kept if not any(other and other < need for other in kept))


def _pieces(node: Term | Slop | Raw) -> Alternative:
    tags = [token for token in node.tokens if token[0] in "#@" and len(token) > 1]
    if tags:  # the rest of "#a_b" comes as words of its own, which a platform may not see as such
        return frozenset(Piece(tag, "tag" if tag[0] == "#" else "handle") for tag in tags if _whole(tag[1:]))
    if isinstance(node, Term) and all(map(_whole, node.tokens)):
        text = _written(node.text)
        return frozenset({Piece(text, "word" if len(node.tokens) == 1 else "phrase")})
    return frozenset(Piece(token) for token in node.tokens if _whole(token))


def _whole(token: str) -> bool:
    """Tell whether platforms find a token as we do: no wildcard, no emoji, something to read."""
    return any(map(str.isalnum, token)) and not re.search(r"[*?]", token)


def _written(text: str) -> str:
    """Return a term as written, without what platforms take for syntax."""
    return " ".join(re.sub(r"[^\w'&.+-]", " ", text).split()).strip("-+ ")


def _worth(piece: Piece) -> float:
    """Return how much a piece tells: long ones are rare, several words together rarer."""
    letters = sum(map(str.isalnum, piece.text))
    return letters * (1.5 if piece.kind in ("phrase", "tag", "handle") else 1.0)
