"""Health: how the stack is, looked at every quarter of an hour; and what is spent, with what follows from that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from vigie.domain.connectors.budgets import Bucket
from vigie.domain.costs.spending import Counted, Level, Spending, month_of, spend
from vigie.domain.cutoffs import Interval
from vigie.domain.health.freshness import KEPT, Freshness, measure
from vigie.domain.health.problems import problems_of
from vigie.domain.health.report import HealthReport, LedgerHealth, QueueHealth, Reading
from vigie.ports import AccountStore, Budgets, Clock, DigestStore, LedgerStore, MentionStore, SourceStore
from vigie.ports.alerts import AlertStore
from vigie.steps.collected import CollectorStore
from vigie.steps.health_clients import ClientsSeen, look_at_clients
from vigie.steps.health_sources import count_sources, is_quiet, overdue_shards

DAY = timedelta(days=1)
_DOLLAR = 1_000_000  # micro-dollars
DEAD_LETTERS = "dead_letters"


class QueueCounts(Protocol):
    """How many messages wait in each of the stack's queues."""

    def __call__(self) -> Mapping[str, tuple[int, int]]:
        """Return, by name of queue, how many wait and how many are being worked on; about right, a minute late."""
        ...


class HealthStore(Protocol):
    """The last health report of the stack, and what its spending lets it do."""

    def latest(self) -> HealthReport | None:
        """Return the last report."""
        ...

    def keep(self, report: HealthReport) -> None:
        """Replace the last report."""
        ...

    def level(self) -> Level:
        """Return what the spending of this month comes to; ``fine`` where nobody ever said."""
        ...

    def set_level(self, level: Level) -> None:
        """Say what it comes to."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Makes health reports. Reading everything once more is harmless; a report made twice counts once."""

    stack: str
    accounts: AccountStore
    sources: SourceStore
    mentions: MentionStore
    ledger: LedgerStore
    digests: DigestStore
    alerts: AlertStore
    budgets: Budgets
    large_model: Bucket
    queues: QueueCounts
    reports: HealthStore
    clock: Clock
    late_after_seconds: int
    cap_usd: float
    collector: CollectorStore | None = None  # a stack that has no collector misses none

    def run(self) -> HealthReport:
        """Make a report, keep it and return it."""
        now, previous = self.clock(), self.reports.latest()
        polls = self.sources.odometer()
        reading = Reading(at=now, polled=polls.polled, fetched=polls.fetched)
        queues, dead_letters = self._queues(previous, now)
        recorded = Interval(max(previous.at, now - DAY) if previous else now - DAY, now)
        seen = look_at_clients(self.accounts, self.mentions, self.digests, self.alerts, recorded)
        report = HealthReport(
            stack=self.stack,
            at=now,
            reading=reading,
            clients=seen.clients,
            freshness=_freshness(previous, seen, now),
            sources=count_sources(self.sources, now, self.late_after_seconds),
            shards_overdue=overdue_shards(self.sources, now),
            collector_is_quiet=is_quiet(self.collector, now),
            queues=queues,
            dead_letters=dead_letters,
            digests=seen.digests,
            alerts_unacknowledged=seen.alerts_unacknowledged,
            ledger=self._ledger(previous, reading, queues, seen),
            spending=self._spending(previous, reading, seen),
        )
        report = replace(report, problems=problems_of(report))
        if self.reports.level() != report.spending.level:
            self.reports.set_level(report.spending.level)
        self.reports.keep(report)
        return report

    def _queues(self, previous: HealthReport | None, now: datetime) -> tuple[tuple[QueueHealth, ...], int]:
        """Return how the queues are, and how many dead letters there are."""
        before = {queue.name: queue for queue in previous.queues} if previous else {}
        counts = dict(self.queues())
        dead_letters = sum(counts.pop(DEAD_LETTERS, (0, 0)))
        return tuple(
            _queue(name, *counts[name], before.get(name), now) for name in sorted(counts)
        ), dead_letters

    def _ledger(
        self,
        previous: HealthReport | None,
        reading: Reading,
        queues: Sequence[QueueHealth],
        seen: ClientsSeen,
    ) -> LedgerHealth:
        """Return whether what polls queued came before the watches: exact whenever their queue is empty."""
        carried = (
            tuple(name for name in previous.ledger.wrong if name in seen.digest_names) if previous else ()
        )
        wrong = tuple(dict.fromkeys((*carried, *seen.wrong)))
        if previous is None:
            return LedgerHealth(wrong=wrong)
        batches = self.ledger.evaluated(Interval(previous.at, reading.at))
        fetched = reading.fetched - previous.reading.fetched
        on_its_way = previous.ledger.on_its_way + fetched - sum(batch.documents for batch in batches)
        since = previous.ledger.on_its_way_since
        under_way = any(queue.name == "fetched" and queue.waiting + queue.in_flight for queue in queues)
        since = None if on_its_way == 0 or under_way else since or reading.at
        return LedgerHealth(on_its_way=on_its_way, on_its_way_since=since, wrong=wrong)

    def _spending(self, previous: HealthReport | None, reading: Reading, seen: ClientsSeen) -> Spending:
        month = month_of(reading.at)
        spent_usd = self.budgets.spent(self.large_model, reading.at) / _DOLLAR
        if previous is None:
            return spend(month, Counted(large_model_usd=spent_usd), self.cap_usd)
        since = Counted(
            polls=reading.polled - previous.reading.polled,
            documents=reading.fetched - previous.reading.fetched,
            mentions=seen.mentions,
            mails=seen.mails,
            hours=(reading.at - previous.at) / timedelta(hours=1),
            large_model_usd=spent_usd,
        )
        before = previous.spending.counted if previous.spending.month == month else Counted()
        return spend(month, before.plus(since), self.cap_usd)


def _freshness(previous: HealthReport | None, seen: ClientsSeen, now: datetime) -> Freshness:
    before = previous.freshness if previous else Freshness()
    return before.plus(measure(seen.recorded)).since(now - KEPT)


def _queue(name: str, waiting: int, in_flight: int, before: QueueHealth | None, now: datetime) -> QueueHealth:
    """Return how a queue is; what waits came after it was last seen empty."""
    since = (before.waiting_since if before and before.waiting_since else now) if waiting else None
    return QueueHealth(name, waiting, in_flight, since)
