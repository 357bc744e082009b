"""Read where a feed's older entries are: RFC 5005 ``next`` and ``prev-archive``; WordPress's pages.

Read from the bytes of the channel's head, not from a parsed tree, so that every way of reading a feed, strict or
tolerant, gives the same address. What is not understood leads nowhere.
"""

import re
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from vigie.adapters.feeds.text import safe_link

_HEAD_BYTES = 65_536
_FIRST_ENTRY = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_LINK = re.compile(rb"<(?:[\w.-]+:)?link\b([^<>]{0,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_WORDPRESS = re.compile(rb"<generator\b[^<>]*>[^<]{0,200}wordpress", re.IGNORECASE)
_PAGE = "paged"
_RELATIONS = ("next", "prev-archive")  # the first is of paged feeds, the second of archived ones


def read_next_url(body: bytes, url: str) -> str | None:
    """Return the address of the entries before these, as the feed at ``url`` tells it."""
    head = body[:_HEAD_BYTES]
    entry = _FIRST_ENTRY.search(head)
    head = head[: entry.start()] if entry else head
    links = [_attributes(written) for written in _LINK.findall(head)]
    for relation in _RELATIONS:
        for link in links:
            if relation in link.get("rel", "").lower().split() and link.get("href"):
                return safe_link(link["href"], url)
    return _next_page(url) if _WORDPRESS.search(head) else None


def _attributes(written: bytes) -> dict[str, str]:
    found = _ATTRIBUTE.findall(written)
    return {
        name.decode().lower(): unescape((double or single).decode("utf-8", "replace")).strip()
        for name, double, single in found
    }


def _next_page(url: str) -> str | None:
    """Return the next page of a WordPress feed, whose first is page 1."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"}:
        return None
    query = parse_qsl(parts.query, keep_blank_values=True)
    page = next((value for name, value in query if name == _PAGE), "1")
    if not re.fullmatch(r"[0-9]{1,6}", page):
        return None
    others = [(name, value) for name, value in query if name != _PAGE]
    return urlunsplit(parts._replace(query=urlencode([*others, (_PAGE, str(int(page) + 1))]), fragment=""))
