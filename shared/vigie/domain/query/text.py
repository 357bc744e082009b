"""Cleaning texts and folding tokens (section 2 of the query language), keeping track of where things were."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from html.entities import html5

from vigie.domain.query.characters import OTHER, shape_of

_ENTITY = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

# Zero-width characters, soft hyphen, byte-order mark, bidirectional marks, tatweel, variation selectors and
# skin tones.
_DROPPED = (
    "\u00ad\u061c\u0640\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
    "\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef"
)
_REPLACED = {
    **dict.fromkeys("™®©℠", " "),
    # The last two are Greek accents that NFC, which comes after, would turn into ` and ´.
    **dict.fromkeys("’ʼ‘`´′\u1fef\u1ffd", "'"),
    **dict.fromkeys("\u2010\u2011", "-"),
    "＃": "#",
    "＠": "@",
}
_SPECIAL = re.compile(f"[{_DROPPED}{''.join(_REPLACED)}]")
# Texts of nothing but these, without two spaces together, are clean as they are: most of the West's are.
_ORDINARY = re.compile("[ -_a-~«»À-ÖØ-öø-ÿŒœ]*")
_SPACE = re.compile(r"\s{2,}|[^\S ]")

# Combining marks of Latin, Greek and Cyrillic; Hebrew points; Arabic harakat. Others tell words
# apart (が is not か).
_STRIPPED = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u0652\u0670"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u2de0-\u2dff\ua66f-\ua672\ua674-\ua67d\ua69e\ua69f\ufe20-\ufe2f]"
)
# Letters that NFKD leaves whole.
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "þ": "th"}
)
_JAMO = re.compile("[\u1160-\u11ff]")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned text, and where each of its characters starts in the text as given (one more for the end).

    A dropped character belongs to the one before it, so that a highlight takes an emoji with its skin tone.
    """

    text: str
    starts: Sequence[int]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open span, in the text as given, of a non-empty span of the cleaned text."""
        after = end
        while self.starts[after] == self.starts[end - 1]:  # several characters came of one (entity, NFC)
            after += 1
        return self.starts[start], self.starts[after]


def clean_query(text: str) -> Cleaned:
    """Clean a query: everything section 2 says, except that entities stay as they are."""
    return _clean(Cleaned(text, range(len(text) + 1)))


def clean_document(text: str) -> Cleaned:
    """Clean one text of a document: entities decoded once, then as a query."""
    cleaned = Cleaned(text, range(len(text) + 1))
    return _clean(_rewrite(cleaned, _ENTITY, _decode) if "&" in text else cleaned)


def _clean(cleaned: Cleaned) -> Cleaned:
    if _ORDINARY.fullmatch(cleaned.text) and "  " not in cleaned.text:
        return cleaned
    if not cleaned.text.isascii() or "`" in cleaned.text:
        cleaned = _rewrite(cleaned, _SPECIAL, lambda found: _REPLACED.get(found[0], ""))
    cleaned = _rewrite(cleaned, _SPACE, lambda _: " ")
    if unicodedata.is_normalized("NFC", cleaned.text):
        return cleaned
    return _rewrite(cleaned, _clusters(cleaned.text), lambda found: unicodedata.normalize("NFC", found[0]))


def _decode(found: re.Match[str]) -> str:
    name = found[1]
    return unescape(found[0]) if name[0] == "#" else html5.get(f"{name};", found[0])


def _clusters(text: str) -> re.Pattern[str]:
    """Match one character with what may compose with it: NFC never reaches further."""
    followers = [c for c in set(text) if unicodedata.category(c)[0] == "M" or _JAMO.match(c)]
    return re.compile(f".[{re.escape(''.join(followers))}]*" if followers else ".", re.DOTALL)


def _rewrite(cleaned: Cleaned, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> Cleaned:
    """Substitute, and give what came of a match the place where the match started."""
    pieces: list[str] = []
    starts: list[int] = []
    done = 0
    for found in pattern.finditer(cleaned.text):
        new = replace(found)
        pieces += cleaned.text[done : found.start()], new
        starts += cleaned.starts[done : found.start()]
        starts += [cleaned.starts[found.start()]] * len(new)
        done = found.end()
    if not pieces:
        return cleaned
    return Cleaned("".join([*pieces, cleaned.text[done:]]), [*starts, *cleaned.starts[done:]])


@lru_cache(maxsize=1 << 16)
def fold(token: str) -> str:
    """Fold a run of letters, digits and marks to the form that is compared; may be empty (a lone accent)."""
    if token.isascii():
        return token.lower()
    bare = _STRIPPED.sub("", unicodedata.normalize("NFKD", token).casefold())
    folded = unicodedata.normalize("NFC", bare.translate(_LETTERS))
    shape = shape_of(folded)
    return (
        folded if OTHER not in shape else "".join(c for c, s in zip(folded, shape, strict=True) if s != OTHER)
    )
