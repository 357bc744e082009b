"""How often a source is asked."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.polling import PollPolicy, interval_seconds
from vigie.domain.rhythm import Rhythm

NOW = datetime(2026, 12, 8, 9, tzinfo=UTC)
POLICY = PollPolicy(interval_seconds=900)
QUIET = Rhythm(per_day=1.0, window=40, news_at=NOW)


def minutes(rhythm: Rhythm) -> float:
    """Return how long a source with this rhythm waits."""
    return interval_seconds(rhythm, POLICY, NOW) / 60


def test_sixteen_times_the_news_is_asked_eight_times_as_often() -> None:
    """The interval follows the rate by a power of three quarters: 15 minutes at twenty articles a day."""
    assert [round(minutes(replace(QUIET, per_day=rate)), 6) for rate in (20, 1.25)] == [15, 120]


def test_busy_hour_is_asked_more_often() -> None:
    """A source that publishes in the morning is asked more in the morning than in the evening."""
    morning = tuple(20 if hour in {8, 9, 10} else 0 for hour in range(24))
    evening = tuple(20 if hour in {18, 19, 20} else 0 for hour in range(24))
    assert minutes(replace(QUIET, hours=morning)) < minutes(QUIET) < minutes(replace(QUIET, hours=evening))


def test_small_window_is_never_let_overflow() -> None:
    """A feed that shows few entries is asked before more than half of them can be new, at twice its rate."""
    assert minutes(Rhythm(per_day=30.0, window=1, news_at=NOW)) < minutes(
        Rhythm(per_day=30.0, window=50, news_at=NOW)
    )
    peaked = Rhythm(per_day=1.0, peak_per_day=300.0, window=10, news_at=NOW)
    assert minutes(peaked) < minutes(replace(peaked, peak_per_day=0.0))


@given(st.floats(1, 400), st.integers(10, 100))
def test_small_window_is_asked_in_time_for_the_tick_after(per_day: float, window: int) -> None:
    """A poll that comes a whole floor after its source was due still finds less than half of the document new."""
    wait = minutes(Rhythm(per_day=per_day, window=window, news_at=NOW))
    assert (wait + 6) * 2.2 * per_day / 1_440 <= 0.401 * window or wait == 6


def test_burst_is_followed_closely() -> None:
    """When more than half of a document was new at this poll, the next comes within twice the floor."""
    assert minutes(replace(QUIET, burst=21)) == 12
    assert minutes(replace(QUIET, burst=20)) > 60


@given(st.floats(0, 10_000), st.floats(0, 10_000), st.integers(0, 500))
def test_interval_stays_between_floor_and_ceiling(per_day: float, peak: float, window: int) -> None:
    """Whatever a source does, it is asked every six minutes at most and twice a day at least."""
    wait = minutes(Rhythm(per_day=per_day, peak_per_day=peak, window=window, news_at=NOW))
    assert 6 <= wait <= 720
