"""The offline classifier: labels of one document, each with its confidence and its evidence."""

from vigie.domain.documents import Document
from vigie.domain.language import identify
from vigie.domain.mentions import Label, Labels
from vigie.domain.tone import tone_of


def classify(document: Document) -> Labels:
    """Return the language (ISO 639-1, ``und`` when it cannot be told) and the tone of a document."""
    guess = identify(document.text, declared=document.language)
    return Labels(language=Label(guess.code, guess.confidence), tone=tone_of(document))
