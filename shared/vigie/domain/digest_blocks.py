"""What a digest shows before its subjects: alerts, and what people asked that waits for an answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

AskKind = Literal["question", "need"]
"""``question``: somebody asks about the client in public. ``need``: somebody looks for what the client offers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertBand:
    """An alert that was open during the interval; ``closed_at`` is None while it still is."""

    alert_id: str
    title: str
    opened_at: datetime
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ToldAlerts:
    """What alerts have to say in a digest. ``is_rising``: more is said day by day, too slowly for an alert."""

    bands: tuple[AlertBand, ...] = ()
    is_rising: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A public question or need, in its author's own words (160 characters at most); its author is not named.

    ``is_personal``: it stands on somebody's own account, not in a place with a name of its own (a forum).
    ``is_answered``: a later document that we saw answers it; that we saw none does not mean that there is none.
    """

    kind: AskKind
    story_id: str
    source_name: str
    url: str
    published_at: datetime | None
    words: str
    is_personal: bool
    is_answered: bool
