"""Bursts of mentions, found in constant time and memory: how far a count is above what is usual, in deviations.

An exponentially weighted mean and variance of the counts, a week's half-life. A count far above the mean *arms* a
marker; one farther still, that comes freshly, is an alert. What follows within a day is the same burst unless it is
half as high again. Raw counts on purpose: the variance that past bursts leave is what keeps the next false alarm
away, and hour-of-day factors, winsorising or Poisson tails found less on the series this was measured on
(``benchmarks/nab``).

Nothing here is counted in mentions that are late: a bin is observed once, in order of time.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import sqrt

REFRACTORY = timedelta(hours=24)
GROWN = 1.5  # times as high as what armed the marker: a burst that goes on growing is told again
FEWEST_BINS = 30  # nothing is usual before
LEAST_DEVIATION = 0.3  # mentions: a brand that nobody speaks of is not alarmed by the first


@dataclass(frozen=True, slots=True, kw_only=True)
class BurstRule:
    """How counts are judged. A bin is ``bin_seconds`` long; z is in deviations of the counts."""

    bin_seconds: int = 300
    half_life_seconds: int = 7 * 86_400
    armed_above_z: float = 3.0
    alert_from_z: float = 7.5
    warm_up_seconds: int = 225_000  # two days and a half: 750 bins of five minutes

    @property
    def warm_up_bins(self) -> int:
        """Return how many bins are watched before the first alert."""
        return max(self.warm_up_seconds // self.bin_seconds, FEWEST_BINS)

    @property
    def gain(self) -> float:
        """Return the weight of the newest bin, once there are many."""
        return 1 - float(0.5 ** (self.bin_seconds / self.half_life_seconds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What is usual so far, of ``bins`` observed, the last until ``until``; ``armed_at`` marks the last burst."""

    mean: float = 0.0
    variance: float = 0.0
    bins: int = 0
    until: datetime | None = None
    armed_at: datetime | None = None
    armed_z: float = 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """One bin judged against what was usual before it: ``baseline`` is the mean then, ``alert`` a sharp onset."""

    at: datetime
    value: float
    z: float
    baseline: float
    alert: bool


def observe(baseline: Baseline, value: float, at: datetime, rule: BurstRule) -> tuple[Baseline, Reading]:
    """Judge the bin that begins at ``at`` and take it into what is usual; a bin known already changes nothing.

    Bins between the last and this one held nothing, and are taken in as such at once. The first value of all is the
    first mean.
    """
    end = at + timedelta(seconds=rule.bin_seconds)
    if baseline.until is not None:
        if at < baseline.until:
            return baseline, Reading(at, value, 0.0, baseline.mean, alert=False)
        empty = int((at - baseline.until).total_seconds()) // rule.bin_seconds
        baseline = rested(baseline, empty, rule)
    return _taken_in(baseline, value, at, end, rule)


def observe_row(baseline: Baseline, value: float, at: datetime, rule: BurstRule) -> tuple[Baseline, Reading]:
    """Judge a row of a list that names every bin it has: what is between two rows is not known, and not taken in."""
    return _taken_in(baseline, value, at, at + timedelta(seconds=rule.bin_seconds), rule)


def _taken_in(
    baseline: Baseline, value: float, at: datetime, end: datetime, rule: BurstRule
) -> tuple[Baseline, Reading]:
    mean = baseline.mean if baseline.bins else value
    distance, bins = value - mean, baseline.bins + 1
    z = distance / max(sqrt(baseline.variance), LEAST_DEVIATION) if bins > 2 else 0.0
    gain = max(rule.gain, 1 / bins)
    after = replace(
        baseline,
        mean=mean + gain * distance,
        variance=baseline.variance + gain * (distance * distance - baseline.variance),
        bins=bins,
        until=end,
    )
    fresh = z > rule.armed_above_z and _is_fresh(baseline, z, at)
    if fresh:
        after = replace(after, armed_at=at, armed_z=z)
    alert = fresh and z >= rule.alert_from_z and bins > rule.warm_up_bins
    return after, Reading(at, value, z, mean, alert)


def _is_fresh(baseline: Baseline, z: float, at: datetime) -> bool:
    armed_at = baseline.armed_at
    return armed_at is None or at - armed_at >= REFRACTORY or z > GROWN * baseline.armed_z


def rested(baseline: Baseline, bins: int, rule: BurstRule) -> Baseline:
    """Take in ``bins`` empty bins at once: the same, to rounding, as one after the other.

    While there are few, each bin weighs as much as any (a plain mean); then the weights are a geometric series.
    """
    if bins <= 0 or not baseline.bins:
        return baseline
    settled_at = int(1 / rule.gain)  # the count of bins from which the gain is constant
    plain = min(bins, max(settled_at - baseline.bins, 0))
    mean, variance, seen = baseline.mean, baseline.variance, baseline.bins
    if plain:
        mean, variance = _plainly_rested(mean, variance, seen, plain)
        seen += plain
    if rest := bins - plain:
        mean, variance = _steadily_rested(mean, variance, rest, rule.gain)
        seen += rest
    until = baseline.until
    if until is not None:
        until += timedelta(seconds=bins * rule.bin_seconds)
    return replace(baseline, mean=mean, variance=variance, bins=seen, until=until)


def _plainly_rested(mean: float, variance: float, seen: int, bins: int) -> tuple[float, float]:
    """Return mean and variance after empty bins of weight 1/n: sums stay, counts grow.

    n·mean stays at s, and n·variance grows by the squared mean before each bin: s² · (1/n² summed over the bins),
    which Euler and Maclaurin give to twelve digits without a loop.
    """
    total, after = mean * seen, seen + bins
    squares = _inverse_squares(seen) - _inverse_squares(after)
    return total / after, (variance * seen + total * total * squares) / after


def _inverse_squares(first: int) -> float:
    """Return 1/first² + 1/(first+1)² + … without end."""
    head = sum(1 / (number * number) for number in range(first, first + 8))
    n = float(first + 8)
    return head + 1 / n + 1 / (2 * n**2) + 1 / (6 * n**3) - 1 / (30 * n**5)


def _steadily_rested(mean: float, variance: float, bins: int, gain: float) -> tuple[float, float]:
    """Return mean and variance after empty bins of one weight: a geometric series in closed form."""
    left = 1 - gain
    faded = left**bins
    # Each bin adds gain · mean² with the mean of before it: gain · Σ left^(bins-1-i) · (mean · left^i)².
    return mean * faded, variance * faded + mean * mean * faded / left * (1 - faded)
