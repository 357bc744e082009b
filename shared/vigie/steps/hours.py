"""Reading the archive hour by hour, newest first: from its segments, or from its polls where there is none yet."""

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from vigie.domain.cutoffs import Interval
from vigie.domain.query.engine import BadFile
from vigie.ports import Blobs
from vigie.steps.segments import AN_HOUR, PREFIX, Archived, hour_of, parts_of

_READERS = 8  # reading is waiting for the bucket; boto3 keeps ten connections
_AHEAD = 24  # hours read at once: what is held in memory


@dataclass(frozen=True, slots=True)
class ArchivedHour:
    """An hour that brought something: the keys of its segments' indexes, and of its polls."""

    hour: datetime
    indexes: tuple[str, ...]
    polls: tuple[str, ...]


def hours_of(blobs: Blobs, interval: Interval) -> list[ArchivedHour]:
    """Return the hours in which documents of an interval can have come, newest first.

    What came out at an instant was seen then or later; ten minutes before at most, by a clock that runs ahead.
    """
    first = (interval.since.astimezone(UTC) - AN_HOUR).replace(minute=0, second=0, microsecond=0)
    indexes, polls = defaultdict[datetime, list[str]](list), defaultdict[datetime, list[str]](list)
    day = first.date()
    while day <= interval.until.astimezone(UTC).date():
        for key in blobs.keys(f"{PREFIX}{day:%Y/%m/%d}/"):
            if key.endswith(".index"):
                indexes[hour_of(key)].append(key)
        for key in blobs.keys(f"archive/{day:%Y/%m/%d}/"):
            polls[hour_of(key)].append(key)
        day += timedelta(days=1)
    return [
        ArchivedHour(hour, tuple(indexes.get(hour, ())), tuple(polls.get(hour, ())))
        for hour in sorted(indexes.keys() | polls.keys(), reverse=True)
        if hour >= first
    ]


def open_hours(
    blobs: Blobs, hours: list[ArchivedHour], unreadable: list[str]
) -> Iterator[tuple[datetime, Iterator[Archived]]]:
    """Give each hour with its parts, read ahead of whoever asks; what cannot be read is added to ``unreadable``."""
    with ThreadPoolExecutor(_READERS) as readers:
        for start in range(0, len(hours), _AHEAD):
            some = hours[start : start + _AHEAD]
            read = list(readers.map(lambda each: [blobs.get(key) for key in each.indexes], some))
            for place, each in enumerate(some):
                contents, read[place] = read[place], []
                yield each.hour, _open(blobs, each, contents, unreadable)


def _open(
    blobs: Blobs, hour: ArchivedHour, contents: list[bytes | None], unreadable: list[str]
) -> Iterator[Archived]:
    """Give an hour's parts: from its polls when it has no segment, or one of another version."""
    try:
        archived = [Archived(content or b"", None, blobs) for content in contents]
    except BadFile:
        archived = []
        if not hour.polls:
            unreadable.extend(hour.indexes)
    if archived:
        yield from archived
        return
    if hour.polls:
        for part in parts_of(blobs, hour.hour, hour.polls, unreadable):
            yield Archived(part.index, part.documents, blobs)
