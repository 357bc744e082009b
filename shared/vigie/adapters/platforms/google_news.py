"""Google News: the RSS feed of a search, the second net below the feeds that are followed.

Nothing official describes it: a hundred items at most, newest or most relevant first, each linking through a
redirector. Where the redirector's token holds the address it is read there; otherwise the redirector is kept, and
nothing follows it. What identifies an article is its publisher, its title and its day.
"""

import base64
import binascii
import hashlib
import re
from datetime import datetime
from urllib.parse import quote, urlsplit

from lxml import etree

from vigie.adapters.feeds.dates import instant
from vigie.adapters.feeds.text import one_line, safe_link
from vigie.adapters.platforms.client import PlatformHttp, Reply
from vigie.domain.connectors.budgets import Bucket, Cost
from vigie.domain.connectors.native import Syntax
from vigie.domain.connectors.outcomes import Answer, Refusal, Unavailable
from vigie.domain.connectors.pushdown import Place
from vigie.domain.feeds import FeedEntry, Native
from vigie.domain.fetching import Failure
from vigie.domain.query.text import fold
from vigie.domain.urls import site_of

BASE_URL = "https://news.google.com"
ITEMS_AT_MOST = 100
_EDITION = {"hl": "fr", "gl": "FR", "ceid": "FR:fr"}
_LATELY = " when:1d"
_TOKEN = re.compile(r"/(?:rss/)?articles/([\w-]+)")
_ADDRESS = re.compile(rb"https?://[\x21-\x7e]+")


class GoogleNews:
    """The connector. There is no credential; the budget is our own politeness."""

    place = Place("press", frozenset({"article"}))
    syntax = Syntax(either=" OR ", groups=True, longest_characters=1_200)  # an address of 2,000, once escaped
    packed = False
    bucket = Bucket(name="google-news", limit=240, window_seconds=3_600)
    units = 1
    also: tuple[Cost, ...] = ()

    def __init__(self, http: PlatformHttp, *, base_url: str = BASE_URL) -> None:
        self._http = http
        self._base_url = base_url.rstrip("/")

    def page_url(self, native: str) -> str:
        """Return the page of the same search."""
        return f"{BASE_URL}/search?q={quote(native + _LATELY)}&hl=fr&gl=FR&ceid=FR:fr"

    async def poll(self, native: str, cursor: str | None, now: datetime) -> Answer:  # noqa: ARG002 - it has none
        """Ask for what was published in the last day; there is no other page."""
        reply = await self._http.ask(
            "GET",
            f"{self._base_url}/rss/search",
            query={"q": native + _LATELY, **_EDITION},
            headers={"Accept": "application/rss+xml, application/xml"},
            now=now,
            json=False,
        )
        if not isinstance(reply, Reply):
            return Answer(refusal=reply)
        items = _items(reply.data)
        if not isinstance(items, list):
            return Answer(refusal=items)
        return Answer(
            entries=tuple(entry for item in items if (entry := _entry(item))),
            coverage="truncated" if len(items) >= ITEMS_AT_MOST else "complete",
        )


def _items(body: bytes) -> list[etree._Element] | Refusal:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        return _unreadable(str(error))
    return root.findall("channel/item") if root.tag == "rss" else _unreadable(f"<{root.tag}> is no <rss>")


def _unreadable(why: str) -> Refusal:
    return Unavailable(Failure("not_a_feed", f"Google News' answer is no feed: {why[:200]}", transient=True))


def _entry(item: etree._Element) -> FeedEntry | None:
    """Return an item as an entry: the title without its publisher, and the publisher's own address if it is told."""
    publisher, home = one_line(item.findtext("source") or ""), _home(item)
    title = one_line(item.findtext("title") or "").removesuffix(f" - {publisher}").strip()
    link = safe_link(item.findtext("link") or "")
    if not title or link is None:
        return None
    address = address_in(link) or link
    site = site_of(home) or (site_of(address) if address != link else "")
    published_at = instant(item.findtext("pubDate"))
    return FeedEntry(
        guid=item.findtext("guid"),
        link=address,
        title=title,
        published_at=published_at,
        native=Native(
            platform="press",
            native_id=_identity(site or publisher, title, published_at),
            type="article",
            display="link_only",
            outlet=publisher,
            site=site,
        ),
    )


def _home(item: etree._Element) -> str:
    source = item.find("source")
    return (source.get("url") or "") if source is not None else ""


def _identity(publisher: str, title: str, published_at: datetime | None) -> str:
    day = f"{published_at:%Y%m%d}" if published_at else ""
    named = "\x1f".join((publisher.lower(), " ".join(fold(title).split()), day))
    return "news-" + hashlib.sha256(named.encode()).hexdigest()[:24]


def address_in(link: str) -> str | None:
    """Return the address that a redirector's link holds, or None when it holds none that can be read.

    The token is base64 of a message whose fourth field is the address; since 2024 most hold a signed name instead.
    """
    token = _TOKEN.search(urlsplit(link).path)
    if token is None:
        return None
    try:
        said = base64.urlsafe_b64decode(token[1] + "=" * (-len(token[1]) % 4))
    except (binascii.Error, ValueError):
        return None
    start = said.find(b"\x22")
    if start < 0 or start + 1 >= len(said):
        return None
    length, begins = said[start + 1], start + 2
    if length & 128 and begins < len(said):
        length, begins = length & 127 | said[begins] << 7, begins + 1
    address = said[begins : begins + length]
    return safe_link(address.decode()) if _ADDRESS.fullmatch(address) else None
