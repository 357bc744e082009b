"""``python -m training build [TASK…]`` writes the heads; ``check``: whether that gives the same bytes."""

import argparse
import hashlib
import sys
import time

from training.examples import NoData, Sources
from training.fit import head_of
from training.task import Task
from training.tasks import TASKS
from vigie.domain.classification.artefact import HEADS


def main() -> int:
    """Run one command; return 1 when a head differs, 2 when a set is missing."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("command", choices=["build", "check"])
    parser.add_argument("tasks", nargs="*", help="heads, by name; all of them when none is named")
    given = parser.parse_args()
    wanted = [task for task in TASKS if not given.tasks or task.name in given.tasks]
    try:
        different = [
            task.name for task in wanted if _differs(task.name, _made(task), write=given.command == "build")
        ]
    except NoData as missing:
        print(missing, file=sys.stderr)
        return 2
    if given.command == "check" and different:
        print(f"not the bytes of the package: {', '.join(different)}", file=sys.stderr)
        return 1
    return 0


def _made(task: Task) -> bytes:
    started = time.monotonic()
    made = head_of(task, Sources())
    sha256 = hashlib.sha256(made).hexdigest()
    print(
        f"{task.name:<14} {len(made):>9,} bytes  sha256 {sha256[:16]}…  {time.monotonic() - started:.0f} s",
        end="  ",
    )
    return made


def _differs(name: str, made: bytes, *, write: bool) -> bool:
    path = HEADS / f"{name}.head"
    same = path.exists() and path.read_bytes() == made
    print(
        "same bytes as before" if same else "new bytes" if write else "DIFFERENT from the package's",
        flush=True,
    )
    if write and not same:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(made)
    return not same


if __name__ == "__main__":
    sys.exit(main())
