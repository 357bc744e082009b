"""How two groupings of the same documents agree: pairs, B-cubed, adjusted Rand."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def pairs(truth: Mapping[str, str], found: Mapping[str, str]) -> Score:
    """Score pairs of documents put together."""
    both = _pairs(Counter((truth[key], found[key]) for key in truth))
    return Score(
        _ratio(both, _pairs(Counter(found[key] for key in truth))),
        _ratio(both, _pairs(Counter(truth.values()))),
    )


def b_cubed(truth: Mapping[str, str], found: Mapping[str, str]) -> Score:
    """Score each document's group, and average over documents. Bagga and Baldwin, 1998."""
    true_size, found_size = Counter(truth.values()), Counter(found[key] for key in truth)
    both = Counter((truth[key], found[key]) for key in truth)
    precision = sum(count * count / found_size[group] for (_, group), count in both.items())
    recall = sum(count * count / true_size[story] for (story, _), count in both.items())
    return Score(_ratio(precision, len(truth)), _ratio(recall, len(truth)))


def adjusted_rand(one: Mapping[str, str], other: Mapping[str, str]) -> float:
    """Return the agreement of two groupings, 1 when they are the same, about 0 by chance. Hubert and Arabie, 1985."""
    both = _pairs(Counter((one[key], other[key]) for key in one))
    mine, theirs = _pairs(Counter(one.values())), _pairs(Counter(other[key] for key in one))
    total = len(one) * (len(one) - 1) / 2
    expected = mine * theirs / total if total else 0.0
    largest = (mine + theirs) / 2
    return 1.0 if largest == expected else (both - expected) / (largest - expected)


def by_kind(truth: Mapping[str, str], found: Mapping[str, str], kinds: Mapping[str, str]) -> dict[str, Score]:
    """Return the B-cubed score of each kind's documents, their groups being whole."""
    true_size, found_size = Counter(truth.values()), Counter(found[key] for key in truth)
    both = Counter((truth[key], found[key]) for key in truth)
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for key, kind in kinds.items():
        shared = both[truth[key], found[key]]
        row = sums[kind]
        row[0] += 1
        row[1] += shared / found_size[found[key]]
        row[2] += shared / true_size[truth[key]]
    return {kind: Score(row[1] / row[0], row[2] / row[0]) for kind, row in sorted(sums.items())}


def _pairs(counts: Counter[object]) -> float:
    return sum(count * (count - 1) / 2 for count in counts.values())


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 1.0
