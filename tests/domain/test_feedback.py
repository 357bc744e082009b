"""Corrections laid over mentions."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from tests.builders import CUTOFF, a_document, a_hit, a_mention
from vigie.domain.feedback import (
    CORRECTIONS_LIMIT,
    REACH,
    Correction,
    Undone,
    Wish,
    by_hand,
    check_wish,
    corrected,
    given,
    taken_back,
)
from vigie.domain.mentions import Assessment, Label, Mention
from vigie.errors import BadField, Conflict, NotFound

DOCUMENT = a_document("La Banque d'Armélie ferme trois guichets", document_id="d1")
BRAND, RIVAL = a_hit(DOCUMENT), a_hit(DOCUMENT, "guichets", purpose="competitor", watch_id="rival")
CRISIS = a_hit(DOCUMENT, purpose="crisis", watch_id="burns")
UNSURE = Label("neutral", 0.4, abstained=True)
JUDGED = Assessment(
    watch_id="brand", relevance=Label("main", 0.8), impact=UNSURE, tone=UNSURE, crisis=Label("none", 0.9)
)


def mention_of(*hits: Any, **fields: Any) -> Mention:
    """Return a mention found by some watches, judged for the brand's."""
    mention = a_mention(DOCUMENT, hits=hits or (BRAND,), **fields)
    return replace(mention, labels=replace(mention.labels, assessments=(JUDGED,)))


def made(mention: Mention, *wishes: Wish) -> tuple[Correction, ...]:
    """Return the corrections that these wishes make, a minute apart."""
    history: tuple[Correction, ...] = ()
    for number, wish in enumerate(wishes):
        at = CUTOFF + timedelta(minutes=number)
        history = given(history, check_wish(wish, mention), corrected(mention, history), at)
    return history


def wish(label: Any = "impact", value: str = "favourable", **fields: Any) -> Wish:
    """Return what Jeanne asks."""
    return Wish(label=label, value=value, by="Jeanne", **fields)


def test_a_correction_says_who_when_why_and_what_stood_before() -> None:
    """What is kept tells the whole story of a change."""
    (correction,) = made(mention_of(), wish(reason="Une bonne nouvelle"))
    assert (correction.before, correction.after, correction.watch_ids) == (
        "neutral",
        "favourable",
        ("brand",),
    )
    assert (correction.given_by, correction.reason) == ("Jeanne", "Une bonne nouvelle")
    assert correction.given_at == CUTOFF
    assert correction.undone is None


def test_a_label_corrected_by_hand_is_sure() -> None:
    """It stands with full confidence, for whom it was about, and says that a person said so."""
    mention = mention_of()
    read = corrected(mention, made(mention, wish()))
    assert read.assessment is not None
    assert (read.assessment.impact.value, read.assessment.impact.confidence) == ("favourable", 1.0)
    assert not read.assessment.impact.abstained
    assert by_hand(read.assessment.impact)
    assert not by_hand(read.assessment.relevance)
    assert read.assessment.relevance == JUDGED.relevance


def test_the_tone_of_what_concerns_the_client_is_the_mentions_too() -> None:
    """A corrected tone is that of the text; a competitor's tone is its own."""
    mention = mention_of(BRAND, RIVAL)
    assert corrected(mention, made(mention, wish("tone", "negative"))).labels.tone.value == "negative"
    rivals = corrected(mention, made(mention, wish("tone", "negative", watch_ids=("rival",))))
    assert rivals.labels.tone == mention.labels.tone
    assert rivals.labels.assessments[-1].tone.value == "negative"


def test_a_label_nobody_gave_can_be_given_by_hand() -> None:
    """Without an assessment, the others stay unknown and to be verified."""
    mention = a_mention(DOCUMENT)
    history = made(mention, wish("crisis", "alert", crisis_type="recall"))
    read = corrected(mention, history)
    assert history[0].before == ""
    assert read.assessment is not None
    assert (read.assessment.crisis.value, read.assessment.crisis_type) == ("alert", "recall")
    assert read.assessment.impact.abstained


def test_not_us_holds_the_mention_back() -> None:
    """What speaks of something else is counted as set aside, with the watches that were mistaken."""
    mention = mention_of(BRAND, CRISIS)
    history = made(mention, wish("relevance", "homonym"))
    read = corrected(mention, history)
    assert history[0].is_not_us
    assert history[0].watch_ids == ("brand", "burns")
    assert (read.status, read.held_reason) == ("held", "not_us")
    assert read.hits == mention.hits


def test_not_us_leaves_the_mention_to_the_other_watches() -> None:
    """A rival's article that only borrows the client's name still counts for the rival."""
    mention = mention_of(BRAND, RIVAL)
    read = corrected(mention, made(mention, wish("relevance", "homonym")))
    assert (read.status, read.hits) == ("kept", (RIVAL,))


