"""How much slower than in its good moments this machine was, while others used it too.

Processor time is not all of one kind: with neighbours on the same cores a stretch of work takes a fifth more of it. A
fixed piece of work beside each stretch says how much, and what was measured is divided by that.
"""

import json
import re
import statistics
import time
from collections.abc import Callable

_TEXT = json.dumps([{"title": f"Texte {n}", "body": "mot " * 60, "tags": ["a", "b", n]} for n in range(80)])
_WORDS = re.compile(r"\w+")


def piece() -> None:
    """Do what functions do, for two milliseconds or so: read JSON, cut words, count them."""
    counts: dict[str, int] = {}
    for item in json.loads(_TEXT):
        for word in _WORDS.findall(item["body"]):
            counts[word] = counts.get(word, 0) + 1


class Pace:
    """Times the same piece of work again and again."""

    def __init__(
        self, work: Callable[[], object] = piece, timer: Callable[[], float] = time.process_time
    ) -> None:
        self._work, self._timer = work, timer
        self._took: list[float] = []
        self._since = 0

    def sample(self) -> None:
        """Do the piece once."""
        began = self._timer()
        self._work()
        self._took.append(self._timer() - began)

    def forget(self) -> None:
        """Begin the mean anew; good moments are remembered."""
        self._since = len(self._took)

    @property
    def slowdown(self) -> float:
        """The mean over what a tenth of all pieces took at most: about 1 on a machine of one's own.

        Not over the best of all: one lucky piece would make everything else look slow, and the bill small.
        """
        counted = self._took[self._since :]
        if not counted:
            return 1.0
        quick = sorted(self._took)[len(self._took) // 10]
        return max(1.0, statistics.fmean(counted) / quick)
