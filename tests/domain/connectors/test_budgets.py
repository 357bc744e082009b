"""Budgets count in the platform's own windows."""

from datetime import UTC, datetime, timedelta

import pytest

from vigie.domain.connectors.budgets import MONTH_SECONDS, Bucket, allowance, spent, window_of

YOUTUBE = Bucket(name="youtube-search", limit=100, window_seconds=86_400, zone="America/Los_Angeles")
FIVE_MINUTES = Bucket(name="mastodon", limit=300, window_seconds=300)


@pytest.mark.parametrize(
    ("now", "resets_at"),
    [
        ("2026-11-22T07:59:59", "2026-11-22T08:00:00"),  # still the 21st in California
        ("2026-11-22T08:00:00", "2026-11-23T08:00:00"),
        ("2026-11-01T12:00:00", "2026-11-02T08:00:00"),  # the day the clocks go back has 25 hours
        ("2026-03-08T09:00:00", "2026-03-09T07:00:00"),  # the day they go forward has 23
    ],
)
def test_a_day_is_the_platforms_day(now: str, resets_at: str) -> None:
    """A budget of a day is full again at midnight where the platform lives, whatever its clocks do."""
    window = window_of(YOUTUBE, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert window.resets_at == datetime.fromisoformat(resets_at).replace(tzinfo=UTC)


def test_windows_follow_one_another() -> None:
    """The instant a window resets is the first of the next, under another key that sorts after."""
    now = datetime(2026, 11, 22, 8, 4, 59, tzinfo=UTC)
    window = window_of(FIVE_MINUTES, now)
    following = window_of(FIVE_MINUTES, window.resets_at)
    assert window.resets_at == now + timedelta(seconds=1)
    assert following.key > window.key


def test_the_reserve_is_for_urgent_polls() -> None:
    """Ordinary polls stop at nine tenths, urgent ones may use all."""
    assert allowance(YOUTUBE, urgent=False) == 90
    assert allowance(YOUTUBE, urgent=True) == 100


def test_a_spent_budget_says_when_it_is_full_again() -> None:
    """What is cut off is told with the instant it resumes."""
    refusal = spent(YOUTUBE, datetime(2026, 11, 22, 9, tzinfo=UTC))
    assert refusal.at == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert "100" in refusal.detail


@pytest.mark.parametrize(
    ("now", "key", "resets_at"),
    [
        ("2026-11-30T22:59:59", "money#202611", "2026-11-30T23:00:00"),
        ("2026-11-30T23:00:00", "money#202612", "2026-12-31T23:00:00"),
        ("2027-02-28T12:00:00", "money#202702", "2027-02-28T23:00:00"),
    ],
)
def test_a_month_is_a_calendar_month(now: str, key: str, resets_at: str) -> None:
    """As bills are, whatever its length, in the bucket's zone."""
    bucket = Bucket(name="money", limit=1, window_seconds=MONTH_SECONDS, zone="Europe/Paris")
    window = window_of(bucket, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert window.key == key
    assert window.resets_at == datetime.fromisoformat(resets_at).replace(tzinfo=UTC)
