"""What is said beside the press: posts, forum messages and videos about the demo's clients, with their truth."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from infra.demo_press.library import DATA, library
from infra.demo_press.truth import matches


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One thing said. ``channel`` is bluesky, forum or video; ``details`` are what only that channel has."""

    document_id: str
    channel: str
    published_at: datetime
    text: str
    title: str
    tags: frozenset[str]
    details: dict[str, Any]

    def truth(self, url: str) -> dict[str, Any]:
        """Return its line of the truth, for the address it is found under."""
        return {
            "id": self.document_id,
            "feed": self.channel,
            "url": url,
            "canonical_url": url,
            "published_at": self.published_at.isoformat(),
            "title": self.title,
            "matches": matches(library(), self.tags),
        }


def chatter(opened_at: datetime) -> list[Saying]:
    """Return everything that is said in the day before ``opened_at`` (aware), the first run; always the same."""
    said = tomllib.loads((DATA / "chatter.toml").read_text(encoding="utf-8"))
    return [
        Saying(
            document_id=f"{channel}{number:02}",
            channel=channel,
            published_at=opened_at - timedelta(hours=row["hours_ago"]),
            text=row["text"],
            title=row.get("title", ""),
            tags=frozenset(row["tags"]),
            details=row,
        )
        for channel in ("bluesky", "forum", "video")
        for number, row in enumerate(said[channel], 1)
    ]
