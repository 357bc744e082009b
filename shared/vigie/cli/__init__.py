"""The ``vigie`` command, for ops and analysts.

JSON Lines in and out, progress and complaints on stderr; exit 0 when all is fine, 1 when some input was refused,
2 when the command was badly used. One module per noun; each adds its parser and leaves ``run`` in the arguments.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TextIO

from vigie.cli import (
    alerts,
    checkout,
    classify,
    client,
    dead,
    digest,
    feed,
    feedback,
    fleet,
    keys,
    query,
    recipients,
    signups,
    sources,
    stories,
    why,
)
from vigie.errors import VigieError

FINE, REFUSED, BAD_USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None, out: TextIO | None = None, err: TextIO | None = None) -> int:
    """Run one command; return its exit code."""
    stdout, stderr = out or sys.stdout, err or sys.stderr
    try:
        parsed = parser().parse_args(arguments)
    except SystemExit as stop:  # argparse has said why, on stderr
        return int(stop.code or 0)
    try:
        return int(parsed.run(parsed, stdout, stderr))
    except VigieError as error:
        print(f"vigie: {error}", file=stderr)
        return REFUSED
    except BrokenPipeError:  # `vigie … | head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE


def parser() -> argparse.ArgumentParser:
    """Return what reads the command's arguments."""
    parser = argparse.ArgumentParser(prog="vigie", description="Media monitoring on cloud functions.")
    nouns = parser.add_subparsers(metavar="NOUN", required=True)
    for module in (
        alerts,
        classify,
        client,
        dead,
        digest,
        feed,
        feedback,
        fleet,
        keys,
        query,
        recipients,
        signups,
        sources,
        stories,
        why,
        *checkout.commands(),
    ):
        module.add_parser(nouns)
    return parser
