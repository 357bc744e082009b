"""What a failing source can expect is said in full, whatever the reason."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from vigie.domain.fetching import Failure, FailureReason, FetchOutcome
from vigie.domain.outlook import REMEDIES, outlook
from vigie.domain.polling import PollPolicy, after_failure
from vigie.domain.sources import SourceState

NOW = datetime(2026, 12, 8, 6, 0, tzinfo=UTC)
REASONS: tuple[FailureReason, ...] = get_args(FailureReason)


def failed(failure: Failure, *, days: int = 0, status: int | None = None) -> SourceState:
    """Return the state of a source that has failed once a day, the last time now."""
    state = SourceState(source_id="courrier")
    outcome = FetchOutcome(kind="failed", final_url="http://courrier.test/", status=status, failure=failure)
    for day in range(days, -1, -1):
        state = after_failure(state, outcome, NOW - timedelta(days=day), PollPolicy())
    return state


def test_a_source_that_does_not_fail_has_no_outlook() -> None:
    """Nor has one that was never asked."""
    assert outlook(SourceState(source_id="courrier"), NOW) is None
    again = replace(failed(Failure.from_status(500)), failure=None, failures=0)
    assert outlook(again, NOW) is None


def test_every_reason_has_a_remedy() -> None:
    """The table holds each reason once."""
    assert set(REMEDIES) == set(REASONS)


@pytest.mark.parametrize("reason", REASONS)
def test_every_failure_says_what_happened_and_what_comes_next(reason: FailureReason) -> None:
    """The sentence: what happened, since when, the next try or that there is none, what somebody can do."""
    state = failed(Failure.of(reason, "it went wrong"))
    found = outlook(state, NOW)
    assert found is not None
    assert found.reason == reason
    assert found.says.startswith("It went wrong. ")
    assert found.says.endswith(REMEDIES[reason])
    assert state.next_poll_at is not None
    when = f"asked again at {state.next_poll_at:%Y-%m-%d %H:%M} UTC"
    assert ("Given up" if reason == "gone" else when) in found.says
    assert found.alarm == (reason in {"bad_url", "refused_address", "gone"})


def test_the_sentence_reads_well() -> None:
    """One example in full."""
    state = replace(
        failed(Failure.from_status(404), days=2), next_poll_at=datetime(2026, 12, 8, 18, 30, tzinfo=UTC)
    )
    found = outlook(state, NOW)
    assert found is not None
    assert found.says == (
        "The server answered 404. Failed 3 times in a row since 2026-12-06 06:00 UTC; "
        "asked again at 2026-12-08 18:30 UTC, later each time, never given up. "
        "Look at the address in a browser, and give the feed's new one if it moved."
    )


def test_a_week_of_failure_is_an_alarm() -> None:
    """After seven days somebody should look, whatever the reason; the source is asked all the same."""
    six, seven = (outlook(failed(Failure.of("dns", "no such host"), days=days), NOW) for days in (6, 7))
    assert six is not None
    assert seven is not None
    assert (six.alarm, seven.alarm) == (False, True)
    assert "Failed 8 times in a row since 2026-12-01 06:00 UTC, 7 days; asked again at " in seven.says


def test_a_host_that_wants_peace_says_until_when() -> None:
    """After 429 the next try is the end of the host's peace."""
    found = outlook(failed(Failure.from_status(429), status=429), NOW)
    assert found is not None
    assert "the host wants peace, asked again at 2026-12-08 " in found.says


def test_an_overdue_try_is_the_next_poll() -> None:
    """A time that has passed is not promised."""
    found = outlook(failed(Failure.of("timeout", "too long")), NOW + timedelta(days=3))
    assert found is not None
    assert "asked again at the next poll" in found.says


def test_a_line_of_another_version_is_shown_as_it_is() -> None:
    """A reason that is not ours does not hide the sentence."""
    found = outlook(SourceState(source_id="a", failure="odd: things", failures=1), NOW)
    assert found is not None
    assert found.says.startswith("Odd: things. ")


def test_what_is_kept_of_a_failure_is_one_bounded_line() -> None:
    """Whatever a parser had to say."""
    state = failed(Failure.of("not_a_feed", "a\nb\r\n" + "c" * 5_000))
    assert state.failure is not None
    assert state.failure.startswith("not_a_feed: a b ccc")
    assert len(state.failure) == 300
