"""Particulars of a text: its numbers and the names in it. Bulletins of one template share words, not these."""

import re
from dataclasses import dataclass
from zlib import crc32

PARTICULARS_AT_MOST = 60  # two bytes each

_NUMBER = re.compile(r"\d+(?:[.,:/]\d+| \d{3}(?!\d))*")
# A capital inside a sentence: after a word and a space, a comma, an article's apostrophe or an opening bracket.
_NAME = re.compile(r"[A-ZΑ-ΩА-Я](?:(?<=[\w,;)] .)|(?<=[dlDL]['’].)|(?<=[(/].))[\w-]+")


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
    numbers = {_hash(number) for number in _NUMBER.findall(letters)}
    names = {_hash(name.casefold()) | 1 for name in _NAME.findall(letters)}
    found = sorted(numbers | names)
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


def _hash(text: str) -> int:
    return (crc32(text.encode("utf-8", "surrogatepass")) >> 16) & 0xFFFE
