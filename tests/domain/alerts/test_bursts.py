"""Bursts: sharp onsets are alerts, once; quiet bins are taken in at once; a bin counts once."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.domain.alerts.bursts import Baseline, BurstRule, Reading, observe, observe_row, rested

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RULE = BurstRule()
BIN = timedelta(seconds=RULE.bin_seconds)


def played(
    values: list[float], rule: BurstRule = RULE, start: datetime = NOON
) -> tuple[Baseline, list[Reading]]:
    """Return what is usual after some bins in a row, and their readings."""
    baseline, readings = Baseline(), []
    for number, value in enumerate(values):
        at = start + number * timedelta(seconds=rule.bin_seconds)
        baseline, reading = observe(baseline, value, at, rule)
        readings.append(reading)
    return baseline, readings


def steady(bins: int = 1_000) -> list[float]:
    """Return bins of a brand that one or two speak of every five minutes."""
    return [float(1 + number % 2) for number in range(bins)]


def alerts(readings: list[Reading]) -> list[int]:
    """Return the places of the alerts."""
    return [place for place, reading in enumerate(readings) if reading.alert]


def test_a_sharp_onset_is_an_alert() -> None:
    """A bin far above what is usual raises one, which says how far and above what."""
    _, readings = played([*steady(), 40])
    assert alerts(readings) == [1_000]
    assert (readings[-1].value, round(readings[-1].baseline, 2)) == (40, 1.5)
    assert readings[-1].z == pytest.approx((40 - 1.5) / 0.5, rel=0.01)


def test_what_goes_on_is_the_same_burst() -> None:
    """For a day bins as high raise nothing more."""
    _, readings = played([*steady(), *[40.0] * 50])
    assert alerts(readings) == [1_000]


def test_a_burst_that_grows_is_told_again() -> None:
    """Half as far again above what is usual is news."""
    _, readings = played([*steady(), 20, 2, 2000])
    assert alerts(readings) == [1_000, 1_002]


def test_a_slow_climb_arms_and_then_bars_an_alert() -> None:
    """What rose gently marks the burst: the alert level reached by small steps is no sharp onset."""
    climb = [3.1, 3.6, 4.2, 4.8]
    _, readings = played([*steady(), *climb])
    assert max(reading.z for reading in readings[1_000:]) > 3
    assert alerts(readings) == []


def test_nothing_is_usual_in_the_first_days() -> None:
    """Before there is something to compare with, nothing is an alert."""
    _, readings = played([*steady(700), 40])
    assert alerts(readings) == []


def test_a_brand_nobody_speaks_of_is_not_alarmed_by_the_first_mention() -> None:
    """One or two mentions after long silence are not far in deviations."""
    _, readings = played([*[0.0] * 1_000, 2])
    assert (alerts(readings), round(readings[-1].z, 2)) == ([], 6.67)


def test_a_bin_counts_once() -> None:
    """Redelivered or late, a bin that was taken in changes nothing and alerts nobody again."""
    baseline, _ = played([*steady(), 40])
    again, reading = observe(baseline, 40, NOON + 1_000 * BIN, RULE)
    assert (again, reading.alert) == (baseline, False)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 50), min_size=1, max_size=40),
    st.integers(0, 6_000),
    st.sampled_from([300, 3_600]),
)
def test_silence_taken_in_at_once_is_silence_bin_by_bin(
    values: list[int], empty: int, bin_seconds: int
) -> None:
    """Any number of empty bins in closed form says what the loop says, to rounding."""
    rule = BurstRule(bin_seconds=bin_seconds)
    baseline, _ = played([float(value) for value in values], rule)
    at_once = rested(baseline, empty, rule)
    one_by_one = baseline
    for number in range(empty):
        at = NOON + (len(values) + number) * timedelta(seconds=bin_seconds)
        one_by_one, _ = observe(one_by_one, 0.0, at, rule)
    assert at_once.until == one_by_one.until
    assert at_once.bins == one_by_one.bins
    assert math.isclose(at_once.mean, one_by_one.mean, rel_tol=1e-7, abs_tol=1e-12)
    assert math.isclose(at_once.variance, one_by_one.variance, rel_tol=1e-7, abs_tol=1e-9)


def test_silence_before_a_bin_is_taken_in_with_it() -> None:
    """A bin that comes after a gap is judged as if each empty bin had been seen."""
    baseline, _ = played(steady())
    later = NOON + 1_300 * BIN
    jumped = observe(baseline, 9, later, RULE)[1]
    walked = observe(rested(baseline, 300, RULE), 9, later, RULE)[1]
    assert jumped == walked
    assert jumped.baseline < 1.5


def test_rows_of_a_list_are_judged_one_after_the_other() -> None:
    """What is between two rows is not known: it is not taken for silence."""
    baseline, _ = played(steady())
    _, reading = observe_row(baseline, 9, NOON + 9_999 * BIN, RULE)
    assert reading.baseline == baseline.mean
