"""Make segments of the archive's settled hours, so that any query can be put to the last thirty days.

Reads   EventBridge, every hour; by hand: {"days": 30} to look further back; bucket (archive/)
Writes  bucket (archive/segments/)
Fails   as a whole: the next hour makes what is missing, and what was made is made again alike
"""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from vigie import observe, wiring

LAST_MILLISECONDS = 60_000  # an hour takes less, by far

logger = observe.make_logger("compact")


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Make what is missing; return what was made."""
    days = {"days": int(event["days"])} if "days" in event else {}
    report = wiring.compact().run(
        **days, hurry=lambda: context.get_remaining_time_in_millis() < LAST_MILLISECONDS
    )
    if report.unreadable:
        logger.error("archived documents cannot be read", unreadable=report.unreadable[:20])
    if report.hours:
        logger.info("hours compacted", **asdict(report) | {"unreadable": len(report.unreadable)})
    return asdict(report)
