"""``vigie digest show CLIENT [DATE]``: a client's digest, as its mail's text or as JSON."""

import argparse
import json
from datetime import date
from typing import TYPE_CHECKING, TextIO

from vigie.errors import NotFound

if TYPE_CHECKING:
    from vigie.domain.clients import Client
    from vigie.ports import DigestEntry

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - no public name
else:
    Subparsers = object


def add_parser(subparsers: Subparsers) -> None:
    """Add ``digest`` and its commands."""
    digest = subparsers.add_parser("digest", help="read clients' digests")
    commands = digest.add_subparsers(metavar="COMMAND", required=True)
    show = commands.add_parser(
        "show",
        help="print a client's digest",
        description="Print the digest that closed last on DATE, the latest one without DATE.",
    )
    show.add_argument("client", metavar="CLIENT", help="the client's id")
    show.add_argument(
        "date", metavar="DATE", nargs="?", type=date.fromisoformat, help="a local day: 2026-11-22"
    )
    show.add_argument("--json", action="store_true", help="one JSON line, as the API shows it")
    show.set_defaults(run=run_show)


def run_show(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:  # noqa: ARG001 - a command's shape
    """Print one digest. Raises NotFound when there is no such client or digest."""
    from vigie import views, wiring
    from vigie.cli.stack import connect

    connect()
    client = wiring.accounts().client(args.client)
    if client is None:
        known = ", ".join(each.client_id for each in wiring.accounts().clients()) or "none yet"
        raise NotFound(f"there is no client {args.client}; the stack has: {known}")
    desk = wiring.desk()
    entry = _chosen(client, desk.digest_entries(client), args.date)
    digest = desk.digest(client, entry.digest_id)
    if args.json:
        print(json.dumps(views.of_digest(digest), ensure_ascii=False), file=out)
    else:
        print(wiring.renderer()(digest, None).text, file=out)
    return 0


def _chosen(client: "Client", entries: "list[DigestEntry]", day: date | None) -> "DigestEntry":
    for entry in entries:  # newest first
        if day is None or entry.interval.until.astimezone(client.tz).date() == day:
            return entry
    when = f" of {day}" if day else ""
    raise NotFound(f"{client.client_id} has no digest{when} yet")
