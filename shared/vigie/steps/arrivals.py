"""Arrivals: a push taken from the queue, given to ingest, and counted for its hub's trust."""

from dataclasses import dataclass, replace

from msgspec.structs import replace as changed

from vigie.domain.websub.subscriptions import PushKey, Subscription, heard
from vigie.errors import Busy
from vigie.messages import FeedPushed
from vigie.ports import Clock, Outbox, SubscriptionStore
from vigie.steps.commits import PUT_OFF_SECONDS
from vigie.steps.ingest import Ingest, IngestReport

_PUT_OFF_AT_MOST = 60  # a quarter of an hour: five times the longest lease


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalReport:
    """What one push came to: ``put_off`` while its shard is being polled, else what ingest says of it."""

    source_id: str
    put_off: bool = False
    documents: int = 0
    ingest: IngestReport | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """Takes in what hubs pushed."""

    ingest: Ingest
    subscriptions: SubscriptionStore
    outbox: Outbox
    clock: Clock

    def run(self, message: FeedPushed, holder: str) -> ArrivalReport:
        """Take in a push; giving it twice is harmless.

        While the shard is being polled the push is queued again, for a little later: the queue's own redelivery
        would take as long as the longest poll, and a source is busy most when it has news. Raises Busy at last.
        """
        try:
            report = self.ingest.run(message.source_id, message.body, message.content_type, holder)
        except Busy:
            if message.tries >= _PUT_OFF_AT_MOST:
                raise
            self.outbox.send([changed(message, tries=message.tries + 1)], delay_seconds=PUT_OFF_SECONDS)
            return ArrivalReport(source_id=message.source_id, put_off=True)
        if report.followed:
            key = PushKey(message.shard, message.source_id, message.offer_id)
            self.subscriptions.change(key, lambda found: found and self._after(found, report))
        return ArrivalReport(source_id=message.source_id, documents=report.documents, ingest=report)

    def _after(self, found: Subscription, report: IngestReport) -> Subscription:
        """Count the push for its hub, unless it is no feed: that is said instead."""
        if report.problem is None:
            return heard(found, self.clock())
        return replace(found, trouble=f"pushed what is no feed: {report.problem}"[:200])
