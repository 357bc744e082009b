"""Which words or sites tell the documents that somebody rejected from those that were kept: candidates, best first.

In order of trust: a word near what the watch looks for (``orange NEAR/5 sanguine``), a site that brought several of
the rejected, a word anywhere in the text.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from vigie.domain.language import FUNCTION_WORDS
from vigie.domain.query.canonical import canonical
from vigie.domain.query.nodes import And, Filter, Near, Node, Not, Or, Query, Term, disjunction
from vigie.domain.query.occurrences import spans
from vigie.domain.query.prepared import TEXT_FIELDS, FieldText, QueryDocument
from vigie.domain.query.text import fold

Kind = Literal["near", "site", "anywhere"]

NEAR_TOKENS: Final = 5
CHOSEN_LIMIT: Final = 3
LOST_SHARE: Final = 0.1
"""Of the kept mentions, what an exclusion may take at most: among them may be others that nobody rejected yet."""

_SAME_SITE = 2  # rejected mentions that make a site suspect
_SHORTEST = 3  # letters of a word that tells anything
_COMMON = frozenset(fold(word) for code in ("fr", "en") for word in FUNCTION_WORDS[code].split())
_TRUST: tuple[Kind, ...] = ("near", "site", "anywhere")


@dataclass(frozen=True)
class Sample:
    """A document that the query finds; ``weight`` is what it would cost to lose it."""

    name: str
    document: QueryDocument
    weight: int = 1

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of its texts that may tell something."""
        forms = (form for field in TEXT_FIELDS for form in self.document.fields[field].places)
        return frozenset(filter(_may_tell, forms))

    def words_near(self, leaves: Sequence[Node]) -> dict[str, int]:
        """Return the words near what the query looks for, with how near at best."""
        found: dict[str, int] = {}
        for field in TEXT_FIELDS:
            text = self.document.fields[field]
            places = {span for leaf in leaves for span in spans(leaf, field, text)}
            for first, last in places:
                for form, distance in _around(text, first, last):
                    found[form] = min(distance, found.get(form, distance))
        return found


@dataclass(frozen=True, slots=True)
class Exclusion:
    """What to keep out: ``covered`` are the rejected documents it would have, ``lost`` weighs the kept ones."""

    kind: Kind
    node: Node
    covered: frozenset[str]
    lost: int
    distance: int = 0

    @property
    def text(self) -> str:
        """The exclusion as a query writes it."""
        return canonical(Query("", Not(self.node)))


def choose(
    query: Query, rejected: Sequence[Sample], kept: Sequence[Sample], refused: Collection[str]
) -> list[Exclusion]:
    """Return the exclusions that cover the rejected together, few, each the best for what those before leave.

    None is among ``refused`` (by its text), none takes more than ``LOST_SHARE`` of what is kept.
    """
    lost_limit = LOST_SHARE * len(kept)
    candidates = [
        each
        for each in _candidates(query, rejected, kept)
        if each.lost <= lost_limit and each.text not in refused
    ]
    left = {sample.name for sample in rejected}
    chosen: list[Exclusion] = []
    while left and len(chosen) < CHOSEN_LIMIT:
        best = min(candidates, key=lambda each: _order(each, left), default=None)
        if best is None or not best.covered & left:
            break
        chosen.append(best)
        left -= best.covered
    return chosen


def _order(exclusion: Exclusion, left: set[str]) -> tuple[int, int, int, int, str]:
    covered = len(exclusion.covered & left)
    return -covered, exclusion.lost, _TRUST.index(exclusion.kind), exclusion.distance, exclusion.text


def _candidates(query: Query, rejected: Sequence[Sample], kept: Sequence[Sample]) -> Iterator[Exclusion]:
    leaves = [leaf for leaf in _sought(query.root) if _stands_in(leaf, rejected)]
    own = {form for leaf in leaves for form in leaf.tokens}
    if leaves:
        yield from _near(leaves, own, rejected, kept)
    yield from _sites(rejected, kept)
    for word in _words_of(sample.words for sample in rejected) - own:
        covered = frozenset(sample.name for sample in rejected if word in sample.words)
        lost = sum(sample.weight for sample in kept if word in sample.words)
        yield Exclusion("anywhere", Term(word, (word,)), covered, lost)


def _near(
    leaves: Sequence[Term], own: set[str], rejected: Sequence[Sample], kept: Sequence[Sample]
) -> Iterator[Exclusion]:
    named = disjunction(list(leaves))
    wrong = {sample.name: sample.words_near(leaves) for sample in rejected}
    right = [(sample.weight, sample.words_near(leaves)) for sample in kept]
    for word in _words_of(wrong.values()) - own:
        yield Exclusion(
            "near",
            Near(named, Term(word, (word,)), NEAR_TOKENS),
            frozenset(name for name, words in wrong.items() if word in words),
            sum(weight for weight, words in right if word in words),
            min(words[word] for words in wrong.values() if word in words),
        )


def _sites(rejected: Sequence[Sample], kept: Sequence[Sample]) -> Iterator[Exclusion]:
    for host in sorted({sample.document.host for sample in rejected} - {""}):
        covered = frozenset(sample.name for sample in rejected if sample.document.host == host)
        if len(covered) >= _SAME_SITE:
            lost = sum(sample.weight for sample in kept if sample.document.host == host)
            yield Exclusion("site", Filter("site", (host,)), covered, lost)


def _sought(node: Node) -> Iterator[Term]:
    """Yield the terms a query looks for, wherever it does, each once as a term of any field."""
    seen: set[tuple[str, ...]] = set()
    waiting = [node]
    while waiting:
        match waiting.pop(0):
            case And(operands) | Or(operands):
                waiting += operands
            case Near(left, right):
                waiting += (left, right)
            case Term(text, tokens) if tokens not in seen:
                seen.add(tokens)
                yield Term(text, tokens)


def _stands_in(leaf: Term, samples: Iterable[Sample]) -> bool:
    return any(
        spans(leaf, field, sample.document.fields[field]) for sample in samples for field in TEXT_FIELDS
    )


def _around(text: FieldText, first: int, last: int) -> Iterator[tuple[str, int]]:
    """Yield the words that a NEAR of ``NEAR_TOKENS`` reaches from a span, with their distance."""
    for distance in range(1, NEAR_TOKENS + 2):
        for place in (first - distance, last + distance):
            if 0 <= place < len(text.tokens) and _may_tell(form := text.tokens[place].form):
                yield form, distance


def _words_of(sets: Iterable[Iterable[str]]) -> set[str]:
    return {word for words in sets for word in words}


def _may_tell(form: str) -> bool:
    return len(form) >= _SHORTEST and form.isalpha() and form not in _COMMON
