"""How a platform's search answers, as far as anybody can say: its own reader of native queries, in words.

Independent of what writes them. Texts are cut at everything that is no letter or digit, case and accents make no
difference, words are searched in the whole text, a phrase is words in a row, and nothing is stemmed.
"""

import re
import unicodedata

_WORDS = re.compile(r"[^\W_]+")
_LEXEME = re.compile(r'"[^"]*"|\(|\)|\||[^\s()"|]+')


def words(text: str) -> list[str]:
    """Return a text's words as the platform compares them."""
    bare = unicodedata.normalize("NFKD", text).casefold()
    return _WORDS.findall("".join(c for c in bare if not unicodedata.combining(c)))


def finds(native: str, text: str, *, either: str | None) -> bool:
    """Tell whether the platform would return a document with this text."""
    lexemes = _LEXEME.findall(native)
    value, rest = _any(lexemes, text, (either or "").strip())
    assert not rest, f"{native!r} is not what the platform reads: {rest}"
    return value


def _any(lexemes: list[str], text: str, either: str) -> tuple[bool, list[str]]:
    value, rest = _all(lexemes, text, either)
    while rest and rest[0] == either:
        other, rest = _all(rest[1:], text, either)
        value = value or other
    return value, rest


def _all(lexemes: list[str], text: str, either: str) -> tuple[bool, list[str]]:
    value = True
    assert lexemes[:1] not in ([], [")"], [either]), "a platform refuses an empty alternative"
    while lexemes and lexemes[0] not in (")", either):
        head, *lexemes = lexemes
        if head == "(":
            inner, lexemes = _any(lexemes, text, either)
            assert lexemes[:1] == [")"], "parentheses do not match"
            lexemes = lexemes[1:]
        else:
            assert not re.fullmatch(r"AND|OR|NOT|\||-.*", head), f"{head} means something else"
            inner = _holds(head, text)
        value = value and inner
    return value, lexemes


def _holds(lexeme: str, text: str) -> bool:
    wanted, there = words(lexeme), words(text)
    starts = range(len(there) - len(wanted) + 1)
    return any(there[start : start + len(wanted)] == wanted for start in starts)
