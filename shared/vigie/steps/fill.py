"""Fill: copy the past of newly followed sources from the collector's archive, so that watches find it there.

Only what this stack follows is copied, under the hour it was polled in and the collector's name for the poll; what
its own archive holds of that hour is left out, so that doing it again copies nothing twice. Then every watch is put
to it.
"""

import gzip
import time
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

import msgspec

from vigie.domain.backtest import DAYS_LIMIT
from vigie.domain.clients import Watch
from vigie.domain.cutoffs import Interval
from vigie.domain.sources import shard_of
from vigie.errors import BadMessage, Transient
from vigie.messages import decode_value, encode
from vigie.ports import AccountStore, Blobs, Clock, SourceStore
from vigie.steps.archive import READERS, poll_keys, shard_in
from vigie.steps.collected import CollectorStore

_TOGETHER = 64  # polls read at once: what is held in memory


class _Poll(msgspec.Struct, frozen=True, kw_only=True):
    batch_id: str
    shard: str
    polled_at: datetime
    documents: tuple[msgspec.Raw, ...]


class _Name(msgspec.Struct):
    document_id: str
    source_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FillReport:
    """What a fill came to; ``unheard`` when no collector was heard yet: nothing was done."""

    sources: int
    polls_read: int = 0
    documents: int = 0
    watches: int = 0
    unheard: bool = False
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """Copies what the collector polled of some sources in the last days, newest first."""

    sources: SourceStore
    collector: CollectorStore
    accounts: AccountStore
    archive: Blobs
    blobs: Blobs
    clock: Clock
    backfill: Callable[[Watch], None]
    budget_seconds: float
    days: int = DAYS_LIMIT
    stopwatch: Callable[[], float] = time.monotonic

    def run(self, source_ids: Sequence[str] | None = None) -> FillReport:
        """Copy the past of these sources, all followed ones by default, and have every watch look through it.

        Raises Transient when time ran out: the next try finds what this one copied, and goes on.
        """
        heard = self.collector.heard()
        hosts = {
            each.source_id: each.host
            for each in self.sources.sources()
            if each.connector is None and (source_ids is None or each.source_id in source_ids)
        }
        if heard is None:
            return FillReport(sources=len(hosts), unheard=True)
        shards = {shard_of(host, heard.shard_count) for host in hosts.values()}
        now = self.clock()
        keys = [
            key
            for key in reversed(poll_keys(self.archive, Interval(now - timedelta(days=self.days), now)))
            if shard_in(key) in shards
        ]
        documents, unreadable = self._copy(keys, frozenset(hosts))
        watches = self.accounts.all_watches() if documents else []
        for watch in watches:
            self.backfill(watch)
        return FillReport(
            sources=len(hosts),
            polls_read=len(keys) - len(unreadable),
            documents=documents,
            watches=len(watches),
            unreadable=tuple(unreadable),
        )

    def _copy(self, keys: Sequence[str], source_ids: frozenset[str]) -> tuple[int, list[str]]:
        ends, copied, unreadable = self.stopwatch() + self.budget_seconds, 0, list[str]()
        held: dict[str, frozenset[str]] = {}
        with ThreadPoolExecutor(READERS) as readers:
            for start in range(0, len(keys), _TOGETHER):
                if self.stopwatch() >= ends:
                    raise Transient(
                        f"the fill goes on before {keys[start]}: {len(keys) - start} polls are left"
                    )
                some = keys[start : start + _TOGETHER]
                for key, poll in zip(
                    some, readers.map(lambda key: _read(self.archive, key), some), strict=True
                ):
                    if poll is None:
                        unreadable.append(key)
                    else:
                        copied += self._keep(key, poll, source_ids, held)
        return copied, unreadable

    def _keep(
        self, key: str, poll: _Poll, source_ids: frozenset[str], held: dict[str, frozenset[str]]
    ) -> int:
        """Keep what is followed of a poll and not there yet; return how many documents that is."""
        named = [(decode_value(document, _Name), document) for document in poll.documents]
        followed = [(name, document) for name, document in named if name.source_id in source_ids]
        hour = key.rpartition("/")[0]
        if followed and hour not in held:
            held[hour] = self._held(f"{hour}/")
        own = [(name, document) for name, document in followed if name.document_id not in held[hour]]
        if own:
            ids = " ".join(name.document_id for name, _ in own)
            mark = blake2b(ids.encode(), digest_size=6).hexdigest()
            batch_id = f"{poll.batch_id}-{mark}"
            copy = msgspec.structs.replace(
                poll, batch_id=batch_id, documents=tuple(document for _, document in own)
            )
            content = gzip.compress(encode(copy), mtime=0)
            self.blobs.put(f"{hour}/{batch_id}.json.gz", content, "application/gzip")
            held[hour] |= {name.document_id for name, _ in own}
        return len(own)

    def _held(self, prefix: str) -> frozenset[str]:
        """Return the ids of the documents that our own archive holds of an hour."""
        polls = (_read(self.blobs, key) for key in self.blobs.keys(prefix))
        return frozenset(
            decode_value(document, _Name).document_id for poll in polls if poll for document in poll.documents
        )


def _read(blobs: Blobs, key: str) -> _Poll | None:
    content = blobs.get(key)
    try:
        return decode_value(gzip.decompress(content), _Poll) if content else None
    except (BadMessage, OSError, EOFError, zlib.error):
        return None
