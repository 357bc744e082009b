"""What each function pays before its first message: importing, and putting its step together.

Each figure is the median of five fresh processes (``python -I -S``) that see the standard library, the local layer
and the function's folder, as a Lambda does; beside them, a process that does nothing and one that imports boto3.
``ready`` goes on until wiring has made the step and its AWS clients. The layer carries bytecode, as on AWS.

Milliseconds are processor time on this machine, which a busy neighbour disturbs least; what compares is the ratio.
"""

import os
import re
import resource
import statistics
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from infra.layer import ROOT, Layer, build
from infra.template import Function, Template

RUNS = 5
HEAVIEST = 4
STEPS = {
    "api": "desk",
    "webhooks": "callbacks",
    "site": "reading",
}  # the others' steps have the function's name

# -X importtime: "import time:  self [us] | cumulative | name"
IMPORT_TIME = re.compile(r"^import time:\s+(\d+) \|\s+\d+ \|\s*(\S+)$", re.MULTILINE)


def main() -> None:
    """Print one line a function, then the references."""
    layer = build("local")
    nothing = median_ms("pass", {})
    boto3 = median_ms(_code([layer.python], "import boto3"), {})
    print(
        f"{'function':<12} {'import ms':>9} {'× pass':>7} {'× boto3':>8} {'ready ms':>9}   heaviest imports (ms)"
    )
    for function in Template.read().functions.values():
        paths = [ROOT / function.folder, layer.python]
        code = _code(paths, "import app")
        imported = median_ms(code, {})
        ready = median_ms(f"{code}; {_make_step(function)}", _environment(function))
        heavy = ", ".join(f"{name} {ms:.0f}" for name, ms in heaviest(code))
        print(
            f"{function.room:<12} {imported:>9.0f} {imported / nothing:>7.1f} {imported / boto3:>8.2f}"
            f" {ready:>9.0f}   {heavy}"
        )
    print(f"{'pass':<12} {nothing:>9.0f} {1:>7.1f} {nothing / boto3:>8.2f}")
    print(f"{'boto3 alone':<12} {boto3:>9.0f} {boto3 / nothing:>7.1f} {1:>8.2f}")
    print(f"layer: {layer.size_bytes / 1e6:.1f} MB, {_zipped(layer):.1f} MB zipped")


def median_ms(code: str, environment: dict[str, str]) -> float:
    """Return the median processor time of fresh isolated processes that run ``code``."""
    return statistics.median(_run_ms(code, environment) for _ in range(RUNS))


def heaviest(code: str) -> list[tuple[str, float]]:
    """Return what costs most: third parties by package, ours by module, each without what it imports."""
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-X", "importtime", "-c", code],
        env={},
        capture_output=True,
        text=True,
        check=True,
    )
    packages: Counter[str] = Counter()
    for microseconds, name in IMPORT_TIME.findall(run.stderr):
        top = name.partition(".")[0]
        packages[name if top == "vigie" else top] += int(microseconds)
    return [(name, microseconds / 1000) for name, microseconds in packages.most_common(HEAVIEST)]


def _run_ms(code: str, environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-I", "-S", "-B", "-c", code], env=environment, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def _code(paths: list[Path], statement: str) -> str:
    return f"import sys; sys.path[:0] = {[str(path) for path in paths]!r}; {statement}"


def _make_step(function: Function) -> str:
    return f"from vigie import wiring; wiring.{STEPS.get(function.room, function.room)}()"


def _environment(function: Function) -> dict[str, str]:
    """Return the function's variables with values that name nothing: no client is asked anything."""
    given = {name: _given(value) for name, value in function.environment.items() if name.startswith("VIGIE_")}
    aws = {"AWS_DEFAULT_REGION": "eu-west-3", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
    return {"PATH": os.defpath, **aws, **given}


def _given(value: Any) -> str:
    """Return a variable's value: as written, its parameter's default, or anything."""
    if isinstance(value, str):
        return value
    parameters = Template.read().document["Parameters"]
    return str(parameters.get(value.get("Ref"), {}).get("Default", "1"))


def _zipped(layer: Layer) -> float:
    return layer.zip_path.stat().st_size / 1e6
