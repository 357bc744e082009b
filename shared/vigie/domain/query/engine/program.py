"""What is kept of a query to decide it: its tree, with facts for words, as JSON can hold it.

::

    17                                        the document holds fact 17
    ["and", p, …]  ["or", p, …]  ["not", p]   an empty "and" holds, an empty "or" does not
    ["seq", field, needs, [f, …]]             tokens one after the other
    ["slop", field, needs, [f, …], n]         tokens in any order, at most n others in the window
    ["raw", field, needs, "text"]             the exact text
    ["near", n, ordered, p, p]                over seq, slop, raw, near and "or" of these

``field`` is a number of ``FIELDS`` or -1 for title, summary and body. ``needs`` are facts that must all be held
for the term to have a chance, in its field.
"""

from typing import Any, TypeAlias

from vigie.domain.query.engine.recognise import ANY_TEXT
from vigie.domain.query.engine.vocabulary import Vocabulary
from vigie.domain.query.nodes import (
    And,
    Filter,
    Near,
    Node,
    Not,
    Or,
    Raw,
    Slop,
    Term,
    conjunction,
    disjunction,
)
from vigie.domain.query.prepared import FIELDS

Program: TypeAlias = Any
"""A fact's number, or a list as above."""

HOLDS: Program = ["and"]


def inward(node: Node, *, negated: bool = False) -> Node:
    """Return the same query with each negation next to a term or a filter, so that what it demands shows."""
    match node:
        case Not(operand):
            return inward(operand, negated=not negated)
        case And(operands) | Or(operands):
            inner = [inward(operand, negated=negated) for operand in operands]
            return conjunction(inner) if isinstance(node, And) is not negated else disjunction(inner)
        case _:
            return Not(node) if negated else node


def program_of(node: Node, vocabulary: Vocabulary) -> Program:
    """Return the program of a query's tree, adding its facts to the vocabulary."""
    match node:
        case And(operands):
            return ["and", *(program_of(operand, vocabulary) for operand in operands)]
        case Or(operands):
            return ["or", *(program_of(operand, vocabulary) for operand in operands)]
        case Not(operand):
            return ["not", program_of(operand, vocabulary)]
        case Filter(name, values):
            facts = [vocabulary.add(f"{name}:{value}") for value in values]
            return facts[0] if len(facts) == 1 else ["or", *facts]
        case Term(_, (form,), field):
            return vocabulary.add_token(form, field)
        case _:
            return _placed(node, vocabulary)


def _placed(node: Node, vocabulary: Vocabulary) -> Program:
    """Return the program of what has a place in a text."""
    match node:
        case Near(left, right, distance, ordered):
            return ["near", distance, int(ordered), _placed(left, vocabulary), _placed(right, vocabulary)]
        case Or(operands):
            return ["or", *(_placed(operand, vocabulary) for operand in operands)]
        case Term(_, tokens, field):
            return ["seq", *_facts(tokens, field, vocabulary)]
        case Slop(_, tokens, distance, field):
            return ["slop", *_facts(tokens, field, vocabulary), distance]
        case Raw(text, tokens, field):
            number, needs, _ = _facts(tokens, field, vocabulary)
            return ["raw", number, needs, text]
        case _:
            raise TypeError(f"{type(node).__name__} has no place in a text")


def _facts(
    tokens: tuple[str, ...], field: str | None, vocabulary: Vocabulary
) -> tuple[int, list[int], list[int]]:
    needs = sorted({vocabulary.add_token(form, field) for form in tokens})
    facts = [vocabulary.add_token(form) for form in tokens]
    return (ANY_TEXT if field is None else FIELDS.index(field)), needs, facts
