"""Contract of BillingStore."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import CUTOFF
from tests.contracts.together import at_once
from vigie.domain.subscriptions import Subscription, trial_of

WHOLE = Subscription(
    client_id="boulangerie-perrin",
    plan_id="plus",
    state="past_due",
    since=CUTOFF,
    trial_ends_at=CUTOFF - timedelta(days=40),
    period_ends_at=CUTOFF + timedelta(days=3),
    past_due_since=CUTOFF,
    pause_reason="unpaid",
    cancels_at=CUTOFF + timedelta(days=3),
    erase_at=CUTOFF + timedelta(days=33),
    needs="action",
    pay_url="https://pay.example/in_1",
    customer_id="cus_1",
    billing_id="sub_1",
    notices=("trial_ends_soon@2026-10-20T06:15:00",),
)


def test_a_subscription_comes_back_whole_and_under_its_client(stores: Any) -> None:
    """Every field is read back; another client has none."""
    assert stores.billing.change("boulangerie-perrin", CUTOFF, lambda _: WHOLE) == WHOLE
    assert stores.billing.subscription("boulangerie-perrin") == WHOLE
    assert stores.billing.subscription("boulangerie") is None


def test_a_change_sees_what_stands_and_none_forgets(stores: Any) -> None:
    """Nothing is nothing; what is forgotten is due no more."""
    change = stores.billing.change
    assert change("c", CUTOFF, lambda found: found) is None
    change("c", CUTOFF, lambda _: trial_of("c", CUTOFF))
    assert change("c", CUTOFF, lambda found: found) == trial_of("c", CUTOFF)
    assert change("c", CUTOFF, lambda _: None) is None
    assert stores.billing.subscription("c") is None
    assert stores.billing.due(CUTOFF + timedelta(days=99)) == []


def test_changes_at_once_are_all_made(stores: Any) -> None:
    """Six marks set at once are six: who comes second decides again on what the first left."""
    stores.billing.change("c", CUTOFF, lambda _: trial_of("c", CUTOFF))
    at_once(
        6,
        lambda number: stores.billing.change(
            "c", CUTOFF, lambda found: replace(found, notices=(*found.notices, f"mark-{number}"))
        ),
    )
    assert sorted(stores.billing.subscription("c").notices) == [f"mark-{number}" for number in range(6)]


def test_who_is_due_is_told_the_longest_due_first(stores: Any) -> None:
    """A trial is due four days before its end; a subscription that is paid never is."""
    for number, client_id in enumerate(("second", "first", "later")):
        begun = CUTOFF + timedelta(days=(1, 0, 5)[number])
        stores.billing.change(client_id, begun, lambda _, c=client_id, at=begun: trial_of(c, at))
    active = replace(trial_of("paying", CUTOFF), state="active", plan_id="plus", trial_ends_at=None)
    stores.billing.change("paying", CUTOFF, lambda _: active)
    assert stores.billing.due(CUTOFF + timedelta(days=9)) == []
    assert stores.billing.due(CUTOFF + timedelta(days=10)) == ["first"]
    assert stores.billing.due(CUTOFF + timedelta(days=11)) == ["first", "second"]


def test_what_changed_is_due_once(stores: Any) -> None:
    """A subscription is due at one instant: the one before is forgotten."""
    stores.billing.change("c", CUTOFF, lambda _: trial_of("c", CUTOFF))
    longer = replace(trial_of("c", CUTOFF), trial_ends_at=CUTOFF + timedelta(days=60))
    stores.billing.change("c", CUTOFF, lambda _: longer)
    assert stores.billing.due(CUTOFF + timedelta(days=20)) == []
    assert stores.billing.due(CUTOFF + timedelta(days=56)) == ["c"]


def test_an_event_is_dealt_with_once(stores: Any) -> None:
    """It is remembered by its id; saying so again changes nothing."""
    assert not stores.billing.is_handled("evt_1")
    stores.billing.handled("evt_1", CUTOFF)
    stores.billing.handled("evt_1", CUTOFF + timedelta(hours=1))
    assert stores.billing.is_handled("evt_1")
    assert not stores.billing.is_handled("evt_2")
