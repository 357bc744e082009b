"""Finding what a feed's document brings its source, whichever way the document came."""

from dataclasses import dataclass
from datetime import datetime

from vigie.domain.documents import Document
from vigie.domain.entries import to_document
from vigie.domain.feeds import ParsedFeed
from vigie.domain.identity import find_new
from vigie.domain.polling import Reading
from vigie.domain.sources import Source, SourceState, SourceWindow
from vigie.steps.commits import SourcePoll


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


def find(
    source: Source, feed: ParsedFeed, window: SourceWindow, at: datetime, *, partial: bool = False
) -> Found:
    """Return what a document read ``at`` brings; a ``partial`` one, that shows only what changed, is no gap."""
    homes = [url for url in (source.url, feed.site_url) if url]
    novelty = find_new(source.source_id, feed.entries, window, homes)
    reading = Reading(
        entries=len(feed.entries),
        new=tuple(new.entry.published_at for new in novelty.new),
        first=not window.keys,
        known=novelty.known > 0,
        hints=feed.hints,
        partial=partial,
    )
    return Found(
        reading=reading,
        window=novelty.window if novelty.window != window else None,
        documents=tuple(to_document(source, feed, new, at) for new in novelty.new),
        gap=novelty.gap and not partial,
        rekeyed=novelty.rekeyed,
    )
