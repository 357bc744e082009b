"""Contract of Budgets."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.contracts.conftest import Stores
from tests.contracts.together import at_once
from vigie.domain.connectors.budgets import Bucket
from vigie.ports import Budgets

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
TEN = Bucket(name="ten", limit=10, window_seconds=300, reserve=0.2)


@pytest.fixture
def budgets(stores: Stores) -> Budgets:
    """Return budgets of which nothing is spent."""
    return stores.budgets


def test_units_are_spent_up_to_the_allowance(budgets: Budgets) -> None:
    """Ordinary polls stop at the reserve, urgent ones at the limit, and nobody goes past it."""
    assert [budgets.take(TEN, 3, NOW) for _ in range(3)] == [True, True, False]
    assert budgets.take(TEN, 2, NOW)
    assert not budgets.take(TEN, 1, NOW)
    assert [budgets.take(TEN, 1, NOW, urgent=True) for _ in range(3)] == [True, True, False]


def test_a_window_that_begins_is_full(budgets: Budgets) -> None:
    """What was spent in one window is not missing in the next, nor in another bucket."""
    assert budgets.take(TEN, 8, NOW)
    assert not budgets.take(TEN, 1, NOW)
    assert budgets.take(TEN, 8, NOW + timedelta(seconds=300))
    assert budgets.take(Bucket(name="other", limit=10, window_seconds=300), 8, NOW)


def test_more_than_there_ever_is_is_refused(budgets: Budgets) -> None:
    """A price above the allowance is refused at once, and spends nothing."""
    assert not budgets.take(TEN, 9, NOW)
    assert budgets.take(TEN, 8, NOW)


def test_workers_side_by_side_never_spend_more(budgets: Budgets) -> None:
    """Of twenty workers who want one unit at once, as many get it as there are units."""
    assert sum(at_once(20, lambda _: budgets.take(TEN, 1, NOW))) == 8


def test_what_is_spent_can_be_read(budgets: Budgets) -> None:
    """The count of a window is what was taken of it, less what was given back."""
    assert budgets.spent(TEN, NOW) == 0
    assert budgets.take(TEN, 5, NOW)
    assert budgets.take(TEN, -2, NOW)
    assert budgets.spent(TEN, NOW) == 3
    assert budgets.spent(TEN, NOW + timedelta(seconds=300)) == 0
