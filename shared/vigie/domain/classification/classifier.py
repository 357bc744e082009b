"""Labels of one document: what it is, then what it does to each entity that a watch names."""

from collections.abc import Sequence

from vigie.domain.classification.assess import absent, assess, findings_of
from vigie.domain.documents import Document
from vigie.domain.entities import Entity
from vigie.domain.language import identify
from vigie.domain.mentions import Assessment, Label, Labels
from vigie.domain.stream import read_stream
from vigie.domain.tone import tone_of


def classify(document: Document, entities: Sequence[Entity] = ()) -> Labels:
    """Return the labels of a document: pure, the same for the same document and heads."""
    guess = identify(document.text, declared=document.language)
    tone = tone_of(document)
    return Labels(
        language=Label(guess.code, guess.confidence),
        tone=tone,
        assessments=_assessments(document, entities, tone) if entities else (),
    )


def _assessments(document: Document, entities: Sequence[Entity], tone: Label) -> tuple[Assessment, ...]:
    stream = read_stream(document)
    found = [(entity, findings_of(stream, entity)) for entity in entities]
    return tuple(
        assess(findings, entity, tone) if findings else absent(entity, tone) for entity, findings in found
    )
