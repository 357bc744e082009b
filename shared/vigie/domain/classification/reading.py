"""A document read once: its words, and what they weigh for every head."""

from dataclasses import dataclass

from vigie.domain.classification.features import (
    BODY_CHARACTERS,
    NEGATED,
    TITLE_CHARACTERS,
    Words,
    folded,
    words_of,
)
from vigie.domain.classification.heads import Family, Head, Model
from vigie.domain.classification.table import Weighed
from vigie.domain.documents import Document
from vigie.domain.mentions import Clue, Label

_CLUES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Part:
    """The words of one field, as published; ``field`` is title, summary or body."""

    field: str
    text: str
    words: Words

    def clue(self, number: int) -> Clue:
        """Return one of its words as evidence."""
        start, end = self.words.spans[number]
        name = f"word:{folded(self.words.marked[number]).replace(NEGATED, 'not ')}"
        return Clue(name, self.text[start:end], self.field, start, end)


@dataclass(frozen=True, slots=True)
class Reading:
    """The parts of a document that are read, title first, and what all their words weigh."""

    parts: tuple[Part, ...]
    weighed: Weighed
    family: Family

    def label(self, head: Head) -> Label:
        """Return what a head says of the words alone, and which of them made it."""
        return self.shown(head, head.probabilities([self.weighed], self.family))

    def shown(self, head: Head, probabilities: list[float]) -> Label:
        """Return the most probable label of a head with the words that spoke for it."""
        return head.decided(probabilities, self.family, self.clues(head, probabilities))

    def clues(self, head: Head, probabilities: list[float]) -> tuple[Clue, ...]:
        """Return the words that spoke most for the most probable label of a head, the heaviest first."""
        found: dict[str, tuple[int, Part, int]] = {}
        for part in self.parts:
            leads = head.leads(part.words.marked, probabilities)
            for number, (word, lead) in enumerate(zip(part.words.marked, leads, strict=True)):
                if lead > 0 and word not in found:
                    found[word] = (lead, part, number)
        heaviest = sorted(found, key=lambda word: -found[word][0])[:_CLUES_SHOWN]
        return tuple(found[word][1].clue(found[word][2]) for word in heaviest)


def read_document(document: Document, model: Model) -> Reading:
    """Read the title, then the summary (the body where there is none), each to its limit of characters."""
    lead = ("summary", document.summary) if document.summary else ("body", document.body)
    parts = tuple(
        Part(field, text, words_of(text, limit_characters))
        for field, text, limit_characters in (
            ("title", document.title, TITLE_CHARACTERS),
            (*lead, BODY_CHARACTERS),
        )
        if text
    )
    weighed = Weighed(0, 0)
    for part in parts:
        weighed += model.table.of_words(part.words.marked)
    return Reading(parts, weighed, "press" if document.platform == "press" else "social")
