"""Look at clients for whom something came, or for whom time has come, and alert their people.

Reads   calls of classify and of digest: {"clients": [client ids]}
Writes  digests table (what is remembered, alerts, deliveries); mails, webhooks, SMS
Fails   client by client; Lambda tries again, and nobody is told twice
"""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from vigie import observe, wiring

logger = observe.make_logger("alert")
meter = observe.make_metrics("alert")


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda's shape
    """Look at each client of the event; return how many."""
    reports = wiring.alerts().run(event["clients"])
    for report in reports:
        told = observe.fields_of(report)
        if told.get("changed") or told.get("told") or told.get("failed"):
            logger.info("alerts looked at", **told)
        observe.count(
            meter, AlertsOpened=len(told.get("opened", ())), AlertsUntold=len(told.get("failed", ()))
        )
    return {"looked_at": len(reports)}
