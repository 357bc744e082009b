"""``vigie sources``: what the stack follows, how it does, what it could follow (more in ``packs``)."""

import argparse
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from vigie.cli import packs
from vigie.domain.source_export import write_csv, write_opml
from vigie.domain.source_lists import LIST_LIMIT_BYTES, SourceList, read_source_list
from vigie.errors import BadField

if TYPE_CHECKING:
    from vigie.ports import SourceStore

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - no public name
else:
    Subparsers = object

WRITERS = {"opml": write_opml, "csv": write_csv}


def add_parser(subparsers: Subparsers) -> None:
    """Add ``sources`` and its commands."""
    sources = subparsers.add_parser("sources", help="follow feeds, and see how they do")
    commands = sources.add_subparsers(metavar="COMMAND", required=True)
    importing = commands.add_parser(
        "import",
        help="follow the feeds of an OPML or CSV file",
        description="Print one JSON line per source followed (source_id, name, url) and per line refused (line, "
        "text, refused). A CSV has a column url, and name, tier, language, platform, type if you like; one "
        "address a line will do. Exits 1 when some line was refused.",
    )
    importing.add_argument("file", type=Path, metavar="FILE", help="OPML, CSV, or one address a line")
    importing.set_defaults(run=run_import)
    listing = commands.add_parser(
        "list",
        help="print every source and how it does",
        description="Print one JSON line per source: source_id, name, url, health (new, fresh, slow, moved, gap, "
        "silent, late, limited, failing, gone), polled_at, next_poll_at, failure, outlook (what is done about it, "
        "when, what you can do), alarm, news_at, articles_per_day, moved_to, push (standing, hub, until, pushed_at, "
        "missed_at, trouble; null when no hub pushes it)…",
    )
    listing.set_defaults(run=run_list)
    exporting = commands.add_parser(
        "export",
        help="print every source as a list that can be imported again",
        description="Print the sources as OPML, which feed readers know, or as CSV; either can be imported again.",
    )
    exporting.add_argument("--format", choices=sorted(WRITERS), default="opml", help="%(default)s by default")
    exporting.set_defaults(run=run_export)
    finding = commands.add_parser(
        "find",
        help="print the feeds that a page announces",
        description="Fetch one page and print one JSON line per feed it announces: url, title, format (rss, atom, "
        "json, or null when the address is itself a feed). Needs no stack. Exits 1 when there is none.",
    )
    finding.add_argument("page", metavar="PAGE_URL", help="a paper's home page, or a feed")
    finding.set_defaults(run=run_find)
    packs.add_parsers(commands)


def run_import(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Follow what a file lists; return 0, or 1 when some line was refused."""
    from vigie import wiring
    from vigie.cli.stack import connect

    source_list = read_file(args.file)
    connect()
    return import_list(source_list, wiring.sources(), wiring.settings().shard_count, out, err)


def run_list(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:  # noqa: ARG001 - a command's shape
    """Print every source, by id."""
    from vigie import wiring
    from vigie.cli.stack import connect

    connect()
    print_lines(wiring.source_views(), out)
    return 0


def run_export(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:  # noqa: ARG001 - a command's shape
    """Print every feed as one list; searches are planned from watches, and no part of it."""
    from vigie import wiring
    from vigie.cli.stack import connect

    connect()
    print(
        WRITERS[args.format]([each for each in wiring.sources().sources() if each.connector is None]),
        end="",
        file=out,
    )
    return 0


def run_find(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Print the feeds of a page; return 0, or 1 when there is none or the page cannot be had."""
    from vigie import wiring

    found = wiring.find_feeds(args.page)
    if not found:
        print(f"vigie: {args.page} announces no feed", file=err)
    print_lines(found, out)
    return 0 if found else 1


def read_file(file: Path) -> SourceList:
    """Read a list of sources from disk. Raises BadField when the file cannot be read or holds none."""
    try:
        with file.open("rb") as opened:
            content = opened.read(LIST_LIMIT_BYTES + 1)
    except OSError as error:
        raise BadField(
            "file", f"{file} cannot be read: {error.strerror}", "Name an OPML or CSV file."
        ) from error
    return read_source_list(content)


def import_list(
    source_list: SourceList, store: "SourceStore", shard_count: int, out: TextIO, err: TextIO
) -> int:
    """Follow a list's sources and print what became of each line; importing again changes nothing."""
    new = store.put_sources(source_list.sources, shard_count)
    print_lines(
        ({"source_id": item.source_id, "name": item.name, "url": item.url} for item in source_list.sources),
        out,
    )
    print_lines(
        ({"line": item.line, "text": item.text, "refused": item.reason} for item in source_list.refused), out
    )
    print(
        f"vigie: {len(source_list.sources)} sources, {new} of them new; {len(source_list.refused)} lines refused",
        file=err,
    )
    return 1 if source_list.refused else 0


def print_lines(values: Iterable[Mapping[str, Any]], out: TextIO) -> None:
    """Print each value as one JSON line."""
    for value in values:
        print(json.dumps(value, ensure_ascii=False), file=out)
