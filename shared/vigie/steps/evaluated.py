"""What the watches were put before, read once for all digests of a run: it is the stack's, and the same for all."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, timedelta

from vigie.domain.cutoffs import Interval
from vigie.domain.ledger import Evaluated
from vigie.ports import LedgerStore

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class EvaluatedOnce:
    """Remembers each hour, and each part of one, for as long as it lives: a run, which looks at what is settled.

    A thousand weekly digests would otherwise each read a hundred and sixty-eight hours.
    """

    ledger: LedgerStore
    _kept: dict[Interval, list[Evaluated]] = field(default_factory=dict)

    def __call__(self, interval: Interval) -> list[Evaluated]:
        """Return the stack's batch records of the interval."""
        return [each for part in _by_hours(interval) for each in self._of(part)]

    def _of(self, part: Interval) -> list[Evaluated]:
        if part not in self._kept:
            self._kept[part] = self.ledger.evaluated(part)
        return self._kept[part]


def _by_hours(interval: Interval) -> Iterator[Interval]:
    since = interval.since
    while since < interval.until:
        hour = since.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        until = min(hour + _HOUR, interval.until)
        yield Interval(since, until)
        since = until
