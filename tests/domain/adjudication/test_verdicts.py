"""Answers laid over mentions."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import CUTOFF, a_document, a_mention
from vigie.domain.adjudication.questions import Case
from vigie.domain.adjudication.replies import Answer, Opinion
from vigie.domain.adjudication.verdicts import CONFIDENCE_AT_MOST, Verdict, judged
from vigie.domain.feedback import Wish, by_hand, check_wish, corrected, given
from vigie.domain.mentions import Assessment, Clue, Label, Labels, Mention

UNSURE = Label("neutral", 0.4, abstained=True)
DOCUMENT = a_document("Trois guichets ferment", document_id="d1", summary="La banque confirme.")
SOURCE = "bedrock/m/adjudicate-1"


def mention_of(**fields: Any) -> Mention:
    """Return a mention whose brand's relevance alone is sure."""
    assessment = Assessment(
        watch_id="brand", relevance=Label("main", 0.8), impact=UNSURE, tone=UNSURE, crisis=UNSURE
    )
    mention = a_mention(DOCUMENT, tone="abstained", **fields)
    return replace(mention, labels=replace(mention.labels, assessments=(assessment,)))


def verdict_of(**opinions: Opinion) -> Verdict:
    """Return a verdict on the mention's story."""
    case = Case(
        client_id="banque-armelie",
        story_id="d1",
        watch_id="brand",
        mention_id="d1",
        recorded_at=mention_of().recorded_at,
    )
    answer = Answer(
        source=SOURCE,
        opinions=opinions,
        crisis_type="closure",
        quotes=("guichets", "banque confirme", "ailleurs"),
    )
    return Verdict(case, answer)


def test_an_answer_takes_the_place_of_what_abstained() -> None:
    """With who said so and asked how, the words it leans on, and no more confidence than is its due."""
    answered = verdict_of(impact=Opinion("unfavourable", 0.99), crisis=Opinion("watch", 0.7))
    read = judged(mention_of(), [answered]).assessment
    assert read is not None
    name = f"llm:{SOURCE}"
    assert read.impact == Label(
        "unfavourable",
        CONFIDENCE_AT_MOST,
        (
            Clue(name, "guichets", "title", 6, 14),
            Clue(name, "banque confirme", "summary", 3, 18),
            Clue(name, "ailleurs"),
        ),
    )
    assert (read.crisis.value, read.crisis.confidence, read.crisis_type) == ("watch", 0.7, "closure")
    assert not by_hand(read.impact)
    assert read.tone == UNSURE


def test_what_was_sure_stays() -> None:
    """A model is a second opinion, and is not asked to overrule."""
    read = judged(mention_of(), [verdict_of(relevance=Opinion("homonym", 0.99))])
    assert read == mention_of()


def test_an_answer_that_hesitates_leaves_the_label_to_a_person() -> None:
    """Its guess is shown as to be verified."""
    read = judged(mention_of(), [verdict_of(impact=Opinion("mixed", 0.5))]).assessment
    assert read is not None
    assert (read.impact.value, read.impact.abstained) == ("mixed", True)


def test_the_texts_own_tone_and_language_are_answered_too() -> None:
    """Where they abstained, and the answer is about the client itself."""
    mention = mention_of()
    mention = replace(mention, labels=replace(mention.labels, language=Label("und", 0.0, abstained=True)))
    answered = verdict_of(tone=Opinion("negative", 0.8), language=Opinion("fr", 0.95))
    read: Labels = judged(mention, [answered]).labels
    assert (read.tone.value, read.tone.abstained) == ("negative", False)
    assert (read.language.value, read.language.confidence) == ("fr", CONFIDENCE_AT_MOST)


def test_reprints_share_the_verdict_other_stories_and_entities_do_not() -> None:
    """Once per story and watched entity."""
    answered = [verdict_of(impact=Opinion("mixed", 0.8))]
    reprint = replace(mention_of(), document=a_document("R", document_id="d2"))
    assert judged(reprint, answered).assessment != reprint.assessment
    other = replace(reprint, story=replace(reprint.story, story_id="d2"))
    late = replace(reprint, recorded_at=reprint.recorded_at + timedelta(days=60))
    rival = replace(answered[0], case=replace(answered[0].case, watch_id="rival"))
    assert judged(other, answered) == other
    assert judged(late, answered) == late
    assert judged(mention_of(), [rival]) == mention_of()


def test_a_person_has_the_last_word() -> None:
    """A correction stands over the model's answer, whichever came first."""
    mention = mention_of()
    wish = check_wish(Wish(label="impact", value="favourable", by="Jeanne"), mention)
    history = given((), wish, mention, CUTOFF)
    read = corrected(judged(mention, [verdict_of(impact=Opinion("mixed", 0.8))]), history).assessment
    assert read is not None
    assert read.impact.value == "favourable"
