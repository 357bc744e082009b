"""Feeds that a page announces (RSS autodiscovery; HTML Living Standard, "alternate" links).

Reads   a page's bytes, from nobody who vouches for them
Gives   the feeds of its ``<link rel=alternate>`` elements, in their order
Raises  nothing: a page that cannot be read announces none

Only the tags of interest are given to the standard library's parser, one by one: a whole hostile page can hold
it for minutes, one short tag cannot.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from vigie.adapters.feeds.text import one_line, safe_link

TYPES = {"application/rss+xml": "rss", "application/atom+xml": "atom", "application/feed+json": "json"}

READ_BYTES = 500_000  # links stand in the head, and no head is larger
FEEDS_AT_MOST = 50
TITLE_CHARACTERS, URL_CHARACTERS = 300, 2_000
_CHARSET = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
# No part of it goes past a "<", so that no two tries read the same characters.
_TAG = re.compile(r"<(?:link|base)\b(?:[^<>\"']|\"[^\"<]{0,3000}\"|'[^'<]{0,3000}'){0,6000}>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed: its whole http(s) address, its title (perhaps empty), and ``rss``, ``atom`` or ``json``."""

    url: str
    title: str
    format: str


def announced_feeds(body: bytes, *, url: str, content_type: str | None) -> tuple[FeedLink, ...]:
    """Return the feeds that the page at ``url`` announces, each address once, 50 at most.

    Relative addresses are resolved against the page's ``<base>`` or ``url``; what is no http(s) address is left
    out, as is what stands in a comment or after the first ``READ_BYTES``.
    """
    base, feeds = url, dict[str, FeedLink]()
    for tag, attributes in _tags(_decoded(body[:READ_BYTES], content_type)):
        if tag == "base":
            base = safe_link(attributes.get("href", ""), url) or base
            continue
        kind = attributes.get("type", "").partition(";")[0].strip().lower()
        if kind not in TYPES or "alternate" not in attributes.get("rel", "").lower().split():
            continue
        link = safe_link(attributes.get("href", ""), base)
        if link and len(link) <= URL_CHARACTERS and len(feeds) < FEEDS_AT_MOST:
            title = one_line(attributes.get("title", ""))[:TITLE_CHARACTERS]
            feeds.setdefault(link, FeedLink(link, title, TYPES[kind]))
    return tuple(feeds.values())


class _OneTag(HTMLParser):
    """Reads one start tag; of an attribute written twice the first counts, as in browsers."""

    def __init__(self) -> None:
        super().__init__()
        self.found: tuple[str, dict[str, str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag."""
        self.found = tag, {name: value or "" for name, value in reversed(attrs)}


def _tags(page: str) -> Iterator[tuple[str, dict[str, str]]]:
    for match in _TAG.finditer(_without_comments(page)):
        reader = _OneTag()
        reader.feed(match[0])
        if reader.found is not None:
            yield reader.found


def _without_comments(page: str) -> str:
    """Return the page up to its first comment that does not end, comments left out."""
    first, *rest = page.split("<!--")
    return first + "".join(piece.partition("-->")[2] for piece in rest)


def _decoded(page: bytes, content_type: str | None) -> str:
    """Decode a page by its header's charset, else by what it declares early, else as UTF-8."""
    declared = _CHARSET.search((content_type or "").encode("ascii", "ignore")) or _CHARSET.search(page[:1024])
    try:
        return page.decode(declared[1].decode() if declared else "utf-8", "replace")
    except (LookupError, ValueError):  # no such charset, or one that is no charset of text
        return page.decode("utf-8", "replace")
