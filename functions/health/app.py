"""Look at the whole stack, keep a report, and fail when somebody must see to something: one alarm listens to that.

Reads   EventBridge, every quarter of an hour; every table, the queues' counts
Writes  ledger table (the last report), sources table (what the spending lets the stack do); a log line, metrics
Fails   when there is a problem, after the report is kept; so does the alarm when this is not called at all
"""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from vigie import observe, wiring
from vigie.domain.health.summary import summary_of

logger = observe.make_logger("health")
meter = observe.make_metrics("health")


class UnwellError(Exception):
    """Somebody must see to something; the text says what, and where it is written what to do."""


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda's shape
    """Make a report; return it. Raises UnwellError when it holds a problem."""
    report = wiring.health().run()
    shown = summary_of(report)
    logger.info("health", report=shown)
    observe.gauge_seconds(
        meter,
        FreshnessP50=report.freshness.percentile_seconds(0.5),
        FreshnessP95=report.freshness.percentile_seconds(0.95),
    )
    if event.get("tell") is not False and report.problems:
        raise UnwellError("; ".join(f"{problem.says} See {problem.runbook}." for problem in report.problems))
    return shown
