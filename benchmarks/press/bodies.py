"""Bodies of the feeds whose bytes misbehave, for the real reader; those of all others are handed over as values."""

import gzip
import json
from collections.abc import Callable, Sequence
from html import escape

from vigie.adapters.inflate import CappedBody
from vigie.domain.feeds import FeedEntry, ParsedFeed, PublishingHints
from vigie.domain.fetching import FetchLimits

LATIN, AMPERSANDS, NBSP, CONTROLS, JSON_FEED, MISLABELLED = (
    "latin-1, undeclared", "bare ampersands", "nbsp entities", "controls in the text", "json feed",
    "gzip, mislabelled",
)  # fmt: skip
BYTES: dict[str, float] = dict.fromkeys((LATIN, AMPERSANDS, NBSP, CONTROLS, JSON_FEED, MISLABELLED), 0.01)


def render(traits: Sequence[str], document: ParsedFeed) -> bytes:
    """Return the document as its server writes it, with what is wrong about it; nothing for a feed without traits."""
    wrong = next((name for name in traits if name in BYTES), None)
    if wrong is None:
        return b""
    if wrong == JSON_FEED:
        return _json_feed(document)
    text = _rss(document, _SPOIL.get(wrong, lambda summary: summary))
    body = text.encode("latin-1" if wrong == LATIN else "utf-8")
    return _mislabelled(body) if wrong == MISLABELLED else body


def _mislabelled(body: bytes) -> bytes:
    """Return what our decoder makes of plain XML labelled gzip, then of gzip without a label, by turns."""
    label, sent = ("gzip", body) if len(body) % 2 else ("", gzip.compress(body, mtime=0))
    received = CappedBody(label, FetchLimits())
    received.feed(sent)
    return received.finish()


_SPOIL: dict[str, Callable[[str], str]] = {
    AMPERSANDS: lambda summary: f"{summary} Thouars & environs ",
    NBSP: lambda summary: f"Budget&nbsp;: {summary}",
    CONTROLS: lambda summary: f"{summary}\x0b\x02",
}


def _rss(document: ParsedFeed, spoil: Callable[[str], str]) -> str:
    items = "\n".join(_item(entry, spoil) for entry in document.entries)
    return (
        '<?xml version="1.0"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>Vaurel</title><link>{document.site_url}</link>{_hints(document.hints)}\n{items}\n</channel></rss>"
    )


def _hints(hints: PublishingHints) -> str:
    ttl = f"<ttl>{hints.interval_seconds // 60}</ttl>" if hints.interval_seconds else ""
    hours = "".join(f"<hour>{hour}</hour>" for hour in hints.skip_hours)
    return f"{ttl}<skipHours>{hours}</skipHours>" if hours else ttl


def _item(entry: FeedEntry, spoil: Callable[[str], str]) -> str:
    guid = f'<guid isPermaLink="false">{escape(entry.guid)}</guid>' if entry.guid else ""
    date = entry.published_at
    published = f"<pubDate>{date:%a, %d %b %Y %H:%M:%S GMT}</pubDate>" if date else ""
    return (
        f"<item>{guid}<link>{escape(entry.link or '')}</link><title>{escape(entry.title)}</title>"
        f"<description>{spoil(escape(entry.summary))}</description>{published}"
        f"<dc:creator>{entry.author}</dc:creator></item>"
    )


def _json_feed(document: ParsedFeed) -> bytes:
    items = [
        {
            "id": entry.guid or entry.link,
            "url": entry.link,
            "title": entry.title,
            "content_text": entry.summary,
            "authors": [{"name": entry.author}],
            **({"date_published": entry.published_at.isoformat()} if entry.published_at else {}),
        }
        for entry in document.entries
    ]
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Vaurel",
        "home_page_url": document.site_url,
    }
    return json.dumps({**head, "items": items}, ensure_ascii=False).encode()
