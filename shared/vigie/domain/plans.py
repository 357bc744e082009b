"""What a self-serve client may subscribe to: plans are data (``plans.toml``), read once.

A client of an agency has no plan: nothing of this applies to it.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vigie.errors import NotFound

TRIAL = "trial"
CURRENCY = "eur"
_TABLE = Path(__file__).with_name("plans.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One plan and what it includes.

    ``price_cents`` is a month's, without tax; 0 is the trial, which lasts ``days``. ``lookup_key`` is the name under
    which the payment provider has the price.
    """

    plan_id: str
    price_cents: int
    watches: int
    keywords: int
    recipients: int
    monthly_mentions: int
    history_days: int
    alerts: bool
    boolean_editor: bool
    days: int | None = None
    lookup_key: str = ""

    @property
    def is_trial(self) -> bool:
        """Whether it is free, and ends by itself."""
        return self.plan_id == TRIAL


@cache
def plans() -> dict[str, Plan]:
    """Return every plan by its id, the least first."""
    table = tomllib.loads(_TABLE.read_text("utf-8"))
    return {plan_id: Plan(plan_id=plan_id, **values) for plan_id, values in table.items()}


def shortest_history_days() -> int:
    """Return as many days back as every plan shows."""
    return min(plan.history_days for plan in plans().values())


def plan_named(plan_id: str) -> Plan:
    """Return a plan. Raises NotFound naming those there are."""
    try:
        return plans()[plan_id]
    except KeyError:
        raise NotFound(f"There is no plan {plan_id!r}; there are {', '.join(plans())}.") from None


def plans_for_sale() -> list[Plan]:
    """Return the plans that have a price, the cheapest first."""
    return [plan for plan in plans().values() if not plan.is_trial]


def plan_of_price(lookup_key: str) -> Plan | None:
    """Return the plan that is sold under a price's lookup key."""
    return next((plan for plan in plans_for_sale() if plan.lookup_key == lookup_key), None)


def next_plan(plan: Plan) -> Plan | None:
    """Return the cheapest plan that includes more mentions than ``plan``, or None."""
    return next((each for each in plans_for_sale() if each.monthly_mentions > plan.monthly_mentions), None)
