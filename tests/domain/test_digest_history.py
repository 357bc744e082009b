"""What earlier digests counted: the same weekday, and the week."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from tests.builders import A_DAY, CUTOFF
from vigie.domain.cutoffs import Interval
from vigie.domain.digest_history import History, history_of
from vigie.domain.week import DayCount

PARIS = ZoneInfo("Europe/Paris")


def days_ago(days: int, *, hours: int = 24) -> Interval:
    """Return the interval that closed so many days before, ``hours`` long."""
    until = CUTOFF - timedelta(days=days)
    return Interval(until - timedelta(hours=hours), until)


def test_first_week_is_learning() -> None:
    """With one same weekday behind it, or none, a digest has no mean."""
    assert history_of([], A_DAY, 5, PARIS).mean is None
    one = history_of([(days_ago(number), 10) for number in range(1, 9)], A_DAY, 5, PARIS)
    assert (one.same_weekday, one.mean) == ((10,), None)


def test_mean_is_of_the_same_weekday() -> None:
    """Tuesdays are compared with Tuesdays, eight at most, the newest first."""
    past = [(days_ago(number), number) for number in range(1, 100)]
    found = history_of(past, A_DAY, 5, PARIS)
    assert found.same_weekday == (7, 14, 21, 28, 35, 42, 49, 56)
    assert found.mean == 31.5


def test_intervals_of_another_length_are_not_compared() -> None:
    """A Tuesday that closed a week, or a digest asked for at noon, says nothing of a day; an hour more does."""
    past = [(days_ago(7, hours=168), 90), (days_ago(14, hours=5), 1), (days_ago(21, hours=25), 12)]
    assert history_of(past, A_DAY, 5, PARIS).same_weekday == (12,)


def test_day_is_the_clients_own() -> None:
    """A cut-off at 23:30 UTC is the next day in Paris."""
    late = Interval(A_DAY.since - timedelta(hours=7), CUTOFF - timedelta(hours=7, minutes=-15))
    week_before = Interval(late.since - timedelta(days=7), late.until - timedelta(days=7))
    assert history_of([(week_before, 4)], late, 5, PARIS).same_weekday == (4,)
    assert history_of([], late, 5, PARIS).week[-1] == DayCount(late.until.astimezone(PARIS).date(), 5)


def test_week_ends_with_this_digest() -> None:
    """Seven days with their counts, a day without a digest told as such; a digest built again counts once."""
    past = [(days_ago(1), 21), (days_ago(3), 9), (days_ago(0), 34)]
    week = history_of(past, A_DAY, 34, PARIS).week
    assert [day.mentions for day in week] == [None, None, None, 9, None, 21, 34]
    assert (week[0].day, week[-1].day) == (date(2026, 12, 2), date(2026, 12, 8))


def test_history_of_digests_stored_before_it_is_empty() -> None:
    """A digest that was stored without a history has none, and no mean."""
    assert History().mean is None
