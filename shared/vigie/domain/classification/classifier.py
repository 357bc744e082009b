"""Labels of one document: what it is, then what it does to each entity that a watch names."""

from collections.abc import Sequence

from vigie.domain.documents import Document
from vigie.domain.entities import Entity
from vigie.domain.language import identify
from vigie.domain.mentions import Label, Labels
from vigie.domain.tone import tone_of


def classify(document: Document, entities: Sequence[Entity] = ()) -> Labels:  # noqa: ARG001
    """Return the labels of a document: pure, the same for the same document and heads."""
    guess = identify(document.text, declared=document.language)
    return Labels(
        language=Label(guess.code, guess.confidence),
        tone=tone_of(document),
    )
