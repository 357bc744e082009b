"""A digest with its reviewer's wishes laid over it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import CUTOFF
from tests.domain.several import a_digest_of, ids
from vigie.domain.digest import AddedItem, SubjectCard
from vigie.domain.review import Review, ToneCorrection, apply_review, check_review
from vigie.errors import BadField

DIGEST = a_digest_of(12)
RADIO = AddedItem(item_id="added-1", kind="radio", title="Fermetures", outlet="Radio Gaves", at=CUTOFF)


def decided(**wishes: Any) -> Review:
    """Return a review of the digest."""
    return Review(
        client_id=DIGEST.client_id, digest_id=DIGEST.digest_id, version=1, by="Claire", at=CUTOFF, **wishes
    )


def test_an_untouched_digest_leaves_as_it_is() -> None:
    """Without a decision nothing changes, and nobody is said to have looked it over."""
    nothing = Review(client_id=DIGEST.client_id, digest_id=DIGEST.digest_id)
    assert DIGEST is apply_review(DIGEST, None)
    assert DIGEST is apply_review(DIGEST, nothing)


def test_who_approves_without_a_change_is_named() -> None:
    """A review that wishes nothing still says who looked, and when."""
    reviewed = apply_review(DIGEST, decided())
    assert reviewed.review is not None
    assert (reviewed.review.by, reviewed.review.at) == ("Claire", CUTOFF)
    assert replace(reviewed, review=None) == DIGEST


def test_a_dropped_subject_is_not_shown_and_still_counted() -> None:
    """The totals are the ledger's: what was set aside is told, and the sums hold."""
    first, second, *_ = ids(DIGEST)
    reviewed = apply_review(DIGEST, decided(dropped=(second,)))
    assert reviewed.review is not None
    assert [second] == [line.subject_id for line in reviewed.review.dropped]
    assert second not in ids(reviewed)
    assert DIGEST.totals == reviewed.totals
    assert reviewed.check() == []
    assert first == ids(reviewed)[0]


def test_the_next_subject_takes_the_place_of_a_dropped_one() -> None:
    """As many subjects are told in full as before."""
    reviewed = apply_review(DIGEST, decided(dropped=(ids(DIGEST)[0],)))
    assert len(DIGEST.subjects) == len(reviewed.subjects)
    assert len(DIGEST.others) - 1 == len(reviewed.others)


def test_pinned_subjects_come_first_then_those_ordered() -> None:
    """One pinned from the lines below is told in full, as far as it is known."""
    told = ids(DIGEST)
    reviewed = apply_review(DIGEST, decided(pinned=(told[10],), order=(told[3], told[2])))
    left = [each for each in told if each not in {told[10], told[3], told[2]}]
    assert [told[10], told[3], told[2], *left] == ids(reviewed)
    assert isinstance(reviewed.subjects[0], SubjectCard)
    assert reviewed.subjects[0].title == DIGEST.others[2].title


def test_a_corrected_tone_moves_its_publications() -> None:
    """From one tone to the other, so that the tones still sum to what was retained."""
    subject = DIGEST.subjects[0]
    (story,) = subject.stories
    assert story.tone == "neutral"
    reviewed = apply_review(DIGEST, decided(corrections=(ToneCorrection(story.story_id, "positive"),)))
    assert "positive" == reviewed.subjects[0].tone == reviewed.subjects[0].stories[0].tone
    assert story.publications == reviewed.totals.tones["positive"]
    assert reviewed.check() == []
    assert reviewed.review is not None
    assert (subject.subject_id,) == reviewed.review.corrected


def test_what_is_added_counts_nowhere() -> None:
    """A radio programme stands beside the figures, not in them."""
    reviewed = apply_review(DIGEST, decided(added=(RADIO,), note=" Reprises possibles. "))
    assert reviewed.review is not None
    assert reviewed.review.added == (RADIO,)
    assert reviewed.review.note == "Reprises possibles."
    assert DIGEST.totals == reviewed.totals


@pytest.mark.parametrize(
    ("wishes", "field"),
    [
        ({"dropped": ("nobody",)}, "dropped"),
        ({"pinned": ("nobody",)}, "pinned"),
        ({"order": (DIGEST.subjects[0].subject_id,) * 2}, "order"),
        ({"dropped": (DIGEST.subjects[0].subject_id,), "pinned": (DIGEST.subjects[0].subject_id,)}, "pinned"),
        ({"corrections": (ToneCorrection("nobody", "neutral"),)}, "corrections"),
        (
            {"corrections": (ToneCorrection(DIGEST.subjects[0].stories[0].story_id, "furious"),)},  # type: ignore[arg-type]
            "corrections.tone",
        ),
        ({"note": "x" * 1_001}, "note"),
        ({"added": (RADIO,) * 21}, "added"),
        ({"added": (replace(RADIO, title=" "),)}, "added.title"),
        ({"added": (replace(RADIO, outlet=""),)}, "added.outlet"),
        ({"added": (replace(RADIO, note="x" * 301),)}, "added.note"),
        ({"added": (replace(RADIO, kind="pigeon"),)}, "added.kind"),  # type: ignore[arg-type]
    ],
)
def test_a_wish_that_cannot_be_kept_is_named(wishes: dict[str, Any], field: str) -> None:
    """What the digest does not hold, or what does not fit, by its field."""
    with pytest.raises(BadField) as refused:
        check_review(DIGEST, decided(**wishes))
    assert field == refused.value.field


def some(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    """Return a few different values in any order."""
    return st.lists(st.sampled_from(values), unique=True, max_size=6).map(tuple)


STORIES = [story.story_id for line in (*DIGEST.subjects, *DIGEST.others) for story in line.stories]
TONES = st.sampled_from(("negative", "neutral", "positive", "to_verify"))
CORRECTIONS = st.lists(
    st.builds(ToneCorrection, st.sampled_from(STORIES), TONES),
    max_size=4,
    unique_by=lambda each: each.story_id,
).map(tuple)


@given(some(ids(DIGEST)), some(ids(DIGEST)), some(ids(DIGEST)), CORRECTIONS)
def test_whatever_is_wished_nothing_is_lost_and_the_sums_hold(
    dropped: tuple[str, ...],
    pinned: tuple[str, ...],
    order: tuple[str, ...],
    corrections: tuple[ToneCorrection, ...],
) -> None:
    """Every subject is shown once or told as set aside, and every total adds up."""
    pinned = tuple(each for each in pinned if each not in dropped)
    wanted = check_review(
        DIGEST, decided(dropped=dropped, pinned=pinned, order=order, corrections=corrections)
    )
    reviewed = apply_review(DIGEST, wanted)
    assert reviewed.review is not None
    aside = [line.subject_id for line in reviewed.review.dropped]
    assert sorted(ids(DIGEST)) == sorted([*ids(reviewed), *aside])
    assert list(pinned) == ids(reviewed)[: len(pinned)]
    assert reviewed.check() == []
    assert timedelta(0) == reviewed.interval.until - DIGEST.interval.until
