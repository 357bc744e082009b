"""The life of a subscription, and trust in its hub."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from vigie.domain.websub.offers import PushOffer
from vigie.domain.websub.subscriptions import (
    LATE_BY,
    LEASE_SECONDS,
    Subscription,
    asking,
    confirmed,
    denied,
    heard,
    is_expected,
    is_kept,
    left_behind,
    lives,
    missed,
    must_ask,
    not_heard,
    standing,
    trusted_until,
    wanted,
)

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TOPIC = "https://courrier.test/feed"
WANTED = wanted("0002", "courrier", PushOffer("https://hub.test/", TOPIC), NOW)
PENDING = asking(WANTED, NOW)
ACTIVE = confirmed(PENDING, 5 * 86_400, NOW)
PROVEN = heard(ACTIVE, NOW)


def test_what_is_wanted_is_asked_at_once() -> None:
    """A new offer is asked for now, and kept as asked before the hub is."""
    assert must_ask(WANTED, NOW)
    assert (PENDING.status, PENDING.tries) == ("pending", 1)
    assert not must_ask(PENDING, NOW + timedelta(minutes=30))
    assert standing(WANTED, NOW) == standing(PENDING, NOW) == "asked"


def test_a_hub_that_does_not_answer_is_asked_later_each_time() -> None:
    """The wait doubles, from an hour or so to a week or so, and never ends."""
    found, now, waits = WANTED, NOW, []
    for _ in range(14):
        found = not_heard(asking(found, now), "the hub answered 500")
        assert found.ask_at is not None
        waits.append((found.ask_at - now) / timedelta(hours=1))
        now = found.ask_at
    assert 0.75 <= waits[0] <= 1.25
    assert all(waits[n + 1] > waits[n] for n in range(5))
    assert 0.75 * 168 <= waits[-1] <= 1.25 * 168
    assert (found.status, found.trouble) == ("wanted", "the hub answered 500")


def test_a_hub_that_verified_before_it_failed_is_believed() -> None:
    """Verification may come before the answer to the request; that answer then changes nothing."""
    assert not_heard(ACTIVE, "timed out").status == "active"


@pytest.mark.parametrize(
    ("granted", "believed"),
    [(None, LEASE_SECONDS), (432_000, 432_000), (1, 60), (0, 60), (10**10, 30 * 86_400)],
)
def test_a_lease_is_believed_within_bounds(granted: int | None, believed: int) -> None:
    """A hub grants what it likes; seconds and centuries are not believed."""
    found = confirmed(PENDING, granted, NOW)
    assert found.leased_until == NOW + timedelta(seconds=believed)


def test_a_lease_is_renewed_in_its_last_third_and_not_by_all_at_once() -> None:
    """Renewal comes between 70 and 90 % of the lease, each source at its own time; it keeps ``since`` and trust."""
    times = set()
    for n in range(50):
        found = confirmed(replace(PENDING, source_id=f"source-{n}"), 864_000, NOW)
        assert found.ask_at is not None
        times.add(found.ask_at)
        assert 7 * DAY <= found.ask_at - NOW <= 9 * DAY
    assert len(times) > 40
    later = NOW + 4 * DAY
    renewing = asking(PROVEN, later)
    assert renewing.status == "active"
    renewed = confirmed(renewing, 5 * 86_400, later)
    assert (renewed.since, renewed.leased_until, renewed.tries) == (NOW, later + 5 * DAY, 0)
    assert trusted_until(renewed, later) == later + 5 * DAY


def test_a_lease_that_runs_out_ends_the_trust_not_the_wish() -> None:
    """Without renewal polls are as before, and the hub goes on being asked."""
    later = NOW + 5 * DAY
    assert trusted_until(PROVEN, later - timedelta(seconds=1)) == later
    assert trusted_until(PROVEN, later) is None
    assert (lives(PROVEN, later), standing(PROVEN, later), must_ask(PROVEN, later)) == (False, "lapsed", True)
    assert confirmed(PROVEN, None, later).since == later


def test_only_what_we_mean_is_confirmed() -> None:
    """Asked and renewed subscriptions of the very topic; leaving only when we leave; denials of what we want."""
    assert is_expected(PENDING, "subscribe", TOPIC)
    assert is_expected(ACTIVE, "subscribe", TOPIC)
    assert is_expected(not_heard(PENDING, "the hub took more than 6 s"), "subscribe", TOPIC)
    for found in (WANTED, denied(ACTIVE, "", NOW), left_behind(ACTIVE, NOW), None):
        assert not is_expected(found, "subscribe", TOPIC)
    for topic in ("", TOPIC + "/", "https://other.test/"):
        for mode in ("subscribe", "unsubscribe", "denied"):
            assert not is_expected(ACTIVE, mode, topic)
    assert not is_expected(ACTIVE, "unsubscribe", TOPIC)
    assert is_expected(left_behind(ACTIVE, NOW), "unsubscribe", TOPIC)
    assert is_expected(None, "unsubscribe", TOPIC)
    assert is_expected(ACTIVE, "denied", TOPIC)
    assert not is_expected(ACTIVE, "publish", TOPIC)


def test_a_denial_ends_the_pushes_and_is_asked_again_weeks_later() -> None:
    """A hub may deny at any time; the reason is kept in one printable line."""
    found = denied(PROVEN, "spam\r\nlist\x00" + "x" * 500, NOW)
    assert (found.status, standing(found, NOW), trusted_until(found, NOW)) == ("refused", "refused", None)
    assert found.trouble is not None
    assert found.trouble.startswith("the hub denied it: spam  list ")
    assert len(found.trouble) == 200
    assert not must_ask(found, NOW + 13 * DAY)
    assert asking(found, NOW + 14 * DAY).status == "pending"


def test_what_nobody_wants_is_left_politely() -> None:
    """The hub is asked to stop, three times or until the lease is over; one it never heard of is just gone."""
    assert left_behind(WANTED, NOW).status == "left"
    found = left_behind(ACTIVE, NOW)
    assert (found.mode, must_ask(found, NOW), is_kept(found)) == ("unsubscribe", True, False)
    assert left_behind(found, NOW + DAY) == found
    for _ in range(3):
        found = asking(found, NOW)
        assert found.status == "leaving"
    assert asking(found, NOW).status == "left"
    assert asking(left_behind(ACTIVE, NOW), NOW + 6 * DAY).status == "left"
    assert denied(left_behind(ACTIVE, NOW), "", NOW).status == "left"


def test_pushing_is_proven_by_a_push() -> None:
    """A promise alone slows no poll."""
    assert trusted_until(ACTIVE, NOW) is None
    assert standing(ACTIVE, NOW) == "active"
    assert trusted_until(PROVEN, NOW) == ACTIVE.leased_until
    assert standing(PROVEN, NOW) == "proven"


def test_a_missed_push_costs_more_each_time() -> None:
    """After the n-th miss 2 to the n pushes in a row give the trust back, 64 at most."""
    found, now = PROVEN, NOW
    for needed in (2, 4, 8, 16, 32, 64, 64):
        now += timedelta(hours=1)
        found = missed(found, now - timedelta(minutes=10), now)
        assert (standing(found, now), trusted_until(found, now)) == ("distrusted", None)
        now += LATE_BY + timedelta(minutes=1)
        for _ in range(needed - 1):
            found = heard(found, now)
            assert trusted_until(found, now) is None
        found = heard(found, now)
        assert trusted_until(found, now) is not None


def test_a_hub_that_was_only_late_is_forgiven() -> None:
    """The push that comes soon after the poll that found its article gives the trust back, whole."""
    found = missed(PROVEN, NOW + timedelta(minutes=50), NOW + timedelta(minutes=60))
    assert found.misses == 1
    late = heard(found, NOW + timedelta(minutes=62))
    assert (late.misses, late.missed_at) == (0, None)
    assert trusted_until(late, NOW + timedelta(minutes=62)) is not None


@pytest.mark.parametrize(
    ("found", "polled_before"),
    [
        (PROVEN, None),
        (PROVEN, NOW - timedelta(minutes=1)),  # the news may be older than the subscription
        (ACTIVE, NOW + timedelta(minutes=5)),  # nothing was promised by deeds yet
        (left_behind(PROVEN, NOW), NOW + timedelta(minutes=5)),
    ],
)
def test_what_was_not_promised_is_not_missed(found: Subscription, polled_before: datetime | None) -> None:
    """News a poll finds count against a hub only when it was trusted, and they came since."""
    assert missed(found, polled_before, NOW + timedelta(minutes=20)) == found
