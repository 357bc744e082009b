"""What a poll leaves behind. Pure: state, outcome and ``now`` in, state out."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from vigie.domain.feeds import PublishingHints
from vigie.domain.fetching import FetchOutcome, FetchRequest
from vigie.domain.polling.policy import PollPolicy, chance, guard_seconds, interval_seconds, sooner
from vigie.domain.polling.wishes import peace_seconds, skip_idle, wished_seconds
from vigie.domain.rhythm import Rhythm, first_rhythm, heard, seen_whole, silence_is_improbable
from vigie.domain.sources import Move, Source, SourceState

BACKOFF_CAP_SECONDS = 6 * 3_600
PATIENCE = 4  # usual waits, that a feed may lose entries for after a failure
HOPELESS_CAP_SECONDS = 24 * 3_600  # of what asking again cannot mend: 404, no such host, no feed
WHOLE_AT_MOST_EVERY = timedelta(hours=24)
MOVE_POLLS, MOVE_PROVEN_AFTER = 3, timedelta(hours=24)
SLOW_SECONDS = 10.0  # half of what a fetch may take
_FULL_AT_STEP = timedelta(hours=6)  # how exactly ``full_at`` is kept: each change costs a write
_FAILURE_CHARACTERS = 300  # one line to keep beside the source, whatever a parser had to say
_LIED_ABOUT = 2  # news behind a validator that said "unchanged": one may have come in between


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a feed's document said: how many entries, the dates of the new ones, whether it was the first.

    ``known`` says that some entry had been seen before: whatever address answered, it is the same feed.
    ``partial`` says that the document shows only what changed: its size and its hints are not the feed's.
    ``gap``: articles may have come and gone before it.
    """

    entries: int
    new: tuple[datetime | None, ...]
    first: bool
    known: bool
    hints: PublishingHints
    partial: bool = False
    gap: bool = False


def is_due(state: SourceState | None, now: datetime, *, force: bool = False) -> bool:
    """Say whether to poll now. ``force`` brings a poll forward, but not to a host that asked for peace."""
    if state is None:
        return True
    if state.gone or (state.quiet_until is not None and now < state.quiet_until):
        return False
    return force or state.next_poll_at is None or state.next_poll_at <= now


def request_of(source: Source, state: SourceState, now: datetime) -> FetchRequest:
    """Return what to ask: where the source has moved to when that is proven; conditionally when we may trust it."""
    url = state.move.url if state.move is not None and state.move.adopted else source.url
    if must_ask_whole(state, now):
        return FetchRequest(url=url)
    return FetchRequest(
        url=url, etag=state.etag, last_modified=state.last_modified, validated_url=state.validators_url
    )


def must_ask_whole(state: SourceState, now: datetime) -> bool:
    """Say whether the next request must not be conditional.

    Some servers answer 304 for ever. Where one was caught, its validators are not sent again. Elsewhere, once
    a day at most, the whole is asked for when the feed has been silent for improbably long, or when its
    validator is a date to come.
    """
    if state.distrusted:
        return True
    if state.full_at is None or now - state.full_at < WHOLE_AT_MOST_EVERY:
        return False
    return silence_is_improbable(state.rhythm, now) or _is_to_come(state.last_modified, now)


def _is_to_come(last_modified: str | None, now: datetime) -> bool:
    try:
        moment = parsedate_to_datetime(last_modified or "")
    except (ValueError, TypeError, OverflowError, IndexError):
        return False
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) > now


def after_success(
    state: SourceState,
    outcome: FetchOutcome,
    now: datetime,
    policy: PollPolicy,
    *,
    body_sha256: str | None = None,
    reading: Reading | None = None,
) -> SourceState:
    """Return the state after an answer that is unchanged (no ``reading``) or was read.

    ``body_sha256`` is None after a 304. Validators are taken as the answer gave them: commit this state only
    after its documents are durably queued.
    """
    now = now.replace(microsecond=0)
    rhythm = state.rhythm if reading is None else _rhythm_after(state, reading, now)
    hints = state.hints if reading is None or reading.partial else reading.hints
    own = sooner(interval_seconds(rhythm, policy, now), state.source_id)
    wished = timedelta(seconds=round(wished_seconds(outcome.max_age_seconds, hints, rhythm, policy, now)))
    return replace(
        state,
        etag=outcome.etag,
        last_modified=outcome.last_modified,
        validators_url=outcome.final_url,
        full_at=_full_at(state, outcome, now),
        distrusted=state.distrusted or _caught_lying(state, reading, now),
        body_sha256=body_sha256 or state.body_sha256,
        polled_at=now,
        succeeded_at=now,
        next_poll_at=skip_idle(now + max(own, wished), hints, rhythm),
        failures=0,
        failing_since=None,
        failure=None,
        quiet_until=None,
        slow=outcome.elapsed_seconds > SLOW_SECONDS,
        gap_at=now if reading is not None and reading.gap else state.gap_at,
        rhythm=rhythm,
        hints=hints,
        move=_move_after(state.move, outcome, reading, now),
    )


