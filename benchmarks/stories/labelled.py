"""Labelled documents, and how hard a mix of them is."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A document as ``vigie stories assign`` reads it, and its truth."""

    id: str
    story: str
    kind: str
    title: str
    body: str
    url: str
    at: datetime
    source_id: str
    summary: str = ""
    platform: str = "press"
    type: str = "article"

    def line(self) -> dict[str, str]:
        """Return the input line."""
        return {
            "id": self.id,
            "title": self.title,
            "summary": self.summary,
            "body": self.body,
            "url": self.url,
            "published_at": self.at.isoformat().replace("+00:00", "Z"),
            "source_id": self.source_id,
            "platform": self.platform,
            "type": self.type,
            "lang": "fr",
        }


@dataclass(frozen=True, slots=True)
class Hardness:
    """How far copies stray, and how much strangers share."""

    crop_to: float
    rewrite: tuple[float, float]
    typos: float
    quote_words: tuple[int, int]
    round_up_words: int
    background: bool


PLAIN = Hardness(0.35, (0.0, 0.0), 0.005, (20, 60), 14, background=False)
HARD = Hardness(0.12, (0.15, 0.4), 0.05, (60, 140), 45, background=True)
