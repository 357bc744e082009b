"""Contract of DeliveryStore."""

from datetime import timedelta
from typing import Any

from tests.builders import CUTOFF
from tests.contracts.together import at_once

OURS = "banque-armelie"
KEY = "banque-armelie_20261208T061500Z_0123456789abcdef"
LATER = CUTOFF + timedelta(seconds=600)


def test_a_delivery_is_claimed_once(stores: Any) -> None:
    """Of many workers one goes on, the others see it held."""
    claims = at_once(8, lambda _: stores.deliveries.claim(OURS, KEY, CUTOFF, 600))
    assert sorted(claims) == ["claimed"] + ["held"] * 7


def test_a_claim_that_ran_out_is_doubtful_for_one(stores: Any) -> None:
    """Exactly one worker takes a doubtful delivery over; to the others it is held again."""
    stores.deliveries.claim(OURS, KEY, CUTOFF, 600)
    assert stores.deliveries.claim(OURS, KEY, LATER - timedelta(microseconds=1), 600) == "held"
    claims = at_once(6, lambda _: stores.deliveries.claim(OURS, KEY, LATER, 600))
    assert sorted(claims) == ["doubtful"] + ["held"] * 5


def test_what_was_sent_stays_sent(stores: Any) -> None:
    """After the provider's word no claim succeeds, however late, and no one gives it back."""
    stores.deliveries.claim(OURS, KEY, CUTOFF, 600)
    stores.deliveries.mark_sent(OURS, KEY, "ses-1", CUTOFF)
    stores.deliveries.mark_sent(OURS, KEY, "ses-2", LATER)
    stores.deliveries.give_back(OURS, KEY)
    assert stores.deliveries.claim(OURS, KEY, LATER, 600) == "sent"


def test_the_provider_s_word_needs_no_claim(stores: Any) -> None:
    """Its event may come when the claim is gone, or before it is seen."""
    stores.deliveries.mark_sent(OURS, KEY, "ses-1", CUTOFF)
    assert stores.deliveries.claim(OURS, KEY, CUTOFF, 600) == "sent"


def test_a_claim_given_back_is_free_at_once(stores: Any) -> None:
    """A mail the provider did not take may be tried again without waiting; giving back twice is harmless."""
    stores.deliveries.claim(OURS, KEY, CUTOFF, 600)
    for _ in range(2):
        stores.deliveries.give_back(OURS, KEY)
    assert stores.deliveries.claim(OURS, KEY, CUTOFF, 600) == "claimed"


def test_deliveries_of_two_clients_are_apart(stores: Any) -> None:
    """The same key under another client is another delivery."""
    stores.deliveries.claim(OURS, KEY, CUTOFF, 600)
    stores.deliveries.mark_sent(OURS, KEY, "ses-1", CUTOFF)
    assert stores.deliveries.claim("other", KEY, CUTOFF, 600) == "claimed"


def test_asking_whether_it_is_sent_claims_nothing(stores: Any) -> None:
    """A delivery is sent after the provider's word only, and looking leaves it free."""
    assert not stores.deliveries.is_sent(OURS, KEY)
    assert stores.deliveries.claim(OURS, KEY, CUTOFF, 600) == "claimed"
    assert not stores.deliveries.is_sent(OURS, KEY)
    stores.deliveries.mark_sent(OURS, KEY, "ses-1", CUTOFF)
    assert stores.deliveries.is_sent(OURS, KEY)
    assert not stores.deliveries.is_sent("other", KEY)


def test_what_was_sent_is_counted_by_the_beginning_of_its_key(stores: Any) -> None:
    """A month's mails of one client: those claimed only, those of another month or client are not among them."""
    month = "banque-armelie_202612"
    for day, sent in (("08", True), ("09", True), ("10", False)):
        key = f"{month}{day}T061500Z_0123456789abcdef"
        stores.deliveries.claim(OURS, key, CUTOFF, 600)
        if sent:
            stores.deliveries.mark_sent(OURS, key, "ses-1", CUTOFF)
    stores.deliveries.mark_sent(OURS, "banque-armelie_20261108T061500Z_0123456789abcdef", "ses-2", CUTOFF)
    stores.deliveries.mark_sent("union", "union_20261208T061500Z_0123456789abcdef", "ses-3", CUTOFF)
    assert stores.deliveries.count_sent(OURS, month) == 2
