"""Parking: what a step does with a thing that can never succeed, so that its neighbours can."""

from datetime import datetime

from vigie.domain.mentions import Parked
from vigie.messages import Unreadable
from vigie.ports import LedgerStore

KEPT_CHARACTERS = 2_000


def park_unreadable(ledger: LedgerStore, stage: str, thing_id: str, item: Unreadable, now: datetime) -> None:
    """Keep an element no step can read, with the reason and the beginning of its bytes."""
    content: dict[str, object] = {"content": item.raw.decode("utf-8", "replace")[:KEPT_CHARACTERS]}
    ledger.park(Parked(stage, thing_id, item.reason, now, content))


def park_failed(
    ledger: LedgerStore, stage: str, thing_id: str, error: Exception, *, url: str, now: datetime
) -> None:
    """Keep a readable thing our own code fails on, with the error and where to find it."""
    ledger.park(Parked(stage, thing_id, f"{stage} failed: {error!r}", now, {"url": url}))
