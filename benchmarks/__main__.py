"""Run every benchmark of this folder (or those named), one after the other."""

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
    for name in sys.argv[1:] or found:
        module = importlib.import_module(f"benchmarks.{name}")
        title = (module.__doc__ or name).splitlines()[0]
        print(f"\n== {name}: {title}\n", flush=True)
        try:
            module.main()
        except SystemExit as end:  # the others' figures are wanted all the same
            missed += [f"{name}: {end.code}"] if end.code else []
    if missed:
        raise SystemExit("\n".join(["", *missed]))


if __name__ == "__main__":
    main()
