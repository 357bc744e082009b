"""Finding what feeds' documents bring their sources, whichever way the documents came."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from vigie.domain.documents import Document
from vigie.domain.entries import to_document
from vigie.domain.feeds import ParsedFeed
from vigie.domain.fetching import Failure
from vigie.domain.identity import Novelty, find_new
from vigie.domain.polling import Reading
from vigie.domain.sources import Source, SourceState, SourceWindow
from vigie.ports import SourceStore
from vigie.steps.commits import SourcePoll


@dataclass(frozen=True, slots=True)
class Showing:
    """A feed's document that a source showed; a ``partial`` one shows only what changed."""

    source: Source
    feed: ParsedFeed
    at: datetime
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a document brought: ``reading`` is what it tells of its source, ``window`` None when it is as before."""

    reading: Reading
    window: SourceWindow | None
    documents: tuple[Document, ...]
    gap: bool
    rekeyed: int

    def poll(self, after: SourceState, *, pushed: bool = False) -> SourcePoll:
        """Return the decision that leaves the source in the state ``after``."""
        return SourcePoll(
            after,
            window=self.window,
            documents=self.documents,
            gap=self.gap,
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
    ids = [showing.source.source_id for showing in showings]
    windows = {id_: window for id_, window in store.windows(shard, ids).items() if window.keys}
    drafts = {showing.source.source_id: _novelty(showing, windows) for showing in showings}
    doubtful = {
        source_id: draft.doubtful
        for source_id, draft in drafts.items()
        if isinstance(draft, Novelty) and draft.doubtful and source_id in windows
    }
    retired = store.retired(doubtful) if doubtful else {}
    for showing in showings:
        if known := retired.get(showing.source.source_id):
            drafts[showing.source.source_id] = _novelty(showing, windows, known)
    return {
        showing.source.source_id: _found(showing, drafts[showing.source.source_id], windows)
        for showing in showings
    }


def _novelty(
    showing: Showing, windows: Mapping[str, SourceWindow], retired: Iterable[str] = ()
) -> Novelty | Failure:
    source = showing.source
    window = windows.get(source.source_id) or SourceWindow(source.source_id)
    homes = [url for url in (source.url, showing.feed.site_url) if url]
    try:
        return find_new(source.source_id, showing.feed.entries, window, homes, retired)
    except Exception as error:  # noqa: BLE001 - deciding is pure: it fails again, and stops this source only
        return our_fault(error)


def _found(
    showing: Showing, novelty: Novelty | Failure, windows: Mapping[str, SourceWindow]
) -> Found | Failure:
    if isinstance(novelty, Failure):
        return novelty
    source, feed = showing.source, showing.feed
    window = windows.get(source.source_id)
    try:
        documents = tuple(to_document(source, feed, new, showing.at) for new in novelty.new)
    except Exception as error:  # noqa: BLE001 - as above
        return our_fault(error)
    reading = Reading(
        entries=len(feed.entries),
        new=tuple(new.entry.published_at for new in novelty.new),
        first=window is None,
        known=novelty.known > 0,
        hints=feed.hints,
        partial=showing.partial,
    )
    return Found(
        reading=reading,
        window=novelty.window if novelty.window != (window or SourceWindow(source.source_id)) else None,
        documents=documents,
        gap=novelty.gap and not showing.partial,
        rekeyed=novelty.rekeyed,
    )


def our_fault(error: Exception) -> Failure:
    """Return the failure of a source that our own code failed on."""
    return Failure.of("not_a_feed", f"our reader failed on it: {error!r}")
