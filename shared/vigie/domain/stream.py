"""A document as a stream of words: folded for rules to meet, with where each stands and what breaks before it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from vigie.domain.documents import Document
from vigie.domain.mentions import Clue

ENTITY: Final = "@"
"""Stands in a masked stream for the watched entity, whatever it is called there."""

NO_BREAK, COMMA, STOP = 0, 1, 2
_NAME_LETTERS: Final = 3
_LIMITS: Final = {"title": 400, "summary": 1_600, "body": 2_400}  # characters read of each field
_TOKEN = re.compile(
    r"(?P<link>https?://\S+|www\.\S+)"
    r"|(?P<number>\d+(?:[.,]\d+)*)"
    r"|(?P<word>[^\W\d_]+)"
    r"|(?P<stop>[.!?…]+|\n+)"
    r"|(?P<comma>[,;:()\[\]|—–]|\s-\s)"
    r"|(?P<open>[«“])|(?P<close>[»”])|(?P<quote>\")"
    r"|(?P<sign>[\U0001f000-\U0001faff\u2600-\u27bf%€])"
)
_READ = frozenset({"word", "number", "sign"})
_CAMEL = re.compile(r"[^\W\d_a-zà-öø-ÿ]?[a-zà-öø-ÿ]+|[^\W\d_a-zà-öø-ÿ]+(?![a-zà-öø-ÿ])|\d+")
_GLUED = ("boycott", "balancetonstage", "balance", "stop", "jesuis", "justicepour", "nonà", "touche")
_ABBREVIATED = frozenset({"mm", "mme", "st", "ste", "dr", "me", "no", "av", "bd", "art", "vol", "cf", "ex"})


def _folding() -> dict[int, str]:
    table: dict[int, str] = {}
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x250), 0x2019, 0x02BC):
        letter = chr(code).lower()
        base = unicodedata.normalize("NFKD", letter)[0]
        table[code] = base if base.isalpha() else letter
    return table


_FOLDING = _folding()


def folded(text: str) -> str:
    """Return a text in small letters without accents, character for character: offsets stay what they were."""
    return text.translate(_FOLDING)


@dataclass(frozen=True, slots=True)
class Stream:
    """The words of all fields, in order, each column one fact about each word.

    ``places`` are (field, start, end); ``breaks`` what stands before a word: nothing, a comma or the like, a stop;
    ``quoted`` whether it stands between quotation marks; ``capital`` whether it starts with a capital.
    """

    document: Document
    words: list[str]
    places: list[tuple[str, int, int]]
    breaks: list[int]
    quoted: list[bool]
    capital: list[bool]
    _sentences: list[int] = field(default_factory=list, repr=False, compare=False)

    def clue(self, name: str, start: int, end: int) -> Clue:
        """Return words ``start`` to ``end`` (excluded) as evidence."""
        field, first, _ = self.places[start]
        last_field, _, last = self.places[end - 1]
        if last_field != field:
            last = self.places[start][2]
        text = getattr(self.document, field)[first:last]
        return Clue(name, text[:120], field, first, last)

    def sentences(self) -> list[int]:
        """Return the number of the sentence that each word is in: told once, of a stream that is whole."""
        if not self._sentences:
            self._sentences.extend(accumulate(int(stop == STOP) for stop in self.breaks))
        return self._sentences

    def names(self) -> list[int]:
        """Return the places of words that look like somebody's name: a capital inside a sentence."""
        columns = zip(self.words, self.capital, self.breaks, strict=True)
        return [
            place
            for place, (word, capital, stop) in enumerate(columns)
            if capital and stop != STOP and len(word) >= _NAME_LETTERS
        ]

    def add(self, word: str, place: tuple[str, int, int], stop: int, *, quoted: bool, capital: bool) -> None:
        """Add a word, a column at a time."""
        self.words.append(word)
        self.places.append(place)
        self.breaks.append(stop)
        self.quoted.append(quoted)
        self.capital.append(capital)

    def masked(self, spans: Sequence[tuple[int, int]]) -> "Stream":
        """Return the stream with each span of words, in order and apart, as one ``ENTITY``."""
        words: list[str] = []
        kept: list[int] = []
        places: list[tuple[str, int, int]] = []
        at = 0
        for start, end in spans:
            words += self.words[at:start]
            places += self.places[at:start]
            kept += range(at, start + 1)
            field, first, _ = self.places[start]
            words.append(ENTITY)
            places.append((field, first, self.places[end - 1][2]))
            at = end
        words += self.words[at:]
        places += self.places[at:]
        kept += range(at, len(self.words))
        breaks, quoted, capital = self.breaks, self.quoted, self.capital
        return Stream(
            self.document,
            words,
            places,
            [breaks[place] for place in kept],
            [quoted[place] for place in kept],
            [capital[place] for place in kept],
        )


def read_stream(document: Document) -> Stream:
    """Return the words of a document's title, summary and body; a body that starts with the summary replaces it."""
    stream = Stream(document, [], [], [], [], [])
    summary = document.summary
    if summary and document.body.startswith(summary.rstrip("….")):
        summary = ""
    for name, text in (("title", document.title), ("summary", summary), ("body", document.body)):
        if text:
            _read_field(stream, name, text[: _LIMITS[name]])
    return stream


def _read_field(stream: Stream, field: str, text: str) -> None:
    simple = folded(text)
    pending, inside = STOP, False
    for found in _TOKEN.finditer(simple):
        kind = found.lastgroup
        start, end = found.span()
        if kind in _READ:
            if start and text[start - 1] == "#" and kind == "word":
                pending = _read_tag(stream, field, text, (start, end), pending)
                continue
            capital = kind == "word" and text[start].isupper()
            stream.add(found.group(), (field, start, end), pending, quoted=inside, capital=capital)
            pending = NO_BREAK
        elif kind == "stop":
            pending = max(pending, _stop(stream, simple, start, end))
        elif kind == "comma":
            pending = max(pending, COMMA)
        elif kind != "link":
            inside = kind == "open" or (kind == "quote" and not inside)
            pending = max(pending, COMMA)


def _stop(stream: Stream, text: str, start: int, end: int) -> int:
    """Return how strong a stop is: none after an abbreviation or inside a word."""
    if text[start] != "." or end - start > 1:
        return STOP
    if end < len(text) and not text[end].isspace() and text[end] not in "»”\")'":
        return NO_BREAK
    last = stream.words[-1] if stream.words else ""
    return NO_BREAK if last in _ABBREVIATED or len(last) == 1 else STOP


def _read_tag(stream: Stream, field: str, text: str, span: tuple[int, int], pending: int) -> int:
    """Read a hashtag as the words that were run together in it, where capitals or a known start tell them apart."""
    start, end = span
    tag = text[start:end]
    parts = [found.span() for found in _CAMEL.finditer(tag)]
    glued = next((word for word in _GLUED if tag.startswith(word) and len(tag) > len(word) + 2), "")
    if len(parts) == 1 and glued:
        parts = [(0, len(glued)), (len(glued), len(tag))]
    if not parts or parts[-1][1] != len(tag):
        parts = [(0, len(tag))]
    for first, last in parts:
        place = field, start + first, start + last
        stream.add(folded(tag[first:last]), place, pending, quoted=False, capital=tag[first].isupper())
        pending = NO_BREAK
    return NO_BREAK
