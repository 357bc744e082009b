"""A health report as plain values: what is logged, printed for each stack, and drawn on the fleet's dashboard."""

from typing import Any

from vigie.domain.health.report import HealthReport, QueueHealth


def summary_of(report: HealthReport) -> dict[str, Any]:
    """Return a report as JSON values; instants end in Z, nothing in it names a person."""
    freshness, ledger, spending = report.freshness, report.ledger, report.spending
    return {
        "stack": report.stack,
        "at": f"{report.at:%Y-%m-%dT%H:%M:%SZ}",
        "well": report.is_well,
        "clients": report.clients,
        "mentions_24h": freshness.mentions,
        "freshness_p50_seconds": freshness.percentile_seconds(0.5),
        "freshness_p95_seconds": freshness.percentile_seconds(0.95),
        "sources": dict(report.sources),
        "polls_overdue": report.shards_overdue,
        "waiting": {queue.name: queue.waiting for queue in report.queues if queue.waiting},
        "oldest_minutes": max((_minutes(queue, report) for queue in report.queues), default=0),
        "dead_letters": report.dead_letters,
        "digests_due": report.digests.due,
        "digests_sent": report.digests.built - report.digests.unsent,
        "digests_late": report.digests.late,
        "alerts_unacknowledged": report.alerts_unacknowledged,
        "ledger_gap": ledger.on_its_way if ledger.on_its_way_since else 0,
        "ledger_wrong": list(ledger.wrong),
        "spent_usd": round(spending.total_usd, 2),
        "spent_by_work_usd": {kind: round(usd, 4) for kind, usd in spending.usd.items() if usd},
        "cap_usd": spending.cap_usd,
        "spending": spending.level,
        "prices_as_of": spending.prices_as_of,
        "problems": [
            {"code": problem.code, "says": problem.says, "runbook": problem.runbook}
            for problem in report.problems
        ],
    }


def _minutes(queue: QueueHealth, report: HealthReport) -> int:
    """Return how old what waits in a queue may be, at most."""
    if queue.waiting_since is None:
        return 0
    return int((report.at - queue.waiting_since).total_seconds() // 60)
