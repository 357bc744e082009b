"""Particulars of a text: its numbers and the names in it. Bulletins of one template share words, not these."""

import re
from dataclasses import dataclass
from zlib import crc32

PARTICULARS_AT_MOST = 60  # two bytes each

_NUMBER = r"\d+(?:[.,:/]\d+| \d{3}(?!\d))*"
# A capital inside a sentence: after a word and a space, a comma, an article's apostrophe or an opening bracket.
_NAME = r"[%s](?:(?<=[\w,;)] .)|(?<=[dlDL]['’].)|(?<=[(/].))[\w-]+"
_NUMBERS, _NAMES = re.compile(_NUMBER), re.compile(_NAME % "A-ZΑ-ΩА-Я")
# Nearly all folded texts are ASCII, and read as such twice as fast.
_ASCII_NUMBERS = re.compile(_NUMBER.encode("ascii"))
_ASCII_NAMES = re.compile((_NAME % "A-Z").replace("’", "").encode("ascii"))


@dataclass(frozen=True, slots=True)
class Particulars:
    """Hashes, ascending: even for numbers, odd for names; the smallest when there are many."""

    entries: tuple[int, ...]
    size: int

    @property
    def end(self) -> int:
        """Every particular of the text whose hash would be lower is here."""
        return self.entries[-1] if self.size > len(self.entries) else 1 << 16


def particulars_of(letters: str) -> Particulars:
    """Return the particulars of a text whose accents are folded."""
    if letters.isascii():
        signs = letters.encode("ascii")
        numbers, names = _ASCII_NUMBERS.findall(signs), _ASCII_NAMES.findall(signs)
        written = [name.lower() for name in names]
    else:
        numbers = [_bytes(number) for number in _NUMBERS.findall(letters)]
        written = [_bytes(name.casefold()) for name in _NAMES.findall(letters)]
    found = sorted({*map(_hash, set(numbers)), *(_hash(name) | 1 for name in set(written))})
    return Particulars(tuple(found[:PARTICULARS_AT_MOST]), min(len(found), 0xFFFF))


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many particulars the text with fewer of them has, and how many of those the other has too."""

    fewer: int
    shared: int

    @property
    def share(self) -> float:
        """Shared over fewer; 1 when there is nothing to share."""
        return self.shared / self.fewer if self.fewer else 1.0


def agreement(mine: Particulars, theirs: Particulars, *, numbers_only: bool = False) -> Agreement:
    """Return how far two texts agree, among the particulars both can tell of."""
    end = min(mine.end, theirs.end)
    here, there = (
        {entry for entry in side.entries if entry < end and not (numbers_only and entry & 1)}
        for side in (mine, theirs)
    )
    return Agreement(min(len(here), len(there)), len(here & there))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _hash(written: bytes) -> int:
    return (crc32(written) >> 16) & 0xFFFE
