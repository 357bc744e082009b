"""What publishers ask for, and how far we follow."""

from datetime import UTC, datetime, timedelta

import pytest

from vigie.domain.feeds import PublishingHints
from vigie.domain.polling import PollPolicy
from vigie.domain.polling.wishes import skip_idle, wished_seconds
from vigie.domain.rhythm import Rhythm

NOW = datetime(2026, 12, 8, 6, 20, tzinfo=UTC)  # a Tuesday
DAILY, RARE = Rhythm(per_day=5.0, news_at=NOW), Rhythm(per_day=0.5, news_at=NOW)


@pytest.mark.parametrize(
    ("max_age", "interval", "rhythm", "expected"),
    [
        (None, None, DAILY, 0),
        (600, 1_800, DAILY, 1_800),
        (2_400, 1_800, DAILY, 2_400),
        (None, 10**9, DAILY, 3_600),
        (None, 43_200, RARE, 43_200),
        (None, 3_600, Rhythm(per_day=100.0, window=10, news_at=NOW), 1_210),  # else its own entries are lost
        (None, 3_600, Rhythm(per_day=100.0, window=10, burst=6, news_at=NOW), 720),  # it may go on
        (1_800, None, Rhythm(per_day=100.0, window=10, news_at=NOW), 1_210),
        (1_800, 3_600, Rhythm(per_day=100.0, window=30, news_at=NOW), 3_600),
        (10**9, None, RARE, 86_400),
    ],
)
def test_longest_wish_is_followed_within_its_cap(
    max_age: int | None, interval: int | None, rhythm: Rhythm, expected: int
) -> None:
    """An hour for a source with daily news, a day for one that publishes rarely."""
    hints = PublishingHints(interval_seconds=interval)
    assert expected == int(wished_seconds(max_age, hints, rhythm, PollPolicy(), NOW))


@pytest.mark.parametrize(
    ("hints", "rhythm", "hours"),
    [
        (PublishingHints(), DAILY, 0),
        (PublishingHints(skip_hours=(5, 6, 7)), DAILY, 8 - 6 - 1 / 3),
        (PublishingHints(skip_hours=(7,)), DAILY, 0),
        (
            PublishingHints(skip_hours=(6,)),
            Rhythm(hours=(0,) * 6 + (3,) + (0,) * 17),
            0,
        ),  # it did publish then
        (PublishingHints(skip_days=(1,)), DAILY, 24 - 6 - 1 / 3),
        (PublishingHints(skip_hours=tuple(range(24))), DAILY, 24 - 1 / 3),  # a day at most
    ],
)
def test_idle_hours_are_skipped(hints: PublishingHints, rhythm: Rhythm, hours: float) -> None:
    """The next poll comes when the feed says it publishes again, unless it was seen publishing."""
    assert skip_idle(NOW, hints, rhythm) - NOW == timedelta(hours=hours)
