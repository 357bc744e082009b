"""When to poll, and what a poll leaves behind. Pure: state, outcome and ``now`` in, state out."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from vigie.domain.fetching import Failure, FetchOutcome
from vigie.domain.sources import SourceState

BACKOFF_CAP_SECONDS = 6 * 3600
RETRY_AFTER_SECONDS = (60, 24 * 3600)  # what we obey at least and at most of a server's Retry-After
MAX_AGE_CAP_SECONDS = 3600  # a publisher may ask for an hour of peace, not for a day
JITTER = 0.1


@dataclass(frozen=True, slots=True)
class PollPolicy:
    """How often a source is asked when nothing says otherwise."""

    interval_seconds: int = 900


def is_due(state: SourceState | None, now: datetime, *, force: bool = False) -> bool:
    """Say whether to poll now. ``force`` brings a poll forward, but not to a host that asked for peace."""
    if state is None:
        return True
    if state.gone:
        return False
    if force and not _asked_for_peace(state):
        return True
    return state.next_poll_at is None or state.next_poll_at <= now


def _asked_for_peace(state: SourceState) -> bool:
    return state.failure is not None and state.failure.startswith("rate_limited")


def after_success(
    state: SourceState, outcome: FetchOutcome, now: datetime, policy: PollPolicy, body_sha256: str | None
) -> SourceState:
    """Return the state after a feed was read, or answered that it is unchanged.

    ``body_sha256`` is None after a 304. Validators are taken as the answer gave them: commit this state only
    after its documents are durably queued.
    """
    wait = max(policy.interval_seconds, min(outcome.max_age_seconds or 0, MAX_AGE_CAP_SECONDS))
    return replace(
        state,
        etag=outcome.etag,
        last_modified=outcome.last_modified,
        validators_url=outcome.final_url,
        body_sha256=body_sha256 or state.body_sha256,
        polled_at=now,
        succeeded_at=now,
        next_poll_at=now + _spread(wait, state.source_id),
        failures=0,
        failing_since=None,
        failure=None,
    )


def after_failure(
    state: SourceState,
    failure: Failure,
    now: datetime,
    policy: PollPolicy,
    retry_after_seconds: int | None = None,
) -> SourceState:
    """Return the state after a failed poll: later each time, never given up, except on 410.

    Validators and body stay: what we know of the feed is as true as before.
    """
    failures = state.failures + 1
    doubled = min(policy.interval_seconds * 2 ** min(failures - 1, 10), BACKOFF_CAP_SECONDS)
    wait = max(policy.interval_seconds, doubled)  # a source asked once a day is not asked more for failing
    if retry_after_seconds is not None:
        low, high = RETRY_AFTER_SECONDS
        wait = max(wait, min(max(retry_after_seconds, low), high))
    return replace(
        state,
        polled_at=now,
        next_poll_at=now + _spread(wait, state.source_id),
        failures=failures,
        failing_since=state.failing_since or now,
        failure=f"{failure.reason}: {failure.detail}",
        gone=failure.reason == "gone",
    )


def _spread(seconds: float, source_id: str) -> timedelta:
    """Return ``seconds`` and up to a tenth more, always the same for a source, so that polls do not clump."""
    share = int.from_bytes(hashlib.sha256(source_id.encode()).digest()[:2]) / 65_536
    return timedelta(seconds=round(seconds * (1 + JITTER * share)))
