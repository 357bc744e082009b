"""Queries for people who do not write them: must have any of, all of, none of; and back where a query has that shape.

An item is words as they are read: quotes, parentheses, operators, a leading minus, a name followed by a colon and
``?`` are only signs in it. What an item keeps of the language is ``#tag``, ``@handle``, and ``*`` at the end of a
word, because people write these everywhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vigie.domain.query.canonical import canonical
from vigie.domain.query.nodes import And, Node, Not, Or, Query, Term, conjunction, disjunction
from vigie.domain.query.sentences import refusal
from vigie.domain.query.syntax import parse
from vigie.errors import BadQuery

_SIGNS = str.maketrans(dict.fromkeys('"“”„«»?', " "))  # quotes end a string, and ? stands for a character


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a document must hold: one of ``any`` at least, ``all``, and ``none``. Each item is a word or a phrase."""

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


def query_of(wishes: Wishes) -> str:
    """Return the canonical query that asks for these; blank items are passed over.

    Raises BadQuery whose field is the item (``any[1]``) that cannot be looked for, or ``all`` when there is none.
    """
    anyone, everything = _terms("any", wishes.any), _terms("all", wishes.all)
    if len(anyone) == 1:  # there is nothing to choose
        anyone, everything = {}, {**anyone, **everything}
    needed = [disjunction(list(anyone.values()))] if anyone else []
    needed += everything.values()
    needed += map(Not, _terms("none", wishes.none).values())
    if not needed:
        raise refusal("no_items", 0, where="all")
    return canonical(Query("", conjunction(needed)))


def wishes_of(query: Query) -> Wishes | None:
    """Return what a query asks for in these simple words, None when it says more than they can.

    One word alone is given in ``all``. ``query_of`` makes a query of the same meaning again.
    """
    anyone: Sequence[str] | None = None
    needed: list[str] = []
    refused: list[str] = []
    operands = query.root.operands if isinstance(query.root, And) else (query.root,)
    for operand in operands:
        match operand:
            case Or(alternatives) if anyone is None and (items := _items(alternatives)):
                anyone = items
            case Not(Or(alternatives)) if items := _items(alternatives):
                refused += items
            case Not(refusal) if items := _items((refusal,)):
                refused += items
            case _ if items := _items((operand,)):
                needed += items
            case _:
                return None
    return Wishes(any=tuple(anyone or ()), all=tuple(needed), none=tuple(refused))


def _items(nodes: Iterable[Node]) -> list[str] | None:
    """Return the terms as items, None when one of them is more than words."""
    items = []
    for node in nodes:
        if not isinstance(node, Term) or node.field is not None:
            return None
        if "?" in node.text:
            return None
        items.append(node.text)
    return items


def _terms(field: str, items: Iterable[str]) -> dict[tuple[str, ...], Node]:
    """Return the terms of a list by their tokens, so that each is asked for once."""
    terms: dict[tuple[str, ...], Node] = {}
    for number, item in enumerate(items):
        if not item.strip():
            continue
        try:
            term = _term(item)
        except BadQuery as error:  # the item was put between quotes
            where, at = f"{field}[{number}]", max(0, error.position - 1)
            raise refusal(error.reason, at, where=where, **error.fields) from error
        terms.setdefault(term.tokens, term)
    return terms


def _term(item: str) -> Term:
    """Return the term that an item asks for. Raises BadQuery, counting from a quote put before the item."""
    term = parse(f'"{item.translate(_SIGNS)}"').root
    if not isinstance(term, Term):
        raise TypeError("a string alone is a term")
    return term
