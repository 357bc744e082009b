"""Sources, and the hot state a poll needs of each."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from vigie.errors import BadField

Tier = Literal["national", "regional", "trade", "blog"]
Health = Literal["new", "fresh", "late", "failing", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where documents come from: today, a feed. ``tier`` and ``language`` are what ops know of the outlet."""

    source_id: str
    name: str
    url: str
    tier: str | None = None
    language: str | None = None
    platform: str = "press"
    type: str = "article"

    @property
    def host(self) -> str:
        """The host politeness counts by."""
        return (urlsplit(self.url).hostname or "").lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What the last polls left behind. Instants are aware UTC.

    Validators are echoed verbatim and belong to ``validators_url``. ``failures`` counts in a row;
    ``failing_since`` is when the row began; ``failure`` its last reason, in one line.
    """

    source_id: str
    etag: str | None = None
    last_modified: str | None = None
    validators_url: str | None = None
    body_sha256: str | None = None
    next_poll_at: datetime | None = None
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    failure: str | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class SourceWindow:
    """Identity keys a source showed lately, newest last: hex, see ``domain.identity``."""

    source_id: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Odometer:
    """What a shard's polls have counted since the stack was born: read twice and subtract.

    A total only ever grows, and grows in the write that commits the poll: no redelivery counts twice.
    """

    polled: int = 0
    fetched: int = 0  # new documents queued
    failed: dict[str, int] = field(default_factory=dict)  # by reason

    def plus(self, other: "Odometer") -> "Odometer":
        """Return the sum of both readings."""
        return Odometer(
            polled=self.polled + other.polled,
            fetched=self.fetched + other.fetched,
            failed=_add(self.failed, other.failed, 1),
        )

    def minus(self, earlier: "Odometer") -> "Odometer":
        """Return what was counted since ``earlier``."""
        return Odometer(
            polled=self.polled - earlier.polled,
            fetched=self.fetched - earlier.fetched,
            failed={k: n for k, n in _add(self.failed, earlier.failed, -1).items() if n},
        )


def _add(left: dict[str, int], right: dict[str, int], sign: int) -> dict[str, int]:
    return {key: left.get(key, 0) + sign * right.get(key, 0) for key in sorted({*left, *right})}


def check_source(source: Source) -> Source:
    """Return ``source`` when it can be polled. Raises BadField naming the field that forbids it."""
    try:
        parts = urlsplit(source.url)
        web = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets or a port that are none
        web = False
    if not web:
        raise BadField("url", f"{source.url!r} is no web address", "Give the feed's http or https address.")
    if parts.username or parts.password:
        raise BadField("url", "holds a user name or a password", "Give an address anyone may read.")
    if not source.name.strip():
        raise BadField("name", "is empty", "Name the outlet as the digest should show it.")
    return source


def source_id_of(url: str) -> str:
    """Return a stable, readable id for a feed's address: its host and ten hex digits of the whole."""
    host = re.sub(r"[^a-z0-9]+", "-", (urlsplit(url).hostname or "").lower()).strip("-") or "source"
    return f"{host[:37]}-{hashlib.sha256(url.encode()).hexdigest()[:10]}"


def shard_of(host: str, shard_count: int) -> str:
    """Return the shard of a host: all feeds of one host share one shard, so one worker at a time asks it."""
    number = int.from_bytes(hashlib.sha256(host.lower().encode()).digest()[:8]) % shard_count
    return f"{number:04d}"


def health(state: SourceState | None, now: datetime, late_after_seconds: int) -> Health:
    """Say how a source does: new (never polled), fresh, late (no answer in time), failing, gone."""
    if state is None or state.polled_at is None:
        return "new"
    if state.gone:
        return "gone"
    if state.failures:
        return "failing"
    seconds = (now - state.polled_at).total_seconds()
    return "late" if seconds > late_after_seconds else "fresh"
