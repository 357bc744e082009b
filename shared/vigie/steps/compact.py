"""Compact: an hour of archived polls becomes segments that any query can be put to."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from vigie.domain.query.engine import BadFile
from vigie.domain.query.segment import Segment
from vigie.ports import Blobs, Clock
from vigie.steps.segments import AN_HOUR, PREFIX, hour_of, index_key, parts_of, polls_digest

SETTLED_AFTER = timedelta(minutes=15)  # no worker lives longer, so no poll of the hour comes after
LOOK_BACK_DAYS = 2
LOOK_AGAIN = 3 * AN_HOUR  # hours made lately are compared with their polls


@dataclass(slots=True, kw_only=True)
class CompactReport:
    """What one run came to; ``left`` are hours that no time was left for, the next run's work."""

    hours: int = 0
    parts: int = 0
    documents: int = 0
    left: int = 0
    unreadable: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compact:
    """Makes the segments that are missing. Two runs at once write the same bytes."""

    blobs: Blobs
    clock: Clock

    def run(self, *, days: int = LOOK_BACK_DAYS, hurry: Callable[[], bool] = lambda: False) -> CompactReport:
        """Compact the settled hours of the last days that have no segment, or one made of other polls.

        ``hurry`` says that time is running out: the hour begun is finished, the rest is left, newest first.
        """
        report = CompactReport()
        until = self.clock().astimezone(UTC) - SETTLED_AFTER
        hours = self._waiting(until.replace(minute=0, second=0, microsecond=0), days)
        for place, (hour, polls) in enumerate(hours):
            if hurry():
                report.left = len(hours) - place
                break
            self._compact(hour, polls, report)
        return report

    def _waiting(self, until: datetime, days: int) -> list[tuple[datetime, list[str]]]:
        """Return the hours before ``until`` that are to be made, newest first, each with its polls."""
        waiting: list[tuple[datetime, list[str]]] = []
        for back in range(days + 1):
            day = until - timedelta(days=back)
            polls: dict[datetime, list[str]] = defaultdict(list)
            for key in self.blobs.keys(f"archive/{day:%Y/%m/%d}/"):
                polls[hour_of(key)].append(key)
            made = set(self.blobs.keys(f"{PREFIX}{day:%Y/%m/%d}/")) if polls else set()
            waiting += [
                (hour, polls[hour])
                for hour in sorted(polls, reverse=True)
                if hour < until and not self._is_made(hour, polls[hour], made, until)
            ]
        return waiting

    def _is_made(self, hour: datetime, polls: list[str], made: set[str], until: datetime) -> bool:
        key = index_key(hour, 0)
        if key not in made or hour < until - LOOK_AGAIN:
            return key in made
        try:
            return bool(Segment(self.blobs.get(key) or b"").about["polls"] == polls_digest(polls))
        except BadFile:
            return False

    def _compact(self, hour: datetime, polls: list[str], report: CompactReport) -> None:
        """Write an hour, its first part last: that one says that the hour is made."""
        first = None
        for number, part in enumerate(parts_of(self.blobs, hour, polls, report.unreadable)):
            segment = Segment(part.index)
            self.blobs.put(segment.about["documents_key"], part.documents, "application/octet-stream")
            if number == 0:
                first = part.index
            else:
                self.blobs.put(index_key(hour, number), part.index, "application/octet-stream")
            report.parts += 1
            report.documents += len(segment)
        if first is not None:
            self.blobs.put(index_key(hour, 0), first, "application/octet-stream")
        report.hours += 1
