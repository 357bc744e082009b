"""``vigie feedback export CLIENT`` and ``vigie feedback report CLIENT``: what people corrected."""

import argparse
import json
from typing import TYPE_CHECKING, TextIO

from vigie.errors import NotFound

if TYPE_CHECKING:
    from vigie.domain.clients import Client

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - no public name
else:
    Subparsers = object


def add_parser(subparsers: Subparsers) -> None:
    """Add ``feedback`` and its commands."""
    feedback = subparsers.add_parser("feedback", help="what people corrected of a client's mentions")
    commands = feedback.add_subparsers(metavar="COMMAND", required=True)
    export = commands.add_parser(
        "export",
        help="print corrected mentions as training data",
        description="Print a JSON line for each mention and watch that somebody labelled by hand: id, text, title, "
        "lang, platform, entity (name, aliases), labels (relevance, impact, tone, crisis, crisis_type: those given). "
        "A file of these in training/examples is trained on; as much of a text is printed as its source allows.",
    )
    report = commands.add_parser(
        "report",
        help="print how often people agreed",
        description="Print a JSON line for each label that somebody gave: label, given, confirmed (it stood so "
        "before), changed (what became what). People correct what they notice: this is no measure of accuracy.",
    )
    for command, run in ((export, run_export), (report, run_report)):
        command.add_argument("client", metavar="CLIENT", help="the client's id")
        command.set_defaults(run=run)


def run_export(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:  # noqa: ARG001 - a command's shape
    """Print the client's corrected mentions as examples. Raises NotFound when there is no such client."""
    from vigie import views, wiring

    for example in wiring.feedback().examples(_client(args.client)):
        print(json.dumps(views.plain(example), ensure_ascii=False), file=out)
    return 0


def run_report(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:  # noqa: ARG001 - a command's shape
    """Print how the client's people agreed with the labels. Raises NotFound when there is no such client."""
    from vigie import views, wiring

    for agreement in wiring.feedback().agreements(_client(args.client)):
        print(json.dumps(views.plain(agreement), ensure_ascii=False), file=out)
    return 0


def _client(client_id: str) -> "Client":
    from vigie import wiring
    from vigie.cli.stack import connect

    connect()
    client = wiring.accounts().client(client_id)
    if client is None:
        raise NotFound(f"there is no client {client_id}")
    return client
