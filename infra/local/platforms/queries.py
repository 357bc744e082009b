"""How the stubs search: words without case nor accents, phrases in quotes, OR (or a bar) and parentheses."""

import re
import unicodedata

_LEXEME = re.compile(r'"[^"]*"|\(|\)|\||[^\s()"|]+')
_WORD = re.compile(r"[^\W_]+")


def finds(query: str, text: str) -> bool:
    """Tell whether a text answers a query; words side by side must all be there. Unknown operators are words."""
    lexemes = [lexeme for lexeme in _LEXEME.findall(query) if not lexeme.startswith("when:")]
    found, rest = _any(lexemes, _words(text))
    return found and not rest


def _any(lexemes: list[str], words: list[str]) -> tuple[bool, list[str]]:
    found, rest = _all(lexemes, words)
    while rest and rest[0] in ("OR", "|"):
        other, rest = _all(rest[1:], words)
        found = found or other
    return found, rest


def _all(lexemes: list[str], words: list[str]) -> tuple[bool, list[str]]:
    found = True
    while lexemes and lexemes[0] not in (")", "OR", "|"):
        head, lexemes = lexemes[0], lexemes[1:]
        if head == "(":
            inner, lexemes = _any(lexemes, words)
            lexemes = lexemes[1:]
        else:
            inner = _holds(_words(head), words)
        found = found and inner
    return found, lexemes


def _holds(wanted: list[str], words: list[str]) -> bool:
    starts = range(len(words) - len(wanted) + 1)
    return any(words[start : start + len(wanted)] == wanted for start in starts)


def _words(text: str) -> list[str]:
    bare = unicodedata.normalize("NFKD", text).casefold()
    return _WORD.findall("".join(c for c in bare if not unicodedata.combining(c)))
