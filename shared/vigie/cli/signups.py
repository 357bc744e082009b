"""``vigie signups held, release, refuse``: sign-ups under a name that reads like a person's."""

import argparse
import json
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from vigie.domain.signing_up.sign_ups import SignUp

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - no public name
else:
    Subparsers = object


def add_parser(subparsers: Subparsers) -> None:
    """Add ``signups`` and its commands."""
    signups = subparsers.add_parser("signups", help="look at sign-ups that may watch a person")
    commands = signups.add_subparsers(metavar="COMMAND", required=True)
    listing = commands.add_parser(
        "held",
        help="print what waits for somebody",
        description="Print one JSON line per held sign-up, the oldest first: id, name, held_name, siren, asked_at, "
        "confirmed (whether its address is).",
    )
    listing.set_defaults(run=run_held)
    for verb, text in (
        ("release", "let it go on: the name is a business's"),
        ("refuse", "let nothing come of it"),
    ):
        deciding = commands.add_parser(verb, help=text)
        deciding.add_argument("signup_id", metavar="ID")
        deciding.set_defaults(run=run_decide, verb=verb)


def run_held(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:  # noqa: ARG001 - a command's shape
    """Print what is held."""
    from vigie import wiring
    from vigie.cli.stack import connect

    connect()
    for signup in wiring.joining().held():
        print(json.dumps(_told(signup), ensure_ascii=False), file=out)
    return 0


def run_decide(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:  # noqa: ARG001 - a command's shape
    """Release or refuse one. Raises NotFound."""
    from vigie import wiring
    from vigie.cli.stack import connect

    connect()
    joining = wiring.joining()
    decide = joining.release if args.verb == "release" else joining.refuse
    print(json.dumps(_told(decide(args.signup_id)), ensure_ascii=False), file=out)
    return 0


def _told(signup: "SignUp") -> dict[str, Any]:
    return {
        "id": signup.signup_id,
        "name": signup.name,
        "held_name": signup.held_name,
        "siren": signup.siren,
        "asked_at": signup.asked_at.isoformat(),
        "confirmed": signup.confirmed_at is not None,
        "state": signup.state,
    }
