"""A query's text under a cursor: what the rules of the grammar read with, and how they refuse or advise."""

import re
from typing import Final, NoReturn

from vigie.domain.query.nodes import Lint
from vigie.domain.query.sentences import advice, refusal
from vigie.domain.query.text import clean_query

DEPTH_LIMIT = 60
TERM_LIMIT = 20_000

# Kinds of lexemes: the numbers of the groups below.
OPEN: Final = 1
CLOSE: Final = 2
QUOTE: Final = 3
OPERATOR: Final = 4
MINUS: Final = 5
PREFIX: Final = 6
WORD: Final = 7
END: Final = 8

_QUOTES = re.compile("[“”„«»]")
_RUN = re.compile(r'[^ ()"]*')
_OPERATORS = r'(AND|OR|NOT|O?NEAR(?:/[^ ()"]*)?)(?=[ ()"]|\Z)|(-)(?=[^ )])'
_NEITHER = "((?!))|((?!))"  # the same two groups, never matched
_LEXEME = r" ?(?:(\()|(\))|(\")|{operators}|(?![Hh][Tt][Tt][Pp][Ss]?://)([^\W\d]+):|([^ ()\"]+)|(\Z))"
_ANYWHERE = re.compile(_LEXEME.format(operators=_OPERATORS)).match
_AFTER_FIELD = re.compile(_LEXEME.format(operators=_NEITHER)).match


class Reader:
    """The cleaned text, the lexeme under the cursor, and the counts that the limits bound.

    The lexeme is of ``kind``, is written ``word`` and stands at ``at``; what follows it begins at ``end``. Positions
    inside are those of the cleaned text; what leaves is given in those of the text as written.
    """

    def __init__(self, text: str) -> None:
        cleaned = clean_query(text)
        self.text = cleaned.text if cleaned.text.isascii() else _QUOTES.sub('"', cleaned.text)
        self._starts = cleaned.starts
        self.kind, self.word, self.at, self.end = END, "", 0, 0
        self.depth = 0
        self.deepest = 0
        self.terms = 0
        self.notes: list[Lint] = []

    def advance(self, start: int = -1, *, operators: bool = True) -> None:
        """Go on to the lexeme that stands at ``start``, or follows this one; operators may be words like others."""
        match = _ANYWHERE if operators else _AFTER_FIELD
        found = match(self.text, self.end if start < 0 else start)
        if found is None or found.lastindex is None:
            raise AssertionError(f"no lexeme at {start}")  # the alternatives leave nothing out
        self.kind = kind = found.lastindex
        self.at, end = found.span(kind)
        self.word = found[kind]
        self.end = end + 1 if kind == PREFIX else end

    def following(self) -> str:
        """Return the character right after the lexeme, or an empty string at the end."""
        return self.text[self.end : self.end + 1]

    def run(self, start: int) -> str:
        """Return the run of characters other than space ( ) " at ``start``, perhaps empty."""
        found = _RUN.match(self.text, start)
        return found[0] if found else ""

    def closing_quote(self) -> int:
        """Return the place of the quote that closes the one under the cursor."""
        closed = self.text.find('"', self.end)
        if closed < 0:
            self.refuse("open_quote", self.at)
        return closed

    def deepen(self, levels: int) -> None:
        """Go down ``levels`` (up, when negative) and refuse to pass the limit."""
        self.depth += levels
        self.bury(self.depth)

    def bury(self, depth: int) -> None:
        """Remember that the tree reaches ``depth`` here, and refuse to pass the limit."""
        if depth > self.deepest:
            self.deepest = depth
            if depth > DEPTH_LIMIT:
                self.refuse("too_deep", self.at, limit=DEPTH_LIMIT)

    def count_terms(self, count: int, at: int) -> None:
        """Count terms (and values of filters) and refuse to pass the limit."""
        self.terms += count
        if self.terms > TERM_LIMIT:
            self.refuse("too_many_terms", at, limit=TERM_LIMIT)

    def given(self, at: int) -> int:
        """Return the position in the text as written."""
        return self._starts[at]

    def refuse(self, reason: str, at: int, **fields: object) -> NoReturn:
        """Raise BadQuery for a reason of the catalogue."""
        raise refusal(reason, self.given(at), "query", **fields)

    def note(self, reason: str, at: int, **fields: object) -> None:
        """Keep a piece of advice about how the query is written."""
        self.notes.append(advice(reason, self.given(at), **fields))
