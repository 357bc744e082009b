"""Backfill: what a new watch would have found in the archive, handed to deduplicate as if just matched, and marked.

Marked mentions are history: listed, counted in no digest. Newest first and ``MENTIONS_LIMIT`` at most; how far it is
lies under the client's prefix, so that a worker cut off goes on where it was. An hour's documents are one batch,
whose id says watch, version and hour: sent again, they are recorded once.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from vigie.domain.backtest import DAYS_LIMIT, window
from vigie.domain.clients import Watch
from vigie.domain.documents import Document
from vigie.domain.mentions import ClientMatch
from vigie.domain.query import evaluate, parse, prepare_document
from vigie.domain.query.bits import each_bit
from vigie.domain.query.engine import BadFile
from vigie.domain.query.segment import Search
from vigie.domain.query.segment.search import Asking
from vigie.errors import Transient
from vigie.messages import DocumentsMatched, MatchedDocument, decode_value, encode, raw, split
from vigie.ports import AccountStore, Blobs, Clock, Outbox
from vigie.steps.hours import hours_of, open_hours
from vigie.steps.segments import AN_HOUR, Archived
from vigie.steps.watches import hit_of

MENTIONS_LIMIT = 500
BEHIND_SECONDS = 300
"""So much later than now: a document polled while the watch was saved is matched as news first, and stays that."""
OPENING_BEHIND_SECONDS = 60
"""After a sign-up, whose first digest shows what was found minutes later: a document that comes in twice meanwhile is
told there, as history, if its backfill was the faster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillReport:
    """What a backfill came to; ``gone`` when the watch was removed meanwhile."""

    client_id: str
    watch_id: str
    mentions: int = 0
    gone: bool = False
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Progress:
    """Hours from ``before`` on are done."""

    asked_at: datetime
    before: datetime
    mentions: int = 0
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """Puts one watch to the archive of the last days."""

    accounts: AccountStore
    blobs: Blobs
    outbox: Outbox
    clock: Clock
    budget_seconds: float
    days: int = DAYS_LIMIT
    mentions_limit: int = MENTIONS_LIMIT
    stopwatch: Callable[[], float] = time.monotonic

    def run(self, client_id: str, watch_id: str, behind_seconds: int = BEHIND_SECONDS) -> BackfillReport:
        """Queue what the watch, as it is now, finds. Raises Transient when time ran out: the next try goes on.

        What is found goes on ``behind_seconds`` later, 0 to 900.
        """
        watch = next((each for each in self.accounts.watches(client_id) if each.watch_id == watch_id), None)
        if watch is None:
            return BackfillReport(client_id=client_id, watch_id=watch_id, gone=True)
        version = blake2b(encode((watch.query, watch.created_at)), digest_size=8).hexdigest()
        key = f"clients/{client_id}/backfills/{watch_id}-{version}.json"
        progress, unreadable = self._progress(key), list[str]()
        if not progress.done:
            queue = _Queue(self.outbox, f"backfill-{client_id}-{watch_id}-{version}", behind_seconds)
            progress = self._go_on(watch, queue, key, progress, unreadable)
        return BackfillReport(
            client_id=client_id, watch_id=watch_id, mentions=progress.mentions, unreadable=tuple(unreadable)
        )

    def _progress(self, key: str) -> _Progress:
        content = self.blobs.get(key)
        now = self.clock()
        return decode_value(content, _Progress) if content else _Progress(asked_at=now, before=now + AN_HOUR)

    def _go_on(
        self, watch: Watch, queue: "_Queue", key: str, progress: _Progress, unreadable: list[str]
    ) -> _Progress:
        finder = _Finder(watch, progress.asked_at, self.days)
        hours = [
            each
            for each in hours_of(self.blobs, window(progress.asked_at, self.days))
            if each.hour < progress.before
        ]
        ends = self.stopwatch() + self.budget_seconds
        for hour, parts in open_hours(self.blobs, hours, unreadable):
            if progress.mentions >= self.mentions_limit:
                break
            if self.stopwatch() >= ends:
                self._keep(key, progress)
                raise Transient(f"the backfill of {watch.client_id}/{watch.watch_id} goes on before {hour}")
            items = self._found(finder, parts, self.mentions_limit - progress.mentions, unreadable)
            progress = replace(progress, before=hour, mentions=progress.mentions + len(items))
            if items:
                queue.send(hour, items)
                self._keep(key, progress)
        return self._keep(key, replace(progress, done=True))

    def _found(
        self, finder: "_Finder", parts: Iterator[Archived], limit: int, unreadable: list[str]
    ) -> list[MatchedDocument]:
        items: list[MatchedDocument] = []
        for part in parts:
            try:
                items += finder.found(part, self.clock())
            except BadFile as error:
                unreadable.append(f"{part.segment.about['documents_key']}: {error}")
        return items[:limit]

    def _keep(self, key: str, progress: _Progress) -> _Progress:
        self.blobs.put(key, encode(progress), "application/json")
        return progress


@dataclass(frozen=True, slots=True)
class _Queue:
    """Where what was found goes on: an hour's documents are a batch."""

    outbox: Outbox
    batches: str
    delay_seconds: int

    def send(self, hour: datetime, items: list[MatchedDocument]) -> None:
        batch_id = f"{self.batches}-{hour:%Y%m%d%H}"
        self.outbox.send(
            split(raw(items), lambda piece, _: DocumentsMatched(batch_id=batch_id, items=piece)),
            delay_seconds=self.delay_seconds,
        )


class _Finder:
    """One watch, put to one part of the archive after the other."""

    def __init__(self, watch: Watch, asked_at: datetime, days: int) -> None:
        self._watch = watch
        self._query = parse(watch.query)
        self._search = Search()
        self._asking: Asking = self._search.asking(self._query.root)
        self._since = asked_at - timedelta(days=days)

    def found(self, part: Archived, now: datetime) -> list[MatchedDocument]:
        """Return the documents that match, of the last days and not past the time they may be kept."""
        opened = self._search.open(part.segment, part.documents.prepared)
        found = self._asking(opened, opened.everything)
        items = (self._item(part.documents.document(number), now) for number in each_bit(found))
        return [item for item in items if item]

    def _item(self, document: Document, now: datetime) -> MatchedDocument | None:
        if document.event_at < self._since or (document.retain_until and document.retain_until <= now):
            return None
        match = evaluate(self._query, prepare_document(document))
        if match is None:
            return None
        hits = (hit_of(self._watch, match, self._query),)
        return MatchedDocument(
            document=document, matches=(ClientMatch(self._watch.client_id, hits, backfilled=True),)
        )
