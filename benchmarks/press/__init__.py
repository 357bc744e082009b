"""Polling a simulated press: what is missed, told twice, late, rude or dear, against fixed intervals."""

from concurrent.futures import ThreadPoolExecutor

from benchmarks.press.report import details, fixed, measure, missed, table
from benchmarks.press.run import Simulation


def main(*, feeds: int = 150, days: float = 7, seed: int = 1, trouble: float = 0.0) -> None:
    """Run one simulation and print its figures; ``trouble`` is the share of polls that die or come twice."""
    simulation = Simulation.of(feeds, days, seed, trouble=trouble)
    # In a thread of its own: in the main one asyncio.run sets and resets signal handlers at every poll.
    with ThreadPoolExecutor(1) as worker:
        worker.submit(simulation.run).result()
    figures = measure(simulation)
    print(f"{feeds:,} feeds, {days:g} days, seed {seed}, trouble {trouble:g}\n")
    print(*table([figures, *(fixed(simulation.feeds, days, minutes) for minutes in (15, 30, 60))]), sep="\n")
    print("", *details(simulation, figures), sep="\n")
    for traits, count in list(missed(simulation).items())[:10]:
        print(f"  {count:>6} published and never seen: {traits}")
