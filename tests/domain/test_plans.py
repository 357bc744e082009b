"""Plans as data."""

import pytest

from vigie.domain.plans import Plan, next_plan, plan_named, plan_of_price, plans, plans_for_sale
from vigie.errors import NotFound

LIMITS = ("watches", "keywords", "recipients", "monthly_mentions", "history_days", "alerts", "boolean_editor")


def test_the_table_holds_a_trial_that_ends_and_plans_with_a_price() -> None:
    """A trial costs nothing and lasts some days; what is sold has a price, its name at Stripe, and no end."""
    assert list(plans()) == ["trial", "essentiel", "plus"]
    assert plan_named("trial").is_trial
    assert plan_named("trial").days == 14
    for plan in plans_for_sale():
        assert plan.price_cents > 0
        assert plan.lookup_key
        assert plan.days is None


def test_a_dearer_plan_includes_at_least_what_a_cheaper_one_does() -> None:
    """Nobody loses anything by paying more."""
    least, most = plans_for_sale()
    assert least.price_cents < most.price_cents
    assert all(getattr(least, limit) <= getattr(most, limit) for limit in LIMITS)


def test_a_price_leads_to_its_plan() -> None:
    """By its lookup key; another's leads nowhere."""
    assert plan_of_price("vigie-plus-month") == plan_named("plus")
    assert plan_of_price("another") is None


def test_an_unknown_plan_is_refused_with_those_there_are() -> None:
    """The refusal names them."""
    with pytest.raises(NotFound, match="trial, essentiel, plus"):
        plan_named("or")


@pytest.mark.parametrize(("plan_id", "above"), [("trial", "plus"), ("essentiel", "plus"), ("plus", None)])
def test_the_next_plan_includes_more_mentions(plan_id: str, above: str | None) -> None:
    """What to offer to whom has used up a plan."""
    found: Plan | None = next_plan(plan_named(plan_id))
    assert (found.plan_id if found else None) == above
