"""Contract of ReviewStore."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import CUTOFF
from tests.contracts.together import at_once
from vigie.domain.review import Review, ReviewState
from vigie.errors import Expired, Outdated

OURS, DIGEST = "banque-armelie", "20261208T061500Z"


def a_review(version: int = 0, note: str = "À suivre.", **fields: Any) -> Review:
    """Return what somebody decided after reading ``version``."""
    return Review(
        client_id=OURS, digest_id=DIGEST, version=version, by="Claire", at=CUTOFF, note=note, **fields
    )


def test_a_digest_nobody_touched_has_an_empty_review(stores: Any) -> None:
    """Nothing decided, nothing closed."""
    nothing = Review(client_id=OURS, digest_id=DIGEST)
    assert ReviewState(nothing) == stores.reviews.get(OURS, DIGEST)


def test_each_time_it_is_kept_it_is_a_version_further(stores: Any) -> None:
    """What was decided last stands, under the next number."""
    first = stores.reviews.keep(a_review(dropped=("s-1",)), CUTOFF)
    second = stores.reviews.keep(a_review(first.version, "Autre mot."), CUTOFF)
    assert (first.version, second.version) == (1, 2)
    assert ReviewState(second) == stores.reviews.get(OURS, DIGEST)


def test_of_two_who_read_the_same_version_one_is_told(stores: Any) -> None:
    """Nobody's decision is written over by who had not read it."""
    stores.reviews.keep(a_review(), CUTOFF)

    def keep(n: int) -> str:
        try:
            return str(stores.reviews.keep(a_review(1, f"mot {n}"), CUTOFF).note)
        except Outdated:
            return "told"

    outcomes = at_once(5, keep)
    assert outcomes.count("told") == 4
    assert stores.reviews.get(OURS, DIGEST).review.note in outcomes
    with pytest.raises(Outdated):
        stores.reviews.keep(a_review(0, "trop tard"), CUTOFF)


def test_once_closed_nothing_more_is_decided(stores: Any) -> None:
    """Whoever closes it, and however often, hears the same decisions; later ones are refused."""
    decided = stores.reviews.keep(a_review(), CUTOFF)
    later = CUTOFF + timedelta(minutes=30)
    closed = at_once(4, lambda n: stores.reviews.close(OURS, DIGEST, later + timedelta(seconds=n)))
    assert [decided] * 4 == closed
    with pytest.raises(Expired):
        stores.reviews.keep(a_review(decided.version, "encore"), later)
    state = stores.reviews.get(OURS, DIGEST)
    assert decided == state.review
    assert state.closed_at is not None
    assert later <= state.closed_at < later + timedelta(seconds=4)


def test_a_review_nobody_began_is_closed_too(stores: Any) -> None:
    """The digest left by itself: nobody can begin to decide afterwards."""
    assert stores.reviews.close(OURS, DIGEST, CUTOFF).version == 0
    with pytest.raises(Expired):
        stores.reviews.keep(a_review(), CUTOFF)


def test_reviews_of_two_clients_are_apart(stores: Any) -> None:
    """The same digest id under another client is another digest."""
    stores.reviews.keep(a_review(), CUTOFF)
    stores.reviews.close("other", DIGEST, CUTOFF)
    assert stores.reviews.get("other", DIGEST).review.version == 0
    assert stores.reviews.get(OURS, DIGEST).closed_at is None
