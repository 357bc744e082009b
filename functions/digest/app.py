"""Build the digests whose interval has closed.

Reads   EventBridge, every minute
        by hand: {"cutoff_at": "now" or an instant, "clients": […] or all, "skip_unchanged": true}
Writes  digests table and bucket, digests queue (digest-ready, preview-ready); the metric DigestsOverdue; calls alert
Fails   as a whole: what is due stays due, and what was stored stands
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from vigie import observe, wiring

logger = observe.make_logger("digest")
meter = observe.make_metrics("digest")


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda's shape
    """Build what is due, or what is asked for; return the digests built."""
    step = wiring.digest()
    if "cutoff_at" in event:
        digests = step.run_on_demand(
            _instant(event["cutoff_at"]),
            event.get("clients"),
            skip_unchanged=event.get("skip_unchanged") is True,
        )
    else:
        observe.count(meter, DigestsOverdue=wiring.overdue().run())
        digests = step.run()
        _wake_alerts()
    built = [{"client_id": digest.client_id, "digest_id": digest.digest_id} for digest in digests]
    for digest in digests:
        wrong = digest.check()
        log = logger.error if wrong else logger.info
        log("digest built", client_id=digest.client_id, digest_id=digest.digest_id, sums_that_fail=wrong)
    return {"digests": built}


def _wake_alerts() -> None:
    """Wake what alerts people where time has come; digests go on whatever happens here, and a minute later again."""
    try:
        wiring.wake_due_alerts()
    except Exception:
        logger.exception("alerts that are due cannot be woken")
        observe.count(meter, AlertsNotWoken=1)


def _instant(text: str) -> datetime:
    """Return a cut-off asked for by hand. A cut-off is a whole second: "now" waits for the next one."""
    if text == "now":
        now = datetime.now(UTC)
        time.sleep(1 - now.microsecond / 1_000_000)
        return now.replace(microsecond=0) + timedelta(seconds=1)
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"cutoff_at: {text!r} has no zone. Write it as 2026-11-22T06:15:00Z.")
    return instant.astimezone(UTC)
