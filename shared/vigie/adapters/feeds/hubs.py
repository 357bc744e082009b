"""Read where a feed is pushed from: its ``rel="hub"`` links, and its own address, ``rel="self"`` (WebSub §4).

Read from the bytes of the feed's head, not from a parsed tree, so that every way of reading a feed, strict or
tolerant, says the same. Links of entries do not count, nor does what stands in a comment.
"""

import re
from html import unescape

from vigie.adapters.feeds.text import safe_link

_HEAD_BYTES = 65_536
_HUBS_AT_MOST = 8
_FIRST_ENTRY = re.compile(rb"<(?:[\w.-]{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_LINK = re.compile(rb"<(?:[\w.-]{1,20}:)?link\s([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"\b(rel|href)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)


def read_hubs(body: bytes, url: str) -> tuple[tuple[str, ...], str | None]:
    """Return the hubs of a feed that answered at ``url``, in their order, and the address it gives itself.

    Without a hub nobody needs the address, and it is None.
    """
    head = body[:_HEAD_BYTES]
    entry = _FIRST_ENTRY.search(head)
    head = head[: entry.start()] if entry else head
    if b"hub" not in head.lower():
        return (), None
    links = [_link(attributes, url) for attributes in _LINK.findall(_COMMENT.sub(b"", head))]
    hubs = tuple(dict.fromkeys(link for rel, link in links if link and "hub" in rel))[:_HUBS_AT_MOST]
    own = next((link for rel, link in links if link and "self" in rel), None)
    return hubs, own if hubs else None


def _link(attributes: bytes, url: str) -> tuple[list[str], str | None]:
    """Return what a link is for, and where it leads."""
    found = {
        name.lower(): unescape((double or single).decode("utf-8", "replace"))
        for name, double, single in _ATTRIBUTE.findall(attributes)
    }
    return found.get(b"rel", "").lower().split(), safe_link(found.get(b"href", ""), url)
