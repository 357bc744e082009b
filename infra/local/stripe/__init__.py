"""A stub of Stripe that is ours: its API's wire format, its pages reduced to buttons, its signed events.

It takes no card: outcomes are chosen by name. Nothing of it is deployed.
"""

from infra.local.stripe.server import StripeServer, serving, start
from infra.local.stripe.till import SECRET_KEY, WEBHOOK_SECRET, Till

__all__ = ["SECRET_KEY", "WEBHOOK_SECRET", "StripeServer", "Till", "serving", "start"]
