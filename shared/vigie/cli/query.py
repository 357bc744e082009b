"""``vigie query``: check a query, try many on documents or the archive, and ask why one matches or does not."""

import argparse
import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from vigie.cli import query_backtest
from vigie.cli.query_words import QueryParser, take_query, terminal_locale

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - no public name
else:
    Subparsers = object

_BAD_USAGE = 2

_CHECK = """\
Print one JSON line: ok, error (a code of the language, or null), position (in characters from 0, or null), lint (the
codes of what is doubtful in a valid query) and canonical (the query with nothing left to precedence; null when it is
refused). Says on stderr what is wrong and what to write instead, in French or English as LANG says.
Exits 1 when the query is refused."""

_MATCH = """\
Each line of FILE is an object: id, query, and doc with any of title, summary, body, author, url, lang, platform,
type (texts), links (addresses), has (of video, image, link) and site (the publisher's host, where url is somebody
else's). What is missing or null is empty; other keys are left aside. Prints one line for each, in order:

  {"id": …, "matched": true or false}
  {"id": …, "error": CODE}                                     the query is refused, with a code of the language
  {"id": …, "error": "BAD_LINE", "line": 3, "field": "doc.links", "problem": …}    the line is not what it should be

Blank lines are passed over. Exits 1 when a line was bad; a refused query is an answer like any other."""

_EXPLAIN = """\
Reads one document, the doc of `vigie query match`, and prints one JSON line: matched, failed (the clauses that made
the query fail), hits (field, start, end: characters of the text as published; words, what stands there; term, what
it answers) and clauses (the whole query, each part with what became of it). For a query that is refused: error and
position, as `vigie query check` has them.
Exits 1 when the query is refused or the document cannot be read."""


def add_parser(subparsers: Subparsers) -> None:
    """Add ``query`` and its commands."""
    query = subparsers.add_parser("query", help="check, try and explain queries")
    commands = query.add_subparsers(metavar="COMMAND", required=True, parser_class=QueryParser)
    raw = argparse.RawDescriptionHelpFormatter  # the descriptions show lines of JSON
    check = commands.add_parser(
        "check", help="tell whether a query is valid", description=_CHECK, formatter_class=raw
    )
    check.add_argument("query", metavar="QUERY", type=take_query)
    check.set_defaults(run=run_check)
    match = commands.add_parser(
        "match", help="tell which documents queries match", description=_MATCH, formatter_class=raw
    )
    match.add_argument(
        "file", metavar="FILE", type=take_query, help="JSON Lines, or - for the standard input"
    )
    match.set_defaults(run=run_match)
    explain = commands.add_parser(
        "explain", help="tell why a document matches, or does not", description=_EXPLAIN, formatter_class=raw
    )
    explain.add_argument("query", metavar="QUERY", type=take_query)
    explain.add_argument("file", metavar="FILE", nargs="?", default="-", help="the document (standard input)")
    explain.set_defaults(run=run_explain)
    query_backtest.add_parser(commands)


def run_check(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Print what the language says of a query; 1 when it is refused."""
    from vigie.domain.query import canonical, lint, parse
    from vigie.domain.query.sentences import told_advice, told_refusal
    from vigie.errors import BadQuery

    try:
        query = parse(args.query)
    except BadQuery as error:
        _print(
            {"ok": False, "error": error.code, "position": error.position, "lint": [], "canonical": None}, out
        )
        print(f"vigie: {told_refusal(error, terminal_locale())}", file=err)
        return 1
    remarks = lint(query)
    for remark in remarks:
        told = told_advice(remark, terminal_locale())
        print(f"vigie: {told.code} ({told.position}): {told.problem}. {told.remedy}", file=err)
    codes = list(dict.fromkeys(remark.code for remark in remarks))
    _print({"ok": True, "error": None, "position": None, "lint": codes, "canonical": canonical(query)}, out)
    return 0


def run_match(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Print an answer for each line of a file as it is read; 1 when some line was bad."""
    from vigie.cli.query_lines import answers

    bad = 0
    try:
        with _opened(args.file) as lines:
            for answer in answers(lines):
                bad += answer.get("error") == "BAD_LINE"
                _print(answer, out)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        print(f"vigie: {args.file} cannot be read: {error.strerror}", file=err)
        return _BAD_USAGE
    if bad:
        print(f"vigie: {bad} bad lines", file=err)
    return 1 if bad else 0


def run_explain(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Print why a document matches a query or does not; 0 whatever the answer."""
    from vigie.cli.query_lines import BadLineError, read_doc
    from vigie.domain.query import explain, failures, parse
    from vigie.domain.query.sentences import told_refusal
    from vigie.errors import BadQuery

    try:
        query = parse(args.query)
        with _opened(args.file) as opened:
            doc = read_doc(opened.read())
    except BadQuery as error:
        _print({"matched": None, "error": error.code, "position": error.position}, out)
        print(f"vigie: {told_refusal(error, terminal_locale())}", file=err)
        return 1
    except BadLineError as error:
        print(f"vigie: {error}", file=err)
        return 1
    except OSError as error:
        print(f"vigie: {args.file} cannot be read: {error.strerror}", file=err)
        return _BAD_USAGE
    clause = explain(query, doc.prepared())
    _print(
        {
            "matched": clause.held,
            "failed": failures(clause),
            "hits": [doc.shown(hit) for hit in clause.hits],
            "clauses": doc.shown_clause(clause),
        },
        out,
    )
    return 0


def _opened(file: str) -> Any:
    return nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb")


def _print(answer: dict[str, Any], out: TextIO) -> None:
    encoding = (out.encoding or "utf-8").lower().replace("-", "")  # None: memory, in tests
    print(json.dumps(answer, ensure_ascii=encoding != "utf8"), file=out)
