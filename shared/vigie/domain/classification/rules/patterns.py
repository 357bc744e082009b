"""Patterns of words, as the lexicon writes them and as a stream is searched for them.

A pattern is words apart by spaces: ``greve`` one word, ``licenci*`` any word that starts so, ``client|usager*`` one
of several, ``toujours_pas|jamais`` the same where a choice is several words, ``?de`` a word that may be missing,
``...`` up to four words of the same sentence, ``@`` the watched entity, ``#`` a number. Accents, capitals,
apostrophes and hyphens do not matter, in a pattern as in a text.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from tomllib import loads
from typing import Any, Final

from vigie.domain.stream import folded

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
            or ("#" in self.words and word[:1].isdigit())
        )


@dataclass(frozen=True, slots=True)
class Pattern:
    """A rule and one of the ways to say it."""

    rule: Rule
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A rule and one of the ways to say it, not read yet: most are never asked for, and a start should be short."""

    rule: Rule
    text: str


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
            patterns += [Written(rule, one) for way in ways if way for one in _spelt(way)]
    return patterns


def _spelt(way: str) -> list[str]:
    """Return the patterns that a way stands for: one more for each choice of several words (``_``) in it."""
    if "_" not in way:
        return [way]
    choices = (_ways_of(part) if "_" in part else [part] for part in way.split())
    return [" ".join(part for part in parts if part) for parts in product(*choices)]


def _ways_of(part: str) -> list[str]:
    """Return the single words of a place as one choice, and each of its choices of several words apart."""
    optional = part.startswith("?")
    choices = part.removeprefix("?").split("|")
    single = "|".join(choice for choice in choices if "_" not in choice)
    several = [choice.replace("_", " ") for choice in choices if "_" in choice]
    return several + ([f"?{single}" if optional else single] if single else [""] if optional else [])