def test_a_mention_held_for_another_reason_keeps_it() -> None:
    """What was taken back by its author is not set aside by hand."""
    mention = mention_of(status="held", held_reason="same_address")
    assert corrected(mention, made(mention, wish("relevance", "homonym"))).held_reason == "same_address"


def test_the_last_word_stands() -> None:
    """Who says that it is about them after all has the mention back."""
    mention = mention_of()
    history = made(mention, wish("relevance", "homonym"), wish("relevance", "passing"))
    assert corrected(mention, history).status == "kept"
    assert corrected(mention, reversed(history)).status == "kept"
    assert history[1].before == "homonym"


def test_the_same_twice_is_once() -> None:
    """A second click, or a request sent again, adds nothing; saying it again after another word does."""
    mention = mention_of()
    assert len(made(mention, wish(), wish())) == 1
    assert len(made(mention, wish(), wish(value="mixed"), wish())) == 3
    assert len(made(mention, wish(), wish(scope="mention"))) == 2


def test_undoing_gives_back_what_stood_before() -> None:
    """An undone correction is kept, says who undid it, and changes nothing any more."""
    mention = mention_of()
    history = made(mention, wish(value="mixed"), wish())
    undone = Undone(CUTOFF, "Paul", "Non")
    after = taken_back(history, "2", undone)
    read = corrected(mention, after)
    assert read.assessment is not None
    assert read.assessment.impact.value == "mixed"
    assert after[1].undone == undone
    assert taken_back(after, "2", Undone(CUTOFF + timedelta(1), "Anne")) == after
    assert corrected(mention, taken_back(after, "1", undone)) == mention
    with pytest.raises(NotFound):
        taken_back(history, "7", undone)


def test_a_correction_undone_can_be_made_again() -> None:
    """Undoing is no refusal for ever."""
    mention = mention_of()
    history = taken_back(made(mention, wish()), "1", Undone(CUTOFF, "Paul"))
    again = given(history, check_wish(wish(), mention), mention, CUTOFF)
    assert [correction.correction_id for correction in again] == ["1", "2"]


def test_a_correction_of_a_story_reaches_all_that_carries_its_text() -> None:
    """Reprints follow, those still to come too, within its reach; other stories and other times do not."""
    mention = mention_of()
    history = made(mention, wish("relevance", "homonym"))
    later = a_document("Reprint", document_id="d2")
    reprint = a_mention(later, story="d1", recorded_at=mention.recorded_at + REACH)
    late = replace(reprint, recorded_at=mention.recorded_at + REACH + timedelta(seconds=1))
    assert corrected(reprint, history).held_reason == "not_us"
    assert corrected(late, history) == late
    assert corrected(a_mention(later), history).status == "kept"


def test_a_correction_of_one_mention_reaches_no_other() -> None:
    """A reprint with another headline may be about somebody else."""
    mention = mention_of()
    history = made(mention, wish("relevance", "homonym", scope="mention"))
    reprint = a_mention(a_document("Reprint", document_id="d2"), story="d1")
    assert corrected(mention, history).status == "held"
    assert corrected(reprint, history) == reprint


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (wish(value="superb"), "value"),
        (wish("crisis", "none", crisis_type="recall"), "crisis_type"),
        (wish(crisis_type="recall"), "crisis_type"),
        (wish("crisis", "alert", crisis_type="flood"), "crisis_type"),
        (wish(watch_ids=("rival",)), "watch_id"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_field(bad: Wish, field: str) -> None:
    """The caller learns which field is wrong, and what would do."""
    with pytest.raises(BadField) as refusal:
        check_wish(bad, mention_of())
    assert refusal.value.field == field


def test_a_mention_is_not_corrected_for_ever() -> None:
    """A script gone mad fills no item."""
    mention = mention_of()
    values = ("mixed", "favourable")
    wishes = [wish(value=values[number % 2]) for number in range(CORRECTIONS_LIMIT)]
    history = made(mention, *wishes)
    with pytest.raises(Conflict):
        given(history, check_wish(wish(value="neutral"), mention), mention, CUTOFF)


@drawn(
    st.lists(
        st.tuples(st.sampled_from(["mixed", "favourable", "neutral"]), st.booleans()), min_size=1, max_size=8
    ),
    st.randoms(use_true_random=False),
)
def test_corrections_in_any_order_read_the_same(steps: list[tuple[str, bool]], shuffle: Any) -> None:
    """The last that is not undone decides; without any, the mention is as recorded."""
    mention = mention_of()
    history = made(mention, *(wish(value=value) for value, _ in steps))
    for number, (_, undo) in enumerate(steps[: len(history)]):
        if undo:
            history = taken_back(history, str(number + 1), Undone(CUTOFF, "Paul"))
    standing = [correction for correction in history if correction.undone is None]
    mixed = list(history)
    shuffle.shuffle(mixed)
    read = corrected(mention, mixed)
    assert read == corrected(mention, history)
    assert read.assessment is not None
    assert read.assessment.impact.value == (standing[-1].after if standing else "neutral")
