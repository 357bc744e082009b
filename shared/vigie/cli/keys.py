"""``vigie keys issue``: a first key, the agency's or a client's; the API does the rest with it."""

import argparse
import sys
from typing import TYPE_CHECKING, TextIO, get_args

from vigie.domain.keys import ALL_SCOPES, OPS, Scope

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - no public name
else:
    Subparsers = object


def add_parser(subparsers: Subparsers) -> None:
    """Add ``keys``."""
    verbs = subparsers.add_parser("keys", help="issue API keys").add_subparsers(metavar="VERB", required=True)
    issue = verbs.add_parser(
        "issue",
        help="issue a key and print it, this once",
        description=f"Issue a key of a client, or of the agency ({OPS}), and print it: only its hash is kept.",
    )
    issue.add_argument("client", metavar="CLIENT", help=f"the client's id, or {OPS}")
    issue.add_argument("--name", default="", help="what it is for")
    issue.add_argument(
        "--scope", action="append", choices=get_args(Scope), help="what it may do, once for each (all)"
    )
    issue.set_defaults(run=run_issue)


def run_issue(arguments: argparse.Namespace, out: TextIO, _err: TextIO = sys.stderr) -> int:
    """Print a new key. Raises NotFound for a client that is not there."""
    from vigie.cli.stack import connect

    connect()
    from vigie import wiring
    from vigie.errors import NotFound

    client_id = arguments.client
    if client_id != OPS and wiring.accounts().client(client_id) is None:
        raise NotFound(f"There is no client {client_id}.")
    scopes = tuple(arguments.scope or ALL_SCOPES)
    print(wiring.key_desk().issue(client_id, scopes, name=arguments.name)[1], file=out)
    return 0
