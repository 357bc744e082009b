"""``vigie feed parse FILE…``: what vigie reads in feed files, one JSON line per file."""

import argparse
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from vigie.domain.feeds import FeedEntry, ParsedFeed

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - no public name
else:
    Subparsers = object

Command = Callable[[argparse.Namespace, TextIO, TextIO], int]


def add_parser(subparsers: Subparsers) -> None:
    """Add ``feed`` and its commands to the ``vigie`` command; each leaves its ``run`` in the arguments."""
    feed = subparsers.add_parser("feed", help="look into feeds")
    commands = feed.add_subparsers(metavar="COMMAND", required=True)
    parse = commands.add_parser(
        "parse",
        help="print what vigie reads in feed files",
        description="Print one JSON line per file: file, title, entries (id, title, link, published_at, author, "
        "summary) and error. An entry's id is its guid, else its link, else null. "
        "Exits 1 when some file could not be read as a feed.",
    )
    parse.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="an RSS, Atom, RDF or JSON Feed file"
    )
    run: Command = run_parse
    parse.set_defaults(run=run)


def run_parse(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Print a line for every file, in order, whatever it holds; return 0, or 1 when some has an error."""
    failures = 0
    for file in args.files:
        feed = _read(file)
        print(_line(file, feed, ascii_only=not _speaks_unicode(out)), file=out)
        if feed.problem:
            failures += 1
            print(f"vigie: {_printable(file)}: {feed.problem}", file=err)
    return 1 if failures else 0


def _read(file: Path) -> ParsedFeed:
    from vigie.adapters.feeds import LIMIT_BYTES, parse_feed  # the other commands need no parser: 100 ms

    if file.is_dir():
        return ParsedFeed(problem="is a folder; name the feed files in it")
    try:
        with file.open("rb") as opened:
            body = opened.read(LIMIT_BYTES + 1)
    except OSError as error:
        return ParsedFeed(problem=f"cannot be read: {error.strerror}")
    return parse_feed(body, url="", content_type=None)


def _line(file: Path, feed: ParsedFeed, *, ascii_only: bool) -> str:
    shown = {
        "file": _printable(file),
        "title": feed.title or None,
        "entries": [_entry(entry) for entry in feed.entries],
        "error": feed.problem,
    }
    return json.dumps(shown, ensure_ascii=ascii_only)


def _entry(entry: FeedEntry) -> dict[str, str | None]:
    return {
        "id": entry.guid or entry.link,
        "title": entry.title,
        "link": entry.link,
        "published_at": _iso(entry.published_at),
        "author": entry.author or None,
        "summary": entry.summary,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _printable(file: Path) -> str:
    """Return a path as text that any JSON reader takes, should its name not be UTF-8."""
    return str(file).encode("utf-8", "replace").decode()


def _speaks_unicode(out: TextIO) -> bool:
    encoding = out.encoding or "utf-8"  # None: memory, in tests
    return encoding.lower().replace("-", "") == "utf8"
