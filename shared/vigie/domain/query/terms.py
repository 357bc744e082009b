"""Words, strings and ``raw:`` terms of a query: from their characters to the tokens they look for."""

import re

from vigie.domain.query.nodes import Raw, Slop, Term
from vigie.domain.query.reader import Reader
from vigie.domain.query.text import fold
from vigie.domain.query.tokens import Token, tokenize

SLOP_LIMIT = 100  # tokens in between, as for NEAR
SLOP_WORDS_LIMIT = 8

# Most words hold nothing that the tokenizer would have to look at twice: Latin letters and digits, and between two
# words one sign that separates; or letters with a star behind, or a tag or handle of these.
_LATIN = "A-Za-zÀ-ÖØ-öø-ɏ"
_PLAIN_WORD = re.compile(rf"[0-9{_LATIN}]+")
_PLAIN = re.compile(rf"[0-9{_LATIN}]+(?:[ '&-][0-9{_LATIN}]+)*")
_PLAIN_TAG = re.compile(rf"[#@][{_LATIN}][0-9{_LATIN}]*")
_PLAIN_PREFIX = re.compile(rf"[{_LATIN}]{{2,}}\*")


def read_phrase(reader: Reader, content: str, start: int, field: str | None) -> Term:
    """Return the term that a word or string makes; ``start`` is where ``content`` begins."""
    return Term(content.strip(), _forms(reader, content, start), field, reader.given(start))


def read_slop(reader: Reader, content: str, start: int, written: tuple[str, int], field: str | None) -> Slop:
    """Return the term that a string followed by ``~`` makes; ``written`` is what follows the ``~``, and where."""
    digits, at = written
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10 and int(digits) <= SLOP_LIMIT):
        reader.refuse("bad_slop", at, limit=SLOP_LIMIT)
    tokens = _forms(reader, content, start)
    if len(tokens) > SLOP_WORDS_LIMIT:
        reader.refuse("slop_too_long", start, count=len(tokens), limit=SLOP_WORDS_LIMIT)
    return Slop(content.strip(), tokens, int(digits), field, reader.given(start))


def read_raw(reader: Reader, content: str, start: int, field: str | None) -> Raw:
    """Return the term that ``raw:`` makes: the content as it is, whatever its symbols."""
    if not content.strip():
        reader.refuse("empty_raw", start)
    tokens = tokenize(content)
    _refuse_urls(reader, tokens, start)
    return Raw(content, tuple(token.form for token in tokens), field, reader.given(start))


def _forms(reader: Reader, content: str, start: int) -> tuple[str, ...]:
    if plain := plain_forms(content):
        return plain
    tokens = tokenize(content, wildcards=True)
    _refuse_urls(reader, tokens, start)
    if not tokens:
        reader.refuse("no_tokens", start)
    for index, token in enumerate(tokens):
        if "*" in token.form or "?" in token.form:
            following = tokens[index + 1].start if index + 1 < len(tokens) else len(content)
            is_last = index + 1 == len(tokens) or " " in content[token.end : following]
            _check_wildcards(reader, token, start, is_last=is_last)
    return tuple(token.tag or token.form for token in tokens)


def plain_forms(content: str) -> tuple[str, ...] | None:
    """Return the tokens of a term when they can be told at a glance, as of most; None when they cannot."""
    if content.isascii() and content.isalnum():
        return (content.lower(),)
    if _PLAIN.fullmatch(content):
        return tuple(map(fold, _PLAIN_WORD.findall(content)))
    if _PLAIN_PREFIX.fullmatch(content):
        return (f"{fold(content[:-1])}*",)
    if _PLAIN_TAG.fullmatch(content):
        return (content[0] + fold(content[1:]),)
    return None


def _refuse_urls(reader: Reader, tokens: list[Token], start: int) -> None:
    for token in tokens:
        if not token.form:
            reader.refuse("url_term", start + token.start)


def _check_wildcards(reader: Reader, token: Token, start: int, *, is_last: bool) -> None:
    at = start + token.start
    form = token.form
    if form[0] in "*?":
        reader.refuse("leading_wildcard", at, sign=form[0])
    star = form.find("*")
    if star < 0:
        return
    if star < len(form) - 1 or not is_last:
        reader.refuse("inner_star", at)
    if sum(character.isalpha() for character in form) < 2:
        reader.refuse("short_prefix", at)
