"""``vigie alerts replay``: which alerts a list of counts would have raised, by the code of the function."""

import argparse
import csv
import math
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, TextIO

import msgspec

from vigie.domain.alerts.bursts import Baseline, BurstRule, Reading, observe_row
from vigie.errors import BadField

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - no public name
else:
    Subparsers = object

COLUMNS = ("timestamp", "value")
FIVE_MINUTES = 300


@dataclass(frozen=True, slots=True)
class Count:
    """How many mentions the bin that begins at ``at`` held."""

    at: datetime
    value: float


def add_parser(subparsers: Subparsers) -> None:
    """Add ``alerts`` and its commands."""
    alerts = subparsers.add_parser("alerts", help="see which alerts counts would have raised")
    commands = alerts.add_subparsers(metavar="COMMAND", required=True)
    replay = commands.add_parser(
        "replay",
        help="judge a list of counts",
        description="Read counts from stdin, as CSV with the columns timestamp (ISO 8601; UTC unless it says "
        "otherwise) and value, in order of time, a row for each bin; bins are as long as most of the rows are apart. "
        "Print one JSON line for each burst alert: at, z (deviations above what is usual), baseline (the usual "
        "count), value. Rows that cannot be read are named on stderr and left out; then the exit status is 1. Needs "
        "no stack.",
    )
    replay.set_defaults(run=run_replay)


def run_replay(_args: argparse.Namespace, out: TextIO, err: TextIO, lines: TextIO | None = None) -> int:
    """Judge every row in order; print the alerts as they come; return 1 when some row was refused."""
    counts: list[Count] = []
    refused = 0
    for row in _rows(lines or sys.stdin):
        if isinstance(row, str):
            refused += 1
            print(f"vigie: {row}", file=err)
        else:
            counts.append(row)
    rule = BurstRule(bin_seconds=bin_seconds_of(counts))
    raised = 0
    for reading in replayed(counts, rule):
        raised += 1
        print(_line(reading), file=out)
    print(
        f"vigie: {len(counts)} bins of {rule.bin_seconds} s, {raised} alerts, {refused} rows refused",
        file=err,
    )
    return 1 if refused else 0


def replayed(counts: Iterable[Count], rule: BurstRule) -> Iterator[Reading]:
    """Yield the readings that are alerts."""
    baseline = Baseline()
    for count in counts:
        baseline, reading = observe_row(baseline, count.value, count.at, rule)
        if reading.alert:
            yield reading


def bin_seconds_of(counts: list[Count]) -> int:
    """Return how far apart most rows are, in whole seconds; five minutes when there is nothing to tell by."""
    gaps = sorted(int((after.at - before.at).total_seconds()) for before, after in pairwise(counts))
    return max(gaps[len(gaps) // 2], 1) if gaps else FIVE_MINUTES


def _rows(lines: TextIO) -> Iterator[Count | str]:
    """Yield each row's count, or why it is refused."""
    reader = csv.reader(line.replace("\0", "") for line in lines)
    places: tuple[int, ...] | None = None
    before: datetime | None = None
    for row in reader:
        if not any(cell.strip() for cell in row):
            continue
        if places is None:
            places, is_header = _places(row)
            if is_header:
                continue
        try:
            count = _count(row, places, before)
        except BadField as error:
            yield f"line {reader.line_num}: {error}"
            continue
        before = count.at
        yield count


def _places(first: list[str]) -> tuple[tuple[int, ...], bool]:
    """Return where the columns are, and whether the first row names them; else they are the first two."""
    names = [cell.strip().lstrip("\ufeff").lower() for cell in first]
    if set(COLUMNS) <= set(names):
        return tuple(names.index(name) for name in COLUMNS), True
    return (0, 1), False


def _count(row: list[str], places: tuple[int, ...], before: datetime | None) -> Count:
    if len(row) <= max(places):
        raise BadField("value", "is missing", "Give two columns: timestamp,value.")
    at, value = _instant(row[places[0]]), _number(row[places[1]])
    if before is not None and at < before:
        raise BadField("timestamp", f"{row[places[0]]!r} goes back", "Give rows in order of time.")
    return Count(at, value)


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text.strip().lstrip("\ufeff"))
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        remedy = "Write it in ISO 8601: 2026-12-08T06:15:00Z."
        raise BadField("timestamp", f"{text!r:.40} is no instant", remedy) from None


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise BadField("value", f"{text!r:.40} is no count", "Give a number, 0 or more.")
    return value


def _line(reading: Reading) -> str:
    value = int(reading.value) if reading.value.is_integer() else reading.value
    shown = {
        "at": reading.at.isoformat().replace("+00:00", "Z"),
        "z": round(reading.z, 3),
        "baseline": round(reading.baseline, 4),
        "value": value,
    }
    return msgspec.json.encode(shown).decode()
