"""Why a document matches a query, or does not: each clause, and whether it held.

Asked by people about one document at a time, so each clause is simply put to ``evaluate``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from vigie.domain.query.canonical import canonical
from vigie.domain.query.evaluate import Hit, evaluate
from vigie.domain.query.nodes import And, Near, Node, Not, Or, Query
from vigie.domain.query.prepared import QueryDocument


@dataclass(frozen=True, slots=True)
class Clause:
    """One node of a query: its canonical text, whether it held, what it holds, and the words that answered.

    ``hits`` are those of the clause taken alone; a NOT has none, its operand below it does. The sides of a
    NEAR are told by themselves: when both held and the NEAR did not, they stand too far apart, or in two
    fields.
    """

    text: str
    operator: str  # and, or, not, near; empty for a term or a filter
    held: bool
    hits: tuple[Hit, ...] = ()
    clauses: tuple["Clause", ...] = ()


def explain(query: Query, document: QueryDocument) -> Clause:
    """Return the query's tree with what became of each clause; the root held when the document matches."""
    return _explain(query.root, document)


def failures(clause: Clause) -> tuple[str, ...]:
    """Return the clauses that made this one fail, in the order of the query; empty when it held.

    Of an AND those operands that failed, and of these the same again. An OR, a NOT and a NEAR fail as a whole:
    no single part of them would have been enough, or was wrong.
    """
    return tuple(dict.fromkeys(_failures(clause)))


def _explain(node: Node, document: QueryDocument) -> Clause:
    query = Query("", node)
    match = evaluate(query, document)
    operator, operands = _parts(node)
    return Clause(
        text=canonical(query),
        operator=operator,
        held=match is not None,
        hits=match.hits if match else (),
        clauses=tuple(_explain(operand, document) for operand in operands),
    )


def _parts(node: Node) -> tuple[str, tuple[Node, ...]]:
    match node:
        case And(operands):
            return "and", operands
        case Or(operands):
            return "or", operands
        case Not(operand):
            return "not", (operand,)
        case Near(left, right):
            return "near", (left, right)
        case _:
            return "", ()


def _failures(clause: Clause) -> Iterator[str]:
    if clause.held:
        return
    if clause.operator != "and":
        yield clause.text
        return
    for operand in clause.clauses:
        yield from _failures(operand)
