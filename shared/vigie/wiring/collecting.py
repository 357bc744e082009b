"""The shared collector: what a stack hands on to others, and takes in from one."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from vigie.errors import Transient
from vigie.observe import make_logger
from vigie.ports import Outbox
from vigie.wiring.common import late_after_seconds, now, settings
from vigie.wiring.stores import accounts, blobs, collector_archive, ledger, outbox, sources
from vigie.wiring.watches import start_backfill, start_work

if TYPE_CHECKING:
    from vigie.steps.collected import Collected, CollectedFeeds, CollectorStore, Heartbeat
    from vigie.steps.fill import Fill


@cache
def handover() -> Outbox | None:
    """Return the topic on which a collector hands on what it polls; None in a stack that collects for nobody."""
    from vigie.adapters import aws
    from vigie.adapters.sns import SnsOutbox

    topic = settings().collected_topic
    return SnsOutbox(aws.topics(), topic, blobs(), settings().need("bucket")) if topic else None


@cache
def heartbeat() -> "Heartbeat | None":
    """Return what says to others that this collector is there; None in a stack that collects for nobody."""
    from vigie.steps.collected import Heartbeat

    topic = handover()
    if topic is None:
        return None
    return Heartbeat(
        sources=sources(),
        handover=topic,
        clock=now,
        shard_count=settings().shard_count,
        late_after_seconds=late_after_seconds(),
    )


@cache
def collector_store() -> "CollectorStore":
    """Return what was heard of the collector."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.collector import DynamoCollector

    return DynamoCollector(aws.dynamodb(), settings().need("sources_table"))


@cache
def collected_feeds() -> "CollectedFeeds | None":
    """Return what leaves sources to the collector; None in a stack that polls alone."""
    from vigie.steps.collected import CollectedFeeds

    if not settings().collector_archive:
        return None
    return CollectedFeeds(collector=collector_store(), fill=_start_fill)


@cache
def collected() -> "Collected":
    """Return what takes in what a collector hands on."""
    from vigie.steps.collected import Collected

    return Collected(
        sources=sources(),
        collector=collector_store(),
        ledger=ledger(),
        outbox=outbox(),
        blobs=blobs(),
        clock=now,
        lease_seconds=settings().poll_lease_seconds,
    )


def fill(budget_seconds: float) -> "Fill":
    """Return what copies the past of sources from the collector's archive, for so long at most."""
    from vigie.steps.fill import Fill

    (archive,) = collector_archive().values()
    return Fill(
        sources=sources(),
        collector=collector_store(),
        accounts=accounts(),
        archive=archive,
        blobs=blobs(),
        clock=now,
        backfill=start_backfill,
        budget_seconds=budget_seconds,
    )


def _start_fill(source_ids: Sequence[str]) -> None:
    """Have the past of sources copied. They follow what is new, whatever becomes of this."""
    try:
        start_work({"fill": {"source_ids": list(source_ids)}})
    except Transient as error:
        make_logger("poll").error("fill not started", source_ids=list(source_ids), reason=str(error))
