"""How often a source publishes, and at what hours."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.rhythm import (
    UNKNOWN_PER_DAY,
    Rhythm,
    expected,
    first_rhythm,
    heard,
    profile,
    rate_at,
    silence_is_improbable,
)

NOW = datetime(2026, 12, 8, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_first_document_tells_the_rate_by_its_dates() -> None:
    """Twenty articles over ten days are two a day; dates to come are not believed."""
    dates = [NOW - n * 12 * HOUR for n in range(1, 21)]
    assert first_rhythm([*dates, NOW + HOUR, None], NOW).per_day == 2.0


@pytest.mark.parametrize("dates", [[], [None, None], [NOW], [NOW - timedelta(minutes=5)] * 9])
def test_first_document_without_useful_dates_is_taken_for_a_daily(dates: list[datetime | None]) -> None:
    """No dates, or all of one moment, tell nothing."""
    assert first_rhythm(dates, NOW).per_day == UNKNOWN_PER_DAY


def test_rate_settles_on_what_is_published() -> None:
    """A source taken for a daily that publishes two an hour is known as such within two weeks."""
    rhythm = first_rhythm([None], NOW)
    for n in range(1, 14 * 24):
        rhythm = heard(rhythm, [None, None], 30, NOW + (n - 1) * HOUR, NOW + n * HOUR)
    assert 43 <= rhythm.per_day <= 50
    assert rhythm.peak_per_day == 48


def test_rate_fades_in_silence() -> None:
    """Five days without news leave a third of the rate, without any change of what is kept."""
    rhythm = Rhythm(per_day=30.0, news_at=NOW)
    assert rate_at(rhythm, NOW + timedelta(days=5)) == pytest.approx(30 / 2.71828, rel=1e-4)


def test_hours_are_those_of_believable_dates() -> None:
    """A date between the two polls counts by its hour, any other by the poll's when the polls are close."""
    inside, outside = NOW - timedelta(minutes=70), NOW - timedelta(days=2)
    close = heard(Rhythm(), [inside, outside, None], 10, NOW - 2 * HOUR, NOW)
    assert {hour: count for hour, count in enumerate(close.hours) if count} == {7: 1, 9: 2}
    assert heard(Rhythm(), [outside, None], 10, NOW - 5 * HOUR, NOW).hours == ()


def test_profile_is_flat_until_something_is_known() -> None:
    """No hour stands out at first; later the busy ones do, within bounds."""
    assert profile((), 9) == 1
    hours = [0] * 24
    hours[9] = 200
    assert profile(hours, 9) == 4
    assert profile(hours, 21) == 0.2


def test_silence_is_weighed_by_rate_and_hour() -> None:
    """Seven articles missing are improbable; a night without any is not, for who never publishes at night."""
    rhythm = Rhythm(per_day=24.0, news_at=NOW)
    assert expected(rhythm, NOW + 6 * HOUR) == pytest.approx(6)
    assert not silence_is_improbable(rhythm, NOW + 6 * HOUR)
    assert silence_is_improbable(rhythm, NOW + 7 * HOUR)
    by_day = Rhythm(per_day=24.0, news_at=NOW.replace(hour=20), hours=(0,) * 8 + (20,) * 10 + (0,) * 6)
    assert not silence_is_improbable(by_day, by_day.news_at + 9 * HOUR)  # type: ignore[operator]


@given(st.lists(st.integers(0, 23), max_size=600))
def test_hours_stay_small(seen: list[int]) -> None:
    """However much is published at an hour, its count fits a byte."""
    rhythm = Rhythm()
    for hour in seen:
        rhythm = heard(rhythm, [None], 1, NOW, NOW.replace(hour=hour))
    assert all(0 <= count <= 255 for count in rhythm.hours)
