"""Making decided polls true, once: the archive as a redo log, then the effects.

When there is something new, everything that follows (documents, states, windows, counts) is written to the archive
as one *committed poll*, and one write to the shard's head makes it true by naming it. Then its effects are applied:
documents queued, states saved and polls counted in one write, lease given back. A worker that dies before the head
names the poll has done nothing; one that dies after it leaves the name, and whoever takes the shard next applies
the same effects again, which changes nothing that was already done. So a document belongs to one batch for ever,
and no validator is kept for documents that were not queued.
"""

import gzip
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Raw

from vigie.domain.collected import EntryKeys, HandedDocument
from vigie.domain.connectors.lookouts import Looked, Lookout
from vigie.domain.documents import Document
from vigie.domain.sources import Odometer, SourceState, SourceWindow
from vigie.domain.websub.offers import PushOffer
from vigie.messages import (
    DocumentsCollected,
    DocumentsFetched,
    DocumentsWithdrawn,
    decode_value,
    encode,
    raw,
    split,
)
from vigie.ports import Blobs, Clock, Outbox, ShardHead, SourceStore

_IDS_TOGETHER = 25
PUT_OFF_SECONDS = 15  # what must wait for a shard: most polls of one take less
_GZIP_LEVEL = 4  # a third of the time of the usual nine, and 4 % larger


@dataclass(frozen=True, slots=True, kw_only=True)
class CommittedPoll:
    """One poll that brought something new, whole: what the archive keeps and what a redo needs."""

    batch_id: str
    shard: str
    polled_at: datetime
    documents: tuple[Document, ...]
    states: tuple[SourceState, ...]
    windows: tuple[SourceWindow, ...]
    counted: Odometer
    withdrawn: tuple[str, ...] = ()
    lookouts: tuple[Lookout, ...] = ()
    looked: tuple[Lookout, ...] = ()
    handed: tuple[EntryKeys, ...] = ()


@dataclass(frozen=True, slots=True)
class SourcePoll:
    """What was decided about one source: its next state, and what it brought.

    ``unchanged`` says that it answered 304, ``pushed`` that it was not asked: its hub brought the document.
    ``offers`` is how the feed can be pushed, none or one; None when the feed was not read. ``withdrawn`` are
    documents that were taken back; ``keys`` are those of the documents, where they may be handed on.
    ``lookouts`` are what to look at again, ``looked`` what looking again came to.
    """

    state: SourceState
    unchanged: bool = False
    window: SourceWindow | None = None
    documents: tuple[Document, ...] = ()
    keys: tuple[EntryKeys, ...] = ()
    gap: bool = False
    rekeyed: int = 0
    pushed: bool = False
    offers: tuple[PushOffer, ...] | None = None
    withdrawn: tuple[str, ...] = ()
    lookouts: tuple[Lookout, ...] = ()
    looked: Looked = field(default_factory=Looked)


@dataclass(frozen=True, slots=True)
class Taken:
    """A shard that is ours for a while. ``redone``: the key of a committed poll that was found unfinished.

    ``lost``: such a key whose content is gone; its documents are new again.
    """

    head: ShardHead
    redone: str | None = None
    lost: str | None = None


