"""When to poll, and what a poll leaves behind."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_state
from vigie.domain.fetching import Failure, FetchOutcome
from vigie.domain.polling import PollPolicy, after_failure, after_success, is_due
from vigie.domain.sources import SourceState

NOW = datetime(2026, 12, 8, 6, tzinfo=UTC)
POLICY = PollPolicy(interval_seconds=900)
TIMEOUT = Failure.of("timeout", "no answer in 20 s")
TOO_MANY = Failure.from_status(429)
URL = "https://courrier.example/rss"


def fetched(**fields: Any) -> FetchOutcome:
    """Return a complete answer."""
    return FetchOutcome(**{"kind": "fetched", "final_url": URL, "status": 200, **fields})


def wait_of(state: SourceState) -> float:
    """Return how long a state waits from NOW, in seconds."""
    assert state.next_poll_at is not None
    return (state.next_poll_at - NOW).total_seconds()


@pytest.mark.parametrize(
    ("state", "force", "expected"),
    [
        (None, False, True),
        (a_state(), False, True),  # known, and no time set
        (a_state(next_poll_at=NOW), False, True),
        (a_state(next_poll_at=NOW + timedelta(seconds=1)), False, False),
        (a_state(next_poll_at=NOW + timedelta(hours=5)), True, True),
        (a_state(next_poll_at=NOW + timedelta(hours=5), failures=2, failure="timeout: x"), True, True),
        (a_state(next_poll_at=NOW + timedelta(hours=5), failures=1, failure="rate_limited: x"), True, False),
        (a_state(next_poll_at=NOW, failures=1, failure="rate_limited: x"), True, True),
        (a_state(gone=True), False, False),
        (a_state(gone=True), True, False),
    ],
)
def test_what_is_due(state: SourceState | None, force: bool, expected: bool) -> None:
    """Due at its time; force brings it forward, except where a host asked for peace or said never again."""
    assert expected == is_due(state, NOW, force=force)


def test_success_ends_a_row_of_failures() -> None:
    """An answer read clears the failures and keeps the validators it came with."""
    failing = a_state(failures=4, failing_since=NOW - timedelta(days=1), failure="dns: x", etag='"old"')
    actual = after_success(failing, fetched(etag='W/"new"', last_modified="then"), NOW, POLICY, "5ha")
    expected = SourceState(
        source_id=failing.source_id,
        etag='W/"new"',
        last_modified="then",
        validators_url=URL,
        body_sha256="5ha",
        next_poll_at=actual.next_poll_at,
        polled_at=NOW,
        succeeded_at=NOW,
    )
    assert expected == actual


def test_unchanged_keeps_the_body_known() -> None:
    """A 304 has no body: what we know of the last one stands."""
    unchanged = fetched(kind="unchanged", status=304, etag='"1"')
    assert after_success(a_state(body_sha256="5ha"), unchanged, NOW, POLICY, None).body_sha256 == "5ha"


@pytest.mark.parametrize(
    ("max_age_seconds", "least"), [(None, 900), (0, 900), (60, 900), (1800, 1800), (86_400, 3600)]
)
def test_publisher_may_ask_for_an_hour_of_peace(max_age_seconds: int | None, least: int) -> None:
    """A max-age above our interval is followed, up to an hour."""
    state = after_success(a_state(), fetched(max_age_seconds=max_age_seconds), NOW, POLICY, "5ha")
    assert least <= wait_of(state) <= least * 1.1


def test_failures_back_off_and_are_never_given_up() -> None:
    """Each failure in a row doubles the wait, up to six hours; when the row began is kept."""
    state = a_state(etag='"1"', body_sha256="5ha")
    waits = []
    for _ in range(40):
        state = after_failure(state, TIMEOUT, NOW, POLICY)
        waits.append(wait_of(state))
    assert [round(wait / waits[0]) for wait in waits[:7]] == [1, 2, 4, 8, 16, 24, 24]
    assert 6 * 3600 <= wait_of(state) <= 6.6 * 3600
    assert (
        state.failures,
        state.failing_since,
        state.failure,
        state.gone,
    ) == (40, NOW, "timeout: no answer in 20 s", False)
    assert ('"1"', "5ha", a_state().succeeded_at) == (state.etag, state.body_sha256, state.succeeded_at)


@pytest.mark.parametrize(
    ("retry_after_seconds", "least"), [(None, 900), (0, 900), (-5, 900), (7200, 7200), (10**9, 86_400)]
)
def test_retry_after_is_obeyed_within_reason(retry_after_seconds: int | None, least: int) -> None:
    """A server's Retry-After lengthens the wait, to a day at most, and never shortens it."""
    state = after_failure(a_state(), TOO_MANY, NOW, POLICY, retry_after_seconds)
    assert least <= wait_of(state) <= least * 1.1


def test_retry_after_is_a_minute_at_least() -> None:
    """Where we poll every few seconds, a server that asks for one second is left alone for a minute."""
    state = after_failure(a_state(), TOO_MANY, NOW, PollPolicy(interval_seconds=5), 1)
    assert 60 <= wait_of(state) <= 66


def test_gone_is_for_good() -> None:
    """A 410 is believed: the source is not asked again."""
    state = after_failure(a_state(), Failure.from_status(410), NOW, POLICY)
    assert state.gone
    assert not is_due(state, NOW + timedelta(days=365))


def test_polls_do_not_clump() -> None:
    """Sources polled together come apart by up to a tenth, each always by the same."""
    waits = [
        wait_of(after_success(a_state(f"s{n}"), fetched(), NOW, POLICY, "5ha"))
        for n in [*range(100), *range(100)]
    ]
    assert waits[:100] == waits[100:]
    assert len(set(waits)) > 50
    assert 900 <= min(waits) < max(waits) <= 990


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.none() | st.integers(-(10**12), 10**12))
def test_failing_never_polls_more_often(interval: int, failures: int, retry_after: int | None) -> None:
    """Whatever the interval, a failing source is asked no sooner than a healthy one, and within a day or so."""
    policy = PollPolicy(interval_seconds=interval)
    state = after_failure(a_state(failures=failures), TIMEOUT, NOW, policy, retry_after)
    assert interval <= wait_of(state) <= 1.1 * max(interval, 86_400) + 1
