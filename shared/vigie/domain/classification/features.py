"""Words of a document, and the hashed features they make: read once, weighed by every head.

Training and inference both come through here, so that they cannot drift apart; ``FEATURE_VERSION`` is written in
each artefact and changes with anything in this file that changes a feature.

A *word* is kept as published, with a mark in front when a negation governs it. From it come its own name, and the
runs of 3 to 5 characters inside its boundaries, so that ``licenciés`` and ``licenciement`` meet; two words in a row
make one more feature. A feature is the CRC-32 of its name (``hash()`` is salted): a head keeps the low bits.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import AnyStr, Final
from zlib import crc32

FEATURE_VERSION: Final = 1

NEGATED: Final = "¬"
"""Stands before a word that a negation governs."""

TITLE_CHARACTERS, BODY_CHARACTERS = 300, 900  # the news stands first; a long body costs no more than its lead
_GRAMS: Final = (3, 4, 5)
_WORD_LETTERS = 20  # what is longer is an address or a cry
_NEGATION_REACH_WORDS = 3
_NEGATIONS: Final = frozenset(
    """
    ne n pas jamais aucun aucune sans ni point guère rien not no never without neither nor cannot
    nicht kein keine keinen nie ohne nunca sin tampoco non mai senza não nem sem niet geen nooit zonder nahi nahin
    """.split()  # noqa: SIM905
)
# An address, an account, letters, a number, a smiley, cries and queries; last, what closes a clause.
_TOKEN = re.compile(
    r"(?P<link>https?://\S+|www\.\S+)"
    r"|(?P<account>@\w+)"
    r"|(?P<word>(?:[^\W\d_]|[\u0900-\u097f\u064b-\u0652])+)"
    r"|(?P<number>\d+(?:[.,:/]\d+)*)"
    r"|(?P<sign>[:;=]-?[()DPp/|*]|<3|[\U0001f000-\U0001faff\u2600-\u27bf]|[!?]+|…|\.{3,})"
    r"|(?P<end>[.,;:()«»“”\"\n]|\s[-–—]\s)"
)
_REPEATED = re.compile(r"(.)\1{2,}")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text, in order: as features see them (``marked``), and where each stands in the text."""

    marked: list[str]
    spans: list[tuple[int, int]]


def words_of(text: str, limit_characters: int = BODY_CHARACTERS) -> Words:
    """Return the words of the first ``limit_characters`` of a text, those under a negation marked."""
    marked: list[str] = []
    spans: list[tuple[int, int]] = []
    governed = 0  # how many words more the last negation reaches
    for found in _TOKEN.finditer(text, 0, limit_characters):
        kind = found.lastgroup or ""
        if kind == "end":
            governed = 0
            continue
        word = _STANDS_FOR.get(kind) or found.group()
        if kind == "word" and word.lower() in _NEGATIONS:
            governed = _NEGATION_REACH_WORDS
        elif governed:
            governed -= 1
            word = NEGATED + word
        marked.append(word)
        spans.append(found.span())
    return Words(marked, spans)


LINK: Final = "http"
"""Stands for an address, as a word."""

_STANDS_FOR: Final = {"link": LINK, "account": "@", "number": "0"}


def folded(marked: str) -> str:
    """Return a word without capitals, and with no letter more than twice in a row; its mark stays."""
    return _REPEATED.sub(r"\1\1", marked.lower())


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # half a character is no reason to fail


def word_hashes(marked: str) -> list[int]:
    """Return the hashes of what one word makes: its name and its runs of characters."""
    word = folded(marked)
    hashes = [crc32(b"w " + _bytes(word))]
    if not word[-1].isalpha():
        return hashes
    padded = f"<{word.removeprefix(NEGATED)[:_WORD_LETTERS]}>"
    pieces: Iterable[bytes] = _runs(padded.encode()) if padded.isascii() else map(_bytes, _runs(padded))
    return hashes + list(map(crc32, pieces))


def _runs(padded: AnyStr) -> list[AnyStr]:
    return [padded[start : start + length] for length in _GRAMS for start in range(len(padded) - length + 1)]


@lru_cache(maxsize=1 << 14)
def opening_hash(marked: str) -> tuple[int, bytes]:
    """Return the state of the hash of two words after the first, and what the second adds to it."""
    word = _bytes(folded(marked))
    return crc32(b"b " + word + b" "), word


def pair_hashes(marked: Sequence[str]) -> list[int]:
    """Return the hash of each two words in a row."""
    read = list(map(opening_hash, marked))
    return [crc32(second[1], first[0]) for first, second in pairwise(read)]


def name_hashes(names: Iterable[str]) -> list[int]:
    """Return the hashes of named features: what a task sees beyond words (``place:title``, ``rule:recall``)."""
    return list(map(name_hash, names))


def name_hash(name: str) -> int:
    """Return the hash of a named feature."""
    return crc32(b"n " + _bytes(name))


def text_hashes(words: Words) -> list[int]:
    """Return the hashes of every feature of a text, repeats included, in no order that matters."""
    return [hashed for word in words.marked for hashed in word_hashes(word)] + pair_hashes(words.marked)
