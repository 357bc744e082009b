"""A document: one published thing, as it travels from poll to digest."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

Visibility = Literal["public", "owned", "private"]
"""Anybody's to read, on a page of the client's own, or between two people."""

Display = Literal["full", "excerpt", "link_only"]
"""How much of a text its source's terms let us show."""

_DATED_AHEAD, _DATED_BACK = timedelta(minutes=10), timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One article, post or comment, with its texts cleaned of markup (plain Unicode, no HTML).

    ``document_id`` is deterministic (see ``domain.identity``): the same thing polled twice, by any worker,
    has the same id. Instants are aware UTC. ``source_id`` is where we read it.
    ``backfill`` says that ``seen_at`` tells nothing of when it came out, nor of how fast we are: it stood in the
    first document read of its source, or on a page of older ones read to close a gap.
    """

    document_id: str
    source_id: str
    source_name: str
    url: str
    canonical_url: str
    title: str
    seen_at: datetime
    summary: str = ""
    body: str = ""
    author: str = ""
    language: str | None = None
    published_at: datetime | None = None
    platform: str = "press"
    type: str = "article"
    links: tuple[str, ...] = ()
    media: tuple[str, ...] = ()  # of "image", "video"; what has: asks for
    outlet_tier: str | None = None  # national, regional, trade, blog
    native_id: str | None = None  # the platform's own id, where a connector brought it
    parent_id: str | None = None  # the native id of what it answers
    metrics: dict[str, int] = field(
        default_factory=dict
    )  # as counted when seen: likes, reposts, replies, views
    visibility: Visibility = "public"
    retain_until: datetime | None = None  # the platform's terms let us keep it no longer
    display: Display = "full"
    site: str = ""  # the publisher's host, where the address is somebody else's
    backfill: bool = False

    @property
    def event_at(self) -> datetime:
        """When it came out: the date it carries where that can be, else when it was seen.

        Nobody publishes for later than ten minutes from now; what is dated a month before it was first seen, as
        whole archives are when a site is rebuilt, is put where it was seen.
        """
        published_at = self.published_at
        if published_at is None or not -_DATED_AHEAD <= self.seen_at - published_at <= _DATED_BACK:
            return self.seen_at
        return published_at

    @property
    def text(self) -> str:
        """Title, summary and body, the longest of the last two only when one contains the other."""
        parts = [self.title, self.summary, self.body]
        if self.summary and self.body.startswith(self.summary.rstrip("….")):
            parts[1] = ""
        return "\n".join(part for part in parts if part)
