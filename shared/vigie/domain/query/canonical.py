"""Printing a query so that two readers, and the parser, cannot take it for anything else."""

import re

from vigie.domain.query.nodes import And, Filter, Near, Node, Not, Or, Query, Raw, Slop, Term

_PLAIN = re.compile(r"[#@]?[^\W_]+\*?")
_OPERATORS = frozenset({"AND", "OR", "NOT", "NEAR", "ONEAR", "and", "or", "et", "ou", "not", "near"})


def canonical(query: Query) -> str:
    """Return the query in full: AND written out, fields on each term, parentheses around every mixture.

    ``parse(canonical(q)) == q``, unless the parentheses added take a query nested nearly to the limit past
    it.
    """
    return _print(query.root)


def _print(node: Node) -> str:
    match node:
        case And(operands):
            return " AND ".join(_inside(operand, And, Or) for operand in operands)
        case Or(operands):
            return " OR ".join(_inside(operand, And, Or) for operand in operands)
        case Not(operand):
            return f"NOT {_inside(operand, And, Or, Near)}"
        case Near(left, right, distance, ordered):
            operator = "ONEAR" if ordered else "NEAR"
            return f"{_inside(left, Or)} {operator}/{distance} {_inside(right, Or, Near)}"
        case Filter(name, values):
            return f"{name}:{values[0]}" if len(values) == 1 else f"{name}:({' OR '.join(values)})"
        case Term() | Slop() | Raw():
            return f"{node.field}:{_term(node)}" if node.field else _term(node)


def _inside(node: Node, *wrapped: type) -> str:
    printed = _print(node)
    return f"({printed})" if isinstance(node, wrapped) else printed


def _term(node: Term | Slop | Raw) -> str:
    match node:
        case Slop(text, _, distance):
            return f'"{text}"~{distance}'
        case Raw(text):
            return f'raw:"{text}"'
        case Term(text):
            return text if _PLAIN.fullmatch(text) and text not in _OPERATORS else f'"{text}"'
