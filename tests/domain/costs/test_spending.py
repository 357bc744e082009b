"""What a stack spent, by its own estimate."""

import pytest

from vigie.domain.costs.prices import price_table
from vigie.domain.costs.spending import Counted, Level, spend, unit_work


def test_each_kind_of_request_has_a_price() -> None:
    """Whatever a unit of work asks of the cloud can be priced."""
    for work in unit_work().values():
        assert price_table().of(work) > 0


def test_work_is_priced_by_the_unit() -> None:
    """A thousand polls cost a thousand times one, and the sum is that of its parts."""
    one, many = spend("2026-12", Counted(polls=1), 0), spend("2026-12", Counted(polls=1_000, mails=2), 0)
    assert many.usd["poll"] == pytest.approx(1_000 * one.usd["poll"], rel=0.2)
    assert many.total_usd == pytest.approx(sum(many.usd.values()))
    assert many.prices_as_of == price_table().as_of.isoformat()


@pytest.mark.parametrize(
    ("spent", "cap", "level"),
    [
        (0, 10, "fine"),
        (7.9, 10, "fine"),
        (8, 10, "warned"),
        (9.9, 10, "warned"),
        (10, 10, "saving"),
        (99, 0, "fine"),
    ],
)
def test_a_cap_warns_before_it_saves(spent: float, cap: float, level: Level) -> None:
    """At four fifths somebody is told, at the cap the stack saves; without a cap, nothing happens."""
    assert spend("2026-12", Counted(large_model_usd=spent), cap).level == level


def test_what_the_large_model_cost_is_a_reading() -> None:
    """Work adds up; the large model's own count replaces the one before."""
    both = Counted(polls=3, large_model_usd=1.0).plus(Counted(polls=2, hours=0.25, large_model_usd=1.5))
    assert both == Counted(polls=5, hours=0.25, large_model_usd=1.5)
