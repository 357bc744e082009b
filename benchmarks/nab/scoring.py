"""NAB's scoring, standard profile (Lavin and Ahmad, Evaluating real-time anomaly detection algorithms, 2015)."""

import csv
import json
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import exp
from pathlib import Path

FALSE_POSITIVE = 0.11  # of the standard profile; a window caught or missed weighs 1
PROBATION_SHARE, PROBATION_ROWS = 0.15, 750


@dataclass(frozen=True, slots=True)
class Series:
    """A series: its rows in order, and its labelled windows as first and last row."""

    name: str
    rows: list[tuple[datetime, float]]
    windows: list[tuple[int, int]]


def read_series(folder: Path) -> list[Series]:
    """Return the series that the windows name."""
    windows = json.loads((folder / "windows.json").read_text())
    return [_series(folder / name, spans) for name, spans in windows.items()]


def _series(path: Path, spans: Sequence[tuple[str, str]]) -> Series:
    with path.open(newline="") as lines:
        rows = [(_instant(row["timestamp"]), float(row["value"])) for row in csv.DictReader(lines)]
    times = [at for at, _ in rows]
    windows = [
        (bisect_left(times, _instant(first)), bisect_right(times, _instant(last)) - 1)
        for first, last in spans
    ]
    return Series(path.stem, rows, windows)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def score(series: Series, alerts: Sequence[int]) -> float:
    """Return the points of some alerts (rows): the first in a window counts by how early it is, others by how far."""
    first_judged = int(min(PROBATION_SHARE * len(series.rows), PROBATION_ROWS))
    caught: dict[int, float] = {}
    points = 0.0
    for row in alerts:
        if row < first_judged:
            continue
        inside = next((n for n, (left, right) in enumerate(series.windows) if left <= row <= right), None)
        if inside is None:
            points += FALSE_POSITIVE * _outside(series.windows, row)
        else:
            left, right = series.windows[inside]
            early = _sigmoid(-(right - row + 1) / (right - left + 1)) / _sigmoid(-1.0)
            caught[inside] = max(caught.get(inside, early), early)
    return points + sum(caught.values()) - (len(series.windows) - len(caught))


def total(series: Sequence[Series], points: float) -> float:
    """Return points as a score: 0 for silence, 100 for every window caught at its beginning."""
    windows = sum(len(each.windows) for each in series)
    return 100 * (points + windows) / (2 * windows)


def _outside(windows: Sequence[tuple[int, int]], row: int) -> float:
    ended = [window for window in windows if window[1] < row]
    if not ended:
        return -1.0
    left, right = ended[-1]
    late = (row - right) / (right - left)
    return -1.0 if late > 3 else _sigmoid(late)


def _sigmoid(place: float) -> float:
    return 2 / (1 + exp(5 * place)) - 1
