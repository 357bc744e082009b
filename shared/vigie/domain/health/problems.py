"""Which parts of a health report somebody must see to, and where that is written down."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from vigie.domain.health.report import HealthReport, Problem

QUEUE_LATE_AFTER = timedelta(minutes=45)
LEDGER_SETTLES_IN = timedelta(hours=2)
FRESHNESS_LIMIT_SECONDS = 7_200
"""A p95 beyond this is a problem: a feed is polled every quarter of an hour, and a document is through in minutes."""

FEWEST_MENTIONS = 40  # fewer make no percentile
FAILING_SHARE, FEWEST_FAILING = 0.2, 5

DEAD_LETTERS = "dead-letters"
OUTAGE = "platform-outage"
MISSED = "missed-article"
BAD_RELEASE = "bad-release"
SPENDING = "spending"


def problems_of(report: HealthReport) -> tuple[Problem, ...]:
    """Return what is wrong, the most pressing first."""
    return tuple(_problems(report))


def _problems(report: HealthReport) -> Iterator[Problem]:
    if report.digests.late:
        yield _problem(
            "digests_late", f"{report.digests.late} digests should have left and have not.", OUTAGE
        )
    if report.alerts_unacknowledged:
        count = report.alerts_unacknowledged
        yield _problem(
            "alerts_unacknowledged", f"{count} alerts were taken by nobody in half an hour.", OUTAGE
        )
    if report.dead_letters:
        yield _problem("dead_letters", f"{report.dead_letters} messages are dead letters.", DEAD_LETTERS)
    if report.shards_overdue:
        says = f"{report.shards_overdue} groups of sources should have been polled a quarter of an hour ago."
        yield _problem("polls_overdue", says, BAD_RELEASE)
    if report.collector_is_quiet:
        says = "The collector was not heard for half an hour: this stack polls its sources by itself."
        yield _problem("collector_quiet", says, OUTAGE)
    yield from _queue_problems(report)
    yield from _source_problems(report)
    yield from _ledger_problems(report)
    yield from _spending_problems(report)


def _queue_problems(report: HealthReport) -> Iterator[Problem]:
    for queue in report.queues:
        if _stuck(queue.waiting_since, report.at, QUEUE_LATE_AFTER):
            since = f"{queue.waiting_since:%H:%M} UTC"
            says = f"{queue.waiting} messages wait in {queue.name}, which was not empty since {since}."
            yield _problem("queue_waiting", says, OUTAGE)


def _source_problems(report: HealthReport) -> Iterator[Problem]:
    followed = sum(report.sources.values())
    failing = report.sources.get("failing", 0)
    if failing >= max(FEWEST_FAILING, FAILING_SHARE * followed):
        yield _problem("sources_failing", f"{failing} of {followed} sources fail.", OUTAGE)
    p95 = report.freshness.percentile_seconds(0.95)
    if p95 and p95 > FRESHNESS_LIMIT_SECONDS and report.freshness.mentions >= FEWEST_MENTIONS:
        says = f"One mention in twenty came {p95 // 60} minutes or more after its publication."
        yield _problem("freshness", says, MISSED)


def _ledger_problems(report: HealthReport) -> Iterator[Problem]:
    ledger = report.ledger
    if ledger.wrong:
        yield _problem(
            "ledger_sums", f"The sums of digests do not hold: {', '.join(ledger.wrong[:5])}.", MISSED
        )
    if _stuck(ledger.on_its_way_since, report.at, LEDGER_SETTLES_IN):
        says = f"{ledger.on_its_way:+} documents that polls queued never came before the watches."
        yield _problem("ledger_gap", says, MISSED)


def _spending_problems(report: HealthReport) -> Iterator[Problem]:
    spending = report.spending
    if spending.level != "fine":
        rest = " The large model and paid platforms rest." if spending.level == "saving" else ""
        says = f"{spending.total_usd:.2f} US$ of {spending.cap_usd:.2f} are spent this month, by our estimate.{rest}"
        yield _problem(f"spending_{spending.level}", says, SPENDING)


def _problem(code: str, says: str, runbook: str) -> Problem:
    return Problem(code=code, says=says, runbook=f"docs/runbooks/{runbook}.md")


def _stuck(since: datetime | None, now: datetime, patience: timedelta) -> bool:
    return since is not None and now - since >= patience
