"""``vigie client export, import, erase`` and ``vigie person erase, object``: whose data goes where, and receipts."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from vigie.domain.owned import Receipt

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - no public name
else:
    Subparsers = object


def add_parser(subparsers: Subparsers) -> None:
    """Add ``client`` and ``person``."""
    client = subparsers.add_parser("client", help="take a client's data away, bring it in, erase it")
    commands = client.add_subparsers(metavar="COMMAND", required=True)
    _add(commands, "export", "write everything a client owns into a zip", run_export).add_argument(
        "--out", metavar="FILE", type=Path, help="where (CLIENT.zip)"
    )
    bringing = commands.add_parser("import", help="bring an export's client into this stack")
    bringing.add_argument("file", metavar="FILE", type=Path)
    bringing.set_defaults(run=run_import)
    erasing = _add(commands, "erase", "erase everything a client owns, and print the receipt", run_erase)
    erasing.add_argument("--confirm", metavar="CLIENT", required=True, help="the client's id once more")
    erasing.add_argument("--by", metavar="NAME", required=True, help="who erases, for the receipt")
    person = subparsers.add_parser("person", help="erase a person, or name them no more")
    people = person.add_subparsers(metavar="COMMAND", required=True)
    leaving = people.add_parser("erase", help="erase an address, or an author, and print the receipt")
    whom = leaving.add_mutually_exclusive_group(required=True)
    whom.add_argument("--email", metavar="EMAIL", help="take it off everything that is written to")
    whom.add_argument("--author", metavar="NAME", help="blank every mention of what they wrote")
    leaving.add_argument("--by", metavar="NAME", required=True, help="who erases, for the receipt")
    leaving.set_defaults(run=run_erase_person)
    objecting = people.add_parser(
        "object",
        help="name an author no more, and print the receipt",
        description="Take a name off every mention, those there and those to come; of a post on a platform, "
        "whose address names who wrote it, nothing is kept but that there was something.",
    )
    objecting.add_argument("--author", metavar="NAME", required=True, help="as texts are signed")
    objecting.add_argument("--by", metavar="NAME", required=True, help="who enters it, for the receipt")
    objecting.set_defaults(run=run_object)


def _add(commands: "Subparsers", name: str, text: str, run: object) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text)
    parser.add_argument("client", metavar="CLIENT")
    parser.set_defaults(run=run)
    return parser


def run_export(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Write a client's archive. Raises NotFound."""
    from vigie import wiring
    from vigie.cli.stack import connect

    connect()
    path = args.out or Path(f"{args.client}.zip")
    draft = path.with_name(f"{path.name}.part")
    try:
        with draft.open("wb") as file:
            counts = wiring.client_data().export(args.client, file)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    print(json.dumps({"client_id": args.client, "file": str(path), "counts": counts}), file=out)
    print("vigie: it holds names, addresses and settings: keep it as you keep those", file=err)
    return 0


def run_import(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:  # noqa: ARG001 - a command's shape
    """Bring a client in. Raises BadField for a file that cannot be read or is none of ours."""
    import zipfile

    from vigie import wiring
    from vigie.cli.stack import connect
    from vigie.errors import BadField

    connect()
    try:
        with args.file.open("rb") as file:
            counts = wiring.client_data().bring_in(file)
    except (OSError, zipfile.BadZipFile) as error:
        raise BadField("FILE", str(error), "Give what `vigie client export` wrote.") from error
    print(json.dumps({"file": str(args.file), "counts": counts}), file=out)
    return 0


def run_erase(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Erase a client. Raises BadField when the confirmation names another."""
    from vigie import wiring
    from vigie.cli.stack import connect
    from vigie.errors import BadField

    if args.confirm != args.client:
        raise BadField(
            "--confirm", f"is {args.confirm!r}", f"Write --confirm {args.client} to erase it for good."
        )
    connect()
    receipt = wiring.client_data().erase(args.client, args.by)
    print("vigie: run it again in half an hour: what was on its way comes in until then", file=err)
    return _print(receipt, out)


def run_erase_person(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:  # noqa: ARG001 - a command's shape
    """Erase an address or an author."""
    from vigie import wiring
    from vigie.cli.stack import connect

    connect()
    data = wiring.person_data()
    if args.email:
        return _print(data.erase_address(args.email, args.by), out)
    return _print(data.erase_author(args.author, args.by), out)


def run_object(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Name an author no more."""
    from vigie import wiring
    from vigie.cli.stack import connect

    connect()
    receipt = wiring.person_data().object_author(args.author, args.by)
    print("vigie: run it again in half an hour: what was on its way comes in until then", file=err)
    return _print(receipt, out)


def _print(receipt: "Receipt", out: TextIO) -> int:
    """Print a receipt; 1 when something is left."""
    from vigie import views

    print(
        json.dumps({"receipt_id": receipt.receipt_id, **views.plain(receipt)}, ensure_ascii=False), file=out
    )
    return int(receipt.left > 0)
