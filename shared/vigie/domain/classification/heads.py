"""Linear heads at work: from what features weigh to a label, how sure it is, and which words made it.

A head gives each label the score ``bias + prior + scale × Σ block / √features``, a block being the words of the text,
or the named features that a task adds (sums of the table), which count ``named_gain`` times as much;
``softmax(score / temperature)`` is calibrated confidence.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count, islice
from operator import sub
from pathlib import Path
from typing import Final, Literal

from vigie.domain.classification.artefact import HEADS, Header, read
from vigie.domain.classification.table import BIAS, Table
from vigie.domain.mentions import Clue, Label

Family = Literal["press", "social"]
"""Sources that write alike: what is calibrated on one is not on the other."""

TASKS: Final = (
    "language",
    "topic",
    "tone_social",
    "tone_world",
    "tone_press",
    "relevance",
    "impact",
    "crisis",
    "crisis_type",
)
"""The heads of the package, by the names of their artefacts."""


@dataclass(frozen=True, slots=True)
class Head:
    """One task's weights: ``places`` are those of its labels in the sums of the common table."""

    header: Header
    table: Table
    places: tuple[int, ...]

    def scores(self, blocks: Sequence[int], family: Family) -> list[float]:
        """Return the score of each label, in the order of ``header.labels``."""
        header = self.header
        scores = list(header.biases)
        gain = 1.0
        for block in blocks:
            if block:
                lanes = self.table.lanes(block)
                count = lanes[self.table.counter]
                level, unit = BIAS * count, gain * header.scale / math.sqrt(count)
                scores = [
                    score + unit * (lanes[place] - level)
                    for score, place in zip(scores, self.places, strict=True)
                ]
            gain = header.named_gain
        priors = header.priors.get(family)
        return [score + prior for score, prior in zip(scores, priors, strict=True)] if priors else scores

    def probabilities(self, blocks: Sequence[int], family: Family) -> list[float]:
        """Return how probable each label is, in the order of ``header.labels``."""
        return softmax(self.scores(blocks, family), self.header.temperatures.get(family, 1.0))

    def decided(
        self, probabilities: Sequence[float], family: Family, evidence: tuple[Clue, ...] = ()
    ) -> Label:
        """Return the label that it would cost most to miss, how probable it is; it abstains below a threshold."""
        place = self.place_of(probabilities)
        confidence = probabilities[place]
        return Label(
            self.header.labels[place],
            round(confidence, 3),
            evidence,
            abstained=confidence < self.header.thresholds.get(family, 0.0),
        )

    def place_of(self, probabilities: Sequence[float]) -> int:
        """Return the place of the answer: the most probable label, costs counted in."""
        if not self.header.costs:
            return probabilities.index(max(probabilities))
        costs = self.header.costs
        weighed = [
            probability * costs.get(label, 1.0)
            for label, probability in zip(self.header.labels, probabilities, strict=True)
        ]
        return weighed.index(max(weighed))

    def leads(self, words: memoryview, probabilities: Sequence[float]) -> list[int]:
        """Return by how much each word (sums side by side) speaks for the most probable label against the next."""
        first, second = sorted(range(len(probabilities)), key=probabilities.__getitem__)[:-3:-1]
        width = self.table.width
        return list(map(sub, words[self.places[first] :: width], words[self.places[second] :: width]))


def softmax(scores: Sequence[float], temperature: float) -> list[float]:
    """Return probabilities in the proportions of ``exp(score / temperature)``."""
    highest = max(scores)
    powers = [math.exp((score - highest) / temperature) for score in scores]
    whole = sum(powers)
    return [power / whole for power in powers]


@dataclass(frozen=True, slots=True)
class Model:
    """Heads over one table."""

    table: Table
    heads: dict[str, Head]


@cache
def model(tasks: tuple[str, ...] = TASKS, folder: Path = HEADS) -> Model:
    """Return heads by task, read and checked at their first use (``BadArtefact`` says which is not as packed)."""
    artefacts = [read(task, folder) for task in tasks]
    table = Table([column for artefact in artefacts for column in artefact.columns])
    places = iter(map(table.place, count()))
    return Model(
        table,
        {
            task: Head(artefact.header, table, tuple(islice(places, len(artefact.columns))))
            for task, artefact in zip(tasks, artefacts, strict=True)
        },
    )
