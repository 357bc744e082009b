"""Make segments of the archive's settled hours, and of each client's mentions, so that any query can be put to them.

Reads   EventBridge, every hour; by hand: {"days": 30} to look further back; bucket (archive/); accounts, mentions
Writes  bucket (archive/segments/, search/)
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

    def hurry() -> bool:
        return context.get_remaining_time_in_millis() < LAST_MILLISECONDS

    report = wiring.compact().run(**days, hurry=hurry)
    if report.unreadable:
        logger.error("archived documents cannot be read", unreadable=report.unreadable[:20])
    if report.hours:
        logger.info("hours compacted", **asdict(report) | {"unreadable": len(report.unreadable)})
    indexed = wiring.index_mentions().run(hurry=hurry)
    if indexed.clients or indexed.left:
        logger.info("mentions indexed", **asdict(indexed))
    return asdict(report) | {"indexed": asdict(indexed)}
