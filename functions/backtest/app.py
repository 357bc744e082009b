"""Put a client's query to the archive, or look up what a new watch would have found there.

Reads   invoked by the API without waiting: {"backtest": {"client_id", "job_id"}} or
        {"backfill": {"client_id", "watch_id", "behind_seconds" or not}}; bucket (archive/, clients/), accounts table;
        by the poll: {"fill": {"source_ids"}}; the collector's bucket (archive/), sources table
Writes  bucket (clients/<client_id>/, archive/), matched queue (documents-matched, marked as backfilled)
Fails   as a whole: Lambda tries twice more, then sends the event to the dead letters; what is done stays done
"""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from vigie import observe, wiring

logger = observe.make_logger("backtest")


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda's shape
    """Do what the event asks; return what came of it, without the result."""
    if "backfill" in event:
        asked = event["backfill"]
        report = wiring.backfill().run(**asked)
        logger.info("backfill done", **observe.fields_of(report))
        return observe.fields_of(report)
    if "fill" in event:
        filled = wiring.fill(wiring.BACKTEST_BUDGET_SECONDS).run(event["fill"].get("source_ids"))
        logger.info("fill done", **observe.fields_of(filled))
        return observe.fields_of(filled)
    asked = event["backtest"]
    job = wiring.jobs().run(asked["client_id"], asked["job_id"])
    told = {**asked, "state": job.state if job else "gone"}
    logger.info("back-test done", **told)
    return told
