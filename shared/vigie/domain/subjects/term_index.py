"""Which subjects share words with a story, found by the words: not by comparing it with every subject."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from vigie.domain.subjects.space import Sum

_ROUNDING: Final = 1e-9  # what is asked for may come out this much less here than compared exactly


@dataclass(slots=True)
class TermIndex:
    """Sums by place, and for each term the places whose sum has it."""

    _sums: dict[int, Sum] = field(default_factory=dict)
    _places: dict[str, set[int]] = field(default_factory=dict)

    def put(self, place: int, total: Sum, gained: Iterable[str]) -> None:
        """Keep the sum at a place, which has gained these terms since it was put last."""
        self._sums[place] = total
        for term in gained:
            self._places.setdefault(term, set()).add(place)

    def drop(self, place: int) -> None:
        """Forget the sum at a place."""
        for term in self._sums.pop(place).weights:
            self._places[term].discard(place)

    def near(self, vector: Sum, at_least: float) -> list[int]:
        """Return the places whose cosine with a vector is ``at_least`` so much, and maybe a few just under it."""
        shared: dict[int, float] = {}
        for term, weight in vector.weights.items():
            for place in self._places.get(term, ()):
                shared[place] = shared.get(place, 0.0) + weight * self._sums[place].weights[term]
        needed = (at_least - _ROUNDING) * vector.length
        return [place for place, product in shared.items() if product >= needed * self._sums[place].length]
