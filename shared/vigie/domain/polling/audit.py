"""Polling what is pushed: slowly, to see whether the hub keeps its word."""

from dataclasses import replace
from datetime import datetime

from vigie.domain.polling.policy import sooner, window_seconds
from vigie.domain.sources import SourceState

AUDIT_SECONDS = 3_600


def audited(state: SourceState, pushed_until: datetime | None, now: datetime) -> SourceState:
    """Return the state of a source just polled, whose hub is trusted to push it until then (None: not at all).

    It is asked after an hour, or its own interval when that is longer; sooner when the promise ends before, or
    when its document is so short that articles could fall out of it unseen, should the hub be silent.
    """
    if pushed_until is None or state.failures or state.next_poll_at is None:
        return state
    wait = sooner(min(AUDIT_SECONDS, window_seconds(state.rhythm, now)), state.source_id)
    audit_at = min(now.replace(microsecond=0) + wait, pushed_until)
    return replace(state, next_poll_at=max(state.next_poll_at, audit_at))
