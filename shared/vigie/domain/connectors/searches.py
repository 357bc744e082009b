"""Searches as sources: what is followed on a platform, and what asking leaves behind. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from vigie.domain.connectors.offer import label_of
from vigie.domain.connectors.outcomes import (
    Answer,
    AuthRevoked,
    QueryRejected,
    QuotaUntil,
    Refusal,
    RetryAfter,
    TermsBlocked,
    Unavailable,
)
from vigie.domain.fetching import Failure, FailureReason, FetchOutcome
from vigie.domain.polling import PollPolicy, Reading, after_failure, after_success
from vigie.domain.sources import Source, SourceState

_REASONS: dict[type, FailureReason] = {
    AuthRevoked: "unauthorised",
    QueryRejected: "query_rejected",
    TermsBlocked: "terms",
}


@dataclass(frozen=True, slots=True)
class Changes:
    """What to follow and what to stop following, so that the searches followed are those planned."""

    add: tuple[Source, ...]
    remove: tuple[str, ...]


def search_id(connector: str, native: str) -> str:
    """Return the id of a search's source: the same words on the same platform are one source."""
    digest = hashlib.sha256(f"{connector}\x1f{native}".encode()).hexdigest()
    return f"{connector}-{digest[:10]}"


def search_source(
    connector: str, platform: str, native: str, *, page_url: str, pace_seconds: int, urgent: bool = False
) -> Source:
    """Return the source that a search is."""
    return Source(
        source_id=search_id(connector, native),
        name=f"{label_of(connector)} : {native}"[:120],
        url=page_url,
        platform=platform,
        type="post",
        connector=connector,
        query=native,
        pace_seconds=pace_seconds,
        urgent=urgent,
    )


def outlet_of(source: Source) -> str:
    """Return who publishes what a source brings: of a search the platform, whose words may be another client's."""
    return source.name if source.connector is None else label_of(source.connector)


def home_of(source: Source) -> str:
    """Return the address to file things without a link under: of a search the platform's, without its words."""
    if source.connector is None:
        return source.url
    parts = urlsplit(source.url)
    return f"{parts.scheme}://{parts.netloc}/"


def reconcile(followed: Iterable[Source], planned: Iterable[Source]) -> Changes:
    """Return what makes the searches among ``followed`` those ``planned``; feeds are left alone."""
    now = {source.source_id: source for source in followed if source.connector is not None}
    wanted = {source.source_id: source for source in planned}
    add = tuple(source for id_, source in wanted.items() if now.get(id_) != source)
    return Changes(add, tuple(sorted(now.keys() - wanted.keys())))


def after_answer(
    state: SourceState,
    answer: Answer,
    now: datetime,
    policy: PollPolicy,
    *,
    reading: Reading | None = None,
    source: Source,
) -> SourceState:
    """Return the state after one asking.

    A budget or a platform's patience used up is no failure: the search waits, and says so. What is refused for
    good counts as a failure, and is tried again as one. Otherwise the next asking is when the search's rhythm and
    its pace allow it, or at once when there is more.
    """
    refusal = answer.refusal
    if isinstance(refusal, RetryAfter | QuotaUntil):
        return _waiting(state, answer, refusal, now)
    if refusal is not None:
        failed = after_failure(state, _failed(refusal, source.url), now, policy)
        return replace(failed, cursor=answer.cursor or state.cursor, limited=None)
    outcome = FetchOutcome(kind="fetched", final_url=source.url)
    after = after_success(state, outcome, now, policy, reading=reading)
    pace_at = now.replace(microsecond=0) + timedelta(seconds=source.pace_seconds)
    return replace(
        after,
        validators_url=None,
        cursor=answer.cursor or state.cursor,
        coverage=answer.coverage,
        limited=None,
        next_poll_at=now if answer.more else max(after.next_poll_at or now, pace_at),
    )


def _waiting(
    state: SourceState, answer: Answer, refusal: RetryAfter | QuotaUntil, now: datetime
) -> SourceState:
    until = max(refusal.at, now).replace(microsecond=0)
    waiting = replace(
        state,
        polled_at=now.replace(microsecond=0),
        next_poll_at=until,
        cursor=answer.cursor or state.cursor,
        coverage="truncated",
        limited=refusal.detail,
        failures=0,
        failing_since=None,
        failure=None,
    )
    return replace(waiting, quiet_until=until) if isinstance(refusal, RetryAfter) else waiting


def _failed(refusal: Refusal, url: str) -> FetchOutcome:
    if isinstance(refusal, Unavailable):
        failure = refusal.failure
    else:
        failure = Failure.of(_REASONS[type(refusal)], refusal.detail)
    return FetchOutcome(kind="failed", final_url=url, failure=failure)
