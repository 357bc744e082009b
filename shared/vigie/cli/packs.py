"""``vigie sources packs, check, follow, leave``: source packs, how their addresses stand today, who follows them."""

import argparse
import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from vigie.domain.packs.pack import packs, read_pack
from vigie.domain.sources import Source
from vigie.errors import BadField, NotFound

if TYPE_CHECKING:
    from vigie.domain.clients import Client
    from vigie.steps.check_sources import CheckSources

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - no public name
else:
    Subparsers = object


def add_parsers(commands: Subparsers) -> None:
    """Add the commands."""
    listing = commands.add_parser(
        "packs",
        help="print the source packs there are",
        description="Print one JSON line per pack: name, version, kind, title, place, checked_at (null: never), "
        "source_count. With a NAME, one line per source of it: source_id, name, url, site, family, answered "
        "(the year; null: not that we know). Needs no stack.",
    )
    listing.add_argument("name", nargs="?", metavar="NAME", help="a pack's name")
    listing.set_defaults(run=run_packs)
    checking = commands.add_parser(
        "check",
        help="ask each address of a pack, and say how it stands",
        description="Fetch each address once and print one JSON line for each, as it answers: url, name, standing "
        "(fine, slow, silent, moved, limited, not-a-feed, dead, gone), detail, remedy, answered_url, entries, "
        "newest_at, elapsed_seconds. Hosts are asked side by side, the addresses "
        "of one host a second apart. Needs no stack. "
        "Exits 1 when some address is not fine.",
    )
    checking.add_argument(
        "what",
        nargs="?",
        metavar="PACK|FILE",
        help="a pack's name, a pack's file (.toml), or a list as `import` takes; every pack when left out",
    )
    checking.set_defaults(run=run_check)
    _add_following(commands)


def _add_following(commands: Subparsers) -> None:
    following = commands.add_parser(
        "follow",
        help="have a client follow a pack",
        description="Follow a pack for a client, or change what it leaves out; its sources are polled within a "
        "minute or two. Prints the pack as GET /clients/{client_id}/packs/{pack} does. Once more changes nothing.",
    )
    following.add_argument("client", metavar="CLIENT")
    following.add_argument("pack", metavar="PACK")
    following.add_argument(
        "--without",
        metavar="SOURCE_ID",
        nargs="+",
        default=None,
        help="sources to leave out; as before if not given",
    )
    following.set_defaults(run=run_follow)
    leaving = commands.add_parser(
        "leave",
        help="have a client follow a pack no more",
        description="Its sources stay that somebody else wants, or that were there before any pack brought them.",
    )
    leaving.add_argument("client", metavar="CLIENT")
    leaving.add_argument("pack", metavar="PACK")
    leaving.set_defaults(run=run_leave)


def run_packs(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:  # noqa: ARG001 - a command's shape
    """Print the packs, or the sources of one."""
    from vigie.domain.packs.pack import pack_named
    from vigie.views import packs as views

    lines = (
        views.of_pack(pack_named(args.name))["sources"]
        if args.name
        else map(views.of_pack_briefly, packs().values())
    )
    for line in lines:
        print(json.dumps(line, ensure_ascii=False), file=out)
    return 0


def run_check(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Ask what is named; return 0, or 1 when some address is not fine."""
    from vigie import wiring

    return asyncio.run(check(sources_named(args.what), wiring.check_sources(), out, err))


def run_follow(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:  # noqa: ARG001 - a command's shape
    """Have a client follow a pack. Raises NotFound, BadField or Conflict."""
    from vigie import wiring
    from vigie.cli.stack import connect
    from vigie.views import packs as views

    connect()
    client, desk = _client(args.client), wiring.pack_desk()
    before = {each.pack: each.removed for each in desk.followings(client)}
    removed = before.get(args.pack, ()) if args.without is None else args.without
    print(
        json.dumps(views.of_following(desk.follow(client, args.pack, removed)), ensure_ascii=False), file=out
    )
    return 0


def run_leave(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:  # noqa: ARG001 - a command's shape
    """Have a client follow a pack no more. Raises NotFound."""
    from vigie import wiring
    from vigie.cli.stack import connect

    connect()
    wiring.pack_desk().leave(_client(args.client), args.pack)
    print(f"{args.client} follows {args.pack} no more.", file=out)
    return 0


def _client(client_id: str) -> "Client":
    from vigie import wiring

    found = wiring.accounts().client(client_id)
    if found is None:
        raise NotFound(f"There is no client {client_id}.")
    return found


async def check(sources: Sequence[Source], step: "CheckSources", out: TextIO, err: TextIO) -> int:
    """Print how each source stands; return 0, or 1 when some is not fine."""
    from vigie.views import packs as views

    names = {source.url: source.name for source in sources}
    standings: dict[str, int] = {}
    async for found in step.run(sources):
        print(
            json.dumps({"name": names[found.url]} | views.of_check(found), ensure_ascii=False),
            file=out,
            flush=True,
        )
        standings[found.standing] = standings.get(found.standing, 0) + 1
    told = ", ".join(f"{count} {standing}" for standing, count in sorted(standings.items()))
    print(f"vigie: {len(sources)} addresses asked: {told or 'none'}", file=err)
    if len(sources) > 1 and standings == {"dead": len(sources)}:
        print("vigie: not one answers: is this machine on the network?", file=err)
    return 0 if set(standings) <= {"fine"} else 1


def sources_named(what: str | None) -> list[Source]:
    """Return the sources of a pack, of a file or of every pack, each address once. Raises BadField."""
    from vigie.cli.sources import read_file

    if what is None:
        chosen = list(packs().values())
    elif what in packs():
        chosen = [packs()[what]]
    elif what.endswith(".toml"):
        chosen = [read_pack(Path(what).stem, _text_of(Path(what)))]
    elif Path(what).is_file():
        return list(read_file(Path(what)).sources)
    else:
        raise BadField(
            "what", f"{what!r} is neither a pack nor a file", "See `vigie sources packs` for their names."
        )
    by_url = {each.url: pack.source(each) for pack in chosen for each in pack.sources}
    return list(by_url.values())


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadField("file", f"{path} cannot be read: {error}", "Name a pack's file.") from error
