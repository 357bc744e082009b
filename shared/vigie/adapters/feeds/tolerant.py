"""Read any RSS, Atom or RDF with feedparser, however broken; nothing it raises is caught here."""

import io
import re
from datetime import UTC, datetime
from time import struct_time
from typing import Any
from urllib.parse import urljoin
from xml.sax import SAXException
from xml.sax.saxutils import unescape

import feedparser

from vigie.adapters.feeds.text import (
    Reading,
    language_tag,
    one_line,
    opaque,
    read_markup,
    safe_link,
    video_host,
)
from vigie.domain.feeds import FeedEntry, ParsedFeed

# The longer marks first: UTF-32's begins like UTF-16's.
_BYTE_ORDER_MARKS = {
    b"\xff\xfe\x00\x00": "utf-32le",
    b"\x00\x00\xfe\xff": "utf-32be",
    b"\xef\xbb\xbf": "utf-8",
    b"\xff\xfe": "utf-16le",
    b"\xfe\xff": "utf-16be",
}


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
    for mark, charset in _BYTE_ORDER_MARKS.items():
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
    summary = _read_detail(entry.get("summary", ""), entry.get("summary_detail"), url)
    content = _content(entry)
    body = _read_detail(content.get("value", ""), content, url)
    # `dict.get`, because feedparser's own lookup takes one date for the other, with a warning.
    published = _instant(dict.get(entry, "published_parsed"))
    updated = _instant(dict.get(entry, "updated_parsed"))
    language = entry.get("language") or entry.get("title_detail", {}).get("language")
    return FeedEntry(
        guid=_guid(entry),
        link=safe_link(entry.get("link", ""), url),
        title=one_line(entry.get("title", "")),
        summary=summary.text,
        body=body.text,
        author=_authors(entry),
        published_at=published or updated or _instant(dict.get(entry, "created_parsed")),
        updated_at=updated,
        links=tuple(dict.fromkeys(body.links + summary.links)),
        media=tuple(sorted(body.media | summary.media | _attached(entry))),
        language=language_tag(language) or feed_language,
    )


def _guid(entry: Any) -> str | None:
    # On broken XML feedparser leaves these escaped; the guid must not change on the day a feed breaks.
    return opaque(unescape(entry.get("id", ""), {"&quot;": '"', "&apos;": "'"}))


def _read_detail(value: str, detail: Any, url: str) -> Reading:
    base = (detail or {}).get("base") or ""
    return read_markup(value, urljoin(url, base) if base else url)


def _content(entry: Any) -> Any:
    """Return the longest content that is text: feeds give the same in several types, or a teaser besides."""
    readable = ("text/", "application/xhtml", "application/xml")
    contents = [
        part for part in entry.get("content", ()) if (part.get("type") or "text/").startswith(readable)
    ]
    return max(contents, key=lambda part: len(part.get("value") or ""), default={})


def _authors(entry: Any) -> str:
    people = (person.get("name") or person.get("email") or "" for person in entry.get("authors", ()))
    names = dict.fromkeys(one_line(name) for name in people if name)
    return ", ".join(names) or one_line(entry.get("author", ""))


def _attached(entry: Any) -> set[str]:
    """Return the media beside the text: enclosures, Media RSS, and videos of platforms that say so."""
    files = [*entry.get("enclosures", ()), *entry.get("media_content", ())]
    kinds = {file.get("medium") or (file.get("type") or "").partition("/")[0] for file in files}
    if entry.get("media_thumbnail"):
        kinds.add("image")
    if entry.get("yt_videoid") or any(video_host(file.get("url") or "") for file in files):
        kinds.add("video")
    return kinds & {"image", "video"}


def _instant(moment: struct_time | None) -> datetime | None:
    """Return feedparser's date, which is in UTC, or None when it names no possible instant."""
    try:
        return datetime(*moment[:6], tzinfo=UTC) if moment else None
    except ValueError:
        return None


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
