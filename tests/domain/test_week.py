"""The week of a digest, by local day."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from vigie.domain.week import DayCount, week_of

PARIS = ZoneInfo("Europe/Paris")
UNTIL = datetime(2026, 12, 8, 6, 15, tzinfo=UTC)


def test_a_week_is_seven_days_that_end_with_the_digest() -> None:
    """Days without a digest have no figure, several of one day are added, later ones are left out."""
    closed = [
        (UNTIL, 34),
        (datetime(2026, 12, 7, 6, 15, tzinfo=UTC), 21),
        (datetime(2026, 12, 7, 15, 0, tzinfo=UTC), 2),
        (datetime(2026, 12, 9, 6, 15, tzinfo=UTC), 99),
        (datetime(2026, 12, 1, 6, 15, tzinfo=UTC), 77),
    ]
    counts = {2: None, 3: None, 4: None, 5: None, 6: None, 7: 23, 8: 34}
    assert week_of(closed, UNTIL, PARIS) == tuple(
        DayCount(date(2026, 12, day), count) for day, count in counts.items()
    )


def test_a_cutoff_late_in_the_evening_counts_for_the_readers_day() -> None:
    """23:30 UTC is the next day in Paris."""
    late = datetime(2026, 12, 7, 23, 30, tzinfo=UTC)
    assert week_of([(late, 3)], late, PARIS)[-1] == DayCount(date(2026, 12, 8), 3)
