"""``python -m training build [HEAD…]`` makes heads, ``check`` says whether that gives the package's bytes.

``card`` writes docs/model-card.md.
"""

import argparse
import hashlib
import sys
import time
from pathlib import Path

from training.examples import NoData, Sources
from vigie.domain.classification.artefact import HEADS

CARD = Path(__file__).parents[1] / "docs" / "model-card.md"


def main() -> int:
    """Run one command; return 1 when a head differs from the package's, 2 when a set is missing."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("command", choices=["build", "check", "card"])
    parser.add_argument("heads", nargs="*", help="heads, by name; all of them when none is named")
    parser.add_argument(
        "--corrections",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="what `vigie feedback export` printed, to be learnt from too (heads are then no longer the package's)",
    )
    given = parser.parse_args()
    try:
        if given.command == "card":
            return _write_card()
        return _make(given.heads, tuple(given.corrections), write=given.command == "build")
    except NoData as missing:
        print(missing, file=sys.stderr)
        return 2


def _make(names: list[str], corrections: tuple[Path, ...], *, write: bool) -> int:
    from training.fit import head_of
    from training.tasks import TASKS

    different = []
    for task in TASKS:
        if names and task.name not in names:
            continue
        started = time.monotonic()
        made = head_of(task, Sources(corrections))
        same = _compared(task.name, made, time.monotonic() - started, write=write)
        different += [] if same else [task.name]
    if different and not write:
        print(f"not the bytes of the package: {', '.join(different)}", file=sys.stderr)
    return 1 if different and not write else 0


def _compared(name: str, made: bytes, seconds: float, *, write: bool) -> bool:
    """Say whether a head is the package's, write it when it is to be; return whether it was the same."""
    path = HEADS / f"{name}.head"
    same = path.exists() and path.read_bytes() == made
    sha256 = hashlib.sha256(made).hexdigest()
    told = "byte for byte the package's" if same else "written anew" if write else "NOT the package's"
    print(f"{name:<14}{len(made):>10,} bytes  sha256 {sha256[:16]}…  {seconds:4.0f} s  {told}", flush=True)
    if write and not same:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(made)
    return same


def _write_card() -> int:
    from training.card import card

    CARD.write_text(card(Sources()), encoding="utf-8")
    print(f"wrote {CARD}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
