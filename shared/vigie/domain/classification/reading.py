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
    """The parts of a document that are read, title first, and what all their words weigh.

    ``weighed`` is 0 where there is no word. ``alone`` is what each word weighs by itself, side by side, with the part
    and the place it first stands at.
    """

    parts: tuple[Part, ...]
    weighed: int
    alone: tuple[memoryview, list[tuple[Part, int]]]
    family: Family

    def label(self, head: Head) -> Label:
        """Return what a head says of the words alone, and which of them made it."""
        return self.shown(head, head.probabilities([self.weighed], self.family))

    def shown(self, head: Head, probabilities: list[float]) -> Label:
        """Return the most probable label of a head with the words that spoke for it."""
        return head.decided(probabilities, self.family, self.clues(head, probabilities))

    def clues(self, head: Head, probabilities: list[float]) -> tuple[Clue, ...]:
        """Return the words that spoke most for the most probable label of a head, the heaviest first."""
        words, places = self.alone
        leads = head.leads(words, probabilities)
        heaviest = sorted(range(len(leads)), key=leads.__getitem__, reverse=True)[:_CLUES_SHOWN]
        return tuple(places[number][0].clue(places[number][1]) for number in heaviest if leads[number] > 0)


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
    table = model.table
    first_seen: dict[str, tuple[Part, int]] = {}
    for part in parts:
        for number, word in enumerate(part.words.marked):
            if word not in first_seen:
                first_seen[word] = (part, number)
    alone = table.side_by_side(map(table.of_word, first_seen))
    family: Family = "press" if document.platform == "press" else "social"
    return Reading(
        parts,
        sum(table.of_words(part.words.marked) for part in parts),
        (alone, list(first_seen.values())),
        family,
    )
