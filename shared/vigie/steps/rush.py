"""Many digests due at one hour: runs of several minutes share them, and each ends before its time-out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from vigie.ports import Clock, DigestStore, DueDigest

CROWD = 100
"""Fewer than so many are a run's work; of more, the next minutes' runs take their share while it lasts."""
_SHARES = 5  # runs at once: one a minute, of five minutes at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Rush:
    """Tells one run what to build, ``budget_seconds`` long at most; what is left stays due."""

    digests: DigestStore
    clock: Clock
    budget_seconds: float

    def share(self, due: Sequence[DueDigest]) -> Iterator[DueDigest]:
        """Yield what to build now: of a crowd, from another place each minute, and nothing that another run built."""
        now = self.clock()
        ends = now + timedelta(seconds=self.budget_seconds)
        is_crowd = len(due) > CROWD
        start = len(due) * (now.minute % _SHARES) // _SHARES if is_crowd else 0
        for item in (*due[start:], *due[:start]):
            if self.clock() >= ends:
                return
            if not is_crowd or self._is_open(item):
                yield item

    def _is_open(self, due: DueDigest) -> bool:
        standing = self.digests.upcoming(due.client_id, due.rhythm)
        return standing is not None and standing.interval == due.interval
