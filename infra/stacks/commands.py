"""``vigie stack plan, deploy, release, status, destroy``: the stacks of clients' files.

JSON Lines on the standard output, each with its ``kind``; what goes on and what is asked on the standard error.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from infra.stacks.accounts import Account
    from infra.stacks.artefacts import Release
    from infra.stacks.operations import Operations

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - no public name
else:
    Subparsers = object

FINE, REFUSED = 0, 1
# Two health reports ring, a quarter of an hour apart; CloudWatch hears of them minutes later.
WATCH_SECONDS = 2400


def add_parser(subparsers: Subparsers) -> None:
    """Add ``stack`` and its commands."""
    stack = subparsers.add_parser("stack", help="deploy clients' stacks from their files")
    commands = stack.add_subparsers(metavar="COMMAND", required=True)
    schema = commands.add_parser(
        "schema",
        help="print the JSON Schema of a client's file, for editors",
        description="Print the JSON Schema of a client's file.",
    )
    schema.set_defaults(run=run_schema)
    plan = _command(commands, "plan", run_plan, "show what deploying would change, and what has drifted")
    deploy = _command(
        commands, "deploy", run_deploy, "show the change set, run it, try it, seed; or roll back"
    )
    release = _command(
        commands,
        "release",
        run_release,
        "deploy to one stack, watch it, then to the others; put back what rings",
    )
    _command(commands, "status", run_status, "show how stacks stand", client="?")
    destroy = _command(commands, "destroy", run_destroy, "export what a stack holds, then delete it")
    for command in (plan, deploy, release):
        command.add_argument(
            "--release",
            metavar="ID",
            help="one that was deployed before, instead of what is checked out here",
        )
    for command in (deploy, release):
        command.add_argument(
            "--replace",
            action="append",
            default=[],
            metavar="RESOURCE",
            help="may be replaced though it holds data",
        )
    for command in (deploy, release, destroy):
        command.add_argument("--yes", action="store_true", help="do not ask")
    release.add_argument("--watch-seconds", type=float, default=WATCH_SECONDS, help="%(default)s by default")
    destroy.add_argument(
        "--to", type=Path, metavar="FOLDER", help="where the export goes (exports/STACK-INSTANT)"
    )
    destroy.add_argument(
        "--erase",
        metavar="CLIENT",
        help="erase what it holds too: lifts deletion protection; name the client again",
    )


def _command(
    commands: Subparsers, name: str, run: Callable[..., int], told: str, client: str | None = None
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=told, description=told[0].upper() + told[1:] + ".")
    parser.add_argument(
        "client", nargs=client, metavar="CLIENT", help="the name of its file in infra/clients"
    )
    parser.add_argument("--clients", type=Path, metavar="FOLDER", help="where the files are (infra/clients)")
    parser.add_argument(
        "--local", action="store_true", help="on the emulator of `make run`, instead of an AWS account"
    )
    parser.set_defaults(run=_telling(run))
    return parser


def _telling(run: Callable[..., int]) -> Callable[..., int]:
    """Return a command that tells what AWS refuses, or that it is not reached, as every refusal is told."""

    def telling(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
        from botocore.exceptions import BotoCoreError, ClientError

        from infra.layer import LayerError
        from vigie.errors import Refused

        try:
            return run(args, out, err)
        except (BotoCoreError, ClientError, LayerError) as error:
            raise Refused(f"{error} See docs/stacks.md for what the commands need.") from error

    return telling


def run_schema(_args: argparse.Namespace, out: TextIO, _err: TextIO) -> int:
    """Print the schema."""
    from infra.stacks.reading import schema

    print(json.dumps(schema(), indent=1, ensure_ascii=False), file=out)
    return FINE


def run_plan(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Show what deploying would do."""
    from infra.stacks.reading import read_client_file

    file = read_client_file(_folder(args) / f"{args.client}.yaml")
    operations = _operations(args, out, err)
    operations.plan(file, _release(args, operations))
    return FINE


