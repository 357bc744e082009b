"""``vigie dead list, redrive``: messages that failed five times, by what they died of; sent again, slowly."""

import argparse
import json
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from vigie.domain.dead_letters import DeadLetter

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - no public name
else:
    Subparsers = object


def add_parser(subparsers: Subparsers) -> None:
    """Add ``dead`` and its commands."""
    dead = subparsers.add_parser("dead", help="see and send again what failed five times")
    commands = dead.add_subparsers(metavar="COMMAND", required=True)
    listing = commands.add_parser(
        "list",
        help="print dead letters by kind and error",
        description="Print one JSON line per kind and error, the most frequent first: kind, function, error (without "
        "what varies), count, oldest, newest, sample (message_id, sent_at, error, body). Nothing is changed.",
    )
    listing.add_argument("--limit", metavar="N", type=int, default=200, help="read so many (%(default)s)")
    listing.add_argument(
        "--sample", metavar="N", type=int, default=3, help="show so many of each (%(default)s)"
    )
    listing.set_defaults(run=run_list)
    again = commands.add_parser(
        "redrive",
        help="send dead letters again",
        description="Send dead letters to where they came from, one JSON line each: message_id, kind, outcome "
        "(redriven; dropped: a digest whose day is over, parked as evidence; left: it cannot be told where it came "
        "from), says. First mend what they died of: what fails again is back in half an hour or so.",
    )
    again.add_argument(
        "--kind", metavar="KIND", default="", help="only those, as list names them (digest-ready)"
    )
    again.add_argument("--error", metavar="TEXT", default="", help="only those whose error holds a text")
    again.add_argument("--limit", metavar="N", type=int, default=100, help="at most so many (%(default)s)")
    again.add_argument(
        "--per-second", metavar="N", type=float, default=5.0, help="at most so many a second (%(default)s)"
    )
    again.add_argument("--dry-run", action="store_true", help="say what would be done")
    again.set_defaults(run=run_redrive)


def run_list(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Print dead letters by kind and error."""
    from vigie import wiring
    from vigie.cli.stack import connect

    connect()
    groups = wiring.dead_letters().groups(args.limit)
    for group in groups:
        line = {
            "kind": group.kind,
            "function": group.letters[0].function,
            "error": group.error,
            "count": len(group.letters),
            "oldest": group.letters[0].sent_at.isoformat(),
            "newest": group.letters[-1].sent_at.isoformat(),
            "sample": [_shown(letter) for letter in group.letters[: args.sample]],
        }
        print(json.dumps(line, ensure_ascii=False), file=out)
    print(f"vigie: {sum(len(group.letters) for group in groups)} dead letters", file=err)
    return 0


def run_redrive(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Send dead letters again. Raises BadField for a rate that is none."""
    from vigie import wiring
    from vigie.cli.stack import connect
    from vigie.errors import BadField
    from vigie.steps.dead_letters import Chosen

    if args.per_second <= 0:
        raise BadField("--per-second", f"{args.per_second} is no rate", "Give a number above 0.")
    connect()
    moved = wiring.dead_letters().redrive(
        Chosen(kind=args.kind, error=args.error),
        limit=args.limit,
        per_second=args.per_second,
        dry_run=args.dry_run,
    )
    left = 0
    for each in moved:
        left += each.outcome == "left"
        line = {"message_id": each.letter.message_id, "kind": each.letter.kind}
        print(json.dumps(line | {"outcome": each.outcome, "says": each.says}, ensure_ascii=False), file=out)
    if left:
        print(f"vigie: {left} could not be sent again", file=err)
    return int(left > 0)


def _shown(letter: "DeadLetter") -> dict[str, Any]:
    return {
        "message_id": letter.message_id,
        "sent_at": letter.sent_at.isoformat(),
        "error": letter.error,
        "body": letter.body[:400],
    }
