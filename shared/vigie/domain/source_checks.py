"""What asking an address once says of a source: whether it can be followed as it is, and what to do if not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Literal

from vigie.domain.feeds import FeedEntry, ParsedFeed
from vigie.domain.fetching import FetchOutcome
from vigie.domain.polling.outcomes import SLOW_SECONDS

Standing = Literal["fine", "slow", "silent", "moved", "limited", "not-a-feed", "dead", "gone"]

SILENT_AT_LEAST, SILENT_AT_MOST = timedelta(days=7), timedelta(days=60)
_USUAL_GAPS = 10  # so many times the usual wait without an article is silence

_REMEDIES: dict[Standing, str] = {
    "fine": "",
    "slow": "Follow it all the same; ask again at another hour before leaving it out.",
    "silent": "Look at the site: its feed may have moved without saying so (`vigie sources find` its home page).",
    "moved": "Write the new address, and keep the old one under `was`.",
    "limited": "Ask again in an hour; the publisher wants fewer requests than were made.",
    "not-a-feed": "Look for the feed that the site announces: `vigie sources find` its home page.",
    "dead": "Ask again tomorrow; if it is still so, look for another feed with `vigie sources find`.",
    "gone": "Leave it out: the publisher says that it will not come back.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCheck:
    """What one asking of an address came to.

    ``detail`` says why it is not fine, ``remedy`` what to do about it; both are empty when it is. ``answered_url`` is
    the address that answered, ``newest_at`` the date of the newest entry that has one.
    """

    url: str
    standing: Standing
    detail: str = ""
    answered_url: str | None = None
    entries: int = 0
    newest_at: datetime | None = None
    elapsed_seconds: float = 0.0

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return _REMEDIES[self.standing]

    @property
    def is_fine(self) -> bool:
        """Whether the source can be followed as it is."""
        return self.standing == "fine"


def judge(url: str, outcome: FetchOutcome, feed: ParsedFeed | None, now: datetime) -> SourceCheck:
    """Return how an address stands, the worst that holds. ``feed`` is what was read of the answer, if anything."""
    standing, detail = _standing(outcome, feed, now)
    dates = _dates(feed.entries, now) if feed else []
    return SourceCheck(
        url=url,
        standing=standing,
        detail=detail,
        answered_url=None if outcome.failure else outcome.final_url,
        entries=len(feed.entries) if feed else 0,
        newest_at=dates[0] if dates else None,
        elapsed_seconds=round(outcome.elapsed_seconds, 3),
    )


def _standing(outcome: FetchOutcome, feed: ParsedFeed | None, now: datetime) -> tuple[Standing, str]:
    failure = outcome.failure
    if failure is not None:
        named: dict[str, Standing] = {"gone": "gone", "rate_limited": "limited", "not_a_feed": "not-a-feed"}
        return named.get(failure.reason, "dead"), failure.detail
    if feed is None or feed.problem is not None:
        return "not-a-feed", feed.problem or "" if feed else "the answer has no body"
    if outcome.permanent_url is not None:
        return "moved", f"redirects for good to {outcome.permanent_url}"
    if silence := _silence(feed.entries, now):
        return "silent", silence
    if outcome.elapsed_seconds >= SLOW_SECONDS:
        return "slow", f"took {outcome.elapsed_seconds:.0f} s to answer"
    return "fine", ""


def _silence(entries: Sequence[FeedEntry], now: datetime) -> str:
    """Return in words that a feed shows nothing new for improbably long; empty when it does, or has no dates."""
    if not entries:
        return "shows no article"
    dates = _dates(entries, now)
    if not dates:
        return ""
    gaps = [(newer - older).total_seconds() for newer, older in pairwise(dates)]
    patience = timedelta(seconds=median(gaps) * _USUAL_GAPS) if gaps else SILENT_AT_MOST
    if now - dates[0] <= min(max(patience, SILENT_AT_LEAST), SILENT_AT_MOST):
        return ""
    return f"shows nothing newer than {dates[0]:%Y-%m-%d}"


def _dates(entries: Sequence[FeedEntry], now: datetime) -> list[datetime]:
    """Return when articles came out, the newest first; a date to come says nothing."""
    return sorted((at for entry in entries if (at := entry.published_at) and at <= now), reverse=True)
