"""Many watches, one document: ask only those that could answer.

Every query is filed under its *anchor*, the cheapest set of things of which a document must hold one to
match: of an AND the cheapest operand's, of an OR those of all, of a phrase its rarest token, of a NOT none.
A document then asks the queries filed under what it holds, and those without an anchor.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from vigie.domain.language import FUNCTION_WORDS
from vigie.domain.query.evaluate import Match, evaluate
from vigie.domain.query.nodes import And, Filter, Near, Node, Or, Query, Raw, Slop, Term
from vigie.domain.query.prepared import QueryDocument

Key = TypeVar("Key", bound=Hashable)

_PREFIX_LENGTH = 4  # wildcards are filed under their first letters, up to so many
_COMMON = frozenset(word for words in FUNCTION_WORDS.values() for word in words.split())
_FILTER_COSTS = {"site": 20, "links": 20, "has": 500, "lang": 1000, "platform": 1000, "type": 1000}


@dataclass(frozen=True, slots=True)
class _Anchor:
    """Keys of which a matching document holds one or more, and how often documents do (any unit)."""

    keys: frozenset[str]
    cost: float


class Matcher(Generic[Key]):
    """The watches of everybody, ready to be asked about one document after the other."""

    def __init__(self, watches: Iterable[tuple[Key, Query]]) -> None:
        self._watches = tuple(watches)
        self._filed: dict[str, list[int]] = {}
        self._always: list[int] = []
        for index, (_, query) in enumerate(self._watches):
            anchor = _anchor(query.root)
            if anchor is None:
                self._always.append(index)
                continue
            for key in anchor.keys:
                self._filed.setdefault(key, []).append(index)
        lengths = {len(key) - 1 for key in self._filed if key[-1] == "*"}
        self._prefix_lengths = tuple(sorted(lengths))

    def match(self, document: QueryDocument) -> list[tuple[Key, Match]]:
        """Return the watches that ``document`` matches, with the evidence, in the order they were given."""
        found = []
        for index in sorted(self._candidates(document)):
            key, query = self._watches[index]
            if match := evaluate(query, document):
                found.append((key, match))
        return found

    def _candidates(self, document: QueryDocument) -> set[int]:
        candidates = set(self._always)
        for key in _keys(document, self._prefix_lengths):
            candidates.update(self._filed.get(key, ()))
        return candidates


def _keys(document: QueryDocument, prefix_lengths: tuple[int, ...]) -> set[str]:
    """Return everything a document holds that a query may be filed under."""
    forms = {form for text in document.fields.values() for form in text.places}
    keys = {f"{form[:length]}*" for length in prefix_lengths for form in forms}
    keys |= forms
    keys |= {f"lang:{document.language}", f"platform:{document.platform}", f"type:{document.type}"}
    keys |= {f"has:{medium}" for medium in document.holds}
    keys |= {f"site:{parent}" for parent in _parents(document.host)}
    keys |= {f"links:{parent}" for host in document.link_hosts for parent in _parents(host)}
    return keys


def _parents(host: str) -> list[str]:
    labels = host.split(".")
    return [".".join(labels[index:]) for index in range(len(labels))]


def _anchor(node: Node) -> _Anchor | None:
    match node:
        case And(operands):
            return min(filter(None, map(_anchor, operands)), key=lambda anchor: anchor.cost, default=None)
        case Or(operands):
            return _united([_anchor(operand) for operand in operands])
        case Near(left, right):
            return _anchor(And((left, right)))
        case Filter(name, values):
            return _Anchor(
                frozenset(f"{name}:{value}" for value in values), _FILTER_COSTS[name] * len(values)
            )
        case Term(_, tokens) | Slop(_, tokens) | Raw(_, tokens) if tokens:
            return min(map(_token_anchor, tokens), key=lambda anchor: anchor.cost)
        case _:
            return None


def _united(anchors: list[_Anchor | None]) -> _Anchor | None:
    keys: set[str] = set()
    cost = 0.0
    for anchor in anchors:
        if anchor is None:
            return None
        keys |= anchor.keys
        cost += anchor.cost
    return _Anchor(frozenset(keys), cost)


def _token_anchor(form: str) -> _Anchor:
    literal = form.partition("*")[0].partition("?")[0]
    if literal == form:
        return _Anchor(frozenset({form}), 200 if form in _COMMON else 1)
    prefix = literal[:_PREFIX_LENGTH]
    return _Anchor(frozenset({f"{prefix}*"}), 100 / len(prefix))
