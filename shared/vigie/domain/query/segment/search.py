"""One query put to many segments: first sets of documents, as bits, then places in those that may match.

The tests of phrases, windows, NEAR and ``raw:`` are the engine's own; only what a document holds, and where, comes
from the segment instead of its text.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from json import dumps
from typing import TypeAlias

from vigie.domain.query.bits import bits, each_bit
from vigie.domain.query.engine.decide import Test, chance_of, test_of
from vigie.domain.query.engine.program import Program, inward, program_of
from vigie.domain.query.engine.recognise import ANY_TEXT, AUTHOR
from vigie.domain.query.engine.vocabulary import Vocabulary
from vigie.domain.query.nodes import Node
from vigie.domain.query.occurrences import is_pattern
from vigie.domain.query.prepared import TEXT_FIELDS, QueryDocument
from vigie.domain.query.segment.read import Segment

Texts: TypeAlias = Callable[[int], QueryDocument]
"""What gives a segment's document by its number, for ``raw:``."""

Asking: TypeAlias = Callable[["Opened", int], int]
"""Which of some documents (bits) of an opened segment hold."""

_FEW = 8  # facts: with fewer, a choice is put together anew each time
_MANY = 200  # facts: from so many on, those that a segment has are found all at once


class Search:
    """Queries made ready to be put to segments; those made by one Search share what they find in a segment."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary()
        self._choices: list[frozenset[int]] = []

    def asking(self, root: Node) -> Asking:
        """Return what finds the documents that a query's tree matches. Make all before opening a segment."""
        return self._made(program_of(inward(root), self.vocabulary))

    @cached_property
    def exact(self) -> Mapping[bytes, int]:
        """The facts that are words as they are written, by name."""
        added = self.vocabulary.added.items()
        return {name: fact for name, fact in added if b":" not in name and not is_pattern(name.decode())}

    @cached_property
    def exact_facts(self) -> frozenset[int]:
        """The facts that are words as they are written."""
        return frozenset(self.exact.values())

    def open(self, segment: Segment, texts: Texts) -> "Opened":
        """Return a segment ready to be asked."""
        return Opened(segment, texts, self)

    def _made(self, program: Program) -> Asking:
        match program:
            case int(fact):
                return lambda opened, among: opened.holders(fact) & among
            case ["not", operand]:
                asking = self._made(operand)
                return lambda opened, among: among & ~asking(opened, among)
            case ["and", *operands]:
                return _all([self._made(operand) for operand in sorted(operands, key=_cost)])
            case ["or", *operands]:
                facts = frozenset(each for each in operands if isinstance(each, int))
                others = sorted((each for each in operands if not isinstance(each, int)), key=_cost)
                return _any(self._choice(facts), [self._made(each) for each in others])
            case _:
                return _placed(dumps(program), self._made(chance_of(program)), test_of(program))

    def _choice(self, facts: frozenset[int]) -> Asking:
        """Return what finds the holders of any of some facts; of a choice known but for one fact, in no time."""
        for choice in self._choices:
            if len(choice) == len(facts) + 1 and facts < choice:
                (missing,) = choice - facts
                return lambda opened, _: opened.choice_without(choice, missing)
        if len(facts) >= _FEW:
            self._choices.append(facts)
        return lambda opened, _: opened.choice(facts)[0]


