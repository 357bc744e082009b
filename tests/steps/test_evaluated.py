"""What the watches were put before, read once a run."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import CUTOFF
from tests.fakes import FakeLedger
from vigie.domain.cutoffs import Interval
from vigie.domain.ledger import Evaluated
from vigie.domain.matching import Decision
from vigie.steps.evaluated import EvaluatedOnce

DAY = timedelta(days=1)


class CountedLedger(FakeLedger):
    """A ledger that counts what it is asked."""

    asked = 0

    def evaluated(self, interval: Interval) -> list[Evaluated]:
        """Count, and answer."""
        self.asked += 1
        return super().evaluated(interval)


def a_ledger(minutes: list[int]) -> CountedLedger:
    """Return a ledger with a batch so many minutes before the cut-off, each of as many documents."""
    ledger = CountedLedger()
    for number, minute in enumerate(minutes):
        at = CUTOFF - timedelta(minutes=minute)
        ledger.record_decision(
            Decision(batch_id=f"b{number}", part=0, decided_at=at, documents=minute + 1, parked=0, pairs=())
        )
    return ledger


@given(st.lists(st.integers(0, 3_000), max_size=20), st.integers(0, 2_000), st.integers(1, 2_000))
def test_an_interval_in_parts_is_the_interval(minutes: list[int], late: int, long: int) -> None:
    """Wherever it begins and ends, nothing is missing and nothing is counted twice."""
    ledger = a_ledger(minutes)
    until = CUTOFF - timedelta(minutes=late)
    interval = Interval(until - timedelta(minutes=long), until)
    found = EvaluatedOnce(ledger)(interval)
    assert sorted(found, key=repr) == sorted(ledger.evaluated(interval), key=repr)


def test_digests_that_share_hours_read_them_once() -> None:
    """A hundred of one interval cost what one does; of another, what they do not share."""
    ledger = a_ledger([10, 700])
    once = EvaluatedOnce(ledger)
    for _ in range(100):
        once(Interval(CUTOFF - DAY, CUTOFF))
    assert ledger.asked == 25
    once(Interval(CUTOFF - 7 * DAY, CUTOFF))
    assert ledger.asked == 25 + 6 * 24 + 1