@dataclass(frozen=True, slots=True)
class Commits:
    """Takes shards, commits what was decided about their sources, and gives them back.

    A stack that collects for others hands on what its feeds brought, by ``handover``.
    """

    sources: SourceStore
    outbox: Outbox
    blobs: Blobs
    clock: Clock
    handover: Outbox | None = None

    def take(self, shard: str, holder: str, lease_seconds: int) -> Taken | None:
        """Take the shard's lease and finish what its last holder left; None when somebody holds it."""
        head = self.sources.acquire(shard, holder, self.clock(), lease_seconds)
        if head is None:
            return None
        content = self.blobs.get(head.pending) if head.pending else None
        if content is None:
            return Taken(head, lost=head.pending)
        self._apply(decode_value(gzip.decompress(content), CommittedPoll))
        return Taken(head, redone=head.pending)  # the next commit or release forgets it

    def finish(
        self,
        shard: str,
        holder: str,
        polls: Sequence[SourcePoll],
        next_due_at: datetime | None,
        *,
        quiet: Sequence[SourceState] = (),
    ) -> str | None:
        """Make the decided polls true and give the shard back; return the batch's id when there is one.

        ``quiet`` are the states of sources that were not asked, because their host wants peace.
        Raises Busy when the lease ran out and another worker has the shard: nothing was done.
        """
        now = self.clock()
        quieted = {state.source_id for state in quiet}
        poll = CommittedPoll(
            batch_id=f"{shard}-{now:%Y%m%dT%H%M%S%f}",
            shard=shard,
            polled_at=now,
            documents=tuple(document for poll in polls for document in poll.documents),
            states=(*(poll.state for poll in polls if poll.state.source_id not in quieted), *quiet),
            windows=tuple(poll.window for poll in polls if poll.window is not None),
            counted=_count(polls),
            withdrawn=tuple(dict.fromkeys(id_ for poll in polls for id_ in poll.withdrawn)),
            lookouts=tuple(each for poll in polls for each in (*poll.lookouts, *poll.looked.next)),
            looked=tuple(each for poll in polls for each in poll.looked.done),
            handed=tuple(each for poll in polls for each in poll.keys) if self.handover else (),
        )
        if poll.documents or poll.withdrawn:
            key = f"archive/{now:%Y/%m/%d/%H}/{poll.batch_id}.json.gz"
            self.blobs.put(key, gzip.compress(encode(poll), _GZIP_LEVEL, mtime=0), "application/gzip")
            self.sources.commit(shard, holder, key)
        if polls:
            self._apply(poll)
        self.sources.release(shard, holder, next_due_at)
        return poll.batch_id if poll.documents else None

    def _apply(self, poll: CommittedPoll) -> None:
        def wrap(documents: tuple[Raw, ...], number: int) -> DocumentsFetched:
            batch_id = f"{poll.batch_id}.{number}"
            return DocumentsFetched(batch_id=batch_id, polled_at=poll.polled_at, documents=documents)

        def collected(items: tuple[Raw, ...], number: int) -> DocumentsCollected:
            batch_id = f"{poll.batch_id}.{number}"
            return DocumentsCollected(batch_id=batch_id, polled_at=poll.polled_at, items=items)

        self.outbox.send(split(raw(poll.documents), wrap))
        if self.handover is not None and poll.handed:
            self.handover.send(split(raw(_handed(poll)), collected))
        for some in _pieces(poll.withdrawn):
            self.outbox.send([DocumentsWithdrawn(withdrawn_at=poll.polled_at, document_ids=some)])
        self.sources.change_lookouts(poll.lookouts, poll.looked)
        self.sources.save(poll.shard, poll.batch_id, poll.states, poll.windows, poll.counted)


def _handed(poll: CommittedPoll) -> list[HandedDocument]:
    documents = {document.document_id: document for document in poll.documents}
    return [HandedDocument(document=documents[keys.document_id], keys=keys) for keys in poll.handed]


def _pieces(ids: Sequence[str]) -> list[tuple[str, ...]]:
    """Return ids in pieces that fit a message and a worker's time."""
    return [tuple(ids[start : start + _IDS_TOGETHER]) for start in range(0, len(ids), _IDS_TOGETHER)]


def _count(polls: Sequence[SourcePoll]) -> Odometer:
    asked = [poll for poll in polls if not poll.pushed]
    reasons = Counter(
        (poll.state.failure or "").partition(":")[0] for poll in asked if poll.state.failure is not None
    )
    return Odometer(
        polled=len(asked),
        fetched=sum(len(poll.documents) for poll in polls),
        failed=dict(reasons),
    )
