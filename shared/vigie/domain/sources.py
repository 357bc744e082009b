"""Sources, and the hot state a poll needs of each."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from vigie.domain.feeds import PublishingHints
from vigie.domain.rhythm import Rhythm, silence_is_improbable
from vigie.errors import BadField

Tier = Literal["national", "regional", "trade", "blog"]
Health = Literal["new", "fresh", "late", "failing", "gone", "silent", "gap", "moved", "slow", "limited"]

SILENT_AT_LEAST = timedelta(days=3)  # a week-end is no alarm for a source that rests then
GAP_REMARKED = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where documents come from: a feed, or a search that a ``connector`` asks a platform.

    ``tier`` and ``language`` are what ops know of the outlet. A search's ``query`` is in the platform's own
    syntax, its ``url`` the page where a person would see the same; it names no client. It is asked every
    ``pace_seconds`` at most, its part of the platform's budget; an ``urgent`` one, that watches a crisis, may
    spend the reserve too.
    """

    source_id: str
    name: str
    url: str
    tier: str | None = None
    language: str | None = None
    platform: str = "press"
    type: str = "article"
    connector: str | None = None
    query: str = ""
    pace_seconds: int = 0
    urgent: bool = False

    @property
    def host(self) -> str:
        """The host politeness counts by."""
        return (urlsplit(self.url).hostname or "").lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where a source permanently redirects to. ``polls`` in a row said so; ``adopted`` once it is proven."""

    url: str
    since: datetime
    polls: int = 1
    adopted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What the last polls left behind. Instants are aware UTC, whole seconds.

    Validators are echoed verbatim and belong to ``validators_url``. ``full_at`` is
    when a complete answer last came with them, to a few hours; ``distrusted`` that they said "unchanged" when
    there were news. ``failures`` counts in a row; ``failing_since`` is when the row began; ``failure`` its last
    reason, in one line. Before ``quiet_until`` the host wants no request. ``slow`` says that the last answer
    took most of our patience. ``gap_at`` is when a document showed so little that we know that others may have come
    and gone before it, and no older page could tell.

    A search has no validators but a ``cursor``, opaque to all but its connector. ``coverage`` is what its last
    answer was of what there is (complete, truncated, sampled); ``limited`` the sentence that says why it may
    not be asked before ``next_poll_at``, when a budget or the platform's patience is used up.
    """

    source_id: str
    etag: str | None = None
    last_modified: str | None = None
    validators_url: str | None = None
    full_at: datetime | None = None
    distrusted: bool = False
    body_sha256: str | None = None
    next_poll_at: datetime | None = None
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    failure: str | None = None
    quiet_until: datetime | None = None
    gone: bool = False
    slow: bool = False
    gap_at: datetime | None = None
    rhythm: Rhythm = field(default_factory=Rhythm)
    hints: PublishingHints = field(default_factory=PublishingHints)
    move: Move | None = None
    cursor: str | None = None
    coverage: str | None = None
    limited: str | None = None


@dataclass(frozen=True, slots=True)
class SourceWindow:
    """Identity keys a source showed lately, newest last: 16 hex digits each, see ``domain.identity``.

    ``retired`` are those that have just left the window, which a store keeps elsewhere (``SourceStore.retired``).
    """

    source_id: str
    keys: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()


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
    """Say how a source does, the worst that holds.

    new (never polled), gone (410), failing, limited (a search whose budget, or its platform's patience, is used
    up: no failure), late (its poll is overdue by ``late_after_seconds``), silent (it
    answers, but has published nothing for improbably long), gap (articles may have come and gone unseen since
    yesterday), moved (it redirects for good), slow, fresh.
    """
    if state is None or state.polled_at is None:
        return "new"
    if state.gone:
        return "gone"
    if state.failures:
        return "failing"
    if state.limited is not None:
        return "limited"
    due_at = state.next_poll_at or state.polled_at
    if (now - due_at).total_seconds() > late_after_seconds:
        return "late"
    return _remark(state, now)


def _remark(state: SourceState, now: datetime) -> Health:
    """Say what is worth knowing of a source that answers in time."""
    news_at = state.rhythm.news_at
    if news_at is not None and now - news_at >= SILENT_AT_LEAST and silence_is_improbable(state.rhythm, now):
        return "silent"
    if state.gap_at is not None and now - state.gap_at < GAP_REMARKED:
        return "gap"
    if state.move is not None:
        return "moved"
    return "slow" if state.slow else "fresh"
