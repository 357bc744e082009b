"""Turn a template into text.

The small language of the templates:

- ``[a|b|c]``          one of the alternatives
- ``{town}`` ``{town2}``  a word of words.toml: the same one all through a story; a numbered slot gives another word
- ``{man}`` ``{woman}`` ``{man.last}``  an invented person, then the surname alone
- ``{3..12}`` ``{n=100..900/50}``  a number, by steps; named, it can be repeated as ``{n}``
- ``{jour-1}`` ``{date+4}`` ``{day+1}`` ``{an}``  a weekday or a date in French, a weekday in English, counted from
  the story's day; the coming year
- ``{@bank}``          a name of clients.toml; it leaves a tag on the sentence: how the truth knows who is named

French elisions before a slot are made here: ``de {town}`` becomes « d'Auzelle » or « du Vernil ».
"""

import random
import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from infra.demo_press.library import Library

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

SMALL_NUMBERS = ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf")
_UNITS = (
    "h",
    "km",
    "euros?",
    "degrés",
    "millions?",
    "milliards?",
    "kilos",
    "centimes",
    "heures?",
    "sur 5",
    "à",
    *MONTHS,
)

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"(?P<link>\b(?:[Dd]e|[Àà]|[Ll]e|[Ll]a|[Qq]ue) )?\{(?P<slot>[^{}]+)\}")
_NUMBER = re.compile(r"(?:(\w+)=)?(-?\d+)\.\.(-?\d+)(?:/(\d+))?")
_DATE = re.compile(r"(jour|date|day|an)([+-]\d+)?")
_VOWEL = re.compile(r"[aeiouéèêâîôAEIOUÉÈÊÂÎÔ]")
_ARTICLE = {"de le": "du", "de les": "des", "à le": "au", "à les": "aux"}

_SMALL = re.compile(rf"(?<![\w,.\-/\u202f\u00a0])[2-9](?= (?!(?:{'|'.join(_UNITS)})\b)[a-zà-ÿ])")
_NARROW, _WIDE = "\u202f", "\u00a0"
_SPACES = (
    (r" ([;!?])", _NARROW + r"\1"),
    (r" ([:»%€])", _WIDE + r"\1"),
    (r"« ", "«" + _WIDE),
    (r"(\d) (h|\d{3})\b", r"\1" + _WIDE + r"\2"),
)


def chance(*keys: object) -> random.Random:
    """Return a generator of its own for these keys: adding a story never changes the draw of another."""
    return random.Random("/".join(map(str, keys)))  # noqa: S311 - play, not secrets


@dataclass(frozen=True, slots=True)
class Piece:
    """A title or a sentence, and the tags of the names written in it."""

    text: str
    tags: frozenset[str] = frozenset()


@dataclass(slots=True)
class Voice:
    """Says templates for one story; ``memory`` holds the slots already filled (shared within an event)."""

    library: Library
    rng: random.Random
    day: date
    language: str = "fr"
    memory: dict[str, str] = field(default_factory=dict)

    def say(self, template: str) -> Piece:
        """Return the template's text, with French spacing where the language is French."""
        tags: set[str] = set()
        while _CHOICE.search(template):
            template = _CHOICE.sub(lambda found: self.rng.choice(found[1].split("|")), template)
        text = _SLOT.sub(lambda found: _join(found["link"] or "", self._fill(found["slot"], tags)), template)
        if template.startswith(("{", "« {")):
            text = re.sub(r"\w", lambda found: found[0].upper(), text, count=1)
        return Piece(typeset(text) if self.language == "fr" else text, frozenset(tags))

    def _fill(self, slot: str, tags: set[str]) -> str:
        if slot.startswith("@"):
            name = self.library.names[slot[1:]]
            tags.update(name["tags"])
            return str(name["text"])
        if number := _NUMBER.fullmatch(slot):
            return self._number(number)
        if moment := _DATE.fullmatch(slot):
            return _moment(moment[1], self.day + timedelta(days=int(moment[2] or 0)))
        base, _, part = slot.partition(".")
        if base not in self.memory:
            self.memory[base] = self._word(re.sub(r"\d+$", "", base))
        return self.memory[base].split()[-1] if part == "last" else self.memory[base]

    def _number(self, found: re.Match[str]) -> str:
        name, low, high, step = found.groups()
        if name and name in self.memory:
            return self.memory[name]
        value = self.rng.randrange(int(low), int(high) + 1, int(step or 1))
        year = step is None and 1800 <= value <= 2099
        text = str(value) if year else f"{value:,}".replace(",", "," if self.language == "en" else _NARROW)
        if name:
            self.memory[name] = text
        return text

    def _word(self, base: str) -> str:
        word = self._draw(base)
        while word in self.memory.values():
            word = self._draw(base)
        return word

    def _draw(self, base: str) -> str:
        words = self.library.words
        word: str = self.rng.choice(words[base])
        return f"{word} {self.rng.choice(words['surname'])}" if base in ("man", "woman") else word


def spell(text: str) -> str:
    """Return a French sentence with its small numbers in letters, as newspapers print them (not in titles)."""
    text = _SMALL.sub(lambda found: SMALL_NUMBERS[int(found[0])], text)
    return text[:1].upper() + text[1:]


def typeset(text: str) -> str:
    """Return French text with its no-break spaces and its curly apostrophes."""
    for pattern, replacement in _SPACES:
        text = re.sub(pattern, replacement, text)
    return text.replace("'", "’")


def _join(link: str, word: str) -> str:
    """Put « de », « à », « le », « la » or « que » before a word as French does."""
    if not link:
        return word
    first, _, rest = word.partition(" ")
    contracted = _ARTICLE.get(f"{link.strip()} {first}".lower())
    if contracted:
        return f"{contracted.capitalize() if link[0].isupper() else contracted} {rest}"
    if link[0] in "Àà" or not _VOWEL.match(word):
        return link + word
    return link.rstrip()[:-1] + "'" + word


def _moment(kind: str, day: date) -> str:
    if kind == "day":
        return ENGLISH_DAYS[day.weekday()]
    if kind == "an":
        return str(day.year + 1)
    if kind == "jour":
        return DAYS[day.weekday()]
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]}"
