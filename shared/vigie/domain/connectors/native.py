"""Writing alternatives in a platform's own query syntax, in as few and as long queries as it takes."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vigie.domain.connectors.pushdown import Alternative, Piece, most_telling

_OPERATORS = frozenset({"AND", "OR", "NOT", "NEAR"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Syntax:
    """What a platform's search box understands.

    ``either`` is what stands between alternatives, None when a query holds one only. ``groups`` says whether
    parentheses hold several words together beside it; without them an alternative is one piece. ``phrases``
    says that quotes are honoured, or at least harmless.

    ``tags`` is for those that cannot be searched, only followed by hashtag: an alternative is then the tag that
    its most telling piece would be, which finds a part of it only.

    Case and accents are taken to make no difference there, as here.
    """

    either: str | None
    groups: bool = False
    phrases: bool = True
    tags: bool = False
    longest_characters: int = 500


@dataclass(frozen=True, slots=True)
class Native:
    """Queries to ask, and what no query could be made of: a single word longer than the platform takes."""

    queries: tuple[str, ...]
    unasked: tuple[Alternative, ...] = ()


def native_queries(needs: Iterable[Alternative], syntax: Syntax) -> Native:
    """Return queries that together find all that the alternatives describe; each within the longest allowed.

    Alternatives that ask nothing are the caller's to refuse. What is too long for a query alone loses words,
    the least telling first, and so finds more; it is never cut in the middle of one.
    """
    units: dict[str, None] = {}
    unasked = []
    for need in needs:
        unit = _unit(need, syntax)
        if unit:
            units[unit] = None
        else:
            unasked.append(need)
    queries = list(units)
    if syntax.either is not None:
        queries = _packed(queries, syntax.either, syntax.longest_characters)
    return Native(tuple(queries), tuple(unasked))


def _unit(need: Alternative, syntax: Syntax) -> str:
    """Return one alternative as the platform reads it, or nothing when even its shortest piece is too long."""
    pieces = [short for piece in need if (short := _shortened(piece, syntax))]
    if syntax.tags:
        best = most_telling(frozenset(pieces))
        return "".join(filter(str.isalnum, best.text)).lower() if best else ""
    if syntax.either is not None and not syntax.groups:
        best = most_telling(frozenset(pieces))
        return _piece(best, syntax) if best else ""
    pieces.sort(key=lambda piece: (-len(piece.text), piece))
    while len(pieces) > 1 and len(_write(pieces, syntax)) > syntax.longest_characters:
        pieces.pop()
    return _write(pieces, syntax)


def _shortened(piece: Piece, syntax: Syntax) -> Piece | None:
    """Return a piece that fits, the first words of a phrase if need be, or None for a word that does not."""
    words = piece.text.split()
    while words:
        shorter = Piece(" ".join(words), piece.kind if len(words) > 1 or piece.kind != "phrase" else "word")
        if len(_piece(shorter, syntax)) <= syntax.longest_characters:
            return shorter
        words.pop()
    return None


def _write(pieces: Sequence[Piece], syntax: Syntax) -> str:
    text = " ".join(_piece(piece, syntax) for piece in pieces)
    return f"({text})" if len(pieces) > 1 and syntax.groups else text


def _piece(piece: Piece, syntax: Syntax) -> str:
    if piece.kind == "phrase" and syntax.phrases:
        return f'"{piece.text}"'
    if piece.kind in ("tag", "handle"):
        return piece.text
    return " ".join(_bare(word) for word in piece.text.split())


def _bare(word: str) -> str:
    """Return a word that is neither operator nor negation; one that punctuation cuts stays in one piece."""
    plain = word.strip("-+.&'")
    if plain in _OPERATORS:
        return plain.lower()
    return re.sub(r"(?<=\w)[-+]+(?!\w)", "", plain)


def _packed(units: Sequence[str], either: str, longest_characters: int) -> list[str]:
    queries: list[str] = []
    for unit in units:
        if queries and len(queries[-1]) + len(either) + len(unit) <= longest_characters:
            queries[-1] += either + unit
        else:
            queries.append(unit)
    return queries
