"""What a query is once read: a frozen tree. Built by ``syntax``, judged by ``lint``, run by ``evaluate``.

``field`` is ``title``, ``summary``, ``body`` or ``author``, or None for title, summary and body (``text:``).
``position`` counts characters of the query as given, from 0, and does not take part in equality.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Term:
    """A word or string: its tokens at consecutive positions of one field.

    ``tokens`` are folded; they may end with ``*``, hold ``?``, or be a tag or handle (``#x``, ``@x``).
    """

    text: str
    tokens: tuple[str, ...]
    field: str | None = None
    position: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Slop:
    """``"w1 … wk"~distance``: the tokens in any order, with at most ``distance`` others in the window."""

    text: str
    tokens: tuple[str, ...]
    distance: int
    field: str | None = None
    position: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Raw:
    """``raw:``: an exact substring of the cleaned text; ``tokens`` are those it holds, perhaps none."""

    text: str
    tokens: tuple[str, ...]
    field: str | None = None
    position: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Filter:
    """``site:``, ``lang:``, ``platform:``, ``type:``, ``links:`` or ``has:``: any of the values."""

    name: str
    values: tuple[str, ...]
    position: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Near:
    """``left NEAR/distance right``, or ONEAR when ``ordered``."""

    left: "Node"
    right: "Node"
    distance: int
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """The operand does not hold."""

    operand: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """All operands hold; none of them is an And."""

    operands: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One operand or more holds; none of them is an Or."""

    operands: tuple["Node", ...]


Leaf: TypeAlias = Term | Slop | Raw
Node: TypeAlias = Leaf | Filter | Near | Not | And | Or


@dataclass(frozen=True, slots=True)
class Lint:
    """Advice beside a valid query: ``code`` as the query language names it, and a sentence to act on.

    ``reason`` and ``fields`` name the sentence in the catalogue (``sentences``), to tell it in another language.
    """

    code: str
    position: int
    problem: str
    remedy: str
    reason: str
    fields: Mapping[str, object] = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Query:
    """A query read: the text as given, its tree, and the advice that only its writing shows."""

    text: str = dataclasses.field(compare=False)
    root: Node
    notes: tuple[Lint, ...] = dataclasses.field(default=(), compare=False)


def conjunction(operands: list[Node]) -> Node:
    """Return the AND of one operand or more, flat."""
    if len(operands) == 1:
        return operands[0]
    flat = [leaf for node in operands for leaf in (node.operands if isinstance(node, And) else (node,))]
    return And(tuple(flat))


def disjunction(operands: list[Node]) -> Node:
    """Return the OR of one operand or more, flat."""
    if len(operands) == 1:
        return operands[0]
    flat = [leaf for node in operands for leaf in (node.operands if isinstance(node, Or) else (node,))]
    return Or(tuple(flat))
