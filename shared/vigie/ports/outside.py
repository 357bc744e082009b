"""The world outside: the time, feeds, hubs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from vigie.domain.feeds import ParsedFeed
from vigie.domain.fetching import FetchOutcome, FetchRequest


class Clock(Protocol):
    """The time, so that tests can say it."""

    def __call__(self) -> datetime:
        """Return the instant, aware UTC."""
        ...


class Fetcher(Protocol):
    """Fetches one address within limits. Never raises for what the other side does: see FetchOutcome."""

    async def fetch(self, request: FetchRequest) -> FetchOutcome:
        """Ask once, conditionally when the request holds validators."""
        ...


class Hub(Protocol):
    """Asks WebSub hubs. Never raises for what the other side does."""

    def __call__(self, hub_url: str, form: Mapping[str, str]) -> str | None:
        """Post a request; return None when the hub took it, else a sentence that says why not."""
        ...


class FeedParser(Protocol):
    """Reads a feed's bytes. Never raises for what they hold: see ParsedFeed.problem."""

    def __call__(self, body: bytes, *, url: str, content_type: str | None) -> ParsedFeed:
        """Return what the body says."""
        ...
