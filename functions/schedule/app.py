"""Find the shards that are due.

Reads   EventBridge, every minute; by hand: {"force": true} for every shard
Writes  shards queue, one shard-due message per due shard
Fails   as a whole: the next minute tries again
"""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from vigie import observe, wiring

logger = observe.make_logger("schedule")


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda's shape
    """Queue the due shards; return their names."""
    shards = wiring.schedule().run(force=event.get("force") is True)
    if shards:
        logger.info("shards due", shards=shards)
    return {"shards": shards}
