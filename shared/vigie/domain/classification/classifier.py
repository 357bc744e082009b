"""Labels of one document: what it is, then what it does to each entity that a watch names."""

from collections.abc import Sequence

from vigie.domain.classification.assess import absent, assess, findings_of
from vigie.domain.classification.heads import Model, model
from vigie.domain.classification.language import language_of
from vigie.domain.classification.reading import Reading, read_document
from vigie.domain.classification.tone import tone_of
from vigie.domain.documents import Document
from vigie.domain.entities import Entity
from vigie.domain.mentions import Assessment, Label, Labels
from vigie.domain.stream import read_stream

_UNTOLD = Labels(
    language=Label("und", 0.0),
    topic=Label("", 0.0, abstained=True),
    tone=Label("neutral", 0.0, abstained=True),
)


def classify(document: Document, entities: Sequence[Entity] = ()) -> Labels:
    """Return the labels of a document: pure, the same for the same document and heads."""
    heads = model()
    reading = read_document(document, heads)
    if not reading.weighed:
        return _UNTOLD
    language = language_of(reading, heads, document.language)
    tone = tone_of(reading, heads, language.value)
    return Labels(
        language=language,
        topic=reading.label(heads.heads["topic"]),
        tone=tone,
        assessments=_assessments(document, entities, tone, reading, heads) if entities else (),
    )


def _assessments(
    document: Document, entities: Sequence[Entity], tone: Label, reading: Reading, heads: Model
) -> tuple[Assessment, ...]:
    stream = read_stream(document)
    found = [(entity, findings_of(stream, entity)) for entity in entities]
    return tuple(
        assess(findings, entity, tone, reading, heads.heads) if findings else absent(entity, tone)
        for entity, findings in found
    )
