"""The documents and lines that ``vigie query`` reads: strict about types, and every answer in its place."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from vigie.domain.query import Clause, Hit, Query, QueryDocument, evaluate, parse, prepare
from vigie.errors import BadQuery

_PATH = re.compile(r" - at `\$\.?([^`]*)`$")
_NAMED = re.compile(r"field `(.+)`$")


class BadLineError(ValueError):
    """What was read is no document or line; ``field`` is the path of what is wrong, empty for the whole."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field or 'the document'}: {problem}")
        self.field = field
        self.problem = problem


class Doc(msgspec.Struct, frozen=True):
    """A document as the command takes it: every key may be missing or null."""

    title: str | None = None
    summary: str | None = None
    body: str | None = None
    author: str | None = None
    url: str | None = None
    lang: str | None = None
    platform: str | None = None
    type: str | None = None
    links: tuple[str, ...] | None = None
    has: tuple[str, ...] | None = None
    site: str | None = None

    def prepared(self) -> QueryDocument:
        """Return the document ready to be asked; without a platform or a type it has none."""
        return prepare(
            title=self.title or "",
            summary=self.summary or "",
            body=self.body or "",
            author=self.author or "",
            url=self.url or "",
            language=self.lang,
            platform=self.platform or "",
            type=self.type or "",
            links=self.links or (),
            media=[medium.lower() for medium in self.has or ()],
            site=self.site or "",
        )

    def shown(self, hit: Hit) -> dict[str, Any]:
        """Return where something matched, with the words that stand there."""
        words = (getattr(self, hit.field) or "")[hit.start : hit.end]
        return {"field": hit.field, "start": hit.start, "end": hit.end, "words": words, "term": hit.term}

    def shown_clause(self, clause: Clause) -> dict[str, Any]:
        """Return what became of a clause and of those below it."""
        return {
            "text": clause.text,
            "operator": clause.operator or None,
            "held": clause.held,
            "hits": [self.shown(hit) for hit in clause.hits],
            "clauses": [self.shown_clause(below) for below in clause.clauses],
        }


class _Line(msgspec.Struct, frozen=True):
    query: str
    doc: Doc = Doc()
    id: Any = None


T = TypeVar("T")
_line_decoder = msgspec.json.Decoder(_Line)
_doc_decoder = msgspec.json.Decoder(Doc)


def read_doc(content: bytes) -> Doc:
    """Return one document. Raises BadLineError naming the field."""
    return _read(_doc_decoder, content)


def answers(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Give the answer to each line that is not blank, in order, one line in memory at a time."""
    for number, line in enumerate(lines, 1):
        content = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if not content.isspace() and content:
            yield _answer(content, number)


def _answer(content: bytes, number: int) -> dict[str, Any]:
    try:
        line = _read(_line_decoder, content)
    except BadLineError as error:
        return {
            "id": _id_of(content),
            "error": "BAD_LINE",
            "line": number,
            "field": error.field or None,
            "problem": error.problem,
        }
    query = _parsed(line.query)
    if isinstance(query, str):
        return {"id": line.id, "error": query}
    return {"id": line.id, "matched": evaluate(query, _prepared(line.doc)) is not None}


@lru_cache(maxsize=64)
def _prepared(doc: Doc) -> QueryDocument:
    """Return a document made ready once, when several lines put queries to it."""
    return doc.prepared()


@lru_cache(maxsize=10_000)
def _parsed(text: str) -> Query | str:
    """Return a query, or the code it is refused with; the same one often comes many times."""
    try:
        return parse(text)
    except BadQuery as error:
        return error.code


def _read(decoder: msgspec.json.Decoder[T], content: bytes) -> T:
    try:
        return decoder.decode(content)
    except msgspec.ValidationError as error:
        text = str(error)
        path = _PATH.search(text)
        problem = _PATH.sub("", text)
        named = _NAMED.search(problem)  # a field that is missing: the path stops above it
        raise BadLineError(
            ".".join(part[1] for part in (path, named) if part and part[1]), problem
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadLineError("", f"is no JSON: {error}") from error


def _id_of(content: bytes) -> Any:
    """Return the id of a bad line, as far as one can be read."""
    try:
        return msgspec.json.decode(content)["id"]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, LookupError, TypeError):
        return None
