"""Polling a simulated press: what is missed, told twice, late, rude or dear, against fixed intervals."""

import gc
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

from benchmarks.press.report import by_trait, details, fixed, measure, table
from benchmarks.press.run import Played, Simulation
from benchmarks.press.targets import failed, verdicts

TROUBLE = 0.1  # of all polls: a thousand times what a stack meets


def main(
    *, feeds: int = 150, days: float = 5, seed: int = 1, trouble: float | None = None, workers: int = 2
) -> None:
    """Play the press quietly, then with workers that die and messages that come twice; exit when a target is missed.

    With ``trouble`` it is played once, with that share of polls that die and of messages that come twice.
    """
    missed: list[str] = []
    for share in (0.0, TROUBLE) if trouble is None else (trouble,):
        began = time.monotonic()
        played = play(feeds, days, seed, share, workers)
        figures = measure(played)
        missed += failed(figures)
        print(
            f"{feeds:,} feeds, {days:g} days, seed {seed}, {share:.0%} of polls die and of messages come twice "
            f"({time.monotonic() - began:,.0f} s)\n"
        )
        print(*verdicts(figures), "", *_beside(played), sep="\n")
        print(flush=True)
    if missed:
        raise SystemExit(f"missed: {', '.join(sorted(set(missed)))}")


def play(feeds: int, days: float, seed: int, trouble: float, workers: int) -> Played:
    """Play a simulation in several processes, each with shards of its own."""
    parts = [(feeds, days, seed, trouble, (number, workers)) for number in range(workers)]
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        return Played.together(list(pool.map(_part, parts)))


def _part(arguments: tuple[int, float, int, float, tuple[int, int]]) -> Played:
    feeds, days, seed, trouble, part = arguments
    simulation = Simulation.of(feeds, days, seed, trouble=trouble, part=part)
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)  # nearly nothing here is cyclic
    # In a thread of its own: in the main one asyncio.run sets and resets signal handlers at every poll.
    with ThreadPoolExecutor(1) as worker:
        return worker.submit(simulation.run).result()


def _beside(played: Played) -> Iterator[str]:
    fixed_rows = (fixed(played.feeds, played.days, minutes) for minutes in (15, 30, 60))
    yield from table([measure(played), *fixed_rows])
    yield ""
    yield from details(played)
    yield from by_trait(played)
