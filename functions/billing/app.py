"""Look after subscriptions: remind of a trial's end, end it, end a grace, erase what was kept long enough.

Reads   EventBridge, every hour; accounts table
Writes  accounts table (subscriptions), digests table (what was mailed); mails; Stripe, for what is erased; and then
        everything that a client owns is deleted, in every table and in the bucket
Fails   as a whole once all were looked at: what is due stays due, and the next hour goes on
"""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from vigie import observe, wiring

logger = observe.make_logger("billing")


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda's shape
    """Do what is due; return what was done."""
    report = asdict(wiring.billing_round().run())
    if report["looked_at"]:
        logger.info("subscriptions looked after", **report)
    return report
