"""Advice beside a valid query (end of section 5)."""

from vigie.domain.query.nodes import And, Filter, Lint, Node, Not, Or, Query
from vigie.domain.query.sentences import advice

NOTHING, BROAD, FIRM = range(3)
_BROAD_FILTERS = frozenset({"lang", "platform", "type", "has"})


def lint(query: Query) -> tuple[Lint, ...]:
    """Return the advice on a query, by position.

    UNANCHORED is the one that refuses a watch when it is saved; the rest is shown and nothing more.
    """
    found = list(query.notes)
    hold = held_by(query.root)
    if hold < FIRM:
        found.append(advice("broad" if hold == BROAD else "unanchored", 0))
    return tuple(sorted(found, key=lambda each: each.position))


def held_by(node: Node, *, negated: bool = False) -> int:
    """Return what a document must hold for ``node`` (or its negation): NOTHING, a BROAD thing, a FIRM one."""
    match node:
        case Not(operand):
            return held_by(operand, negated=not negated)
        case And(operands):
            choose = min if negated else max
            return choose(held_by(operand, negated=negated) for operand in operands)
        case Or(operands):
            choose = max if negated else min
            return choose(held_by(operand, negated=negated) for operand in operands)
        case Filter(name) if name in _BROAD_FILTERS:
            return NOTHING if negated else BROAD
        case _:
            return NOTHING if negated else FIRM
