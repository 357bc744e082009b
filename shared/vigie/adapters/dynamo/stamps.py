"""What is written in two steps: first a stamp, under a condition, then what it stands for, where the stamp says.

Digests read what was stamped before their cut-off once it has had time to land. So nobody may write under an old
stamp, and who finds one without what it stands for does as its age says:

- ``SHARED``: write it under that stamp; its worker would write the very same.
- ``HELD``: come again; its worker may be about to.
- ``SPENT``: its worker is dead. Replace the stamp by one's own, under a condition, and write under that.

A function that stamps ends within ``WORKER_SECONDS``, and a digest waits longer than that and ``SHARED_SECONDS``:
the template's time-outs and SettleSeconds are held to it.
"""

from datetime import datetime
from enum import Enum, auto

SHARED_SECONDS = 5
WORKER_SECONDS = 55
_SPENT_SECONDS = 2 * (SHARED_SECONDS + WORKER_SECONDS)  # clocks differ


class Standing(Enum):
    """What the age of a stamp tells of whoever left it."""

    SHARED = auto()
    HELD = auto()
    SPENT = auto()


def standing(stamped_at: datetime, now: datetime) -> Standing:
    """Return what a stamp's age says; one from the future is of a clock that goes ahead of ours."""
    age_seconds = (now - stamped_at).total_seconds()
    if age_seconds <= SHARED_SECONDS:
        return Standing.SHARED
    return Standing.HELD if age_seconds < _SPENT_SECONDS else Standing.SPENT
