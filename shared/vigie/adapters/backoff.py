"""Trying again after a random, growing pause, so that those who met do not meet again."""

import random
import time
from collections.abc import Iterator


def attempts(count: int, *, base_seconds: float = 0.05) -> Iterator[int]:
    """Yield 0 to ``count`` - 1, pausing in between at most 2, 4, 8… times ``base_seconds``."""
    for number in range(count):
        if number:
            time.sleep(random.uniform(0, base_seconds * 2**number))  # noqa: S311 - chance, not a secret
        yield number
