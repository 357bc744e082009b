"""The report: what stories must reach, on seeds nothing was tuned on, and what they reach."""

import gc
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.stories import peer
from benchmarks.stories.grouping import (
    DYING,
    REDELIVERED,
    WORKERS,
    as_document,
    assign_all,
    group,
    group_by_a_crowd,
)
from benchmarks.stories.labelled import HARD, PLAIN, Labelled
from benchmarks.stories.newsroom import publish
from benchmarks.stories.scores import adjusted_rand, b_cubed, by_kind, pairs
from benchmarks.stories.units import count

SEEDS = (101, 102)  # rules and thresholds were chosen on seeds under 30
DOCUMENTS, CROWD_DOCUMENTS, UNIT_DOCUMENTS, TIMED_DOCUMENTS = 3_000, 1_500, 400, 1_000
TIMES = 5


@dataclass(frozen=True, slots=True)
class Target:
    """A figure, and the least (or most) it must be."""

    name: str
    figure: float
    bound: float
    at_most: bool = False

    def line(self) -> str:
        """Return the line to print."""
        met = self.figure <= self.bound if self.at_most else self.figure >= self.bound
        sign = "<=" if self.at_most else ">="
        return f"{self.name:<58} {self.figure:>9.4f}  {sign} {self.bound:<7g} {'ok' if met else 'FAILED'}"


def main() -> None:
    """Print every figure beside its target."""
    plain = [publish(seed, PLAIN, DOCUMENTS) for seed in SEEDS]
    hard = [publish(seed, HARD, DOCUMENTS) for seed in SEEDS]
    print(f"seeds {SEEDS}, {sum(map(len, plain))} plain and {sum(map(len, hard))} hard documents\n")
    targets = [*_quality("plain", plain, 0.995, 0.995), *_quality("hard", hard, 0.98, 0.985)]
    targets += _disorder(plain[0], hard[0])
    targets += _costs(plain[0][:UNIT_DOCUMENTS])
    targets += _against_the_peer(plain[0][:TIMED_DOCUMENTS])
    print()
    for target in targets:
        print(target.line())


def truth_of(documents: Sequence[Labelled]) -> dict[str, str]:
    """Return each document's story as it was made."""
    return {labelled.id: labelled.story for labelled in documents}


def _quality(name: str, mixes: Sequence[Sequence[Labelled]], pair: float, cubed: float) -> list[Target]:
    targets = []
    for seed, documents in zip(SEEDS, mixes, strict=True):
        truth, found = truth_of(documents), group(documents)
        targets += [
            Target(f"{name} mix, seed {seed}: pair F1", pairs(truth, found).f1, pair),
            Target(f"{name} mix, seed {seed}: B-cubed F1", b_cubed(truth, found).f1, cubed),
        ]
        kinds = {labelled.id: labelled.kind for labelled in documents}
        shown = by_kind(truth, found, kinds).items()
        print(f"{name} {seed}: " + ", ".join(f"{k} {s.precision:.3f}/{s.recall:.3f}" for k, s in shown))
    return targets


def _disorder(plain: Sequence[Labelled], hard: Sequence[Labelled]) -> list[Target]:
    targets = []
    for name, documents in (("plain", plain), ("hard", hard)):
        in_order = group(documents)
        shuffled = random.Random(1).sample(documents, len(documents))
        targets.append(Target(f"{name}: ARI, shuffled", adjusted_rand(in_order, group(shuffled)), 0.995))
        some = documents[:CROWD_DOCUMENTS]
        found, deaths, torn = group_by_a_crowd(some, seed=1)
        print(
            f"{name}: {WORKERS} workers, {REDELIVERED:.0%} delivered twice, {deaths} deaths ({DYING:.1%} a write)"
        )
        targets += [
            Target(f"{name}: ARI, {WORKERS} workers against one", adjusted_rand(group(some), found), 0.996),
            Target(f"{name}: ids with two stories", torn, 0, at_most=True),
        ]
    return targets


def _costs(documents: Sequence[Labelled]) -> list[Target]:
    written, read, largest_bytes, found = count(documents)
    same = adjusted_rand(group(documents), found)
    return [
        Target("plain: write units a document, emulated table", written, 8, at_most=True),
        Target("plain: read units a document, emulated table", read, 9, at_most=True),
        Target("largest item, bytes", largest_bytes, 1024, at_most=True),
        Target("ARI, emulated table against memory", same, 1.0),
    ]


def _against_the_peer(documents: Sequence[Labelled]) -> list[Target]:
    truth = truth_of(documents)
    print(f"\n{'method':<34} {'pair P':>7} {'pair R':>7} {'pair F1':>8} {'B-cubed F1':>11}")
    methods: list[tuple[str, Callable[[], dict[str, str]]]] = [("vigie", lambda: group(documents))]
    methods += [
        (f"datasketch LSH, {bands} bands of {rows}", lambda b=bands, r=rows: peer.group(documents, b, r))  # type: ignore[misc]
        for bands, rows in peer.LAYOUTS
    ]
    for name, method in methods:
        found = method()
        score = pairs(truth, found)
        print(
            f"{name:<34} {score.precision:>7.4f} {score.recall:>7.4f} {score.f1:>8.4f} "
            f"{b_cubed(truth, found).f1:>11.4f}"
        )
    received = [as_document(labelled) for labelled in documents]
    gc.collect()
    gc.freeze()  # what other figures left behind is no part of either's work
    ours, theirs = _best_of(lambda: assign_all(received), lambda: peer.group(documents))
    gc.unfreeze()
    a_document = 1e6 / len(documents)
    print(
        f"\nend to end: vigie {ours * a_document:.0f} µs a document, datasketch {theirs * a_document:.0f} µs"
    )
    return [Target("times as fast as datasketch, end to end", theirs / ours, 2.0)]


def _best_of(*methods: Callable[[], object]) -> list[float]:
    """Return the processor seconds of each method at its best, taken in turns."""
    best = [float("inf")] * len(methods)
    for _ in range(TIMES):
        for place, method in enumerate(methods):
            began = time.process_time()
            method()
            best[place] = min(best[place], time.process_time() - began)
    return best
