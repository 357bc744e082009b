"""Finding what feeds' documents bring their sources, whichever way the documents came."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from vigie.domain.collected import EntryKeys
from vigie.domain.connectors.recognise import recognised
from vigie.domain.documents import Document
from vigie.domain.entries import to_document
from vigie.domain.feeds import ParsedFeed
from vigie.domain.fetching import Failure
from vigie.domain.identity import NewEntry, Novelty, find_new
from vigie.domain.polling import Reading
from vigie.domain.sources import Source, SourceState, SourceWindow
from vigie.ports import SourceStore
from vigie.steps.commits import SourcePoll


@dataclass(frozen=True, slots=True)
class Showing:
    """A feed's document that a source showed; a ``partial`` one shows only what changed.

    ``older`` are the pages behind it that were read to close a gap, the newest first; ``reached`` says that they
    did.
    """

    source: Source
    feed: ParsedFeed
    at: datetime
    partial: bool = False
    older: tuple[ParsedFeed, ...] = ()
    reached: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a document brought: ``reading`` is what it tells of its source, ``window`` None when it is as before."""

    reading: Reading
    window: SourceWindow | None
    documents: tuple[Document, ...]
    rekeyed: int
    keys: tuple[EntryKeys, ...] = ()

    def poll(self, after: SourceState, *, pushed: bool = False) -> SourcePoll:
        """Return the decision that leaves the source in the state ``after``."""
        return SourcePoll(
            after,
            window=self.window,
            documents=self.documents,
            keys=self.keys,
            gap=self.reading.gap,
            rekeyed=self.rekeyed,
            pushed=pushed,
        )


def find(store: SourceStore, shard: str, showings: Sequence[Showing]) -> dict[str, Found | Failure]:
    """Return what each source's document brings, or why our code failed on it, by source.

    Keys that retired from a window are asked for only when something looks new: a known document reads no more than
    its window.
    """
    if not showings:
        return {}
    showings = [_recognised(showing) for showing in showings]
    ids = [showing.source.source_id for showing in showings]
    windows = {id_: SourceWindow(id_) for id_ in ids} | store.windows(shard, ids)
    drafts = [_look(showing, windows[showing.source.source_id]) for showing in showings]
    doubtful = {
        draft.window.source_id: draft.doubtful
        for draft in drafts
        if isinstance(draft, _Draft) and draft.doubtful and draft.before.keys
    }
    retired = store.retired(doubtful) if doubtful else {}
    return {
        id_: _finish(showing, _look(showing, windows[id_], retired[id_]) if id_ in retired else draft)
        for id_, showing, draft in zip(ids, showings, drafts, strict=True)
    }


def _recognised(showing: Showing) -> Showing:
    url, at = showing.source.url, showing.at
    older = tuple(recognised(page, url, at) for page in showing.older)
    return replace(showing, feed=recognised(showing.feed, url, at), older=older)


@dataclass(frozen=True, slots=True)
class _Draft:
    """What the pages of one showing brought, the oldest first, each with its page; the window before and after."""

    new: tuple[tuple[ParsedFeed, NewEntry], ...]
    before: SourceWindow
    window: SourceWindow
    doubtful: frozenset[str]
    known: int
    rekeyed: int
    gap: bool


def _look(showing: Showing, before: SourceWindow, retired: Iterable[str] = ()) -> _Draft | Failure:
    try:
        return _look_through(showing, before, frozenset(retired))
    except Exception as error:  # noqa: BLE001 - deciding is pure: it fails again, and stops this source only
        return our_fault(error)


def _look_through(showing: Showing, before: SourceWindow, retired: frozenset[str]) -> _Draft:
    """Look at each page with what is known after the one before, so that the newest keys stay in the window."""
    source_id = showing.source.source_id
    homes = [url for url in (showing.source.url, showing.feed.site_url) if url]
    window, novelties = before, list[tuple[ParsedFeed, Novelty]]()
    for feed in (*reversed(showing.older), showing.feed):
        novelty = find_new(source_id, feed.entries, window, homes, retired)
        novelties.append((feed, novelty))
        window, retired = novelty.window, retired | {*novelty.window.retired}
    each = [novelty for _, novelty in novelties]
    left = tuple(key for novelty in each for key in novelty.window.retired)
    return _Draft(
        new=tuple((feed, new) for feed, novelty in novelties for new in novelty.new),
        before=before,
        window=SourceWindow(source_id, window.keys, left),
        doubtful=frozenset[str]().union(*(novelty.doubtful for novelty in each)),
        known=sum(novelty.known for novelty in each),
        rekeyed=sum(novelty.rekeyed for novelty in each),
        gap=novelties[-1][1].gap and not showing.partial and not showing.reached,
    )


def _finish(showing: Showing, draft: _Draft | Failure) -> Found | Failure:
    if isinstance(draft, Failure):
        return draft
    first = not draft.before.keys
    try:
        documents = tuple(
            to_document(showing.source, feed, new, showing.at, backfill=first or feed is not showing.feed)
            for feed, new in draft.new
        )
    except Exception as error:  # noqa: BLE001 - as above
        return our_fault(error)
    reading = Reading(
        entries=len(showing.feed.entries),
        new=tuple(new.entry.published_at for _, new in draft.new),
        first=first,
        known=draft.known > 0,
        hints=showing.feed.hints,
        partial=showing.partial,
        gap=draft.gap,
    )
    window = draft.window if draft.window != draft.before else None
    keys = tuple(
        EntryKeys(
            document_id=new.document_id,
            identity=new.identity,
            remembered=tuple(dict.fromkeys(new.remembered)),
        )
        for _, new in draft.new
    )
    return Found(reading, window, documents, draft.rekeyed, keys)


def our_fault(error: Exception) -> Failure:
    """Return the failure of a source that our own code failed on."""
    return Failure.of("not_a_feed", f"our reader failed on it: {error!r}")
