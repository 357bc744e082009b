"""Whom a watch names: as its client says, else as its query shows."""

from collections.abc import Iterator
from typing import Final

from vigie.domain.clients import Watch, WatchedEntity
from vigie.domain.query.nodes import And, Near, Node, Or, Query, Term

NAMING_PURPOSES: Final = frozenset({"brand", "competitor", "partner", "campaign", "crisis"})
"""Purposes of watches that name somebody; a sector or a lead is nobody in particular."""

_MOST_NAMES: Final = 12


def entity_of(watch: Watch, query: Query) -> WatchedEntity | None:
    """Return whom a watch names, None for a watch that names nobody.

    Without names given they are the query's: the terms of which it wants any one; what it wants besides narrows
    the sense of the first, what it refuses is not it.
    """
    if watch.purpose not in NAMING_PURPOSES:
        return None
    if watch.entity is not None:
        return watch.entity
    names = list(dict.fromkeys(_names(query.root)))[:_MOST_NAMES]
    return WatchedEntity(names[0], tuple(names[1:])) if names else None


def _names(node: Node) -> Iterator[str]:
    match node:
        case Term(text, field=field) if field in {None, "title"} and "*" not in text and "?" not in text:
            yield text.lstrip("#@")
        case Or(operands):
            for operand in operands:
                yield from _names(operand)
        case And(operands):
            yield from next((found for operand in operands if (found := list(_names(operand)))), [])
        case Near(left):
            yield from _names(left)
        case _:
            return
