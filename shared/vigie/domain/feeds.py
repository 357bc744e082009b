"""A parsed feed: what any reader of any format (RSS, RDF, Atom, JSON Feed) hands to the poll step."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from vigie.domain.documents import Display, Visibility

_FIRST_ENTRY = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s/>]", re.IGNORECASE)
# What servers write anew at every request, whether or not anything was published. No part can be read in two ways,
# and none goes past the next "<": a head made of opening tags takes no longer than another.
_CHURN = re.compile(
    rb"<(lastBuildDate|pubDate|ttl|(?:atom:)?updated|modified|dc:date|(?:atom:)?generator)(?:\s[^<>]*|/)?"
    rb"(?:(?<=/)>|>(?:<!\[CDATA\[[^<\]]*\]\]>|[^<]*)</\1\s*>)",
    re.IGNORECASE,
)
_FINGERPRINT_HEX = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Native:
    """What a platform says of an entry beyond what feeds can.

    ``platform`` and ``native_id`` identify it wherever it came from: two searches, or a search and a push.
    ``type`` is the document's (post, comment, video, …). ``metrics`` were counted when seen. ``outlet`` and ``site``
    are the publisher's name and host, where the entry's link and its source do not tell them.
    """

    platform: str
    native_id: str
    type: str
    parent_id: str | None = None
    metrics: dict[str, int] = field(default_factory=dict)
    visibility: Visibility = "public"
    retain_until: datetime | None = None
    display: Display = "full"
    outlet: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class EntryTexts:
    """What an entry's markup says, clean: see ``FeedEntry``."""

    summary: str = ""
    body: str = ""
    links: tuple[str, ...] = ()
    media: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry, cleaned: plain Unicode text without markup or controls, http(s) links, aware UTC instants.

    ``guid`` is the publisher's identifier as written (RSS guid, Atom id, JSON Feed id); ``link`` the page,
    or what counts its readers and sends them on; then ``original_link`` may tell the page itself (``page`` either).
    ``published_at`` is the date the entry carries for itself: published, else its only other date (RDF and
    many Atom feeds have no other); None when there is none, never the time of the poll. ``links`` are the
    outgoing links of the text, ``media`` holds ``"image"`` and ``"video"`` when the entry carries one.

    Cleaning markup is most of what reading a feed costs, and most entries of most polls are known: with ``unread``
    these four are empty until ``read`` is called.
    """

    guid: str | None = None
    link: str | None = None
    original_link: str | None = None
    title: str = ""
    summary: str = ""
    body: str = ""
    author: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    links: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    language: str | None = None
    native: Native | None = None
    unread: Callable[[], EntryTexts] | None = field(default=None, compare=False, repr=False)

    @property
    def page(self) -> str | None:
        """The address of the page, without what counts its readers where the feed tells it."""
        return self.original_link or self.link

    def read(self) -> "FeedEntry":
        """Return the entry with its texts. Raises what reading them raises, the same every time."""
        if self.unread is None:
            return self
        texts = self.unread()
        return replace(
            self, summary=texts.summary, body=texts.body, links=texts.links, media=texts.media, unread=None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishingHints:
    """What a feed says about coming again, as written and not clamped.

    ``interval_seconds`` is RSS's ``ttl`` or the syndication module's period over its frequency, the longer one.
    ``skip_hours`` are UTC hours, ``skip_days`` week days (0 is Monday), in which nothing is published.
    """

    interval_seconds: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed and its entries in document order, or the ``problem`` (a sentence) that kept it from being read.

    A feed with no entry is fine and has no problem; with a problem there are no entries. ``hubs`` push it
    (WebSub), under the address it gives itself, ``self_url``. ``next_url`` is where the feed says, or is known, to
    show the entries before these.
    """

    title: str = ""
    language: str | None = None
    entries: tuple[FeedEntry, ...] = ()
    site_url: str | None = None
    hints: PublishingHints = PublishingHints()
    hubs: tuple[str, ...] = ()
    self_url: str | None = None
    next_url: str | None = None
    problem: str | None = None


def body_fingerprint(body: bytes) -> str:
    """Return what tells whether a feed's body says anything new: 32 hex digits of a SHA-256.

    The channel's own ``lastBuildDate``, ``pubDate``, ``ttl``, ``updated`` (``modified``, ``dc:date``) and
    ``generator`` do not count, where they stand before the first entry; every other byte does. Bodies that are no
    XML in an ASCII-like charset count whole.
    """
    digest = hashlib.sha256()
    entry = _FIRST_ENTRY.search(body) if body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else None
    start = entry.start() if entry else 0
    digest.update(_CHURN.sub(b"", body[:start]))
    digest.update(memoryview(body)[start:])
    return digest.hexdigest()[:_FINGERPRINT_HEX]
