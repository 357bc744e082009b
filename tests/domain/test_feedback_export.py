"""Corrected mentions as examples, and how often people agreed."""

from dataclasses import replace
from typing import Any

from tests.builders import CUTOFF, a_document, a_hit, a_mention
from vigie.domain.feedback import Correction, Undone, Wish, check_wish, corrected, given
from vigie.domain.feedback_export import FeedbackExample, NamedEntity, agreements, examples_of
from vigie.domain.mentions import Mention, withdrawn

DOCUMENT = a_document("L'Armélie en crue", document_id="d1", summary="Le fleuve Armélie déborde.")
MENTION = a_mention(
    DOCUMENT, hits=(a_hit(DOCUMENT, "Armélie"), a_hit(DOCUMENT, "fleuve", purpose="competitor"))
)


def corrections_of(mention: Mention, *said: tuple[Any, str, tuple[str, ...]]) -> tuple[Correction, ...]:
    """Return the corrections of labels, by value and watches."""
    history: tuple[Correction, ...] = ()
    for label, value, watch_ids in said:
        wish = check_wish(Wish(label=label, value=value, by="Jeanne", watch_ids=watch_ids), mention)
        history = given(history, wish, corrected(mention, history), CUTOFF)
    return history


def examples(mention: Mention, *said: tuple[Any, str, tuple[str, ...]]) -> list[FeedbackExample]:
    """Return the examples of a mention after some corrections."""
    return list(examples_of(mention, corrected(mention, corrections_of(mention, *said)), "Banque d'Armélie"))


def test_an_example_has_the_labels_given_by_hand_and_no_others() -> None:
    """One for each entity, with its name and how the text calls it."""
    ours, theirs = examples(MENTION, ("relevance", "homonym", ()), ("tone", "negative", ("competitor",)))
    assert ours == FeedbackExample(
        id="banque-armelie/d1/brand",
        text="Le fleuve Armélie déborde.",
        title="L'Armélie en crue",
        lang="fr",
        platform="press",
        entity=NamedEntity(name="Banque d'Armélie", aliases=("Armélie",)),
        labels={"relevance": "homonym"},
    )
    assert (theirs.entity.name, theirs.labels) == ("Competitor", {"tone": "negative"})
    assert examples(MENTION) == []


def test_no_more_of_a_text_is_exported_than_may_be_shown() -> None:
    """A source that allows a link gives its title; what was taken back gives nothing."""
    linked = replace(MENTION, document=replace(DOCUMENT, display="link_only"))
    (example,) = examples(linked, ("relevance", "homonym", ()))
    assert (example.title, example.text) == ("L'Armélie en crue", "")
    assert examples(withdrawn(MENTION), ("relevance", "homonym", ())) == []


def test_agreements_count_what_was_confirmed_and_what_became_what() -> None:
    """Undone corrections say nothing."""
    history = corrections_of(
        MENTION, ("tone", "neutral", ()), ("relevance", "homonym", ()), ("impact", "mixed", ())
    )
    undone = replace(history[2], undone=Undone(CUTOFF, "Paul"))
    relevance, tone = agreements([*history[:2], undone])
    assert (relevance.label, relevance.given, relevance.confirmed) == ("relevance", 1, 0)
    assert relevance.changed == {"none → homonym": 1}
    assert (tone.given, tone.confirmed, tone.changed) == (1, 1, {})
