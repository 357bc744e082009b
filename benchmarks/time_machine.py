"""A year of digests for readers in twelve zones, everything going wrong: who got what, when, and how often.

``python -m benchmarks.time_machine [DAYS] [SEED]`` (365 days, seed 1). A recipient in each of twelve zones, at 02:30,
07:30, 23:30 or 00:15; a worker dies on each digest while it is built and another while it is mailed, at a write in
turn; schedules and messages come twice, some messages never, the provider asks to wait, one Send event in three is
lost. The steps are the real ones, on stores in memory; see ``tests.pipeline.time_machine``.
"""

import sys
from datetime import UTC, datetime

from tests.pipeline.time_machine import ZONES, Outcome, TimeMachine
from vigie.domain.lateness import LATE_AFTER

START = datetime(2027, 1, 1, tzinfo=UTC)
DAYS, SEED = 365, 1


def main() -> None:
    """Print what the time came to; exit with what should not have happened."""
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    days, seed = (*numbers, *(DAYS, SEED)[len(numbers) :])
    outcome = TimeMachine(START, seed=seed, all_hours=False).run(days)
    mails = len({sent.key for sent in outcome.mails})
    for work, deaths in sorted(outcome.deaths.items()):
        print(f"  workers that died, {work:<32} {deaths:>6,}")
    print(f"{mails:,} mails due in {days} days to readers in {len(ZONES)} zones, seed {seed}")
    print(
        f"never sent: {len(outcome.missing)}   early: {len(outcome.early)}   not told all: {len(outcome.untold)}"
    )
    print(f"later than {LATE_AFTER}: {len(outcome.late)}   the latest: {outcome.worst}")
    print(
        f"sent twice: {len(outcome.doubled)}, of {len(outcome.gap)} mails that the provider took from a worker that"
        f" died before its mark, and whose Send event was lost; for another reason: {len(outcome.unexplained)}"
    )
    if wrong := faults(outcome):
        raise SystemExit("\n".join(wrong[:20]))


def faults(outcome: Outcome) -> list[str]:
    """Return everything that should not have happened."""
    named = {
        "never sent": outcome.missing,
        "early": outcome.early,
        "late": outcome.late,
        "sent twice": outcome.unexplained,
        "told wrong": outcome.untold,
    }
    return [f"{name}: {each}" for name, found in named.items() for each in found]


if __name__ == "__main__":
    main()
