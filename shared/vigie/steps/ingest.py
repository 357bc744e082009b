"""Ingest: take in a feed's document that came unasked, as a hub pushes it.

It goes the way of a poll: the shard's lease, the same identity, the same committed poll. The source's validators,
fingerprint and times stay as its last poll left them, for a push says nothing of the feed's own address. What is
pushed may show only what changed, so that little known in it is no gap.
"""

from dataclasses import dataclass

from vigie.domain.fetching import Failure
from vigie.domain.polling import after_push
from vigie.domain.sources import SourceState
from vigie.errors import Busy
from vigie.ports import Blobs, Clock, FeedParser, Outbox, SourceStore
from vigie.steps.commits import Commits, SourcePoll
from vigie.steps.finds import Showing, find


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What one pushed document came to.

    ``followed`` is false for a source that is followed no more, ``problem`` says why a body is no feed: nothing was
    done. ``redone`` and ``lost`` are as in a poll's report.
    """

    source_id: str
    followed: bool = True
    problem: str | None = None
    documents: int = 0
    batch_id: str | None = None
    redone: str | None = None
    lost: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingest:
    """Takes in pushed documents, one at a time."""

    sources: SourceStore
    parse: FeedParser
    outbox: Outbox
    blobs: Blobs
    clock: Clock
    lease_seconds: int
    handover: Outbox | None = None

    def run(self, source_id: str, body: bytes, content_type: str | None, holder: str) -> IngestReport:
        """Take in what was pushed for a source. ``holder`` names this try, and no other, as owner of the lease.

        Raises Busy while the source's shard is being polled: give it again later. Giving it twice is harmless.
        """
        shard = self.sources.place(source_id)
        if shard is None:
            return IngestReport(source_id=source_id, followed=False)
        commits = Commits(self.sources, self.outbox, self.blobs, self.clock, self.handover)
        taken = commits.take(shard, holder, self.lease_seconds)
        if taken is None:
            raise Busy(f"shard {shard} is being polled")
        sources, states = self.sources.load(shard)
        source = next((each for each in sources if each.source_id == source_id), None)
        problem, polls = None, list[SourcePoll]()
        if source is not None:
            before = states.get(source_id) or SourceState(source_id=source_id)
            feed = self.parse(body, url=source.url, content_type=content_type)
            problem = feed.problem
            if problem is None:
                problem, polls = self._find(shard, before, Showing(source, feed, self.clock(), partial=True))
        return IngestReport(
            source_id=source_id,
            followed=source is not None,
            problem=problem,
            documents=sum(len(poll.documents) for poll in polls),
            batch_id=commits.finish(shard, holder, polls, taken.head.next_due_at),
            redone=taken.redone,
            lost=taken.lost,
        )

    def _find(self, shard: str, before: SourceState, showing: Showing) -> tuple[str | None, list[SourcePoll]]:
        """Return the problem of a document, or what there is to commit of it, if anything."""
        (found,) = find(self.sources, shard, [showing]).values()
        if isinstance(found, Failure):
            return found.detail, []
        if found.window is None:
            return None, []
        return None, [found.poll(after_push(before, found.reading, showing.at), pushed=True)]
