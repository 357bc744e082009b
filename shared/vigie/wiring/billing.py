"""Subscriptions of self-serve clients."""

from functools import cache
from typing import TYPE_CHECKING

from vigie.ports import BillingStore
from vigie.wiring.common import settings

if TYPE_CHECKING:
    from vigie.steps.billing.trials import Trials


@cache
def billing_store() -> BillingStore:
    """Return the subscriptions, in the accounts table."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.billing import DynamoBilling

    return DynamoBilling(aws.dynamodb(), settings().need("accounts_table"))


@cache
def trials() -> "Trials":
    """Return what begins trials."""
    from vigie.steps.billing.trials import Trials

    return Trials(billing_store())
