"""The rule grammar: patterns of words, found in one pass over a stream.

A pattern is words apart by spaces: ``greve`` one word, ``licenci*`` any word that starts so, ``client|usager*`` one
of several, ``?de`` a word that may be missing, ``...`` up to four words of the same sentence, ``@`` the watched
entity, ``#`` a number. Accents, capitals, apostrophes and hyphens do not matter, in a pattern as in a text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tomllib import loads
from typing import Any, Final

from vigie.domain.stream import STOP, Stream, folded

LEXICON: Final = Path(__file__).parent / "lexicon"
_GAP_WORDS: Final = 4
_KEPT_WORDS: Final = 20_000
_SHORTEST_STEM: Final = 3
_GAP: Final = "..."
_APART: Final = {ord(mark): " " for mark in "'’-\t"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What its patterns mean. ``kind`` says who reads it (see ``lexicon/README.md``).

    ``type`` is a type of crisis, ``level`` 0 to 2 (none, watch, alert), ``effect`` -2 to 2 on a reputation;
    ``reach`` and ``back`` are how many words after and before it a stance governs.
    """

    name: str
    kind: str
    type: str = ""
    level: int = 0
    effect: float = 0.0
    reach: int = 0
    back: int = 0


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a pattern: the words that fit, whole or by their start."""

    words: frozenset[str]
    stems: tuple[str, ...]
    optional: bool = False
    gap: bool = False

    def fits(self, word: str) -> bool:
        """Whether a word of a stream fits."""
        return (
            word in self.words
            or (bool(self.stems) and word.startswith(self.stems))
            or ("#" in self.words and word[0].isdigit())
        )


@dataclass(frozen=True, slots=True)
class Pattern:
    """A rule and one of the ways to say it."""

    rule: Rule
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A rule at words ``start`` to ``end`` (excluded) of a stream."""

    rule: Rule
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Written:
    """A rule and one of the ways to say it, not read yet: most are never asked for, and a start should be short."""

    rule: Rule
    text: str


@dataclass(slots=True)
class Grammar:
    """Patterns by the word that they start with; each is read when a document first has that word."""

    whole: dict[str, list[Written]] = field(default_factory=dict)
    stems: dict[str, list[Written]] = field(default_factory=dict)
    lengths: set[int] = field(default_factory=set)
    _known: dict[str, tuple[Pattern, ...]] = field(default_factory=dict)

    def add(self, written: Written) -> None:
        """Take one more pattern."""
        for choice in written.text.partition(" ")[0].split("|"):
            if choice.endswith("*"):
                self.stems.setdefault(choice[:-1], []).append(written)
                self.lengths.add(len(choice) - 1)
            else:
                self.whole.setdefault(choice, []).append(written)

    def starting_with(self, word: str) -> tuple[Pattern, ...]:
        """Return the patterns that may start at a word; remembered, since words come again."""
        known = self._known.get(word)
        if known is None:
            found = list(self.whole.get(word, ()))
            for length in sorted(self.lengths):
                found += self.stems.get(word[:length], ()) if len(word) >= length else ()
            if word[0].isdigit():
                found += self.whole.get("#", ())
            if len(self._known) > _KEPT_WORDS:
                self._known.clear()
            known = self._known[word] = tuple(_read(written) for written in found)
        return known

    def find(self, stream: Stream) -> list[Found]:
        """Return every place of every rule, by start."""
        found = []
        starting_with, words, breaks = self.starting_with, stream.words, stream.breaks
        for start, word in enumerate(words):
            for pattern in starting_with(word):
                elements = pattern.elements
                end = start + 1 if len(elements) == 1 else _end(elements, 1, words, breaks, start + 1)
                if end:
                    found.append(Found(pattern.rule, start, end))
        return found


def _end(
    elements: tuple[Element, ...], number: int, words: Sequence[str], breaks: Sequence[int], at: int
) -> int:
    """Return where elements from ``number`` on end when they start at ``at``, 0 when they do not fit."""
    while number < len(elements):
        element = elements[number]
        if element.gap:
            return _after_gap(elements, number + 1, words, breaks, at)
        inside = at < len(words) and breaks[at] != STOP and element.fits(words[at])
        if element.optional:
            if inside and (end := _end(elements, number + 1, words, breaks, at + 1)):
                return end
        elif not inside:
            return 0
        else:
            at += 1
        number += 1
    return at


def _after_gap(
    elements: tuple[Element, ...], number: int, words: Sequence[str], breaks: Sequence[int], at: int
) -> int:
    for place in range(at, min(at + _GAP_WORDS + 1, len(words))):
        if breaks[place] == STOP:
            return 0
        if end := _end(elements, number, words, breaks, place):
            return end
    return 0


@cache
def _read(written: Written) -> Pattern:
    return pattern_of(written.rule, written.text)


def pattern_of(rule: Rule, text: str) -> Pattern:
    """Return a pattern as read. Raises ValueError for one that starts with what may be missing."""
    elements = tuple(element for part in _simple(text).split() for element in _element(part))
    if not elements or elements[0].optional or elements[0].gap:
        raise ValueError(f"rule {rule.name}: {text!r} starts with nothing to look for")
    return Pattern(rule, elements)


def _simple(text: str) -> str:
    return folded(text).translate(_APART)


def _element(part: str) -> Iterable[Element]:
    if part == _GAP:
        yield Element(frozenset(), (), gap=True)
        return
    choices = part.removeprefix("?").split("|")
    stems = tuple(choice[:-1] for choice in choices if choice.endswith("*"))
    if any(len(stem) < _SHORTEST_STEM for stem in stems) or "" in choices:
        raise ValueError(f"{part!r}: a stem has {_SHORTEST_STEM} letters at least, and no choice is empty")
    words = frozenset(choice for choice in choices if not choice.endswith("*"))
    yield Element(words, stems, optional=part.startswith("?"))


def rules_of(content: str) -> list[Written]:
    """Return the patterns of one file of rules. Raises TypeError for a rule with a field that no rule has."""
    patterns = []
    for told in loads(content)["rule"]:
        fields: dict[str, Any] = {name: value for name, value in told.items() if name != "patterns"}
        rule = Rule(**fields)
        for block in told["patterns"]:
            ways = (way.strip() for way in _simple(block).replace("\n", ";").split(";"))
            patterns += [Written(rule, way) for way in ways if way]
    return patterns


@cache
def grammar(folder: Path = LEXICON) -> Grammar:
    """Return the rules of the package, listed at their first use."""
    made = Grammar()
    for path in sorted(folder.glob("*.toml")):
        for written in rules_of(path.read_text(encoding="utf-8")):
            made.add(written)
    return made
