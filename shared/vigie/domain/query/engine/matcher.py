"""Many watches, one document: which of them it matches, and the words that say so."""

from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

from vigie.domain.query.engine.index import Index
from vigie.domain.query.evaluate import Match, evaluate
from vigie.domain.query.nodes import Query
from vigie.domain.query.prepared import QueryDocument

Key = TypeVar("Key", bound=Hashable)


class Matcher(Generic[Key]):
    """Some watches, ready to be asked about one document after the other."""

    def __init__(self, watches: Iterable[tuple[Key, Query]]) -> None:
        self._watches = tuple(watches)
        self._index = Index()
        for number, (_, query) in enumerate(self._watches):
            self._index.add(str(number), query)

    def match(self, document: QueryDocument) -> list[tuple[Key, Match]]:
        """Return the watches that ``document`` matches, with the evidence, in the order they were given."""
        found = []
        for number in self._index.matching(self._index.recognise(document)):
            key, query = self._watches[number]
            if match := evaluate(query, document):
                found.append((key, match))
        return found
