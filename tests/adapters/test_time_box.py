"""Work that takes too long is stopped, wherever it is."""

import itertools
import re
import signal
import threading

import pytest

from vigie.adapters.time_box import OutOfTime, time_box


def test_endless_work_is_stopped() -> None:
    """A loop without end ends."""
    with pytest.raises(OutOfTime, match=r"0\.05 seconds"), time_box(0.05):
        all(True for _ in itertools.repeat(1))


def test_an_endless_regular_expression_is_stopped() -> None:
    """The expression engine itself is interrupted."""
    with pytest.raises(OutOfTime), time_box(0.05):
        re.match(r"(a|a)*b", "a" * 60)


def test_work_done_in_time_leaves_no_trace() -> None:
    """After the box the timer is off and the signal is handled as before."""
    before = signal.getsignal(signal.SIGALRM)
    with time_box(60):
        pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) == before


def test_another_thread_works_without_a_limit() -> None:
    """Where signals cannot reach, the work is done all the same."""
    done: list[bool] = []

    def work() -> None:
        with time_box(0.01):
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]
