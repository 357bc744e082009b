"""What the demo press is made of: feeds, the items they carry, and the versions an item goes through."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Version:
    """An item's text from ``since`` (aware UTC) until the next version: a correction is a second one."""

    since: datetime
    title: str
    summary: str
    body: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Title, summary and paragraphs, one a line."""
        return "\n".join((self.title, self.summary, *self.body))


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of one feed; ``document_id`` names it in the truth.

    ``url`` is the address the feed gives (trackers, http, AMP…), ``canonical_url`` the one it stands for.
    ``dated`` is false where the feed leaves the date out; ``guid`` is None where it gives none.
    """

    document_id: str
    guid: str | None
    url: str
    canonical_url: str
    published_at: datetime
    dated: bool
    author: str
    versions: tuple[Version, ...]

    def at(self, now: datetime) -> Version:
        """Return the version online at ``now`` (the first one before that)."""
        return next((v for v in reversed(self.versions) if v.since <= now), self.versions[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedStyle:
    """How a feed writes: everything that makes two publishers' XML differ."""

    format: str  # rss, atom, rdf
    answer: str  # ok, broken (malformed XML), error (HTTP 500 always)
    charset: str
    guid: str  # permalink, opaque (isPermaLink=false), none
    markup: bool  # titles and summaries carry tags and HTML entities
    full_text: bool
    straight_quotes: bool
    window: int  # newest entries shown
    links: tuple[str, ...]  # cycled: plain, utm, xtor, www, http, amp
    undated_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed at ``http(s)://host`` + ``path``; ``items`` oldest first, over the whole month."""

    slug: str
    name: str
    host: str
    path: str
    tier: str  # national, regional, trade, blog
    language: str
    style: FeedStyle
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Press:
    """A month of press and ``truth``, the JSON-ready record of who and what it is about (see README.md)."""

    feeds: tuple[Feed, ...]
    truth: dict[str, Any]
