"""The detectors: ours, and two of the field's, all under the one rule about what is fresh."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from statistics import median

from vigie.domain.alerts.bursts import GROWN, LEAST_DEVIATION, REFRACTORY, Baseline, BurstRule, observe_row

RULE = BurstRule()
Rows = Sequence[tuple[datetime, float]]


@dataclass(frozen=True, slots=True)
class Fresh:
    """A row that armed the marker, and by how much."""

    row: int
    z: float


@dataclass(frozen=True, slots=True)
class Detector:
    """A detector: what arms its marker in a series, its one threshold if it ships with one, and those tried."""

    name: str
    run: Callable[[Rows], list[Fresh]]
    threshold: float | None
    grid: tuple[float, ...]


def ours(rows: Rows) -> list[Fresh]:
    """Return what arms the marker of the shipped rule."""
    baseline, fresh = Baseline(), []
    for number, (at, value) in enumerate(rows):
        armed_at = baseline.armed_at
        baseline, reading = observe_row(baseline, value, at, RULE)
        if baseline.armed_at != armed_at and number >= RULE.warm_up_bins:
            fresh.append(Fresh(number, reading.z))
    return fresh


def gaussian(rows: Rows, window: int = 6_400) -> list[Fresh]:
    """Return what a sliding Gaussian finds: deviations from the mean of the last ``window`` rows."""

    def scores() -> Iterator[float]:
        held: deque[float] = deque()
        total = squares = 0.0
        for _, value in rows:
            count = len(held)
            mean = total / count if count else value
            spread = sqrt(max(squares / count - mean * mean, 0.0)) if count else 0.0
            yield (value - mean) / max(spread, LEAST_DEVIATION)
            held.append(value)
            total, squares = total + value, squares + value * value
            if len(held) > window:
                gone = held.popleft()
                total, squares = total - gone, squares - gone * gone

    return _marked(rows, scores())


def seasonal_esd(rows: Rows, days: int = 14) -> list[Fresh]:
    """Return what seasonal hybrid ESD would: distance from the usual of the hour, in median deviations.

    After Vallis, Hochenbaum and Kejariwal (2014), made causal: medians and their deviation are those of the days
    before, taken anew each day.
    """

    def scores() -> Iterator[float]:
        past: deque[tuple[datetime, float]] = deque()
        hours, deviation, day = dict[int, float](), 1.0, None
        for at, value in rows:
            if at.date() != day:
                day = at.date()
                while past and past[0][0] < at - timedelta(days=days):
                    past.popleft()
                hours, deviation = _usual(past)
            yield (value - hours.get(at.hour, value)) / deviation
            past.append((at, value))

    return _marked(rows, scores())


def _usual(past: Sequence[tuple[datetime, float]]) -> tuple[dict[int, float], float]:
    by_hour: dict[int, list[float]] = {}
    for at, value in past:
        by_hour.setdefault(at.hour, []).append(value)
    hours = {hour: median(values) for hour, values in by_hour.items()}
    apart = [abs(value - hours[at.hour]) for at, value in past]
    return hours, max(1.4826 * median(apart) if apart else 0.0, 1.0)


def _marked(rows: Rows, scores: Iterator[float]) -> list[Fresh]:
    """Return the rows that arm a marker as ours is armed."""
    fresh: list[Fresh] = []
    armed_at, armed_z = None, 0.0
    for number, ((at, _), z) in enumerate(zip(rows, scores, strict=True)):
        if z > RULE.armed_above_z and (
            armed_at is None or at - armed_at >= REFRACTORY or z > GROWN * armed_z
        ):
            armed_at, armed_z = at, z
            if number >= RULE.warm_up_bins:
                fresh.append(Fresh(number, z))
    return fresh


def _grid(low: float, high: float, step: float) -> tuple[float, ...]:
    return tuple(low + number * step for number in range(int((high - low) / step) + 1))


DETECTORS = (
    Detector("vigie: weighted mean and variance", ours, RULE.alert_from_z, _grid(5.0, 12.0, 0.1)),
    Detector("sliding Gaussian, 6,400 rows", gaussian, None, _grid(3.0, 20.0, 0.1)),
    Detector("seasonal ESD, 14 days, as S-H-ESD", seasonal_esd, None, _grid(3.0, 80.0, 0.5)),
)
