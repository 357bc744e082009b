"""A command finds its stack: the one the environment names, else the local run's, else it says so."""

import json
import socket
from pathlib import Path

import pytest

from vigie.cli.stack import connect
from vigie.errors import Refused


def local_run(folder: Path, port: int) -> dict[str, str]:
    """Leave in ``folder`` what a local run leaves."""
    environment = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "VIGIE_SOURCES_TABLE": "local-sources"}
    (folder / ".vigie").mkdir()
    (folder / ".vigie" / "local.json").write_text(json.dumps({"environment": environment}))
    return environment


def test_environment_wins(tmp_path: Path) -> None:
    """Variables that describe a stack are left as they are, local run or not."""
    local_run(tmp_path, 1)
    environment = {"VIGIE_SOURCES_TABLE": "ours", "AWS_PROFILE": "agency"}
    connect(environment, tmp_path)
    assert environment == {"VIGIE_SOURCES_TABLE": "ours", "AWS_PROFILE": "agency"}


def test_local_run_is_found_from_below(tmp_path: Path) -> None:
    """In a folder under the checkout the local run is found, and nothing of the caller's account stays."""
    with socket.create_server(("127.0.0.1", 0)) as emulator:
        expected = local_run(tmp_path, emulator.getsockname()[1])
        (tmp_path / "docs").mkdir()
        environment = {"AWS_PROFILE": "agency", "HOME": "/home/me"}
        connect(environment, tmp_path / "docs")
    assert environment == expected | {"HOME": "/home/me"}


def test_no_stack_is_said(tmp_path: Path) -> None:
    """Without a stack one sentence names both remedies."""
    with pytest.raises(Refused, match="No stack here: start the local one with `make run`, or set"):
        connect({}, tmp_path)


def test_stopped_local_run_is_said(tmp_path: Path) -> None:
    """A local run that no longer answers is named as such, before any client waits for it."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    local_run(tmp_path, port)
    with pytest.raises(Refused, match="The local stack is not running"):
        connect({}, tmp_path)
