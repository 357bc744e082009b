"""Stories as directions in the space of their terms: how near two of them point."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vigie.domain.subjects.features import Features
from vigie.domain.subjects.frequencies import Frequencies

TERMS_AT_MOST: Final = 30  # the most telling ones of a story; the rest of a long lead only blurs it
LONE_SHARE: Final = 0.3  # of the weight of what a story alone speaks of

Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story as grouping sees it: when it first came out, and what it speaks of."""

    story_id: str
    at: datetime
    features: Features

    @property
    def order(self) -> tuple[datetime, str]:
        """Its place in time."""
        return self.at, self.story_id


def vectors_of(stories: Sequence[Told], stack: Frequencies) -> dict[str, Vector]:
    """Return the unit vector of each story, by id.

    A term of one story alone cannot bring it near another. All of those together count as one term of its own, at a
    part of their weight: with none, the few stories of a day would be alike for the one word they share, the client's
    name; with all, every story would be far from all. With a stack that has counted nothing yet, the stories
    themselves say what is common.
    """
    own = Frequencies.of((story.features.weights for story in stories), at_least=2)
    known = stack if stack.documents else own
    share = LONE_SHARE if stack.documents else 0.0  # else nothing says which words are rare
    return {story.story_id: _vector(story, known, own, share) for story in stories}


def _vector(story: Told, known: Frequencies, own: Frequencies, lone_share: float) -> Vector:
    told = [(term, weight * known.rarity(term)) for term, weight in story.features.weights.items()]
    telling = sorted(told, key=lambda item: (-item[1], item[0]))
    shared = [(term, weight) for term, weight in telling if term in own.counts][:TERMS_AT_MOST]
    lone = [weight for term, weight in telling if term not in own.counts][:TERMS_AT_MOST]
    apart = lone_share * math.sqrt(math.fsum(weight * weight for weight in lone))
    whole = [*shared, (f"\0{story.story_id}", apart)] if shared and apart else shared
    length = math.sqrt(math.fsum(weight * weight for _, weight in whole))
    return {term: weight / length for term, weight in whole} if length else {}


@dataclass(slots=True)
class Sum:
    """A sum of vectors, with its length at hand: one that grows is not measured anew with all its terms."""

    weights: dict[str, float]
    length: float
    _squares: list[float]

    @classmethod
    def of(cls, vectors: Iterable[Vector]) -> "Sum":
        """Return the sum of vectors, the same to the last bit in any order."""
        parts: dict[str, list[float]] = {}
        for vector in vectors:
            for term, weight in vector.items():
                parts.setdefault(term, []).append(weight)
        weights = {term: math.fsum(each) for term, each in parts.items()}
        squares = _exactly([weight * weight for weight in weights.values()])
        return cls(weights, math.sqrt(math.fsum(squares)), squares)

    def add(self, vector: Vector) -> None:
        """Add a vector, at the cost of its own terms only."""
        for term, weight in vector.items():
            before = self.weights.get(term, 0.0)
            after = self.weights[term] = before + weight
            self._squares += (after * after, -before * before)
        self._squares = _exactly(self._squares)
        self.length = math.sqrt(math.fsum(self._squares))


def likeness(one: Sum, other: Sum) -> float:
    """Return the cosine of two vectors of any length, 0 when one has none."""
    shorter, longer = sorted((one.weights, other.weights), key=len)
    shared = math.fsum(weight * longer[term] for term, weight in shorter.items() if term in longer)
    return shared / (one.length * other.length) if shared > 0.0 else 0.0


def _exactly(values: Sequence[float]) -> list[float]:
    """Return a few numbers whose sum is that of many, with nothing rounded away."""
    few: list[float] = []
    while rest := math.fsum((*values, *(-part for part in few))):
        few.append(rest)
    return few
