"""An answer laid over the mentions of its story: in the place of labels that abstained, below what people say."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from vigie.domain.adjudication.questions import ASKED, Case
from vigie.domain.adjudication.replies import Answer, Opinion
from vigie.domain.documents import Document
from vigie.domain.feedback import REACH
from vigie.domain.mentions import Assessment, Clue, Label, Labels, Mention

SURE_FROM: Final = 0.6
"""Below this the label stays to be verified, with the model's guess."""

CONFIDENCE_AT_MOST: Final = 0.9
"""What a model says of its own sureness is not calibrated, and never counts as a measured one."""

SOURCE_PREFIX: Final = "llm:"
"""Clues of a label that a model gave are named ``llm:bedrock/<model>/<prompt>``: who said it, and asked how."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A case and its answer."""

    case: Case
    answer: Answer

    def concerns(self, mention: Mention) -> bool:
        """Whether a mention of the same client is of its story; story ids are those of today."""
        case = self.case
        same = case.mention_id == mention.mention_id or case.story_id == mention.story.story_id
        return same and abs(mention.recorded_at - case.recorded_at) <= REACH


def judged(mention: Mention, verdicts: Iterable[Verdict]) -> Mention:
    """Return a mention with the labels that abstained as the verdicts on its story have them."""
    answers = {verdict.case.watch_id: verdict.answer for verdict in verdicts if verdict.concerns(mention)}
    if not answers:
        return mention
    assessments = tuple(
        _assessed(each, answers[each.watch_id], mention.document) if each.watch_id in answers else each
        for each in mention.labels.assessments
    )
    labels = replace(mention.labels, assessments=assessments)
    own = mention.assessment
    if own is not None and own.watch_id in answers:
        labels = _of_the_text(labels, answers[own.watch_id], mention.document)
    return replace(mention, labels=labels)


def _of_the_text(labels: Labels, answer: Answer, document: Document) -> Labels:
    clues = _clues(answer, document)
    if labels.tone.abstained and "tone" in answer.opinions:
        labels = replace(labels, tone=_label(answer.opinions["tone"], clues))
    if labels.language.abstained and "language" in answer.opinions:
        labels = replace(labels, language=_label(answer.opinions["language"], clues))
    return labels


def _assessed(assessment: Assessment, answer: Answer, document: Document) -> Assessment:
    clues = _clues(answer, document)
    labels: dict[str, Any] = {
        name: _label(answer.opinions[name], clues)
        for name in ASKED
        if getattr(assessment, name).abstained and name in answer.opinions
    }
    if "crisis" in labels:
        labels["crisis_type"] = answer.crisis_type
    return replace(assessment, **labels)


def _label(opinion: Opinion, clues: tuple[Clue, ...]) -> Label:
    confidence = min(opinion.confidence, CONFIDENCE_AT_MOST)
    return Label(opinion.value, confidence, clues, abstained=opinion.confidence < SURE_FROM)


def _clues(answer: Answer, document: Document) -> tuple[Clue, ...]:
    name = SOURCE_PREFIX + answer.source
    return tuple(_clue(name, quote, document) for quote in answer.quotes) or (Clue(name, ""),)


def _clue(name: str, quote: str, document: Document) -> Clue:
    for field in ("title", "summary", "body"):
        start = getattr(document, field).find(quote)
        if start >= 0:
            return Clue(name, quote, field, start, start + len(quote))
    return Clue(name, quote)
