"""Budgets of a stack that saves."""

from datetime import UTC, datetime

from tests.fakes import FakeBudgets
from vigie.domain.connectors.budgets import Bucket
from vigie.steps.thrift import ThriftyBudgets

NOW = datetime(2026, 12, 8, tzinfo=UTC)
FREE = Bucket(name="free", limit=10, window_seconds=300, reserve=0)
PAID = Bucket(name="paid", limit=10, window_seconds=300, reserve=0, paid=True)


def test_a_stack_that_saves_takes_no_money() -> None:
    """Paid budgets give nothing, urgent or not; free ones give what they always gave."""
    budgets = ThriftyBudgets(FakeBudgets(), lambda: True)
    assert not budgets.take(PAID, 1, NOW)
    assert not budgets.take(PAID, 1, NOW, urgent=True)
    assert budgets.take(FREE, 1, NOW)
    assert (budgets.spent(PAID, NOW), budgets.spent(FREE, NOW)) == (0, 1)


def test_a_stack_that_does_not_save_spends() -> None:
    """Under its cap, money is a budget like any other; what is not used is given back, then too."""
    inner = FakeBudgets()
    assert ThriftyBudgets(inner, lambda: False).take(PAID, 10, NOW)
    assert ThriftyBudgets(inner, lambda: True).take(PAID, -4, NOW)
    assert inner.spent(PAID, NOW) == 6


def test_free_budgets_do_not_ask_whether_it_saves() -> None:
    """A poll that costs no money pays for no look at the spending."""

    def asked() -> bool:
        raise AssertionError("asked")

    assert ThriftyBudgets(FakeBudgets(), asked).take(FREE, 1, NOW)
