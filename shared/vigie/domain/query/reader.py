"""A query's text under a cursor: what the rules of the grammar read with, and how they refuse or advise."""

import re
from typing import NoReturn

from vigie.domain.query.nodes import Lint
from vigie.domain.query.text import clean_query
from vigie.errors import BadQuery

DEPTH_LIMIT = 60
TERM_LIMIT = 20_000

_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
_RUN = re.compile(r'[^ ()"]+')
_OPERATOR = re.compile(r'(AND|OR|NOT|(?:NEAR|ONEAR)(/[^ ()"]*)?)(?=[ ()"]|$)')


class Reader:
    """The cleaned text, a cursor (``at``), and the counts that the limits bound.

    Positions inside are those of the cleaned text; what leaves is given in those of the text as written.
    """

    def __init__(self, text: str) -> None:
        cleaned = clean_query(text)
        self.text = cleaned.text.translate(_QUOTES)
        self._starts = cleaned.starts
        self.at = 0
        self.depth = 0
        self.deepest = 0
        self.terms = 0
        self.notes: list[Lint] = []

    def peek(self) -> str:
        """Return the next character, or an empty string at the end."""
        return self.text[self.at : self.at + 1]

    def skip(self) -> None:
        """Pass over spaces (cleaning left no other white space, and no two in a row)."""
        if self.peek() == " ":
            self.at += 1

    def operator(self, *names: str) -> re.Match[str] | None:
        """Pass over one of these operators and return it: group 1 is all of it, group 2 the ``/n``."""
        found = self.next_operator()
        if found is None or found[1].partition("/")[0] not in names:
            return None
        self.at = found.end()
        return found

    def next_operator(self) -> re.Match[str] | None:
        """Return the operator at the cursor, if any, and stay."""
        return _OPERATOR.match(self.text, self.at)

    def minus(self) -> bool:
        """Pass over a minus that is glued to an operand; the cursor stands at the start of a word."""
        glued = self.peek() == "-" and self.text[self.at + 1 : self.at + 2] not in ("", " ", ")")
        self.at += glued
        return glued

    def run(self) -> str:
        """Pass over a run of characters other than space ( ) " and return it, perhaps empty."""
        found = _RUN.match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found[0]

    def quoted(self) -> str:
        """Pass over a string and return what is between its quotes."""
        opened = self.at
        closed = self.text.find('"', opened + 1)
        if closed < 0:
            self.refuse("SYNTAX", opened, "this quote is never closed", "Add a closing quote.")
        self.at = closed + 1
        return self.text[opened + 1 : closed]

    def deepen(self, levels: int) -> None:
        """Go down ``levels`` (up, when negative) and refuse to pass the limit."""
        self.depth += levels
        self.bury(self.depth)

    def bury(self, depth: int) -> None:
        """Remember that the tree reaches ``depth`` here, and refuse to pass the limit."""
        self.deepest = max(self.deepest, depth)
        if depth > DEPTH_LIMIT:
            remedy = "Remove parentheses, negations or NEARs that stand inside others."
            self.refuse("TOO_DEEP", self.at, f"the query nests more than {DEPTH_LIMIT} levels", remedy)

    def count_terms(self, count: int, at: int) -> None:
        """Count terms (and values of filters) and refuse to pass the limit."""
        self.terms += count
        if self.terms > TERM_LIMIT:
            remedy = "Split it into several watches."
            self.refuse("TOO_MANY_TERMS", at, f"the query holds more than {TERM_LIMIT} terms", remedy)

    def given(self, at: int) -> int:
        """Return the position in the text as written."""
        return self._starts[at]

    def refuse(self, code: str, at: int, problem: str, remedy: str) -> NoReturn:
        """Raise BadQuery."""
        raise BadQuery(code, self.given(at), problem, remedy)

    def note(self, code: str, at: int, problem: str, remedy: str) -> None:
        """Keep a piece of advice about how the query is written."""
        self.notes.append(Lint(code, self.given(at), problem, remedy))
