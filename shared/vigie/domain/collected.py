"""What a collector hands on to other stacks: documents with the keys they are known by, and that it is there.

A collector polls sources for several stacks. What it finds new, it hands on with the keys of ``domain.identity``, so
that a stack can tell what it has had already, from whichever side: handed on twice, or polled by itself while the
collector was silent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from vigie.domain.documents import Document
from vigie.domain.identity import remember
from vigie.domain.sources import SourceState, SourceWindow

HEARD_EVERY = timedelta(minutes=5)
QUIET_AFTER = timedelta(minutes=30)
"""A collector that was not heard for so long is not waited for: six times in a row it said nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryKeys:
    """What an entry is known by: ``identity`` makes it known, all of ``remembered`` goes into the window."""

    document_id: str
    identity: tuple[str, ...]
    remembered: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedDocument:
    """A document and the keys of its entry, as a collector hands them on."""

    document: Document
    keys: EntryKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """That the collector was there ``at``, and which sources it reads without trouble.

    ``since`` it was first heard; it spreads hosts over ``shard_count`` shards.
    """

    at: datetime
    since: datetime
    source_ids: frozenset[str]
    shard_count: int

    def covers(self, source_id: str, now: datetime) -> bool:
        """Return whether the collector reads a source for us: it said so, and lately."""
        return now - self.at < QUIET_AFTER and source_id in self.source_ids

    def is_quiet(self, now: datetime) -> bool:
        """Return whether it was not heard for too long."""
        return now - self.at >= QUIET_AFTER


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What handed documents bring a source: those not known yet, and the window to remember."""

    documents: tuple[Document, ...]
    window: SourceWindow


def doubtful_keys(handed: Iterable[HandedDocument], window: SourceWindow) -> set[str]:
    """Return the keys by which documents that look new may yet be known: ask whether they have retired."""
    known = frozenset(window.keys)
    new = (each.keys.identity for each in handed if known.isdisjoint(each.keys.identity))
    return {key for identity in new for key in identity}


def take_in(handed: Sequence[HandedDocument], window: SourceWindow, retired: Iterable[str] = ()) -> TakenIn:
    """Return which of one source's handed documents are new to a window; each counts once."""
    known = {*window.keys, *retired}
    new: list[Document] = []
    seen: list[str] = []
    for each in handed:
        if known.isdisjoint(each.keys.identity):
            new.append(each.document)
        known.update(each.keys.identity)
        seen += each.keys.remembered
    kept, left = remember(window.keys, seen)
    return TakenIn(tuple(new), SourceWindow(window.source_id, kept, left))


def after_collector(state: SourceState, heard: Heard) -> SourceState:
    """Return the state of a source that the collector reads: as it does, and due when it would have fallen silent."""
    return SourceState(
        source_id=state.source_id,
        polled_at=heard.at,
        succeeded_at=heard.at,
        next_poll_at=heard.at + QUIET_AFTER,
        rhythm=state.rhythm,
        hints=state.hints,
        move=state.move,
    )
