"""Stripe's keys, as ops keep them: one encrypted parameter, a JSON object.

::

    {"secret_key": "sk_live_…", "webhook_secret": "whsec_…"}

Prefer a restricted key (rk_…) that may write Checkout sessions, portal sessions and subscriptions, and read prices
and invoices. While Stripe rolls the webhook's secret, give both, separated by a space.
"""

import json
from dataclasses import dataclass, field

from vigie.errors import NotFound


@dataclass(frozen=True, slots=True)
class StripeKeys:
    """The key that we ask with, and those that sign what we are told."""

    secret_key: str = field(repr=False)
    webhook_secrets: tuple[str, ...] = field(repr=False)


def keys_in(text: str) -> StripeKeys:
    """Return the keys that a parameter holds. Raises NotFound when it does not hold both."""
    try:
        told = json.loads(text)
        keys = StripeKeys(str(told["secret_key"]), tuple(str(told["webhook_secret"]).split()))
    except (ValueError, KeyError, TypeError):
        keys = StripeKeys("", ())
    if not keys.secret_key or not keys.webhook_secrets:
        raise NotFound('Stripe\'s parameter is to hold {"secret_key": …, "webhook_secret": …}.')
    return keys
