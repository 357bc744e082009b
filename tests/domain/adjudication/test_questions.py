"""Which labels are asked about, and what is asked."""

from dataclasses import replace
from typing import Any

import pytest

from tests.builders import a_document, a_hit, a_mention
from vigie.domain.adjudication.questions import (
    TEXT_LIMIT_CHARACTERS,
    WORTH_ASKING,
    Question,
    Whom,
    unsure_of,
)
from vigie.domain.mentions import Assessment, Label, Mention

SURE, UNSURE = Label("neutral", 0.9), Label("neutral", 0.4, abstained=True)
WHOM = Whom(name="Banque d'Armélie", aliases=("BA",), about="une banque du Vaurel")


def mention_of(**labels: Label) -> Mention:
    """Return a mention whose brand is sure of all labels but those given."""
    judged = dict.fromkeys(("relevance", "impact", "tone", "crisis"), SURE) | labels
    mention = a_mention()
    assessment = Assessment(watch_id="brand", **judged)  # type: ignore[arg-type]
    return replace(mention, labels=replace(mention.labels, assessments=(assessment,)))


@pytest.mark.parametrize(
    ("labels", "model", "asked"),
    [
        ({}, "bedrock", ()),
        ({"relevance": UNSURE}, "bedrock", ("brand",)),
        ({"impact": UNSURE}, "bedrock", ("brand",)),
        ({"crisis": UNSURE}, "bedrock", ("brand",)),
        ({"tone": UNSURE}, "bedrock", ()),
        ({"tone": UNSURE}, "comprehend", ("brand",)),
        ({"impact": UNSURE}, "comprehend", ()),
        ({"impact": UNSURE}, "none", ()),
    ],
)
def test_what_is_unsure_and_can_be_answered_is_asked(
    labels: dict[str, Label], model: str, asked: tuple[str, ...]
) -> None:
    """Each model for what it can tell; a tone alone is not worth a large one's price."""
    assert unsure_of(mention_of(**labels), WORTH_ASKING[model]) == asked


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "held", "held_reason": "same_address"},
        {"backfilled": True},
        {"document": a_document(visibility="owned")},
        {"document": a_document(visibility="private")},
        {"hits": (a_hit(a_document(), purpose="sector"),)},
    ],
)
def test_only_what_is_kept_public_and_new_is_asked(fields: dict[str, Any]) -> None:
    """A page of the client's own or a private message goes to no model; nor does history."""
    mention = replace(mention_of(impact=UNSURE), **fields)
    assert unsure_of(mention, WORTH_ASKING["bedrock"]) == ()


def test_a_question_holds_the_beginning_of_the_text() -> None:
    """Of summary and body the longer, cut."""
    document = a_document("T", summary="court", body="x" * 10_000)
    question = Question.of(document, WHOM)
    assert (question.title, len(question.text)) == ("T", TEXT_LIMIT_CHARACTERS)
    assert Question.of(a_document("T", summary="court"), WHOM).text == "court"


def test_the_same_question_has_the_same_key_and_another_has_another() -> None:
    """Text, entity and who answers all count; the client does not, nor where it was published."""
    document = a_document("T", summary="Texte")
    question = Question.of(document, WHOM)
    elsewhere = Question.of(replace(document, document_id="other", url="https://x.example/"), WHOM)
    assert question.key("a") == elsewhere.key("a")
    others = [
        replace(question, title="U"),
        replace(question, text="Autre"),
        replace(question, language="en"),
        replace(question, whom=replace(WHOM, about="une boulangerie")),
        replace(question, whom=replace(WHOM, aliases=("BA", "B"))),
    ]
    keys = {other.key("a") for other in others} | {question.key("a"), question.key("b")}
    assert len(keys) == len(others) + 2
