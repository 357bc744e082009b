"""Run every benchmark of this folder (or those named), one after the other."""

import argparse
import importlib
import pkgutil
import sys

import benchmarks


def main() -> None:
    """Print each benchmark's figures under its first line; exit with what those say that missed their targets."""
    missed: list[str] = []
    found = sorted(
        module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name[0] != "_"
    )
    for name in _named(found):
        module = importlib.import_module(f"benchmarks.{name}")
        title = (module.__doc__ or name).splitlines()[0]
        print(f"\n== {name}: {title}\n", flush=True)
        try:
            module.main()
        except SystemExit as end:  # the others' figures are wanted all the same
            missed += [f"{name}: {end.code}"] if end.code else []
    if missed:
        raise SystemExit("\n".join(["", *missed]))


def _named(found: list[str]) -> list[str]:
    """Return the benchmarks that the command line names, all of ``found`` when it names none."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "name",
        nargs="*",
        metavar="NAME",
        help=f"one of {', '.join(found)}; a benchmark's own settings are for python -m benchmarks.NAME",
    )
    names: list[str] = parser.parse_args().name
    if unknown := [name for name in names if name not in found]:
        parser.error(f"there is no benchmark called {', '.join(unknown)}; choose from {', '.join(found)}")
    sys.argv[1:] = []  # benchmarks read it for settings of their own
    return names or found


if __name__ == "__main__":
    main()
