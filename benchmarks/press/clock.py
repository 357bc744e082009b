"""The time of a simulation, which passes when somebody sleeps."""

from contextvars import ContextVar
from datetime import datetime

from benchmarks.press.publishers import at

# How far a host's visit is ahead of its tick: hosts are asked side by side, each task has its own.
_ahead: ContextVar[float] = ContextVar("ahead", default=0.0)


class VirtualClock:
    """The time of the simulation: a tick's instant, and how long the current host's visit has taken."""

    def __init__(self) -> None:
        self.seconds = 0.0  # since START
        self.latest = 0.0  # the end of the longest visit

    def now(self) -> float:
        """Return the seconds since START."""
        return self.seconds + _ahead.get()

    def __call__(self) -> datetime:
        """Return the instant."""
        return at(self.now())

    async def sleep(self, seconds: float) -> None:
        """Let time pass for the current host."""
        _ahead.set(_ahead.get() + seconds)
        self.latest = max(self.latest, self.now())
