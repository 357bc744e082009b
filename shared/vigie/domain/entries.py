"""From a feed's entry to a document."""

import re
from datetime import datetime

from vigie.domain.connectors.searches import home_of, outlet_of
from vigie.domain.documents import Document
from vigie.domain.feeds import FeedEntry, ParsedFeed
from vigie.domain.identity import NewEntry
from vigie.domain.language import identify
from vigie.domain.sources import Source
from vigie.domain.urls import canonical_url

# A document larger than this is a page by mistake: no article has 30,000 words.
TITLE_CHARACTERS, SUMMARY_CHARACTERS, BODY_CHARACTERS, AUTHOR_CHARACTERS = 1_000, 20_000, 200_000, 300
LINKS_KEPT = 100


def to_document(
    source: Source, feed: ParsedFeed, new: NewEntry, seen_at: datetime, *, backfill: bool = False
) -> Document:
    """Return the document of a new entry.

    The language is what the text says, else what the entry, the feed or the source declares: regional papers
    often run on software that declares ``en-US``. An entry without a link is filed under its feed's address.
    """
    entry = new.entry.read()
    url = entry.page or f"{home_of(source)}#{new.document_id}"
    declared = entry.language or feed.language or source.language
    native = entry.native
    return Document(
        document_id=new.document_id,
        source_id=source.source_id,
        source_name=(native.outlet if native else "") or outlet_of(source),
        url=url,
        canonical_url=canonical_url(url) if entry.page else url,
        title=_title(entry),
        summary=entry.summary[:SUMMARY_CHARACTERS],
        body=entry.body[:BODY_CHARACTERS],
        author=entry.author[:AUTHOR_CHARACTERS],
        language=_language(entry, declared),
        published_at=entry.published_at,
        seen_at=seen_at,
        platform=native.platform if native else source.platform,
        type=native.type if native else source.type,
        links=entry.links[:LINKS_KEPT],
        media=entry.media,
        outlet_tier=source.tier,
        native_id=native.native_id if native else None,
        parent_id=native.parent_id if native else None,
        metrics=native.metrics if native else {},
        visibility=native.visibility if native else "public",
        retain_until=native.retain_until if native else None,
        display=native.display if native else "full",
        site=native.site if native else "",
        backfill=backfill,
    )


def _title(entry: FeedEntry) -> str:
    if entry.title.strip():
        return entry.title[:TITLE_CHARACTERS]
    words = (entry.summary or entry.body).split()
    return (" ".join(words[:12]) + (" …" if len(words) > 12 else ""))[:TITLE_CHARACTERS]


def _language(entry: FeedEntry, declared: str | None) -> str | None:
    primary = declared.strip().replace("_", "-").split("-")[0].lower() if declared else None
    primary = primary if primary and re.fullmatch(r"[a-z]{2,3}", primary) and primary != "und" else None
    guess = identify(f"{entry.title}\n{entry.summary or entry.body}", declared=primary)
    return guess.code if guess.code != "und" else primary
