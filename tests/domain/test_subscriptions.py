"""The life of a subscription."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import CUTOFF
from vigie.domain.subscriptions import (
    ERASED_SOON,
    GRACE,
    KEPT,
    Billing,
    BillingStatus,
    Subscription,
    advance,
    billed,
    next_change_at,
    noticed,
    notices_due,
    trial_of,
)

DAY = timedelta(days=1)
TRIAL = trial_of("perrin", CUTOFF)
STATUSES: tuple[BillingStatus, ...] = (
    "incomplete",
    "incomplete_expired",
    "active",
    "past_due",
    "unpaid",
    "canceled",
)


def a_billing(status: BillingStatus = "active", **fields: Any) -> Billing:
    """Return what the provider has of a subscription to Plus."""
    defaults: dict[str, Any] = {
        "client_id": "perrin",
        "customer_id": "cus_1",
        "billing_id": "sub_1",
        "plan_id": "plus",
        "period_ends_at": CUTOFF + 30 * DAY,
    }
    return Billing(status=status, **{**defaults, **fields})


ACTIVE = billed(TRIAL, a_billing(), CUTOFF + 3 * DAY)
PAST_DUE = billed(ACTIVE, a_billing("past_due", needs="card"), CUTOFF + 33 * DAY)


def told(standing: Subscription, now: datetime) -> list[str]:
    """Return the names of the notices that are due."""
    return [name for name, _ in notices_due(standing, now)]


def test_a_trial_reminds_twice_then_ends_quietly_and_goes_after_the_kept_days() -> None:
    """Four days and one day before its end, when it ended, and before all is erased; each once."""
    standing, seen = TRIAL, []
    for day in range(50):
        now = CUTOFF + day * DAY
        standing = advance(standing, now)
        for name, mark in notices_due(standing, now):
            seen.append((day, name))
            standing = noticed(standing, mark)
    assert seen == [
        (10, "trial_ends_soon"),
        (13, "trial_ends_tomorrow"),
        (14, "trial_ended"),
        (37, "erased_soon"),
    ]
    assert standing.state == "cancelled"
    assert not standing.is_mailed
    assert standing.erase_at == CUTOFF + 14 * DAY + KEPT


def test_time_is_due_exactly_when_it_has_something_to_do() -> None:
    """Going from one instant that is due to the next meets every notice and every end."""
    standing, now, seen = TRIAL, CUTOFF, []
    while (at := next_change_at(standing, now)) is not None and at != standing.erase_at:
        now = max(at, now)
        standing = advance(standing, now)
        for name, mark in notices_due(standing, now):
            seen.append(name)
            standing = noticed(standing, mark)
    assert seen == ["trial_ends_soon", "trial_ends_tomorrow", "trial_ended", "erased_soon"]
    assert next_change_at(ACTIVE, now) is None


def test_a_stack_that_slept_tells_only_the_last_of_what_is_due() -> None:
    """Two reminders at once would be one too many."""
    assert told(TRIAL, CUTOFF + 13.5 * DAY) == ["trial_ends_tomorrow"]


def test_a_card_makes_a_trial_active_and_a_card_later_brings_back_what_had_ended() -> None:
    """What was to be erased is not any more."""
    assert (ACTIVE.state, ACTIVE.plan_id, ACTIVE.is_paying) == ("active", "plus", True)
    over = advance(TRIAL, CUTOFF + 14 * DAY)
    back = billed(over, a_billing(), CUTOFF + 20 * DAY)
    assert (back.state, back.erase_at) == ("active", None)


def test_a_payment_that_its_bank_wants_confirmed_changes_no_state() -> None:
    """The trial goes on while 3-D Secure waits; given up, nothing is left of it."""
    waiting = billed(TRIAL, a_billing("incomplete", needs="action", pay_url="https://pay"), CUTOFF)
    assert (waiting.state, waiting.plan_id, waiting.needs) == ("trial", "trial", "action")
    gone = billed(waiting, a_billing("incomplete_expired"), CUTOFF + DAY)
    assert (gone.state, gone.needs, gone.billing_id) == ("trial", None, "")


def test_an_unpaid_month_is_mailed_about_then_pauses_the_mails_and_never_the_watch() -> None:
    """Grace: a mail at once, one five days later, a pause after ten days; a payment ends it any time."""
    at = CUTOFF + 33 * DAY
    assert PAST_DUE.is_mailed
    assert told(PAST_DUE, at) == ["payment_failed"]
    assert told(replace(PAST_DUE, needs="action"), at) == ["payment_needs_action"]
    assert told(PAST_DUE, at + 5 * DAY) == ["payment_failed_again"]
    assert advance(PAST_DUE, at + GRACE - timedelta(seconds=1)) == PAST_DUE
    paused = advance(PAST_DUE, at + GRACE)
    assert (paused.state, paused.pause_reason, paused.is_mailed) == ("paused", "unpaid", False)
    assert told(paused, at + GRACE) == ["paused_unpaid"]
    again = billed(paused, a_billing("past_due"), at + GRACE + DAY)
    assert again.state == "paused"
    assert billed(again, a_billing(), at + GRACE + 2 * DAY).state == "active"


def test_a_pause_asked_for_stops_mails_until_it_is_taken_back() -> None:
    """The provider holds it: it is read there."""
    paused = billed(ACTIVE, a_billing(is_paused=True), CUTOFF + 9 * DAY)
    assert (paused.state, paused.pause_reason, paused.is_mailed) == ("paused", "asked", False)
    assert notices_due(paused, CUTOFF + 9 * DAY) == []
    assert billed(paused, a_billing(), CUTOFF + 10 * DAY).state == "active"


def test_a_cancelled_subscription_goes_on_until_what_was_paid_is_over() -> None:
    """Then it ends, says so, and everything goes a month later."""
    ends = CUTOFF + 30 * DAY
    cancelling = billed(ACTIVE, a_billing(cancels_at=ends), CUTOFF + 9 * DAY)
    assert (cancelling.state, cancelling.cancels_at) == ("active", ends)
    over = billed(cancelling, a_billing("canceled"), ends)
    assert (over.state, over.erase_at) == ("cancelled", ends + KEPT)
    assert told(over, ends) == ["cancelled"]
    assert told(over, ends + KEPT - ERASED_SOON) == ["erased_soon"]
    assert billed(over, a_billing("canceled"), ends + DAY) == over


def test_an_old_subscription_that_ends_says_nothing_of_the_new_one() -> None:
    """Whoever came back under another id keeps it."""
    assert billed(ACTIVE, a_billing("canceled", billing_id="sub_0"), CUTOFF + 4 * DAY) == ACTIVE


@given(st.sampled_from(STATUSES), st.booleans())
def test_reading_the_same_state_twice_changes_nothing(status: BillingStatus, paused: bool) -> None:
    """Webhooks come twice: the second is idle, whatever stood before."""
    billing = a_billing(status, is_paused=paused)
    for standing in (TRIAL, ACTIVE, PAST_DUE, advance(TRIAL, CUTOFF + 15 * DAY)):
        once = billed(standing, billing, CUTOFF + 40 * DAY)
        assert billed(once, billing, CUTOFF + 41 * DAY) == once
