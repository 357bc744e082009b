"""Whether a feed can be pushed to us, and by whom (WebSub §4, RFC 8288)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from vigie.domain.feeds import ParsedFeed

_ADDRESS_CHARACTERS = 1_000  # of a hub or a topic; longer ones are not worth their storage
_LINK_CHARACTERS = 16_000
_LINK = re.compile(r"<([^<>]{0,1000})>((?:\s*;\s*[\w*!-]+\s*(?:=\s*(?:\"[^\"]*\"|[^\s\",;<>]*))?)*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s\",;<>]+))", re.IGNORECASE)

# YouTube's feeds name no hub; its documentation does (YouTube Data API, "Subscribe to push notifications").
_YOUTUBE_HOSTS = frozenset({"www.youtube.com", "youtube.com"})
_YOUTUBE_PATHS = frozenset({"/feeds/videos.xml", "/xml/feeds/videos.xml"})
_YOUTUBE_HUB = "https://pubsubhubbub.appspot.com/subscribe"
_YOUTUBE_TOPIC = "https://www.youtube.com/feeds/videos.xml?"


@dataclass(frozen=True, slots=True)
class PushOffer:
    """A hub that pushes, and the topic it pushes: the address the publisher gives the feed."""

    hub: str
    topic: str

    @property
    def offer_id(self) -> str:
        """What tells this offer from another of the same source: 12 hex digits."""
        return sha256(f"{self.hub}\n{self.topic}".encode()).hexdigest()[:12]


def offer_of(
    links: Sequence[str], feed: ParsedFeed, url: str, *, plain_http: bool = False
) -> PushOffer | None:
    """Return how the feed that answered at ``url`` can be pushed, or None.

    ``links`` are the answer's ``Link`` headers, which go before what the document says. A hub counts over https
    only (``plain_http`` is for local environments): it is told the secret that signs what it pushes. The first
    one that does is taken. Without the feed's own address there is no topic to ask for.
    """
    headers = list(_linked(links, url))
    hubs: Iterable[str] = [link for rels, link in headers if "hub" in rels] or feed.hubs
    own = next((link for rels, link in headers if "self" in rels), None) or feed.self_url
    hub = next((hub for hub in hubs if _is_hub(hub, plain_http=plain_http)), None)
    if hub is None:
        return _documented(url)
    return PushOffer(hub, own) if own and _is_web(own) else None


def own_address(link_header: str, url: str) -> str | None:
    """Return where ``rel="self"`` of a ``Link`` header leads, resolved against ``url``; None without one."""
    return next((link for rels, link in _linked([link_header], url) if "self" in rels), None)


def _linked(headers: Sequence[str], url: str) -> Iterator[tuple[list[str], str]]:
    """Yield what each link of the headers is for, and where it leads."""
    for header in headers:
        for match in _LINK.finditer(header[:_LINK_CHARACTERS]):
            rel = _REL.search(match[2])
            try:
                target = urljoin(url, match[1].strip())
            except ValueError:
                continue
            yield (rel[1] or rel[2] or "").lower().split() if rel else [], target


def _is_hub(link: str, *, plain_http: bool) -> bool:
    return _is_web(link) and (plain_http or link.lower().startswith("https:"))


def _is_web(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    printable = link.isprintable() and " " not in link
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and printable and _is_short(link)


def _is_short(link: str) -> bool:
    return len(link) <= _ADDRESS_CHARACTERS


def _documented(url: str) -> PushOffer | None:
    """Return the offer of a platform that pushes without saying so in its feeds."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.hostname not in _YOUTUBE_HOSTS or parts.path not in _YOUTUBE_PATHS:
        return None
    channel = parse_qs(parts.query).get("channel_id", [""])[0]
    return PushOffer(_YOUTUBE_HUB, _YOUTUBE_TOPIC + urlencode({"channel_id": channel})) if channel else None
