"""What the stubs' parts share: a request, a reply, the switches of trouble, and cutting results into pages."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from infra.local.platforms.content import Content


class Dated(Protocol):
    """What has a time at which search begins to show it."""

    @property
    def shown_at(self) -> datetime:
        """When that is."""
        ...


T = TypeVar("T")
D = TypeVar("D", bound=Dated)


@dataclass(slots=True, kw_only=True)
class Trouble:
    """How the platforms misbehave. Counts are of requests to come, and count down.

    ``after`` requests are answered well before counts begin. ``page_size`` serves shorter pages than asked for,
    ``repeats`` shows so many results again on the next page, ``window`` ends every search after so many results,
    ``withheld`` are ids that searches still show and look-ups do not, ``skew`` puts the platforms' clock, by which
    their content is dated, ahead of ours (or behind).
    """

    after: int = 0
    expired_sessions: int = 0
    errors: int = 0
    error_status: int = 503
    rate_limited: int = 0
    patience_seconds: int = 30
    not_json: int = 0
    refused_login: bool = False
    quota_exceeded: bool = False
    slow_seconds: float = 0.0
    page_size: int | None = None
    repeats: int = 0
    window: int | None = None
    withheld: set[str] = field(default_factory=set)
    skew: timedelta = timedelta()

    def strikes(self, name: str) -> bool:
        """Tell whether this request is to fail in the way that the count ``name`` says."""
        left: int = getattr(self, name)
        if self.after or not left:
            return False
        setattr(self, name, left - 1)
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]  # by lower-case name
    body: bytes
    now: datetime  # by the platform's clock
    base_url: str

    @property
    def token(self) -> str:
        """The bearer token, if any."""
        return self.headers.get("authorization", "").removeprefix("Bearer ")


@dataclass(frozen=True, slots=True)
class Said:
    """One reply."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=utf-8"


class Stub(Protocol):
    """One platform's part of the server."""

    def answer(self, asked: Asked) -> Said | None:
        """Return the reply, or None for an address that is not the platform's."""
        ...


@dataclass(slots=True)
class Stage:
    """What all stubs serve from, and how they misbehave."""

    content: Content
    trouble: Trouble

    def shown(self, items: Sequence[D], asked: Asked) -> list[D]:
        """Return what search shows by now, newest first."""
        there = [item for item in items if item.shown_at <= asked.now]
        return sorted(there, key=lambda item: item.shown_at, reverse=True)[: self.trouble.window]

    def page(self, items: Sequence[T], start: int, size: int) -> tuple[list[T], int | None]:
        """Return a page, and where the next one starts if there is any."""
        size = min(size, self.trouble.page_size or size)
        end = start + size
        following = max(end - self.trouble.repeats, start + 1)
        return list(items[start:end]), following if end < len(items) else None


def json_reply(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Said:
    """Return a reply of JSON."""
    return Said(status, json.dumps(data, ensure_ascii=False).encode(), headers or {})


def feed_reply(text: str, kind: str = "application/rss+xml") -> Said:
    """Return a reply of a feed."""
    return Said(200, text.encode(), {}, f"{kind}; charset=utf-8")
