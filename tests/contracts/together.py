"""Doing the same thing many times at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

T = TypeVar("T")


def at_once(times: int, do: Callable[[int], T]) -> list[T]:
    """Call ``do(0)`` … ``do(times - 1)``, all started together; return what each returned."""
    barrier = Barrier(times)

    def wait_and_do(number: int) -> T:
        barrier.wait()
        return do(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(wait_and_do, range(times)))
