"""Linear heads at work: from what features weigh to a label, how sure it is, and which words made it.

A head gives each label the score ``bias + prior + scale × Σ block / √features``, a block being the words of the text,
or the named features that a task adds (``Weighed`` each); ``softmax(score / temperature)`` is calibrated confidence.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from vigie.domain.classification.artefact import HEADS, Header, read
from vigie.domain.classification.features import NEGATED, Words, folded
from vigie.domain.classification.table import Table, Weighed
from vigie.domain.mentions import Clue, Label

Family = Literal["press", "social"]
"""Sources that write alike: what is calibrated on one is not on the other."""

TASKS: Final = ("language", "topic", "tone_social", "tone_world", "tone_press")
"""The heads of the package, by the names of their artefacts."""

_CLUES_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Head:
    """One task's weights, as lanes of the common table."""

    header: Header
    table: Table
    first_lane: int

    def scores(self, blocks: Sequence[Weighed], family: Family) -> list[float]:
        """Return the score of each label, in the order of ``header.labels``."""
        header = self.header
        priors = header.priors.get(family) or [0.0] * len(header.labels)
        scores = [bias + prior for bias, prior in zip(header.biases, priors, strict=True)]
        for block in blocks:
            if block.count:
                unit = header.scale / math.sqrt(block.count)
                for place in range(len(scores)):
                    scores[place] += unit * self.table.lane(block, self.first_lane + place)
        return scores

    def probabilities(self, blocks: Sequence[Weighed], family: Family) -> list[float]:
        """Return how probable each label is, in the order of ``header.labels``."""
        return softmax(self.scores(blocks, family), self.header.temperatures.get(family, 1.0))

    def decided(
        self, probabilities: Sequence[float], family: Family, evidence: tuple[Clue, ...] = ()
    ) -> Label:
        """Return the most probable label; it abstains below the family's threshold."""
        best = max(range(len(probabilities)), key=probabilities.__getitem__)
        confidence = probabilities[best]
        return Label(
            self.header.labels[best],
            round(confidence, 3),
            evidence,
            abstained=confidence < self.header.thresholds.get(family, 0.0),
        )

    def words_that_weighed(
        self, words: Words, probabilities: Sequence[float], text: str, field: str
    ) -> list[tuple[int, Clue]]:
        """Return the words that spoke for the most probable label against the next, each with by how much."""
        places = sorted(range(len(probabilities)), key=probabilities.__getitem__, reverse=True)
        own, rival = self.first_lane + places[0], self.first_lane + places[1]
        table, found = self.table, {}
        for marked, span in zip(words.marked, words.spans, strict=True):
            if marked in found:
                continue
            weighed = table.of_word(marked)
            found[marked] = (table.lane(weighed, own) - table.lane(weighed, rival), span)
        return [
            (
                lead,
                Clue(f"word:{folded(marked).replace(NEGATED, 'not ')}", text[start:end], field, start, end),
            )
            for marked, (lead, (start, end)) in found.items()
            if lead > 0
        ]


def heaviest(clues: Sequence[tuple[int, Clue]], count: int = _CLUES_SHOWN) -> tuple[Clue, ...]:
    """Return the clues that weighed most, the heaviest first."""
    return tuple(clue for _, clue in sorted(clues, key=lambda clue: -clue[0])[:count])


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
    heads: dict[str, Head] = {}
    lane = 0
    for task, artefact in zip(tasks, artefacts, strict=True):
        heads[task] = Head(artefact.header, table, lane)
        lane += len(artefact.columns)
    return Model(table, heads)
