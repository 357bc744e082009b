"""When what was kept back is told: in the evening, then by the hour, never with what another worker is telling."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from vigie.domain.alerts.gathering import told_together_at

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("kept_back", "told"),
    [
        ("2026-11-23T09:10", "2026-11-23T19:00"),
        ("2026-11-23T18:55", "2026-11-23T19:00"),
        ("2026-11-23T18:56", "2026-11-23T20:00"),
        ("2026-11-23T21:30", "2026-11-23T22:00"),
        ("2026-11-23T23:58", "2026-11-24T19:00"),
        ("2026-10-25T01:30", "2026-10-25T19:00"),
    ],
)
def test_it_waits_for_the_evening_or_the_next_hour(kept_back: str, told: str) -> None:
    """By the client's clock, and five minutes away at least."""
    now = datetime.fromisoformat(kept_back).replace(tzinfo=PARIS)
    assert told_together_at(now, PARIS) == datetime.fromisoformat(told).replace(tzinfo=PARIS)
