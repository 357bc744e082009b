"""What a story speaks of: stems of its words, the names among them heavier, and its numbers.

The words that found a story (a client's name, a sector's terms) are in all the stories they found and say nothing of
which event it is: they are left out, save those of a crisis or lead watch, which name the event itself.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from vigie.domain.documents import Document
from vigie.domain.language import FUNCTION_WORDS
from vigie.domain.mentions import Mention
from vigie.domain.stories.text import folded

STEM_LETTERS: Final = 6
"""Words are compared by their first letters: enough for *fermer*, *fermeture* and *fermées* to nearly meet."""

_TITLE, _LEAD, _NAME = 2.0, 1.0, 1.6
_LEAD_CHARACTERS = 700  # what follows is background, which writers of different events share
_EVENT_PURPOSES = frozenset({"crisis", "lead"})
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d{1,3}(?:[ \u202f\u00a0]\d{3})+(?:,\d+)?|\d+(?:[.,:/-]\d+)*")
# A capital inside a sentence: after a word and a space, a comma, an article's apostrophe or an opening quote.
_NAME_WORD = re.compile(r"(?:(?<=[\w,;] )|(?<=[dlDL]['’])|(?<=[«(]\s))[A-Z]\w{2,}")
_FUNCTION: Final = {
    code: frozenset(folded(word) for word in words.split()) for code, words in FUNCTION_WORDS.items()
}
_BOTH: Final = _FUNCTION["fr"] | _FUNCTION["en"]  # either language borrows the other's titles


@dataclass(frozen=True, slots=True)
class Features:
    """``weights`` of the terms, before it is known how common each is; ``numbers``; and the stems of the ``lead``."""

    weights: Mapping[str, float]
    numbers: frozenset[str]
    lead: frozenset[str]


def features_of(mentions: Iterable[Mention]) -> Features:
    """Return what the mentions of one story speak of, the same in any order; its lead is the longest."""
    weights: dict[str, float] = {}
    numbers: set[str] = set()
    finding: set[str] = set()
    lead: frozenset[str] = frozenset()
    for mention in mentions:
        document = mention.document
        finding |= _finding_stems(mention)
        for term, weight in _weights(document).items():
            weights[term] = max(weight, weights.get(term, 0.0))
        numbers |= _numbers(document)
        lead = max(lead, frozenset(_stems(document, _lead(document))), key=lambda it: (len(it), sorted(it)))
    told = {term: weight for term, weight in weights.items() if term not in finding}
    return Features(told, frozenset(numbers), lead)


def terms_of(document: Document) -> frozenset[str]:
    """Return the terms of a document, for counting how common they are."""
    return frozenset(_weights(document))


def _weights(document: Document) -> dict[str, float]:
    lead, title = _lead(document), folded(document.title)
    names = {_stem(name.casefold()) for name in _NAME_WORD.findall(f"{lead} . {title}")}
    weights: dict[str, float] = {}
    for text, weight in ((lead, _LEAD), (title, _TITLE)):
        for stem in _stems(document, text):
            weights[stem] = weight * (_NAME if stem in names else 1.0)
    return weights


def _lead(document: Document) -> str:
    return folded(document.summary or document.body)[:_LEAD_CHARACTERS]


def _stems(document: Document, text: str) -> set[str]:
    function = _FUNCTION.get(document.language or "", frozenset[str]()) | _BOTH
    words = _WORD.findall(text.casefold())
    return {_stem(word) for word in words if len(word) > 2 and not word[0].isdigit() and word not in function}


def _stem(word: str) -> str:
    return word.rstrip("sx")[:STEM_LETTERS] if len(word) > 3 else word


def _numbers(document: Document) -> set[str]:
    found = _NUMBER.findall(f"{document.title}\n{document.summary}")
    return {re.sub(r"\s", "", number) for number in found}


def _finding_stems(mention: Mention) -> set[str]:
    return {
        _stem(word)
        for hit in mention.hits
        if hit.purpose not in _EVENT_PURPOSES
        for span in hit.evidence
        for word in _WORD.findall(folded(span.term).casefold())
        if len(word) > 2
    }
