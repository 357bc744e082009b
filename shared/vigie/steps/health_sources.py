"""What a health report says of sources: how they do, and whether anybody polls them."""

from collections import Counter
from datetime import datetime, timedelta

from vigie.domain.sources import health
from vigie.ports import SourceStore
from vigie.steps.collected import CollectorStore

OVERDUE_AFTER = timedelta(minutes=15)


def count_sources(sources: SourceStore, now: datetime, late_after_seconds: int) -> dict[str, int]:
    """Return how many sources do how, by health; those never polled are not among them."""
    states = sources.states().values()
    return dict(sorted(Counter(health(state, now, late_after_seconds) for state in states).items()))


def overdue_shards(sources: SourceStore, now: datetime) -> int:
    """Return how many shards should have been taken up a quarter of an hour ago, and are held by nobody."""
    before = now - OVERDUE_AFTER
    return sum(
        head.next_due_at is not None
        and head.next_due_at < before
        and (head.lease_until is None or head.lease_until < before)
        for head in sources.heads()
    )


def is_quiet(collector: CollectorStore | None, now: datetime) -> bool:
    """Return whether a stack's collector was not heard for too long, or never."""
    if collector is None:
        return False
    heard = collector.heard()
    return heard is None or heard.is_quiet(now)
