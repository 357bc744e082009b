"""Stop work that takes too long, even inside a regular expression."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class OutOfTime(Exception):  # noqa: N818 - what happened, and the caller turns it into a sentence
    """The time box closed before the work was done."""


@contextmanager
def time_box(seconds: float) -> Iterator[None]:
    """Raise OutOfTime in the block once it has run for ``seconds``.

    It is an interval timer: the signal interrupts Python code and the ``re`` engine, which looks for signals
    every few thousand steps, where a thread could only watch. Signals belong to the main thread, where Lambda
    and the command line do their work; in another thread the block runs without a limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise OutOfTime(f"not done within {seconds:g} seconds")

    previous = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
