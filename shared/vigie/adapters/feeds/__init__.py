"""Read a feed of any format, from bytes nobody vouches for.

Reads   a body: RSS 0.9 to 2.0, RDF, Atom, JSON Feed
Gives   a ``ParsedFeed``, always: its ``problem`` says why a body is no feed
Raises  nothing: whatever a parser stumbles on is the feed's problem, not the poll's

Four readers, the first that is sure of itself: JSON Feed (``json_feed``); well-formed XML, quickly (``fast``); the
same after a light ``repair``; feedparser (``tolerant``), imported by the first feed that needs it. All of them end
in ``text``, so that a document holds no markup whichever way it came.

What is held against hostile bodies: at most 5 MB are parsed; no entity is expanded; parsing is time-boxed; before
feedparser, authors longer than 1,000 bytes are cut (its e-mail expression is quadratic: 100 KB take it more than
25 s), and the body goes through ``BytesIO``, for feedparser opens files and addresses by name.
"""

from dataclasses import replace
from enum import StrEnum

from lxml import etree

from vigie.adapters.feeds.charset import mend_utf8, to_utf8
from vigie.adapters.feeds.fast import read_fast
from vigie.adapters.feeds.fast_entry import Markup
from vigie.adapters.feeds.hints import read_hints
from vigie.adapters.feeds.hubs import read_hubs
from vigie.adapters.feeds.json_feed import read_json_feed
from vigie.adapters.feeds.paging import read_next_url
from vigie.adapters.feeds.repair import repair
from vigie.adapters.feeds.text import tidy
from vigie.adapters.time_box import OutOfTime, time_box
from vigie.domain.feeds import FeedEntry, ParsedFeed

LIMIT_BYTES = 5_000_000


class Reader(StrEnum):
    """Who read a feed."""

    NOBODY = "nobody"
    JSON_FEED = "json feed"
    FAST = "fast"
    REPAIRED = "fast, repaired"
    TOLERANT = "tolerant"


def parse_feed(
    body: bytes, *, url: str, content_type: str | None, time_limit_seconds: float = 5.0
) -> ParsedFeed:
    """Read the feed that ``url`` answered with, texts included; relative links are resolved against it.

    ``content_type`` is the answer's header: its charset counts (RFC 7303 §3). Without a ``url`` (a file),
    relative links stay relative.
    """
    return read_feed(body, url=url, content_type=content_type, time_limit_seconds=time_limit_seconds)[0]


def skim_feed(
    body: bytes, *, url: str, content_type: str | None, time_limit_seconds: float = 5.0
) -> ParsedFeed:
    """Read a feed as ``parse_feed`` does, but leave the texts of entries unread where that spares work.

    A poll wants the texts of what is new, a twentieth of what it sees.
    """
    return _skim(body, url, content_type, time_limit_seconds)[0]


def read_feed(
    body: bytes, *, url: str, content_type: str | None, time_limit_seconds: float = 5.0
) -> tuple[ParsedFeed, Reader]:
    """Read a feed as ``parse_feed`` does, and say who read it."""
    feed, reader = _skim(body, url, content_type, time_limit_seconds)
    try:
        with time_box(time_limit_seconds):
            return replace(feed, entries=tuple(map(_with_texts, feed.entries))), reader
    except OutOfTime as error:
        return _nothing(f"too slow to read: {error}")
    except Exception as error:  # noqa: BLE001 - as in _skim
        return _given_up(error)


def _skim(
    body: bytes, url: str, content_type: str | None, time_limit_seconds: float
) -> tuple[ParsedFeed, Reader]:
    if len(body) > LIMIT_BYTES:
        return _nothing(f"too large: {len(body):,} bytes, and at most {LIMIT_BYTES:,} are parsed")
    start = body.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]
    if not start:
        return _nothing("empty: there is nothing in it")
    try:
        with time_box(time_limit_seconds):
            if start in b"{[":
                return read_json_feed(body, url=url), Reader.JSON_FEED
            feed, reader = _read_xml(body, url, content_type)
            hubs, self_url = read_hubs(body, url)
            hints, next_url = read_hints(body), read_next_url(body, url)
            return replace(feed, hints=hints, hubs=hubs, self_url=self_url, next_url=next_url), reader
    except OutOfTime as error:
        return _nothing(f"too slow to read: {error}")
    except Exception as error:  # noqa: BLE001 - no list says what the parser raises; none may stop a poll
        return _given_up(error)


def _read_xml(body: bytes, url: str, content_type: str | None) -> tuple[ParsedFeed, Reader]:
    try:
        document = to_utf8(body, content_type)
        try:
            return read_fast(document, url), Reader.FAST
        except etree.XMLSyntaxError:
            return read_fast(repair(mend_utf8(document)), url), Reader.REPAIRED
    except OutOfTime:
        raise
    except Exception:  # noqa: BLE001 - doubt, or whatever else: the tolerant reader has the last word
        from vigie.adapters.feeds.tolerant import read_tolerantly  # 130 ms that most runs need not pay

        return read_tolerantly(body, url, content_type), Reader.TOLERANT


def _with_texts(entry: FeedEntry) -> FeedEntry:
    if not isinstance(entry.unread, Markup):
        return entry.read()
    return replace(entry, unread=entry.unread.read).read()


def _given_up(error: Exception) -> tuple[ParsedFeed, Reader]:
    said = tidy(f"{type(error).__name__}: {error}")[:200]
    return _nothing(f"not readable: the parser gave up ({said})")


def _nothing(problem: str) -> tuple[ParsedFeed, Reader]:
    return ParsedFeed(problem=problem), Reader.NOBODY
