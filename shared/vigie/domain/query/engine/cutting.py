"""Cutting texts in tokens fast: whole texts by translating bytes, others piece by piece.

Most western texts are written in characters that Windows-1252 has, and hold none that means something to the
tokenizer. Folding and cutting such a text is one translation of its bytes and one split. Any other text is cut at
white space, and each piece is looked up whole in a memo: that is exact, because nothing in the language's characters
and tokens reaches across white space.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from vigie.domain.query.characters import DIGIT, LETTER, OTHER, shape_of
from vigie.domain.query.text import clean_document, fold
from vigie.domain.query.tokens import tokenize

_TAGGED = b"\n"  # stands between the form of a token and the tag that it carries

_MEMO_LIMIT = 300_000  # pieces remembered
_PIECE_LIMIT = 40  # longer ones (addresses, unspaced scripts) do not come again

_ENCODING = "cp1252"
_NARROW = "\u202f"  # the space that French puts before ! and ?, which the encoding lacks
_DROPPED = b"\xad"
_ADDRESS = re.compile(r"https?://[!#-%'-;=?-~]+")  # ASCII; no quote, <, > (which end it) nor & (an entity)


def _of_byte(code: int) -> tuple[str, bytes] | None:
    """Return a byte's character and what it folds to: a letter or digit, two, or a space. None for the special."""
    try:
        character = bytes([code]).decode(_ENCODING)
    except UnicodeDecodeError:
        return None
    cleaned = clean_document(character).text
    if character in "#@_&" or not cleaned:
        return None
    if shape_of(cleaned) in (LETTER, DIGIT):
        folded = fold(cleaned)
        return (character, folded.encode()) if folded.isascii() else None
    return (character, b" ") if shape_of(cleaned) == OTHER else None


_BYTES = {code: found[1] for code in range(256) if (found := _of_byte(code))}
_FOLDED = bytes(_BYTES.get(code, b" ")[0] for code in range(256))
_LONGER = [(bytes([code]), folded) for code, folded in _BYTES.items() if len(folded) > 1]  # œ, æ, ß, þ
_PLAIN = bytes(_BYTES) + _DROPPED


class Cut(NamedTuple):
    """The tokens of a text: their forms by position (that of a URL is empty), and which carry which tag."""

    forms: list[bytes]
    tags: Sequence[tuple[int, bytes]] = ()


_EMPTY = Cut([])


class Cutter:
    """Cuts texts as published; remembers the pieces of those that are not plain."""

    def __init__(self) -> None:
        self._pieces = _Pieces()

    def __call__(self, text: str) -> Cut:
        """Return the tokens of one field."""
        if not text:
            return _EMPTY
        plain = plain_tokens(text)
        if plain is not None:
            return Cut(plain)
        if len(self._pieces) > _MEMO_LIMIT:
            self._pieces = _Pieces()
        forms = list(chain.from_iterable(map(self._pieces.__getitem__, text.split())))
        tags = []
        for position, token in enumerate(forms):
            if _TAGGED in token:
                forms[position], _, tag = token.partition(_TAGGED)
                tags.append((position, tag))
        return Cut(forms, tags)


class _Pieces(dict[str, tuple[bytes, ...]]):
    """The tokens of pieces of text without white space."""

    __slots__ = ()

    def __missing__(self, piece: str) -> tuple[bytes, ...]:
        if says_nothing(piece):
            return (b"",)
        plain = plain_tokens(piece)
        tokens = tuple(_tokens(piece) if plain is None else plain)
        if len(piece) <= _PIECE_LIMIT:
            self[piece] = tokens
        return tokens


def says_nothing(piece: str) -> bool:
    """Tell whether a piece of text without white space is all one address, which no query asks for."""
    return _ADDRESS.fullmatch(piece) is not None


def tokens_of_piece(piece: str) -> list[bytes]:
    """Return the forms and tags in a piece of text without white space; that of a URL is empty."""
    if piece.isascii() and piece.isalnum():
        return [piece.lower().encode()]
    plain = plain_tokens(piece)
    return [part for token in _tokens(piece) for part in token.split(_TAGGED)] if plain is None else plain


def plain_tokens(text: str) -> list[bytes] | None:
    """Return the tokens of a plain text, None for one that is not."""
    try:
        written = text.replace(_NARROW, " ").encode(_ENCODING)
    except UnicodeEncodeError:
        return None
    if written.translate(None, _PLAIN):
        return None
    for character, folded in _LONGER:
        if character in written:
            written = written.replace(character, folded)
    folded = written.translate(_FOLDED, _DROPPED)
    return None if b"http" in folded or b"www" in folded else folded.split()


def _tokens(piece: str) -> Iterator[bytes]:
    for token in tokenize(clean_document(piece).text):
        yield f"{token.form}\n{token.tag}".encode() if token.tag else token.form.encode()
