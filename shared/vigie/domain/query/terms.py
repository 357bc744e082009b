"""Words, strings and ``raw:`` terms of a query: from their characters to the tokens they look for."""

from vigie.domain.query.nodes import Raw, Slop, Term
from vigie.domain.query.reader import Reader
from vigie.domain.query.tokens import Token, tokenize

SLOP_LIMIT = 100  # tokens in between, as for NEAR
SLOP_WORDS_LIMIT = 8


def read_phrase(reader: Reader, content: str, start: int, field: str | None) -> Term:
    """Return the term that a word or string makes; ``start`` is where ``content`` begins."""
    return Term(content.strip(), _forms(reader, content, start), field, reader.given(start))


def read_slop(reader: Reader, content: str, start: int, written: str, field: str | None) -> Slop:
    """Return the term that a string followed by ``~written`` makes."""
    at = reader.at - len(written)
    if not (written.isascii() and written.isdigit() and len(written) < 10 and int(written) <= SLOP_LIMIT):
        problem = f"~ takes a number of words from 0 to {SLOP_LIMIT}"
        reader.refuse("BAD_SLOP", at, problem, 'Write for instance "first second"~3.')
    tokens = _forms(reader, content, start)
    if len(tokens) > SLOP_WORDS_LIMIT:
        problem = f"a string with ~ holds {len(tokens)} words, at most {SLOP_WORDS_LIMIT} are possible"
        reader.refuse(
            "SLOP_TOO_LONG", start, problem, "Keep the words that tell, or remove the ~ and its number."
        )
    return Slop(content.strip(), tokens, int(written), field, reader.given(start))


def read_raw(reader: Reader, content: str, start: int, field: str | None) -> Raw:
    """Return the term that ``raw:`` makes: the content as it is, whatever its symbols."""
    if not content.strip():
        reader.refuse("NO_TOKENS", start, "nothing is looked for", "Write the exact text after raw:.")
    tokens = tokenize(content)
    _refuse_urls(reader, tokens, start)
    return Raw(content, tuple(token.form for token in tokens), field, reader.given(start))


def _forms(reader: Reader, content: str, start: int) -> tuple[str, ...]:
    tokens = tokenize(content, wildcards=True)
    _refuse_urls(reader, tokens, start)
    if not tokens:
        remedy = "Write a word with letters or digits, or raw: before the symbols to find them exactly."
        reader.refuse("NO_TOKENS", start, "this holds no letter, digit or emoji", remedy)
    for index, token in enumerate(tokens):
        if "*" in token.form or "?" in token.form:
            following = tokens[index + 1].start if index + 1 < len(tokens) else len(content)
            is_last = index + 1 == len(tokens) or " " in content[token.end : following]
            _check_wildcards(reader, token, start, is_last=is_last)
    return tuple(token.tag or token.form for token in tokens)


def _refuse_urls(reader: Reader, tokens: list[Token], start: int) -> None:
    for token in tokens:
        if not token.form:
            remedy = "Search documents that link to a site with links:, those it published with site:."
            reader.refuse("URL_TERM", start + token.start, "no term matches inside an address", remedy)


def _check_wildcards(reader: Reader, token: Token, start: int, *, is_last: bool) -> None:
    at = start + token.start
    form = token.form
    if form[0] in "*?":
        remedy = "Begin with a letter; quote nothing and leave it out if it is punctuation."
        reader.refuse("LEADING_WILDCARD", at, f"a word cannot begin with {form[0]}", remedy)
    star = form.find("*")
    if star < 0:
        return
    if star < len(form) - 1 or not is_last:
        reader.refuse(
            "INNER_STAR", at, "* stands only at the end of a word", "Use ? for one character inside."
        )
    if sum(character.isalpha() for character in form) < 2:
        reader.refuse("SHORT_PREFIX", at, "* needs two letters before it", "Write more of the word.")
