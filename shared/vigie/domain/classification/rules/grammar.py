"""The rule grammar: patterns of words (``patterns``), found in one pass over a stream."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Final

from vigie.domain.classification.rules.patterns import (
    Element,
    Pattern,
    Rule,
    Written,
    pattern_of,
    rules_of,
)
from vigie.domain.stream import STOP, Stream

LEXICON: Final = Path(__file__).parent / "lexicon"
_GAP_WORDS: Final = 4
_KEPT_WORDS: Final = 1 << 14  # whether patterns start there or not
_KEPT_FOLLOWERS: Final = 1 << 12  # of one of them
_MANY: Final = 12  # patterns that are rather looked up than tried


@dataclass(frozen=True, slots=True)
class Found:
    """A rule at words ``start`` to ``end`` (excluded) of a stream."""

    rule: Rule
    start: int
    end: int


_Numbered = tuple[int, Pattern]  # what is found at one word comes in the order of the lexicon


@dataclass(slots=True)
class _Openings:
    """The patterns that start with one word: which of them go on with another is told once, and remembered."""

    alone: tuple[_Numbered, ...]
    near: tuple[_Numbered, ...]
    far: tuple[_Numbered, ...]
    _next: dict[str, tuple[_Numbered, ...]] = field(default_factory=dict)
    _later: dict[str, tuple[_Numbered, ...]] = field(default_factory=dict)
    _anchors: dict[int, "_Anchors"] = field(default_factory=dict)

    def going_on(self, word: str) -> tuple[_Numbered, ...]:
        """Return the patterns that may go on with the word that follows at once, "" for none."""
        known = self._next.get(word)
        if known is None:
            known = _kept(self._next)[word] = self._that_go_on(self.near, 1, word)
        return known

    def after_gap(self, word: str) -> tuple[_Numbered, ...]:
        """Return the patterns with a gap next that a word after it may go on."""
        known = self._later.get(word)
        if known is None:
            known = _kept(self._later)[word] = self._that_go_on(self.far, 2, word)
        return known

    def _that_go_on(self, patterns: tuple[_Numbered, ...], number: int, word: str) -> tuple[_Numbered, ...]:
        if len(patterns) > _MANY:  # « a », « de »: most of the lexicon goes on from there
            if number not in self._anchors:
                self._anchors[number] = _Anchors.of(patterns, number)
            patterns = self._anchors[number].near(word)
        return tuple(one for one in patterns if _may_go_on(one[1].elements, number, word))

    @property
    def is_long_to_make(self) -> bool:
        """Whether patterns were put by their anchors: thousands of them, for a handful of words."""
        return bool(self._anchors)


def _kept(followers: dict[str, tuple[_Numbered, ...]]) -> dict[str, tuple[_Numbered, ...]]:
    """Return what is remembered, emptied where it is full."""
    if len(followers) >= _KEPT_FOLLOWERS:
        followers.clear()
    return followers


@dataclass(slots=True)
class _Anchors:
    """Patterns by the word that one of their places must have; ``loose`` ones have another choice there."""

    words: dict[str, list[_Numbered]] = field(default_factory=dict)
    stems: dict[str, list[_Numbered]] = field(default_factory=dict)
    loose: list[_Numbered] = field(default_factory=list)
    lengths: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, patterns: Iterable[_Numbered], number: int) -> "_Anchors":
        """Return patterns by their place ``number``."""
        made = cls()
        for one in patterns:
            element = one[1].elements[number] if number < len(one[1].elements) else None
            if element is None or element.gap or element.optional or "#" in element.words:
                made.loose.append(one)
                continue
            for word in element.words:
                made.words.setdefault(word, []).append(one)
            for stem in element.stems:
                made.stems.setdefault(stem, []).append(one)
                made.lengths.add(len(stem))
        return made

    def near(self, word: str) -> tuple[_Numbered, ...]:
        """Return the patterns that may have a word at that place, in the order of the lexicon."""
        found = [*self.loose, *self.words.get(word, ())]
        for length in self.lengths:
            found += self.stems.get(word[:length], ()) if len(word) >= length else ()
        found.sort(key=itemgetter(0))
        return tuple({number: (number, pattern) for number, pattern in found}.values())


@dataclass(slots=True)
class Grammar:
    """Patterns by the word that they start with; each is read when a document first has that word."""

    whole: dict[str, list[Written]] = field(default_factory=dict)
    stems: dict[str, list[Written]] = field(default_factory=dict)
    lengths: set[int] = field(default_factory=set)
    _known: dict[str, _Openings | None] = field(default_factory=dict)

    def add(self, written: Written) -> None:
        """Take one more pattern."""
        for choice in written.text.partition(" ")[0].split("|"):
            if choice.endswith("*"):
                self.stems.setdefault(choice[:-1], []).append(written)
                self.lengths.add(len(choice) - 1)
            else:
                self.whole.setdefault(choice, []).append(written)

    def find(self, stream: Stream) -> list[Found]:
        """Return every place of every rule, by start."""
        self._forget()
        found: list[Found] = []
        words, breaks, known = stream.words, stream.breaks, self._known
        following = [word if stop != STOP else "" for word, stop in zip(words, breaks, strict=True)]
        following.append("")
        for start, word in enumerate(words):
            openings = known[word] if word in known else self._starting_with(word)
            if openings is None:
                continue
            here = [(number, start + 1, one) for number, one in openings.alone]
            if openings.near and (patterns := openings.going_on(following[start + 1])):
                here += _near(patterns, words, breaks, start)
            if openings.far:
                here += _far(openings, words, breaks, start)
            if len(here) > 1:
                here.sort(key=itemgetter(0))
            found += [Found(one.rule, start, end) for _, end, one in here]
        return found

    def _starting_with(self, word: str) -> _Openings | None:
        """Return the patterns that may start at a word, None where none does; remembered."""
        written = list(self.whole.get(word, ()))
        for length in sorted(self.lengths):
            written += self.stems.get(word[:length], ()) if len(word) >= length else ()
        if word[0].isdigit():
            written += self.whole.get("#", ())
        patterns = list(enumerate(_read(one) for one in written))
        longer = [one for one in patterns if len(one[1].elements) > 1]
        self._known[word] = openings = (
            _Openings(
                alone=tuple(one for one in patterns if len(one[1].elements) == 1),
                near=tuple(one for one in longer if not one[1].elements[1].gap),
                far=tuple(one for one in longer if one[1].elements[1].gap),
            )
            if patterns
            else None
        )
        return openings

    def _forget(self) -> None:
        """Let go of the words met once there are many, so that they do not grow with the documents read."""
        if len(self._known) > _KEPT_WORDS:
            self._known = {word: one for word, one in self._known.items() if one and one.is_long_to_make}


_Met = tuple[int, int, Pattern]  # its number, where it ends, and which


def _near(
    patterns: Iterable[_Numbered], words: Sequence[str], breaks: Sequence[int], start: int
) -> list[_Met]:
    return [
        (number, end, pattern)
        for number, pattern in patterns
        if (end := _end(pattern.elements, 1, words, breaks, start + 1))
    ]


def _far(openings: _Openings, words: Sequence[str], breaks: Sequence[int], start: int) -> list[_Met]:
    """Return the patterns with a gap after their first word, each at the first place where it goes on."""
    found: dict[int, _Met] = {}
    for place in range(start + 1, min(start + _GAP_WORDS + 2, len(words))):
        if breaks[place] == STOP:
            break
        for number, pattern in openings.after_gap(words[place]):
            if number not in found and (end := _end(pattern.elements, 2, words, breaks, place)):
                found[number] = (number, end, pattern)
    return list(found.values())


def _may_go_on(elements: tuple[Element, ...], number: int, word: str) -> bool:
    """Whether elements from ``number`` on may start at a word: what is left out or may be anything always does."""
    for element in elements[number:]:
        if element.gap or element.fits(word):
            return True
        if not element.optional:
            return False
    return True


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


@cache
def grammar(folder: Path = LEXICON) -> Grammar:
    """Return the rules of the package, listed at their first use."""
    made = Grammar()
    for path in sorted(folder.glob("*.toml")):
        for written in rules_of(path.read_text(encoding="utf-8")):
            made.add(written)
    return made
