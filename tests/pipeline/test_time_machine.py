"""Weeks around the clock changes of a year, everything going wrong: every mail in time, none twice but in one gap."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from tests.pipeline.time_machine import TimeMachine, wanted_hours

# Los Angeles changes on 14 March, Europe and Nuuk on the 28th, the south on 4 April and 3 October, Europe on 31.
STRETCHES = [("2027-03-12", 3), ("2027-03-26", 3), ("2027-04-02", 3), ("2027-10-01", 3), ("2027-10-29", 3)]
EACH_WRITE = {
    "build: digests.put",
    "build: digests.expect",
    "build: outbox.send",
    "mail: deliveries.claim",
    "mail: mailer.send",
    "mail: deliveries.mark_sent",
}


@pytest.mark.parametrize(("start", "days"), STRETCHES)
def test_everyone_gets_every_mail_in_time(start: str, days: int) -> None:
    """Nobody without theirs, none early, none a quarter of an hour late, none twice but in the gap that is named."""
    noon = datetime.fromisoformat(f"{start}T12:00").replace(tzinfo=UTC)
    outcome = TimeMachine(noon, seed=int(start[-2:])).run(days)
    assert (outcome.missing, outcome.early, outcome.late) == ([], [], [])
    assert outcome.unexplained == []
    assert set(outcome.doubled) <= outcome.gap
    assert outcome.untold == []
    assert set(outcome.deaths) >= EACH_WRITE


def test_in_quiet_times_every_mail_leaves_on_the_minute() -> None:
    """Nothing goes wrong: each mail once, within a minute of its hour."""
    outcome = TimeMachine(datetime(2027, 3, 26, 12, tzinfo=UTC), hostile=False).run(3)
    assert (outcome.missing, outcome.early, outcome.late, outcome.doubled) == ([], [], [], [])
    assert outcome.worst.total_seconds() < 60
    assert outcome.untold == []


def test_the_hours_expected_are_those_of_the_clocks() -> None:
    """The judge's own computation, on the days it is easy to get wrong."""
    start, end = datetime(2027, 3, 26, 12, tzinfo=UTC), datetime(2027, 3, 29, 12, tzinfo=UTC)
    paris = wanted_hours(time(2, 30), ZoneInfo("Europe/Paris"), start, end)
    assert [f"{at:%dT%H:%M}" for at in paris] == ["27T01:30", "28T01:30", "29T00:30"]
    nuuk = wanted_hours(time(23, 30), ZoneInfo("America/Nuuk"), start, end)
    assert [f"{at:%dT%H:%M}" for at in nuuk] == ["27T01:30", "28T00:30", "29T00:30"]
