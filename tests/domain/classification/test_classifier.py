"""Labels of a document, as one value."""

from tests.builders import a_document
from vigie.domain.classification import classify


def test_document_has_a_language_and_a_tone() -> None:
    """Both labels are told from the text; what the source declares only settles what the text leaves open."""
    labels = classify(a_document("Scandaleuse indifférence envers les usagers de la gare", language="en"))
    assert (labels.language.value, labels.tone.value) == ("fr", "negative")
    assert "Scandaleuse" in [clue.text for clue in labels.tone.evidence]


def test_unknown_is_a_label_too() -> None:
    """A document that says too little is of unknown language and neutral, not an error."""
    labels = classify(a_document("", document_id="x", language=None))
    assert (labels.language.value, labels.tone.value) == ("und", "neutral")
