"""How right, how sure and how rightly sure a classifier is, from its answers and the truth."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from vigie.domain.mentions import Label

BINS = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of one example, and what it is."""

    said: Label
    truth: str

    @property
    def right(self) -> bool:
        """Whether the best guess is the truth."""
        return self.said.value == self.truth


def accuracy(answers: Sequence[Answer]) -> float:
    """Return the share of best guesses that are right, 0 of none."""
    return sum(answer.right for answer in answers) / len(answers) if answers else 0.0


def macro_f1(answers: Sequence[Answer]) -> float:
    """Return F1 averaged over the labels that the truth holds."""
    truths = Counter(answer.truth for answer in answers)
    said = Counter(answer.said.value for answer in answers)
    right = Counter(answer.truth for answer in answers if answer.right)
    scores = [2 * right[label] / (truths[label] + said[label]) for label in truths]
    return sum(scores) / len(scores) if scores else 0.0


def recall(answers: Sequence[Answer], label: str) -> float:
    """Return the share of a label's examples that were found."""
    return accuracy([answer for answer in answers if answer.truth == label])


def calibration_error(answers: Sequence[Answer], bins: int = BINS) -> float:
    """Return the expected calibration error: |accuracy - confidence| over bins of equal width, by their sizes."""
    filled: dict[int, list[Answer]] = {}
    for answer in answers:
        filled.setdefault(min(bins - 1, int(answer.said.confidence * bins)), []).append(answer)
    gaps = [
        abs(sum(answer.right for answer in held) - sum(answer.said.confidence for answer in held))
        for held in filled.values()
    ]
    return sum(gaps) / len(answers) if answers else 0.0


def surest(answers: Sequence[Answer], coverage: float) -> list[Answer]:
    """Return the share of answers that are the most confident."""
    ranked = sorted(answers, key=lambda answer: -answer.said.confidence)
    return ranked[: round(coverage * len(ranked))]


def kept(answers: Sequence[Answer]) -> list[Answer]:
    """Return the answers that do not abstain."""
    return [answer for answer in answers if not answer.said.abstained]
