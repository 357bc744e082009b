"""What a poll leaves behind, and what it asks next."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_source, a_state
from vigie.domain.feeds import PublishingHints
from vigie.domain.fetching import Failure, FetchOutcome
from vigie.domain.polling import (
    PollPolicy,
    Reading,
    after_failure,
    after_success,
    is_due,
    kept_quiet,
    must_ask_whole,
    request_of,
)
from vigie.domain.rhythm import Rhythm
from vigie.domain.sources import Move, SourceState

NOW = datetime(2026, 12, 8, 6, tzinfo=UTC)
POLICY = PollPolicy(interval_seconds=900)
TIMEOUT = Failure.of("timeout", "no answer in 20 s")
URL = "https://courrier-armelie.example/rss"
ELSEWHERE = "https://www.courrier.example/feed"
BUSY = Rhythm(per_day=20.0, window=50, news_at=NOW)


def fetched(**fields: Any) -> FetchOutcome:
    """Return a complete answer."""
    return FetchOutcome(**{"kind": "fetched", "final_url": URL, "status": 200, **fields})


def failed(failure: Failure = TIMEOUT, **fields: Any) -> FetchOutcome:
    """Return an answer that holds no feed, or none."""
    return FetchOutcome(kind="failed", final_url=URL, failure=failure, **fields)


def reading(**fields: Any) -> Reading:
    """Return what a known feed without news says."""
    defaults: dict[str, Any] = {"entries": 50, "new": (), "first": False, "known": True}
    return Reading(**{**defaults, "hints": PublishingHints(), **fields})


def success(state: SourceState, now: datetime = NOW, **fields: Any) -> SourceState:
    """Return the state after a complete answer without news."""
    return after_success(state, fetched(**fields), now, POLICY, body_sha256="5ha")


def wait_of(state: SourceState, now: datetime = NOW) -> float:
    """Return how long a state waits from NOW, in seconds."""
    assert state.next_poll_at is not None
    return (state.next_poll_at - now).total_seconds()


@pytest.mark.parametrize(
    ("state", "force", "expected"),
    [
        (None, False, True),
        (a_state(), False, True),  # known, and no time set
        (a_state(next_poll_at=NOW), False, True),
        (a_state(next_poll_at=NOW + timedelta(seconds=1)), False, False),
        (a_state(next_poll_at=NOW + timedelta(hours=5)), True, True),
        (a_state(next_poll_at=NOW + timedelta(hours=5), failures=2, failure="timeout: x"), True, True),
        (kept_quiet(a_state(), NOW + timedelta(hours=5)), True, False),
        (kept_quiet(a_state(), NOW), True, True),
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
    actual = success(failing, etag='W/"new"', last_modified="then")
    expected = SourceState(
        source_id=failing.source_id,
        etag='W/"new"',
        last_modified="then",
        validators_url=URL,
        full_at=NOW,
        body_sha256="5ha",
        next_poll_at=actual.next_poll_at,
        polled_at=NOW,
        succeeded_at=NOW,
    )
    assert expected == actual


def test_a_quiet_answer_changes_times_only() -> None:
    """A 304 with the validators we hold leaves nothing to write but when we asked and ask again."""
    known = a_state(etag='"1"', validators_url=URL, full_at=NOW, body_sha256="5ha", rhythm=BUSY)
    later = NOW + timedelta(minutes=15)
    state = after_success(known, fetched(kind="unchanged", status=304, etag='"1"'), later, POLICY)
    assert state == replace(
        known, polled_at=later, succeeded_at=later, next_poll_at=state.next_poll_at, quiet_until=None
    )


@pytest.mark.parametrize(
    ("max_age_seconds", "least"), [(None, 780), (0, 780), (60, 780), (1800, 1800), (86_400, 3600)]
)
def test_publisher_of_daily_news_may_ask_for_an_hour_of_peace(
    max_age_seconds: int | None, least: int
) -> None:
    """A max-age above our interval is followed to the second, up to an hour."""
    state = success(a_state(rhythm=BUSY), max_age_seconds=max_age_seconds)
    assert least <= wait_of(state) <= max(900, least)


def test_wishes_of_the_feed_are_remembered_between_its_documents() -> None:
    """A ttl read once is followed at every 304 after it."""
    hints = PublishingHints(interval_seconds=2_700)
    first = after_success(
        a_state(rhythm=BUSY), fetched(), NOW, POLICY, body_sha256="5ha", reading=reading(hints=hints)
    )
    second = after_success(first, fetched(kind="unchanged", status=304), NOW, POLICY)
    assert [wait_of(state) for state in (first, second)] == [2_700, 2_700]


def test_failures_back_off_and_are_never_given_up() -> None:
    """Each failure in a row may wait twice as long, up to six hours; when the row began is kept."""
    state = a_state(etag='"1"', body_sha256="5ha", rhythm=BUSY)
    waits = []
    for number in range(40):
        now = NOW + timedelta(minutes=number)
        state = after_failure(state, failed(), now, POLICY)
        waits.append(wait_of(state, now))
    assert waits[0] == 900
    assert all(900 <= wait <= min(900 * 2**n, 6 * 3600) for n, wait in enumerate(waits))
    assert max(waits) > 4 * 3600  # drawn anew at each failure: hosts that fail together come back apart
    assert (state.failures, state.failing_since, state.gone) == (40, NOW, False)
    assert ('"1"', "5ha", a_state().succeeded_at) == (state.etag, state.body_sha256, state.succeeded_at)


REFUSED = Failure.of("rate_limited", "403, and no requests remain")


@pytest.mark.parametrize(
    ("failure", "status", "retry_after_seconds", "least"),
    [
        (Failure.from_status(429), 429, None, 900),
        (Failure.from_status(429), 429, 0, 60),
        (Failure.from_status(429), 429, 10**9, 86_400),
        (REFUSED, 403, 1_200, 1_200),
        (REFUSED, 403, None, 900),
    ],
)
def test_refused_rate_asks_for_peace_of_the_host_and_we_add_to_it(
    failure: Failure, status: int, retry_after_seconds: int | None, least: int
) -> None:
    """The host is left alone for what it says, a minute to a day, and up to an hour more, never the same twice."""
    outcome = failed(failure, status=status, retry_after_seconds=retry_after_seconds)
    more = []
    for minute in range(40):
        now = NOW + timedelta(minutes=minute)
        state = after_failure(a_state(rhythm=BUSY), outcome, now, POLICY)
        assert state.quiet_until is not None
        more.append((state.quiet_until - now).total_seconds() - least)
        assert wait_of(state, now) == pytest.approx(max(900, least + more[-1]), abs=10)
    assert 0 <= min(more) < 600
    assert 3_000 < max(more) <= 3_600


def test_what_we_add_to_a_refusal_loses_no_entries() -> None:
    """A feed whose entries fall out within minutes is asked again when it is allowed, not an hour later."""
    tight = Rhythm(per_day=400.0, window=10, news_at=NOW)
    refused = failed(Failure.from_status(429), status=429, retry_after_seconds=600)
    for minute in range(40):
        now = NOW + timedelta(minutes=minute)
        assert wait_of(after_failure(a_state(rhythm=tight), refused, now, POLICY), now) <= 660


@pytest.mark.parametrize(
    ("status", "retry_after_seconds", "peace"), [(503, 7_200, 7_200), (503, None, 0), (500, 60, 0)]
)
def test_unavailable_host_is_left_alone_when_it_says_how_long(
    status: int, retry_after_seconds: int | None, peace: int
) -> None:
    """503 with Retry-After silences the host for just that; without one, and any other failure, do not."""
    outcome = failed(Failure.from_status(status), status=status, retry_after_seconds=retry_after_seconds)
    state = after_failure(a_state(rhythm=BUSY), outcome, NOW, POLICY)
    assert state.quiet_until == (NOW + timedelta(seconds=peace) if peace else None)
    assert wait_of(state) == max(900, peace)


def test_feed_that_may_lose_entries_is_asked_again_before_it_does() -> None:
    """A long row of time-outs makes no small, busy feed wait for hours: a few of its usual waits at most."""
    tight = a_state(rhythm=Rhythm(per_day=400.0, window=10, news_at=NOW), failures=30)
    rare = a_state(rhythm=Rhythm(per_day=1.0, window=50, news_at=NOW), failures=30)
    waits = [
        [wait_of(after_failure(state, failed(), now, POLICY), now) for state in (tight, rare)]
        for now in (NOW + timedelta(minutes=minute) for minute in range(40))
    ]
    assert max(wait for wait, _ in waits) <= 4 * 360
    assert max(wait for _, wait in waits) > 4 * 3_600


def test_gone_is_for_good() -> None:
    """A 410 is believed: the source is not asked again."""
    state = after_failure(a_state(), failed(Failure.from_status(410), status=410), NOW, POLICY)
    assert state.gone
    assert not is_due(state, NOW + timedelta(days=365))


def test_polls_do_not_clump() -> None:
    """Sources polled together come apart by up to a tenth, each always by the same, and come before their tick."""
    waits = [wait_of(success(a_state(f"s{n}", rhythm=BUSY))) for n in [*range(100), *range(100)]]
    assert waits[:100] == waits[100:]
    assert len(set(waits)) > 50
    assert 780 <= min(waits) < max(waits) <= 870


@given(interval=st.integers(1, 10**6), failures=st.integers(0, 10**6), per_day=st.floats(0.1, 1_000))
def test_failing_never_polls_more_often(interval: int, failures: int, per_day: float) -> None:
    """Whatever the interval, a failing source is asked no sooner than a healthy one, and within a day or so."""
    policy = PollPolicy(interval_seconds=interval)
    before = a_state(failures=failures, rhythm=Rhythm(per_day=per_day, window=50, news_at=NOW))
    healthy = wait_of(after_success(before, fetched(), NOW, policy))
    assert (
        healthy - 1 <= wait_of(after_failure(before, failed(), NOW, policy)) <= max(1.2 * healthy + 2, 86_400)
    )


# -- validators that cannot be trusted ----------------------------------------------------------------------


def with_validators(**fields: Any) -> SourceState:
    """Return a state with an ETag and a rhythm of ten articles a day, the last one two days ago."""
    rhythm = Rhythm(per_day=10.0, window=20, news_at=NOW - timedelta(days=2))
    defaults: dict[str, Any] = {"etag": '"1"', "validators_url": URL, "full_at": NOW - timedelta(days=2)}
    return a_state(**{**defaults, "rhythm": rhythm, **fields})


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"full_at": NOW - timedelta(hours=23)}, False),  # once a day at most
        ({"full_at": None}, False),
        ({"rhythm": Rhythm(per_day=1.0, news_at=NOW - timedelta(days=2))}, False),  # silence is likely
        ({"rhythm": Rhythm(), "last_modified": "Fri, 01 Jan 2100 00:00:00 GMT"}, True),
        ({"rhythm": Rhythm(), "last_modified": "Fri, 01 Jan 2021 00:00:00 GMT"}, False),
        ({"rhythm": Rhythm(), "last_modified": "tomorrow"}, False),
        ({"distrusted": True, "full_at": NOW}, True),
    ],
)
def test_silence_behind_validators_is_checked(fields: dict[str, Any], expected: bool) -> None:
    """A feed is asked for whole when "unchanged" is hard to believe, once a day at most."""
    state = with_validators(**fields)
    assert expected == must_ask_whole(state, NOW)
    assert (request_of(a_source(), state, NOW).etag is None) == expected


def test_validators_caught_lying_are_not_sent_again() -> None:
    """News found behind a 304 that said there were none: from now on the source is asked for whole."""
    news = reading(new=(None, None))
    state = after_success(with_validators(), fetched(etag='"1"'), NOW, POLICY, body_sha256="x", reading=news)
    assert state.distrusted
    assert request_of(a_source(), state, NOW).etag is None


# -- moves --------------------------------------------------------------------------------------------------


def redirected(state: SourceState, hours: float, **fields: Any) -> SourceState:
    """Return the state after the permanent redirect, some hours from now."""
    outcome = fetched(**{"final_url": ELSEWHERE, "permanent_url": ELSEWHERE, **fields})
    now = NOW + timedelta(hours=hours)
    return after_success(state, outcome, now, POLICY, body_sha256="5ha", reading=reading())


def test_permanent_redirect_is_adopted_when_it_is_proven() -> None:
    """Three polls over a day to one address that shows what we know: the source is asked there, and says so."""
    states = [a_state(rhythm=BUSY)]
    for hours in (0, 12, 24):
        states.append(redirected(states[-1], hours))
    asked = [request_of(a_source(), state, NOW).url for state in states]
    assert asked == [URL, URL, URL, ELSEWHERE]


@pytest.mark.parametrize(
    "visits",
    [
        [(0, {}), (1, {}), (2, {}), (3, {})],  # not over a day
        [(0, {}), (24, {})],  # not three
        [(0, {}), (12, {"permanent_url": None}), (24, {}), (36, {})],  # a 302 in between
        [(0, {}), (12, {"permanent_url": f"{ELSEWHERE}?2"}), (24, {}), (36, {})],  # not to one address
    ],
)
def test_redirect_that_is_not_proven_is_not_adopted(visits: list[tuple[int, dict[str, Any]]]) -> None:
    """Too soon, too few, or in doubt: the source is asked at its own address."""
    state = a_state(rhythm=BUSY)
    for hours, fields in visits:
        state = redirected(state, hours, **fields)
    assert request_of(a_source(), state, NOW).url == URL


def test_move_that_leads_nowhere_is_forgotten() -> None:
    """When the adopted address fails for good, the source is asked at its own again."""
    moved = a_state(move=Move(url=ELSEWHERE, since=NOW, polls=3, adopted=True))
    missing = failed(Failure.from_status(404), status=404)
    assert request_of(a_source(), after_failure(moved, missing, NOW, POLICY), NOW).url == URL
    assert request_of(a_source(), after_failure(moved, failed(), NOW, POLICY), NOW).url == ELSEWHERE
