"""Polling what is pushed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from vigie.domain.polling import audited
from vigie.domain.rhythm import Rhythm
from vigie.domain.sources import SourceState

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(days=5)
STATE = SourceState(source_id="courrier", polled_at=NOW, next_poll_at=NOW + timedelta(minutes=6))


def wait_of(state: SourceState, until: datetime | None = UNTIL) -> timedelta:
    """Return how long a source polled now is left alone."""
    after = audited(state, until, NOW)
    assert after.next_poll_at is not None
    return after.next_poll_at - NOW


def test_what_is_pushed_is_audited_once_an_hour() -> None:
    """A source that was asked every six minutes is asked about every hour."""
    assert timedelta(minutes=53) <= wait_of(STATE) <= timedelta(minutes=60)


def test_what_is_not_pushed_or_fails_is_asked_as_before() -> None:
    """Without trust, or without a healthy answer, nothing changes."""
    assert wait_of(STATE, None) == timedelta(minutes=6)
    assert wait_of(replace(STATE, failures=1)) == timedelta(minutes=6)


def test_a_rare_source_keeps_its_own_interval() -> None:
    """An audit never comes sooner than the poll would."""
    assert wait_of(replace(STATE, next_poll_at=NOW + timedelta(hours=5))) == timedelta(hours=5)


def test_a_promise_that_ends_is_not_relied_on() -> None:
    """The source is asked when the lease is over."""
    assert wait_of(STATE, NOW + timedelta(minutes=20)) == timedelta(minutes=20)


def test_nothing_may_fall_out_of_a_short_document() -> None:
    """A feed of ten entries that publishes 400 a day is audited before ten can come and go unseen."""
    busy = replace(STATE, rhythm=Rhythm(per_day=400.0, peak_per_day=400.0, window=10, hours=(), news_at=NOW))
    assert wait_of(busy) < timedelta(minutes=10)