def run_deploy(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Deploy one stack."""
    from infra.stacks.reading import read_client_file

    file = read_client_file(_folder(args) / f"{args.client}.yaml")
    operations = _operations(args, out, err)
    return FINE if operations.deploy(file, _release(args, operations), args.replace) else REFUSED


def run_release(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Deploy one release to a first stack, then to all others that have a file."""
    from infra.stacks.reading import client_names, read_client_file
    from infra.stacks.releases import Rollout

    folder = _folder(args)
    names = [args.client, *(name for name in client_names(folder) if name != args.client)]
    files = {file.stack: file for file in (read_client_file(folder / f"{name}.yaml") for name in names)}
    operations = _operations(args, out, err)
    release = _release(args, operations)
    rollout = Rollout(
        deploy=lambda stack: operations.deploy(files[stack], release, args.replace),
        alarms=operations.alarms,
        former=lambda stack: operations.former(files[stack]),
        show=operations.show,
        watch_seconds=args.watch_seconds,
    )
    first, *others = files
    return FINE if rollout.run(first, others) else REFUSED


def run_status(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Show one stack, or all that have a file."""
    from infra.stacks.reading import client_names, read_client_file

    folder = _folder(args)
    names = [args.client] if args.client else client_names(folder)
    operations = _operations(args, out, err)
    for name in names:
        file = read_client_file(folder / f"{name}.yaml")
        operations.status(file.stack, file)
    return FINE


def run_destroy(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Export and delete one stack; its file may be gone already."""
    from infra.stacks.client_file import STACK_PREFIX
    from vigie.domain.clients import check_slug
    from vigie.errors import BadField

    stack = STACK_PREFIX + check_slug("client", args.client)
    if args.erase not in {None, args.client}:
        raise BadField(
            "--erase", f"names {args.erase}, and the stack is {args.client}'s", "Name the client again."
        )
    folder = args.to or Path("exports") / f"{stack}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    operations = _operations(args, out, err)
    return FINE if operations.destroy(stack, folder, with_data=args.erase is not None) else REFUSED


def _folder(args: argparse.Namespace) -> Path:
    from infra.stacks.reading import CLIENTS

    folder: Path | None = args.clients
    return folder or CLIENTS


def _operations(args: argparse.Namespace, out: TextIO, err: TextIO) -> "Operations":
    from infra.stacks.operations import Operations
    from infra.stacks.packs import sources_of

    return Operations(
        account=_account(args),
        show=lambda line: print(json.dumps(line, ensure_ascii=False), file=out, flush=True),
        tell=lambda sentence: print(f"vigie: {sentence}", file=err, flush=True),
        packed=sources_of,
        confirm=lambda question: getattr(args, "yes", False) or _asked(question, err),
    )


def _account(args: argparse.Namespace) -> "Account":
    """Return where to deploy. A process that AWS's own variables point at this machine stays on it."""
    from infra.local.cloud import LOOPBACK, Cloud
    from infra.stacks.accounts import AwsAccount, LocalAccount
    from vigie.cli.stack import connect

    if args.local:
        connect()
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
    if args.local or urlsplit(endpoint).hostname in LOOPBACK:
        return LocalAccount(Cloud(os.environ))
    return AwsAccount()


def _release(args: argparse.Namespace, operations: "Operations") -> "Release":
    from infra import layer
    from infra.template import Template

    if args.release:
        return operations.artefacts.former(args.release)
    built = layer.build("local" if operations.account.local else "aws")
    return operations.artefacts.release(Template.read().document, built.zip_path)


def _asked(question: str, err: TextIO) -> bool:
    """Return whether somebody at a terminal says yes; without one, nobody does."""
    if not sys.stdin.isatty():
        print(f"vigie: {question} Nobody is here to ask: say --yes.", file=err)
        return False
    print(f"vigie: {question} [y/N] ", end="", file=err, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes", "o", "oui"}
