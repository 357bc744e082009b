"""``vigie query backtest``: what a query would have brought over the last days, read in the stack's archive."""

import argparse
import json
from typing import TYPE_CHECKING, TextIO
from zoneinfo import ZoneInfo

from vigie.cli.query_words import QueryParser, take_query, terminal_locale

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[QueryParser]  # noqa: SLF001 - no public name
else:
    Subparsers = object

BUDGET_SECONDS = 300.0
_TENTHS = 10

DESCRIPTION = """\
Print one JSON line: query, canonical, days, since, until, covered_since (from when on documents were asked),
complete (false when time ran out), documents (asked), mentions, stories, per_day (day, mentions, stories), terms
(term; mentions that hold it; only: those that match by nothing else; without: mentions were it taken out), noisiest
(the first of these), monthly_mentions, quota, share_of_quota, samples (title, url, source_name, platform, at,
extract, evidence), lint, unreadable. Documents count on the day they came out; stories on the day they began, and
are estimated. For a query that is refused: error and position, as `vigie query check` has them.
Progress goes to stderr. Exits 1 when the query is refused or there is no stack."""


def add_parser(commands: Subparsers) -> None:
    """Add ``backtest``."""
    backtest = commands.add_parser(
        "backtest",
        help="tell what a query would have brought over the last days",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    backtest.add_argument("query", metavar="QUERY", type=take_query)
    backtest.add_argument(
        "--days", metavar="N", type=_days, default=30, help="the last N days, 1 to 30 (%(default)s)"
    )
    backtest.add_argument(
        "--quota", metavar="N", type=_positive, help="mentions a month that the plan includes"
    )
    backtest.add_argument(
        "--zone", metavar="ZONE", type=_zone, default="Europe/Paris", help="whose days (%(default)s)"
    )
    backtest.set_defaults(run=run_backtest)


def run_backtest(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Print what the query would have brought; 1 when it is refused."""
    from vigie import views, wiring
    from vigie.cli.stack import connect
    from vigie.domain.query import parse
    from vigie.domain.query.sentences import told_refusal
    from vigie.errors import BadQuery
    from vigie.steps.backtest import Question

    try:
        parse(args.query)
    except BadQuery as error:
        print(json.dumps({"error": error.code, "position": error.position}), file=out)
        print(f"vigie: {told_refusal(error, terminal_locale())}", file=err)
        return 1
    connect()
    question = Question(query=args.query, days=args.days, zone=args.zone, quota=args.quota)
    result = wiring.backtests(BUDGET_SECONDS).run(question, _Teller(err))
    encoding = (out.encoding or "utf-8").lower().replace("-", "")  # None: memory, in tests
    print(json.dumps(views.plain(result), ensure_ascii=encoding != "utf8"), file=out)
    return 0


class _Teller:
    """Says on stderr how far a back-test is, each tenth once."""

    def __init__(self, err: TextIO) -> None:
        self._err = err
        self._told = -1

    def __call__(self, share: float, mentions: int) -> None:
        """Say it when a tenth more is done."""
        if (tenth := int(share * _TENTHS)) > self._told:
            self._told = tenth
            print(f"vigie: {share:.0%} read, {mentions} mentions", file=self._err, flush=True)


def _days(text: str) -> int:
    from vigie.domain.backtest import DAYS_LIMIT

    if (days := _positive(text)) > DAYS_LIMIT:
        raise argparse.ArgumentTypeError(f"{days} is out of range: use 1 to {DAYS_LIMIT}")
    return days


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (LookupError, ValueError, OSError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no time zone; write it as Europe/Paris") from error
