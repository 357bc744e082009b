"""A document: one published thing, as it travels from poll to digest."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One article, post or comment, with its texts cleaned of markup (plain Unicode, no HTML).

    ``document_id`` is deterministic (see ``domain.identity``): the same thing polled twice, by any worker,
    has the same id. Instants are aware UTC. ``site`` is the publisher's host, ``source_id`` where we read it.
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

    @property
    def text(self) -> str:
        """Title, summary and body, the longest of the last two only when one contains the other."""
        parts = [self.title, self.summary, self.body]
        if self.summary and self.body.startswith(self.summary.rstrip("….")):
            parts[1] = ""
        return "\n".join(part for part in parts if part)
