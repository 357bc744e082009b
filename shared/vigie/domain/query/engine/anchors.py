"""Where a query is filed: the rarest thing that every document it matches holds, and the rarest beside it.

A query becomes *clauses*, each a choice of facts of which one must be held: of an AND those of its operands, of a
phrase one for each token, of an OR one made of the rarest of each branch, of a NOT none. The rarest clause holds
its *anchors*. A document asks a query when it holds an anchor and, where there is a second clause, one fact of that
(of the same phrase, or of the rest of the query).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeAlias

from vigie.domain.query.engine.vocabulary import Vocabulary
from vigie.domain.query.nodes import And, Filter, Near, Node, Or, Raw, Slop, Term, conjunction

Weigh: TypeAlias = Callable[[int], float]
"""The share of documents that hold a fact."""

_SECONDS_LIMIT = 32  # facts in a second clause
_PAIRS_LIMIT = 256  # anchors times seconds: a long OR is filed under its anchors alone
_TOO_COMMON = 0.4  # a second clause that so many documents pass is not worth asking


@dataclass(frozen=True, slots=True)
class Second:
    """Facts of which one must be held too, and how many documents hold one (at most)."""

    share: float
    facts: frozenset[int]


@dataclass(frozen=True, slots=True)
class Clause:
    """Facts of which one must be held, each with what must then be held too; ``share`` as in Second.

    ``exact`` is the operand that holds exactly when one of the facts is held.
    """

    share: float
    facts: dict[int, Second | None]
    exact: Node | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """Where a query is filed (no anchors: asked every time) and what is left to ask a document that comes by it."""

    anchors: dict[int, Second | None]
    rest: Node | None


def file_under(root: Node, vocabulary: Vocabulary, weigh: Weigh) -> Filing:
    """Return where to file a query whose negations are next to its terms."""
    clauses = sorted(_clauses(root, vocabulary, weigh), key=attrgetter("share"))
    if not clauses:
        return Filing({}, root)
    first, second = clauses[0], _second(clauses)
    anchors = _paired(first, second)
    proven = [first.exact]
    if second and all(each is second for each in anchors.values()):
        proven.append(clauses[1].exact)
    operands = root.operands if isinstance(root, And) else (root,)
    left = [operand for operand in operands if not any(operand is each for each in proven)]
    return Filing(anchors, conjunction(left) if left else None)


def _clauses(node: Node, vocabulary: Vocabulary, weigh: Weigh) -> list[Clause]:
    match node:
        case And(operands):
            return [clause for operand in operands for clause in _clauses(operand, vocabulary, weigh)]
        case Or(operands):
            return _either(node, [(operand, _clauses(operand, vocabulary, weigh)) for operand in operands])
        case Near(left, right):
            sides = [_clauses(left, vocabulary, weigh), _clauses(right, vocabulary, weigh)]
            return [Clause(clause.share, clause.facts) for side in sides for clause in side]
        case _:
            return _of_leaf(node, vocabulary, weigh)


def _of_leaf(node: Node, vocabulary: Vocabulary, weigh: Weigh) -> list[Clause]:
    match node:
        case Filter(name, values):
            return [_clause((vocabulary.add(f"{name}:{value}") for value in values), weigh, node)]
        case Term(_, (form,), field):
            return [_clause((vocabulary.add_token(form, field),), weigh, node)]
        case Term(_, tokens, field) | Slop(_, tokens, _, field) | Raw(_, tokens, field):
            facts = dict.fromkeys(vocabulary.add_token(form, field) for form in tokens)
            return [_clause((fact,), weigh) for fact in facts]
        case _:
            return []


def _clause(facts: Iterable[int], weigh: Weigh, exact: Node | None = None) -> Clause:
    found: dict[int, Second | None] = dict.fromkeys(facts)
    return Clause(sum(map(weigh, found)), found, exact)


def _either(node: Or, branches: Sequence[tuple[Node, list[Clause]]]) -> list[Clause]:
    if not all(clauses for _, clauses in branches):
        return []
    facts: dict[int, Second | None] = {}
    share = 0.0
    for _, clauses in branches:
        clauses.sort(key=attrgetter("share"))
        share += clauses[0].share
        for fact, second in _paired(clauses[0], _second(clauses)).items():
            facts[fact] = _joined(facts[fact], second) if fact in facts else second
    is_exact = all(clauses[0].exact is operand for operand, clauses in branches)
    return [Clause(share, facts, node if is_exact else None)]


def _second(clauses: Sequence[Clause]) -> Second | None:
    """Return the second of clauses in order of rarity, when asking it is worth its while."""
    if len(clauses) < 2 or len(clauses[1].facts) > _SECONDS_LIMIT or clauses[1].share > _TOO_COMMON:
        return None
    return Second(clauses[1].share, frozenset(clauses[1].facts))


def _paired(clause: Clause, second: Second | None) -> dict[int, Second | None]:
    """Return the clause's facts, each with the rarer of its own second and ``second``."""
    if second and len(clause.facts) * len(second.facts) > _PAIRS_LIMIT:
        second = None
    return {
        fact: min(filter(None, (own, second)), key=attrgetter("share"), default=None)
        for fact, own in clause.facts.items()
    }


def _joined(one: Second | None, other: Second | None) -> Second | None:
    """Return the second of a fact that two branches share: one of either."""
    if one is None or other is None:
        return None
    return Second(one.share + other.share, one.facts | other.facts)