class Opened:
    """A segment while queries are put to it: what was found of it is remembered."""

    def __init__(self, segment: Segment, texts: Texts, search: Search) -> None:
        self.segment = segment
        self.texts = texts
        self.everything = (1 << len(segment)) - 1
        self.facts = frozenset(range(1, len(search.vocabulary) + 1))
        self.decided: dict[str, tuple[int, int]] = {}  # of a term with places: asked about, and held
        self._vocabulary = search.vocabulary
        self._holders: dict[int, int] = {}
        self._chosen: dict[frozenset[int], tuple[int, int]] = {}
        self._terms: dict[tuple[int, bool], list[int]] = {}
        self._present: frozenset[int] | None = None
        if len(search.exact) > _MANY:
            terms = dict(zip(segment.names, range(len(segment.names)), strict=True))
            here = {search.exact[name]: terms[name] for name in search.exact.keys() & terms.keys()}
            self._terms = {(fact, False): [term] for fact, term in here.items()}
            self._present = self.facts - search.exact_facts | here.keys()

    def choice(self, facts: frozenset[int]) -> tuple[int, int]:
        """Return the documents that hold one of some facts, and those that hold two or more."""
        found = self._chosen.get(facts)
        if found is None:
            once = twice = 0
            for fact in facts if self._present is None else facts & self._present:
                held = self.holders(fact)
                twice |= once & held
                once |= held
            found = self._chosen[facts] = once, twice
        return found

    def choice_without(self, facts: frozenset[int], missing: int) -> int:
        """Return the documents that hold one of some facts other than ``missing``."""
        once, twice = self.choice(facts)
        return once & ~(self.holders(missing) & ~twice)

    def holders(self, fact: int) -> int:
        """Return the documents that hold a fact."""
        held = self._holders.get(fact)
        if held is None:
            held = self._holders[fact] = self._find(fact)
        return held

    def terms(self, fact: int, *, of_author: bool = False) -> list[int]:
        """Return the segment's terms that a fact means; or that it would mean in the author's name."""
        key = (fact, of_author)
        terms = self._terms.get(key)
        if terms is None:
            name = self._vocabulary.name(fact)
            terms = self._terms[key] = self.segment.terms(f"author:{name}" if of_author else name)
        return terms

    def _find(self, fact: int) -> int:
        held = 0
        for term in self.terms(fact):
            held |= self.segment.holders(term)
        field, colon, _ = self._vocabulary.name(fact).partition(":")
        if not (colon and field in TEXT_FIELDS):
            return held
        number = TEXT_FIELDS.index(field)
        return bits([document for document in each_bit(held) if Placed(self, document).mask(fact, number)])


class Placed:
    """One document of an opened segment, as the engine's tests ask it."""

    __slots__ = ("_number", "_opened", "starts")

    def __init__(self, opened: Opened, number: int) -> None:
        self._opened = opened
        self._number = number
        self.starts = opened.segment.starts(number)

    @property
    def document(self) -> QueryDocument:
        """The document with its texts."""
        return self._opened.texts(self._number)

    def mask(self, fact: int, field: int) -> int:
        """Return the positions of a token or pattern in a field (or ``ANY_TEXT``), as bits."""
        terms = self._opened.terms(fact, of_author=field == AUTHOR)
        places = [place for term in terms for place in self._opened.segment.places(term, self._number)]
        if field in {ANY_TEXT, AUTHOR}:
            return bits(places)
        start, end = self.starts[field], self.starts[field + 1]
        return bits([place for place in places if start <= place < end])


def _all(askings: Sequence[Asking]) -> Asking:
    def ask(opened: Opened, among: int) -> int:
        for asking in askings:
            if not among:
                break
            among = asking(opened, among)
        return among

    return ask


def _any(choice: Asking, askings: Sequence[Asking]) -> Asking:
    def ask(opened: Opened, among: int) -> int:
        found = choice(opened, among) & among
        for asking in askings:
            left = among & ~found
            if not left:
                break
            found |= asking(opened, left)
        return found

    return ask


def _placed(key: str, chance: Asking, test: Test) -> Asking:
    def ask(opened: Opened, among: int) -> int:
        asked, held = opened.decided.get(key, (0, 0))
        new = chance(opened, among & ~asked)
        found = [number for number in each_bit(new) if test(opened.facts, Placed(opened, number))]
        opened.decided[key] = asked | among, held | bits(found)
        return opened.decided[key][1] & among

    return ask


def _cost(program: Program) -> int:
    """Return what a program costs, so that the cheap is asked first: a set, places, texts."""
    match program:
        case int():
            return 0
        case ["raw", *_]:
            return 3
        case ["and" | "or" | "not" as operator, *operands]:
            return max((int(operator == "not"), *map(_cost, operands)))
        case ["near", _, _, left, right]:
            return max(2, _cost(left), _cost(right))
        case _:
            return 2
