"""Which addresses are written to."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import CUTOFF
from vigie.domain.addresses import PAUSE, Address, MailEvent, after, lifted

NEW = Address(email="com@banque.test")


def event(kind: str, day: float = 0, **fields: Any) -> MailEvent:
    """Return what happened to a mail so many days after the first."""
    defaults: dict[str, Any] = {"provider_id": f"p-{day}", "at": CUTOFF + timedelta(days=day)}
    return MailEvent(kind=kind, email=NEW.email, **{**defaults, **fields})  # type: ignore[arg-type]


def heard(*events: MailEvent) -> Address:
    """Return the address after these events."""
    address = NEW
    for each in events:
        address = after(address, each)
    return address


@pytest.mark.parametrize(("kind", "reason"), [("bounced", "bounce"), ("complained", "complaint")])
def test_some_events_stop_for_good(kind: str, reason: str) -> None:
    """No mailbox, or an owner who complains: nothing more until somebody lifts it."""
    address = heard(event(kind, detail="why"))
    assert address.suppression is not None
    assert (reason, CUTOFF, None, "why") == (
        address.suppression.reason,
        address.suppression.since,
        address.suppression.until,
        address.suppression.detail,
    )
    assert not address.is_written_to(CUTOFF + timedelta(days=3650))


def test_three_soft_bounces_in_ten_days_pause() -> None:
    """Two do not, nor three spread wider; the pause ends by itself, and another may follow."""
    assert heard(event("bounced_softly"), event("bounced_softly", 4)).suppression is None
    assert heard(*(event("bounced_softly", day) for day in (0, 6, 12))).suppression is None
    paused = heard(*(event("bounced_softly", day) for day in (0, 4, 9)))
    third = CUTOFF + timedelta(days=9)
    assert paused.suppression is not None
    assert paused.suppression.reason == "soft_bounces"
    assert not paused.is_written_to(third + PAUSE - timedelta(seconds=1))
    assert paused.is_written_to(third + PAUSE)


def test_a_complaint_is_told_over_a_bounce() -> None:
    """It is the graver: lifting it is asking for trouble."""
    for order in permutations([event("bounced"), event("complained", 1)]):
        stop = heard(*order).suppression
        assert stop is not None
        assert stop.reason == "complaint"


def test_what_was_before_a_lifting_counts_no_more() -> None:
    """An event that comes late, of before, stops nothing; a new one does."""
    free = lifted(heard(event("bounced")), CUTOFF + timedelta(days=1))
    assert free.is_written_to(CUTOFF)
    assert free == after(free, event("bounced", 0.5))
    assert not after(free, event("bounced", 2)).is_written_to(CUTOFF + timedelta(days=3))


def test_other_events_change_nothing() -> None:
    """A mail sent, or refused for what it held, says nothing of its address."""
    assert heard(event("sent"), event("rejected")) == NEW


EVENTS = st.lists(
    st.builds(
        event,
        st.sampled_from(["bounced_softly", "bounced", "complained"]),
        st.integers(0, 8),
    ),
    max_size=7,
    unique_by=lambda each: each.provider_id,
)


@given(EVENTS, st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_decide_whether_we_write(events: list[MailEvent], chance: Any) -> None:
    """The same events, shuffled and doubled, stop the same addresses: within ten days nothing is forgotten."""
    other = [*events, *events]
    chance.shuffle(other)
    first, second = heard(*events), heard(*other)
    later = CUTOFF + timedelta(days=9)
    assert first.is_written_to(later) == second.is_written_to(later)
    assert set(first.soft_bounces) == set(second.soft_bounces)
    assert first == replace(second, suppression=first.suppression)