def after_failure(
    state: SourceState, outcome: FetchOutcome, now: datetime, policy: PollPolicy
) -> SourceState:
    """Return the state after a failed poll: later each time, never given up, except on 410.

    The wait doubles up to a cap and is drawn between what a healthy source waits and that. After what may be over
    at any time, it is no longer than what nothing falls out of the feed in, or four of its usual waits. Validators
    and body stay: what we know of the feed is as true as before. A move that leads nowhere is forgotten.
    """
    failure = outcome.failure
    if failure is None:
        raise ValueError("a failed poll has a failure")
    now = now.replace(microsecond=0)
    failures = state.failures + 1
    usual = interval_seconds(state.rhythm, policy, now)
    fallen_out = guard_seconds(state.rhythm, policy, now)
    soon_over = min(BACKOFF_CAP_SECONDS, max(fallen_out, PATIENCE * usual))
    cap = max(usual, soon_over if failure.transient else HOPELESS_CAP_SECONDS)
    doubled = min(usual * 2 ** min(failures - 1, 20), cap)
    wait = round(usual + chance(state.source_id, now) * (doubled - usual))
    share = chance("spread", state.source_id, now)
    peace = peace_seconds(outcome, wait, kept_seconds=fallen_out, share=share)
    failed = replace(
        state,
        polled_at=now,
        next_poll_at=now + timedelta(seconds=wait),
        failures=failures,
        failing_since=state.failing_since or now,
        failure=f"{failure.reason}: {' '.join(failure.detail.split())}"[:_FAILURE_CHARACTERS],
        quiet_until=None,
        gone=failure.reason == "gone",
        move=state.move if failure.transient or state.move is None or not state.move.adopted else None,
    )
    return failed if peace is None else kept_quiet(failed, now + timedelta(seconds=round(peace)))


def kept_quiet(state: SourceState, until: datetime) -> SourceState:
    """Return the state of a source whose host asked for peace: nothing is asked before ``until``, even by force."""
    later = max(state.next_poll_at or until, until)
    return replace(state, quiet_until=until, next_poll_at=later)


def after_push(state: SourceState, reading: Reading, now: datetime) -> SourceState:
    """Return the state after a document that came unasked: it tells of the rhythm, and of nothing else."""
    return replace(state, rhythm=_rhythm_after(state, reading, now.replace(microsecond=0)))


def _rhythm_after(state: SourceState, reading: Reading, now: datetime) -> Rhythm:
    if reading.first and not reading.partial:
        return first_rhythm(reading.new, now)
    window = state.rhythm.window if reading.partial else reading.entries
    if not reading.new:
        return seen_whole(state.rhythm, window)
    return heard(state.rhythm, reading.new, window, state.succeeded_at or now, now)


def _full_at(state: SourceState, outcome: FetchOutcome, now: datetime) -> datetime | None:
    if outcome.etag is None and outcome.last_modified is None:
        return None
    if outcome.kind == "unchanged" or outcome.partial:
        return state.full_at
    return state.full_at if state.full_at is not None and now - state.full_at < _FULL_AT_STEP else now


def _caught_lying(state: SourceState, reading: Reading | None, now: datetime) -> bool:
    return reading is not None and len(reading.new) >= _LIED_ABOUT and must_ask_whole(state, now)


def _move_after(
    move: Move | None, outcome: FetchOutcome, reading: Reading | None, now: datetime
) -> Move | None:
    """Return where the source moves to, adopted when proven.

    Proven: a permanent redirect to one address at three polls over a day, whose document holds an entry that we
    know. Once adopted, the redirect is no longer met.
    """
    if move is not None and move.adopted:
        return move
    if outcome.permanent_url is None:
        return None
    if move is None or move.url != outcome.permanent_url:
        return Move(url=outcome.permanent_url, since=now)
    polls = min(move.polls + 1, MOVE_POLLS)
    proven = polls >= MOVE_POLLS and now - move.since >= MOVE_PROVEN_AFTER
    return replace(move, polls=polls, adopted=proven and reading is not None and reading.known)
