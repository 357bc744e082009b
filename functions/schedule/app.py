"""Find the shards that are due; follow what packs hold; plan the searches of the watches that changed.

Reads   EventBridge, every minute; by hand: {"force": true} for every shard; the platforms' credentials
Writes  shards queue, one shard-due message per due shard; searches as sources, and each client's plan
Fails   as a whole, except that packs and planning, which come last, stop nothing: the next minute tries again
"""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from vigie import observe, wiring

logger = observe.make_logger("schedule")
meter = observe.make_metrics("schedule")


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda's shape
    """Queue the due shards; return their names, and how many sources and searches changed."""
    shards = wiring.schedule().run(force=event.get("force") is True)
    if shards:
        logger.info("shards due", shards=shards)
    _say_so()
    return {"shards": shards, "packs": _keep_up(), "searches": _plan()}


def _say_so() -> None:
    """Have the stacks that this one collects for know that it is there. Unsaid, they poll by themselves."""
    heartbeat = wiring.heartbeat()
    if heartbeat is None:
        return
    try:
        told = heartbeat.run()
    except Exception:
        logger.exception("subscribers cannot be told")
        observe.count(meter, HeartbeatFailed=1)
        return
    if told is not None:
        logger.info("collector heard", sources=told)


def _keep_up() -> int | None:
    """Follow what packs hold; return how many sources changed, None when that failed."""
    try:
        changed = wiring.keep_up().run()
    except Exception:
        logger.exception("packs cannot be followed")
        observe.count(meter, PacksFailed=1)
        return None
    if changed:
        logger.info("packs followed", changed=changed)
    return changed


def _plan() -> int | None:
    """Plan searches; return how many changed, None when that failed: polls go on whatever happens here."""
    try:
        changed = wiring.plan_searches().run()
    except Exception:
        logger.exception("searches cannot be planned")
        observe.count(meter, PlanningFailed=1)
        return None
    if changed:
        logger.info("searches planned", changed=changed)
    return changed
