"""Read any RSS, Atom or RDF with feedparser, however broken; nothing it raises is caught here."""

import io
import re
from typing import Any
from xml.sax import SAXException

import feedparser

from vigie.adapters.feeds.charset import BYTE_ORDER_MARKS
from vigie.adapters.feeds.dates import instant
from vigie.adapters.feeds.fields import attached, guid, joined, listed, read_based, readable
from vigie.adapters.feeds.text import Reading, language_tag, one_line, safe_link
from vigie.domain.feeds import FeedEntry, ParsedFeed


def read_tolerantly(body: bytes, url: str, content_type: str | None) -> ParsedFeed:
    """Read the feed, or say in its ``problem`` why there is none."""
    # The address is not given as Content-Location: feedparser would resolve relative guids against it, and
    # every entry would be new on the day the feed moves. Links we resolve ourselves.
    result = feedparser.parse(
        io.BytesIO(_cut_long_authors(body)),
        sanitize_html=False,
        resolve_relative_uris=False,
        response_headers=_charset_headers(body, content_type),
    )
    problem = _problem(result, body)
    if problem:
        return ParsedFeed(problem=problem)
    feed = result.feed
    language = language_tag(feed.get("language"))
    return ParsedFeed(
        title=one_line(feed.get("title", "")),
        language=language,
        entries=tuple(_read_entry(entry, url, language) for entry in result.entries),
        site_url=safe_link(feed.get("link", ""), url),
    )


def _charset_headers(body: bytes, content_type: str | None) -> dict[str, str]:
    # A byte order mark is stronger than any declaration (RFC 7303 §3.3), and feedparser has it backwards.
    for mark, charset in BYTE_ORDER_MARKS.items():
        if body.startswith(mark):
            return {"content-type": f"application/xml; charset={charset}"}
    return {} if content_type is None else {"content-type": content_type}


def _problem(result: Any, body: bytes) -> str | None:
    """Say why a body without entries is no feed; a feed that is merely empty has no problem."""
    if result.entries:
        return None
    if not result.version:
        page = re.search(rb"<(?:!doctype\s+)?html\b", body[:2_000], re.IGNORECASE)
        return f"not a feed: {'looks like an HTML page' if page else 'no RSS, Atom, RDF or JSON Feed in it'}"
    broken = result.get("bozo_exception")
    ended = re.search(rb"</(?:[\w.-]+:)?(?:rss|feed|rdf|channel)\s*>", body[-2_000:], re.IGNORECASE)
    if isinstance(broken, SAXException) and not ended:
        return "cut short: the XML ends before its end, and no entry could be read"
    return None


def _read_entry(entry: Any, url: str, feed_language: str | None) -> FeedEntry:
    content = _content(entry)
    # Where there is no summary, feedparser gives the content twice, and its base once.
    copied = content if entry.get("summary") == content.get("value") else None
    summary = _read_detail(entry.get("summary", ""), entry.get("summary_detail") or copied, url)
    body = _read_detail(content.get("value", ""), content, url)
    # `dict.get`, because feedparser's own lookup takes one date for the other, with a warning.
    published, updated, created = (
        instant(dict.get(entry, name)) for name in ("published", "updated", "created")
    )
    language = entry.get("language") or entry.get("title_detail", {}).get("language")
    return FeedEntry(
        guid=guid(entry.get("id", "")),
        link=safe_link(entry.get("link", ""), url),
        original_link=safe_link(entry.get("feedburner_origlink", ""), url),
        title=one_line(entry.get("title", "")),
        summary=summary.text,
        body=body.text,
        author=_authors(entry),
        published_at=published or updated or created,
        updated_at=updated,
        links=joined(body.links, summary.links),
        media=tuple(sorted(body.media | summary.media | _attached(entry))),
        language=language_tag(language) or feed_language,
    )


def _read_detail(value: str, detail: Any, url: str) -> Reading:
    return read_based(value, (detail or {}).get("base") or "", url)


def _content(entry: Any) -> Any:
    """Return the longest content that is text: feeds give the same in several types, or a teaser besides."""
    contents = [part for part in entry.get("content", ()) if readable(part.get("type") or "text/")]
    return max(contents, key=lambda part: len(part.get("value") or ""), default={})


def _authors(entry: Any) -> str:
    people = (person.get("name") or person.get("email") or "" for person in entry.get("authors", ()))
    return listed(people) or one_line(entry.get("author", ""))


def _attached(entry: Any) -> set[str]:
    files = [*entry.get("enclosures", ()), *entry.get("media_content", ())]
    return attached(files, thumbnail=bool(entry.get("media_thumbnail")), video=bool(entry.get("yt_videoid")))


_PERSON = (
    rb"(<(?:[\w.-]+:)?(?:author|creator|publisher|managingEditor|webMaster|owner|contributor|name|email)\b"
    rb"[^<>]*(?<!/)>\s*"
)
_LONG_AUTHOR = re.compile(_PERSON + rb")([^<]{1000})[^<]+", re.IGNORECASE)
_LONG_AUTHOR_CDATA = re.compile(
    _PERSON + rb"<!\[CDATA\[)((?:(?!\]\]>).){1000})(?:(?!\]\]>).)+", re.IGNORECASE | re.DOTALL
)
_CUT_CHARACTER = re.compile(rb"(?:&[^;]{0,12}|[\x80-\xff]{1,4})$")


def _cut_long_authors(body: bytes) -> bytes:
    def cut(author: re.Match[bytes]) -> bytes:
        return author[1] + _CUT_CHARACTER.sub(b"", author[2])

    return _LONG_AUTHOR_CDATA.sub(cut, _LONG_AUTHOR.sub(cut, body))
