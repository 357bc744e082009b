"""Which benchmarks ``python -m benchmarks`` runs."""

import subprocess
import sys

import pytest


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Return what the command says and how it ends."""
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_names_the_benchmarks_and_runs_none() -> None:
    """``--help`` says what may be named."""
    told = run("--help")
    assert told.returncode == 0
    assert "query_parsing" in told.stdout
    assert "==" not in told.stdout


@pytest.mark.parametrize("arguments", [["matchin"], ["stories", "--fast"]])
def test_what_is_no_benchmark_is_refused_before_any_runs(arguments: list[str]) -> None:
    """A name or an option that is not known is told, and nothing runs."""
    told = run(*arguments)
    assert told.returncode == 2
    assert arguments[-1] in told.stderr
    assert "==" not in told.stdout
