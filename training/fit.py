"""From a task to its artefact: features, cross-validation, calibration, weights, bytes."""

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from training.examples import Example, Labelled, Sources
from training.solver import softmax, solve
from training.task import Task
from vigie.domain.classification.artefact import Header, packed
from vigie.domain.classification.heads import Family

FOLDS = 5
_TEMPERATURES = [round(0.05 * step, 2) for step in range(4, 81)]  # 0.2 to 4
_COSTS = [round(1 + 0.05 * step, 2) for step in range(61)]  # 1 to 4
FAMILIES: tuple[Family, ...] = ("press", "social")
_ENOUGH = 60  # examples of a family, for a temperature and a threshold of its own
_CLIPPED = 0.9998  # of the weights are told exactly; int8 would spend its steps on the few that are larger


@dataclass(frozen=True, slots=True)
class Set:
    """What a task learns from, in numbers."""

    features: sparse.csr_matrix
    places: np.ndarray
    weights: np.ndarray
    families: np.ndarray
    folds: np.ndarray
    drawn: np.ndarray


def head_of(task: Task, sources: Sources) -> bytes:
    """Return the artefact of a task, trained on all it learns from and calibrated on what each fold left out."""
    learnt = task.learn(sources)
    given = _set_of(task, learnt)
    rarity = _rarity(given.features) if task.rarity else np.ones(given.features.shape[1])
    scaled = (given.features @ sparse.diags(rarity)).tocsr()
    held_out = _held_out(task, scaled, given)
    temperatures = _temperatures(held_out, given)
    told = softmax(held_out / np.array([[temperatures[family]] for family in given.families]))
    costs = _costs(task, told, given)
    thresholds = _thresholds(task, told, costs, given)
    found, biases = _solve(task, scaled, given, np.ones(len(given.places), dtype=bool))
    whole = found * rarity[:, None]
    scale = float(np.quantile(np.abs(whole[whole != 0]), _CLIPPED)) / 127
    quantised = np.clip(np.rint(whole / scale), -127, 127).astype(np.int16) + 128
    header = Header(
        task=task.name,
        labels=list(task.labels),
        bits=task.bits,
        scale=_short(scale),
        biases=[_short(bias) for bias in biases],
        named_gain=task.named_gain,
        costs=costs,
        temperatures=temperatures,
        thresholds=thresholds,
        sets=[{"name": name, **told} for name, told in sorted(sources.read.items())],
        metrics=_metrics(held_out, given),
    )
    return packed(
        header, [quantised[:, place].astype(np.uint8).tobytes() for place in range(len(task.labels))]
    )


def matrix(task: Task, learnt: Sequence[Labelled]) -> sparse.csr_matrix:
    """Return examples × features, each block divided by the root of its number of features, as inference does."""
    mask = (1 << task.bits) - 1
    starts, columns, values = [0], [], []
    for labelled in learnt:
        row: dict[int, float] = {}
        gain = 1.0
        for block in task.blocks(labelled.example):
            unit = gain / math.sqrt(len(block)) if block else 0.0
            for hashed in block:
                row[hashed & mask] = row.get(hashed & mask, 0.0) + unit
            gain = task.named_gain
        columns += row.keys()
        values += row.values()
        starts.append(len(columns))
    made = sparse.csr_matrix((values, columns, starts), shape=(len(learnt), 1 << task.bits))
    made.sort_indices()
    return made


def _set_of(task: Task, learnt: Sequence[Labelled]) -> Set:
    return Set(
        matrix(task, learnt),
        np.array([task.labels.index(labelled.label) for labelled in learnt]),
        np.array([labelled.weight for labelled in learnt]),
        np.array([labelled.example.family for labelled in learnt]),
        np.array([zlib.crc32(_written_with(labelled.example).encode()) % FOLDS for labelled in learnt]),
        np.array([labelled.drawn for labelled in learnt]),
    )


def _written_with(example: Example) -> str:
    """Return what texts share that were written together: they stay together, or they would be learnt by heart."""
    return str(example.entity["name"]) if example.entity else example.id.partition("#")[0]


def _rarity(features: sparse.csr_matrix) -> np.ndarray:
    """Return a factor for each feature, up to 1 for the rarest: what is in every text should weigh little."""
    seen = np.asarray((features > 0).sum(axis=0)).ravel()
    told: np.ndarray = np.log((features.shape[0] + 1) / (seen + 1))
    return told / told.max()


def _solve(
    task: Task, scaled: sparse.csr_matrix, given: Set, kept: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    targets = np.eye(len(task.labels))[given.places[kept]]
    return solve(scaled[kept], targets, given.weights[kept], task.penalty, task.steps)


def _held_out(task: Task, scaled: sparse.csr_matrix, given: Set) -> np.ndarray:
    """Return the scores of each example from a head that was trained without its fold."""
    scores = np.zeros((len(given.places), len(task.labels)))
    for fold in range(FOLDS):
        out = given.folds == fold
        if out.any():
            found, biases = _solve(task, scaled, given, ~out)
            scores[out] = scaled[out] @ found + biases
    return scores


def _temperatures(scores: np.ndarray, given: Set) -> dict[str, float]:
    """Return temperatures by family; one with few examples takes that of all."""
    found: dict[str, float] = {}
    for family in FAMILIES:
        kept = _of_family(given, family)
        own, places, weights = scores[kept], given.places[kept], given.weights[kept]
        found[family] = min(
            _TEMPERATURES, key=lambda temperature: _surprise(own / temperature, places, weights)
        )
    return found


def _of_family(given: Set, family: Family) -> np.ndarray:
    of_it = (given.families == family) & ~given.drawn
    return of_it if of_it.sum() >= _ENOUGH else ~given.drawn


def _costs(task: Task, told: np.ndarray, given: Set) -> dict[str, float]:
    """Return the least cost of missing a label that finds as many of its examples as the task wants."""
    found = {}
    for label, wanted in task.recalls.items():
        place = task.labels.index(label)
        of_it = (given.places == place) & ~given.drawn
        rivals = np.delete(told, place, axis=1).max(axis=1)
        found[label] = next(
            (cost for cost in _COSTS if (told[of_it, place] * cost > rivals[of_it]).mean() >= wanted),
            _COSTS[-1],
        )
    return found


def _thresholds(task: Task, told: np.ndarray, costs: dict[str, float], given: Set) -> dict[str, float]:
    """Return the confidence below which a label abstains, by family: so that as many are kept as the task wants."""
    weighed = told * np.array([costs.get(label, 1.0) for label in task.labels])
    confidence = told[np.arange(len(told)), weighed.argmax(axis=1)]
    found: dict[str, float] = {}
    for family in FAMILIES:
        ranked = np.sort(confidence[_of_family(given, family)])
        found[family] = _short(float(ranked[int((1 - task.coverage[family]) * len(ranked))]), 3)
    return found


def _surprise(scores: np.ndarray, places: np.ndarray, weights: np.ndarray) -> float:
    told = softmax(scores)[np.arange(len(places)), places]
    return float(-(weights * np.log(told)).sum() / weights.sum())


def _metrics(scores: np.ndarray, given: Set) -> dict[str, float]:
    right = (scores.argmax(axis=1) == given.places)[~given.drawn]
    return {"examples": float(len(right)), "cross_validated_accuracy": _short(float(right.mean()), 3)}


def _short(value: float, digits: int = 6) -> float:
    """Return a number in few digits: the last ones are the machine's, not the head's."""
    return float(f"{value:.{digits}g}")
