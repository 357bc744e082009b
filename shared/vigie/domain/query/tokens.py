"""The one tokenizer, for documents and for queries (section 3 of the query language)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from vigie.domain.query.characters import GLUE, URL, shape_of
from vigie.domain.query.text import fold

# Over shapes (see ``characters``): a run, a character that stands alone, a URL, or a tag.
_TOKEN = re.compile(r"[wdm*]+|[ue]|L+|[#@](?<![wdm][#@])(?=[dm_*]*[wu])[wdmu_*]+")
_IN_TAG = re.compile(r"[wdm*]+|u")
_URL_HEAD = re.compile(r"https?://|www\.", re.IGNORECASE)
_URL_TAIL = re.compile(r'[^\s<>"«»“”„]+')
_WILDCARD = re.compile(r"([*?])")


class Token(NamedTuple):
    """One position: its folded form, and its characters ``start:end`` in the cleaned text.

    ``form`` is empty for a URL, which no term matches. The first token of a tag or handle also carries
    ``tag`` (``#credit_agricole``), which starts at ``tag_start``.
    """

    form: str
    start: int
    end: int
    tag: str = ""
    tag_start: int = -1


def tokenize(text: str, *, wildcards: bool = False) -> list[Token]:
    """Return the tokens of a cleaned text, in order; ``wildcards`` keeps ``*`` and ``?`` in the forms."""
    shape = _hide_urls(text, shape_of(text, wildcards=wildcards))
    tokens: list[Token] = []
    for found in _TOKEN.finditer(shape):
        start, end = found.span()
        if shape[start] in "#@":
            tokens += _tag_tokens(text, shape, start, end)
        elif shape[start] == URL:
            tokens.append(Token("", start, end))
        elif form := _fold(text[start:end], wildcards=wildcards):
            tokens.append(Token(form, start, end))
    return tokens


def _hide_urls(text: str, shape: str) -> str:
    pieces: list[str] = []
    done = 0
    for head in _URL_HEAD.finditer(text):
        start = head.start()
        if start < done or (start and shape[start - 1] in GLUE):
            continue
        if tail := _URL_TAIL.match(text, head.end()):
            pieces += shape[done:start], URL * (tail.end() - start)
            done = tail.end()
    return "".join([*pieces, shape[done:]])


def _tag_tokens(text: str, shape: str, start: int, end: int) -> Iterator[Token]:
    parts = text[start + 1 : end].split("_")
    tag = text[start] + "_".join(_fold(part, wildcards=True) for part in parts)
    for found in _IN_TAG.finditer(shape, start + 1, end):
        if form := _fold(text[found.start() : found.end()], wildcards=True):
            yield Token(form, found.start(), found.end(), tag, start if tag else -1)
            tag = ""


def _fold(run: str, *, wildcards: bool) -> str:
    if not wildcards or ("*" not in run and "?" not in run):
        return fold(run)
    return "".join(piece if piece in ("*", "?") else fold(piece) for piece in _WILDCARD.split(run))
