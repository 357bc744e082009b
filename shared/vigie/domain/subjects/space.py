"""Stories as directions in the space of their terms: how near two of them point."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vigie.domain.subjects.features import Features
from vigie.domain.subjects.frequencies import Frequencies

TERMS_AT_MOST: Final = 30  # the most telling ones of a story; the rest of a long lead only blurs it

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

    A term of one story alone cannot bring it near another: it is left out, or every story would be far from all for
    the words only it uses. With a stack that has counted nothing yet, the stories themselves say what is common.
    """
    own = Frequencies.of((story.features.weights for story in stories), at_least=2)
    known = stack if stack.documents else own
    return {story.story_id: _vector(story.features.weights, known, own) for story in stories}


def _vector(weights: Vector, known: Frequencies, own: Frequencies) -> Vector:
    told = [(term, weight * known.rarity(term)) for term, weight in weights.items() if term in own.counts]
    telling = sorted(told, key=lambda item: (-item[1], item[0]))[:TERMS_AT_MOST]
    length = math.sqrt(math.fsum(weight * weight for _, weight in telling))
    return {term: weight / length for term, weight in telling} if length else {}


def sum_of(vectors: Iterable[Vector]) -> Vector:
    """Return the sum of vectors, the same to the last bit in any order."""
    parts: dict[str, list[float]] = {}
    for vector in vectors:
        for term, weight in vector.items():
            parts.setdefault(term, []).append(weight)
    return {term: math.fsum(weights) for term, weights in parts.items()}


def likeness(one: Vector, other: Vector) -> float:
    """Return the cosine of two vectors of any length, 0 when one has none."""
    shorter, longer = (one, other) if len(one) <= len(other) else (other, one)
    shared = math.fsum(weight * longer[term] for term, weight in shorter.items() if term in longer)
    return shared / (_length(one) * _length(other)) if shared > 0.0 else 0.0


def _length(vector: Vector) -> float:
    return math.sqrt(math.fsum(weight * weight for weight in vector.values()))
