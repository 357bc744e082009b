"""Every query at once: those of a compiled file, less those changed since, and the changed ones."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from vigie.domain.query.engine.anchors import Second, file_under
from vigie.domain.query.engine.compiled import Compiled, Content, write
from vigie.domain.query.engine.decide import Test, test_of
from vigie.domain.query.engine.program import HOLDS, Program, inward, program_of
from vigie.domain.query.engine.recognise import Recognised, Recogniser
from vigie.domain.query.engine.vocabulary import Vocabulary
from vigie.domain.query.engine.weights import guess, share
from vigie.domain.query.nodes import Query
from vigie.domain.query.prepared import QueryDocument


@dataclass(slots=True)
class _Added:
    """A query added since the file was compiled."""

    name: str
    program: Program
    label: str


_Filed: TypeAlias = "array[int] | dict[int, list[int]]"
"""Queries filed under one anchor: a second fact (0: none) and a query by turns; many of them by second fact.

An array, because numbers that lie together are read sooner than numbers kept here and there.
"""

_MANY = 64


class Index:
    """Queries by name, put to one document at a time.

    Queries have numbers, in the order they were added; those of the file come first. A query replaced or removed
    loses its number for good.
    """

    def __init__(self, compiled: Compiled | None = None) -> None:
        self._compiled = compiled
        self._base = len(compiled) if compiled else 0
        self._vocabulary = Vocabulary(compiled.known if compiled else None)
        self._recogniser = Recogniser(self._vocabulary)
        self._anchored = compiled.anchored if compiled else bytearray(1)
        self._filed: dict[int, _Filed] = {}
        self._always: list[int] = list(compiled.always) if compiled else []
        self._tests: dict[int, Test] = {}
        self._added: list[_Added] = []
        self._numbers: dict[str, int] = {}
        self._gone: set[int] = set()

    def __len__(self) -> int:
        return self._base + len(self._added) - len(self._gone)

    @property
    def changes(self) -> int:
        """How many queries were added, replaced or removed since the file was compiled."""
        return len(self._added) + len(self._gone)

    def add(self, name: str, query: Query, label: str = "") -> int:
        """Add a query, in the place of the one with this name if any; return its number."""
        self.remove(name)
        number = self._base + len(self._added)
        filing = file_under(inward(query.root), self._vocabulary, self._weigh)
        program = program_of(filing.rest, self._vocabulary) if filing.rest else HOLDS
        self._added.append(_Added(name, program, label))
        self._numbers[name] = number
        self._anchored.extend(bytes(len(self._vocabulary) + 1 - len(self._anchored)))
        for anchor, second in filing.anchors.items():
            self._file(anchor, second, number)
        if not filing.anchors:
            self._always.append(number)
        self._recogniser.forget()
        return number

    def remove(self, name: str) -> bool:
        """Forget a query; return whether there was one."""
        number = self.number(name)
        if number is None:
            return False
        self._gone.add(number)
        self._numbers.pop(name, None)
        self._tests.pop(number, None)
        return True

    def number(self, name: str) -> int | None:
        """Return the number of the query with this name."""
        number = self._numbers.get(name)
        if number is None and self._compiled:
            number = self._compiled.number(name)
        return None if number in self._gone else number

    def label(self, number: int) -> str:
        """Return what was kept of a query when it was added."""
        if self._compiled and number < self._base:
            return self._compiled.label(number)
        return self._added[number - self._base].label

    def recognise(self, document: QueryDocument) -> Recognised:
        """Return what queries see of a document, until the next query is added."""
        return self._recogniser(document)

    def matching(self, document: Recognised) -> list[int]:
        """Return the numbers of the queries that a document matches, in order."""
        held, tests = document.held, self._tests
        found = []
        for number in self.candidates(document):
            test = tests.get(number) or self._test(number)
            if test(held, document):
                found.append(number)
        found.sort()
        return found

    def candidates(self, document: Recognised) -> set[int]:
        """Return the numbers of the queries that have to be asked about a document."""
        held, filed, anchored = document.held, self._filed, self._anchored
        found = set(self._always)
        for anchor in [fact for fact in held if anchored[fact]]:
            here = filed.get(anchor) or self._open(anchor)
            if isinstance(here, dict):
                for second in here.keys() & held:
                    found.update(here[second])
            else:
                turns = iter(here.tolist())
                for second, number in zip(turns, turns, strict=True):
                    if second in held:
                        found.add(number)
        return found - self._gone if self._gone else found

    def _test(self, number: int) -> Test:
        if self._compiled and number < self._base:
            program = self._compiled.program(number)
        else:
            program = self._added[number - self._base].program
        test = self._tests[number] = test_of(program)
        return test

    def _open(self, anchor: int) -> "_Filed":
        """Return what is filed under an anchor, read from the file the first time."""
        known = self._compiled is not None and anchor <= len(self._compiled.known.names)
        entries = self._compiled.entries(anchor) if self._compiled and known else array("I")
        filed = self._filed[anchor] = entries if len(entries) < _MANY else _by_second(entries)
        return filed

    def _file(self, anchor: int, second: Second | None, number: int) -> None:
        filed = self._filed.get(anchor) or self._open(anchor)
        self._anchored[anchor] = 1
        entries = [each for fact in (second.facts if second else (0,)) for each in (fact, number)]
        if isinstance(filed, dict):
            for fact in entries[::2]:
                filed.setdefault(fact, []).append(number)
        else:
            filed.extend(entries)
            if len(filed) >= _MANY:
                self._filed[anchor] = _by_second(filed)

    def _weigh(self, fact: int) -> float:
        if self._compiled and fact <= len(self._compiled.known.names):
            return self._compiled.share(fact)
        return guess(self._vocabulary.name(fact))


def _by_second(entries: "array[int]") -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for second, number in zip(entries[::2], entries[1::2], strict=True):
        found.setdefault(second, []).append(number)
    return found


def open_compiled(content: bytes) -> Index:
    """Return the index of a compiled file. Raises BadFile, saying what is wrong with it."""
    return Index(Compiled(content))


def compile_queries(queries: Iterable[tuple[str, Query, str]], sample: Iterable[QueryDocument] = ()) -> bytes:
    """Return the compiled file of queries (name, query, label), their anchors chosen by what a sample holds.

    Names are distinct. The rarer a sample shows an anchor to be, the fewer documents ask its queries.
    """
    vocabulary = Vocabulary()
    roots, names, labels = [], [], []
    for name, query, label in queries:
        root = inward(query.root)
        program_of(root, vocabulary)  # so that every fact is known before the sample is read
        roots.append(root)
        names.append(name)
        labels.append(label)
    shares = _shares(vocabulary, sample)
    entries: dict[int, list[tuple[int, int]]] = {}
    always, programs = [], []
    for number, root in enumerate(roots):
        filing = file_under(root, vocabulary, lambda fact: shares[fact - 1])
        programs.append(program_of(filing.rest, vocabulary) if filing.rest else HOLDS)
        for anchor, second in filing.anchors.items():
            entries.setdefault(anchor, []).extend(
                (fact, number) for fact in (second.facts if second else (0,))
            )
        if not filing.anchors:
            always.append(number)
    content = Content(
        known=vocabulary.all_known(),
        shares=shares,
        entries=entries,
        always=always,
        programs=programs,
        names=names,
        labels=labels,
    )
    return write(content)


def _shares(vocabulary: Vocabulary, sample: Iterable[QueryDocument]) -> list[float]:
    recognise = Recogniser(vocabulary)
    held = [0] * (len(vocabulary) + 1)
    documents = 0
    for document in sample:
        documents += 1
        for fact in recognise(document).held:
            if fact > 0:
                held[fact] += 1
    return [share(vocabulary.name(fact), held[fact], documents) for fact in range(1, len(vocabulary) + 1)]
