"""Find the shards that are due; follow what packs hold; plan the searches of the watches that changed.

Reads   EventBridge, every minute; by hand: {"force": true} for every shard; the platforms' credentials
Writes  shards queue, one shard-due message per due shard; searches as sources, and each client's plan
Fails   as a whole, except that packs and planning, which come last, stop nothing: the next minute tries again
"""

from collections.abc import Callable
from typing import Any, Protocol

from aws_lambda_powertools.utilities.typing import LambdaContext

from vigie import observe, wiring

logger = observe.make_logger("schedule")
meter = observe.make_metrics("schedule")


class Counting(Protocol):
    """A step that says how many things it changed; None when there was nothing to do."""

    def run(self) -> int | None:
        """Do it."""


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda's shape
    """Queue the due shards; return their names, and how many sources and searches changed."""
    shards = wiring.schedule().run(force=event.get("force") is True)
    if shards:
        logger.info("shards due", shards=shards)
    told = _apart(wiring.heartbeat, "subscribers cannot be told", "HeartbeatFailed")
    packs = _apart(wiring.keep_up, "packs cannot be followed", "PacksFailed")
    searches = _apart(wiring.plan_searches, "searches cannot be planned", "PlanningFailed")
    if told is not None or packs or searches:
        logger.info("kept up", sources_told=told, packs=packs, searches=searches)
    return {"shards": shards, "packs": packs, "searches": searches}


def _apart(step: Callable[[], Counting | None], failed: str, metric: str) -> int | None:
    """Run what must stop nothing else, polls above all; return its count, None when it failed."""
    try:
        made = step()
        return made.run() if made else None
    except Exception:
        logger.exception(failed)
        observe.count(meter, **{metric: 1})
        return None
