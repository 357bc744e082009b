"""``vigie stories assign``: which story each document of a list belongs to, by the code of the function."""

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO

import msgspec

from vigie.domain.documents import Document
from vigie.domain.urls import canonical_url
from vigie.errors import BadField

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - no public name
else:
    Subparsers = object

PROGRESS_EVERY = 1_000
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the input; only the id must be there."""

    id: str
    title: str | None = None
    summary: str | None = None
    body: str | None = None
    url: str | None = None
    published_at: str | None = None
    source_id: str | None = None
    platform: str | None = None
    type: str | None = None
    lang: str | None = None


def add_parser(subparsers: Subparsers) -> None:
    """Add ``stories`` and its commands."""
    stories = subparsers.add_parser("stories", help="see which documents carry one text")
    commands = stories.add_subparsers(metavar="COMMAND", required=True)
    assign = commands.add_parser(
        "assign",
        help="group the documents of a list into stories",
        description="Read documents in order of arrival from stdin, one JSON object a line: id, and title, summary, "
        "body, url, published_at (ISO 8601, UTC), source_id, platform, type, lang if you like. Print one line for "
        "each, in the same order: id, story_id. Stories are those that stand once all documents have come. Of "
        "lines with one id the first counts. Lines that cannot be read are named on stderr and left out; then the "
        "exit status is 1. Needs no stack.",
    )
    assign.set_defaults(run=run_assign)


def run_assign(_args: argparse.Namespace, out: TextIO, err: TextIO, lines: TextIO | None = None) -> int:
    """Assign every document, then print the stories that stand; return 1 when some line was refused."""
    from vigie.adapters.memory import MemoryStories
    from vigie.steps.stories import StoryAssigner

    store = MemoryStories()
    assigner = StoryAssigner(store)
    order: list[str] = []
    done: set[str] = set()
    refused = merged = 0
    for document in _documents(lines or sys.stdin):
        if isinstance(document, str):
            refused += 1
            print(f"vigie: {document}", file=err)
            continue
        order.append(document.document_id)
        if document.document_id in done:
            continue
        done.add(document.document_id)
        merged += len(assigner.assign(document, document.seen_at).merges)
        if len(done) % PROGRESS_EVERY == 0:
            print(f"vigie: {len(done)} documents", file=err)
    stories = store.roots(done)
    for document_id in order:
        print(_encoded({"id": document_id, "story_id": stories[document_id]}), file=out)
    print(
        f"vigie: {len(done)} documents, {len(set(stories.values()))} stories, {merged} merged late, "
        f"{refused} lines refused",
        file=err,
    )
    return 1 if refused else 0


def _documents(lines: Iterable[str]) -> Iterator[Document | str]:
    """Yield each line's document, or why it is refused; one without a date came out when its neighbour did."""
    undated: list[Document | str] = []
    now: datetime | None = None
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        read = _read(number, text.strip().lstrip("\ufeff"), now)
        if isinstance(read, Document) and read.published_at:
            now = read.published_at
            yield from (replace(old, seen_at=now) if isinstance(old, Document) else old for old in undated)
            undated = []
        if now is None:
            undated.append(read)
        else:
            yield read
    yield from undated


def _read(number: int, text: str, now: datetime | None) -> Document | str:
    try:
        return read_line(text, now or _BEGINNING)
    except BadField as error:
        return f"line {number}: {error}"


def read_line(text: str, now: datetime) -> Document:
    """Return the document of one line; one without a date came out ``now``. Raises BadField naming the field."""
    try:
        values = msgspec.json.decode(text.encode("utf-8", "surrogatepass"))
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadField("line", f"is no JSON: {error}", "Give one JSON object a line.") from error
    if not isinstance(values, dict):
        raise BadField("line", "is no object", 'Give {"id": "…", "title": "…", …}.')
    for name in Line.__struct_fields__:
        _check(values, name)
    line = msgspec.convert(values, Line)
    published_at = _instant(line.published_at) if line.published_at else None
    url = line.url or ""
    return Document(
        document_id=line.id,
        source_id=line.source_id or "",
        source_name=line.source_id or "",
        url=url,
        canonical_url=canonical_url(url),
        title=line.title or "",
        summary=line.summary or "",
        body=line.body or "",
        published_at=published_at,
        seen_at=published_at or now,
        platform=line.platform or "press",
        type=line.type or "article",
        language=line.lang,
    )


def _check(values: Mapping[str, Any], name: str) -> None:
    value = values.get(name)
    if name == "id" and not value:
        raise BadField("id", "is missing", "Give each document a text of its own as id.")
    if value is not None and not isinstance(value, str):
        raise BadField(name, f"{value!r:.40} is no text", "Give a JSON string, or leave it out.")


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text.strip())
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        remedy = "Write it in ISO 8601, UTC: 2026-12-08T06:15:00Z."
        raise BadField("published_at", f"{text!r:.40} is no instant", remedy) from None


def _encoded(value: object) -> str:
    return msgspec.json.encode(value).decode()
