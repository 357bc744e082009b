"""An emulated account for stacks, with a folder of clients' files."""

import io
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra import layer
from infra.local.cloud import Cloud, enter
from infra.local.emulator import HOST, ROOT, Emulator, free_port
from infra.stacks.accounts import LocalAccount
from infra.stacks.client_file import StackFile
from infra.stacks.entering import entered
from infra.stacks.operations import Operations
from infra.stacks.reading import read_client_file
from tests.conftest import AWS_CLIENTS
from tests.infra.stacks.clients import RIGHT
from vigie import cli

PATIENCE_SECONDS = 300.0  # for cold workers on a machine that does other things too


@dataclass
class Ops:
    """Whoever deploys: an account, a folder of files, the command line."""

    account: LocalAccount
    folder: Path

    def write(self, name: str, /, **changed: Any) -> Path:
        """Write a client's file: the right one under another name, with some fields changed."""
        recipients = [{"email": f"ana@{name}.example"}]
        content = RIGHT | {"client": name, "name": name.title(), "recipients": recipients} | changed
        path = self.folder / f"{name}.yaml"
        path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
        return path

    def run(self, *arguments: str) -> tuple[int, list[dict[str, Any]], str]:
        """Run ``vigie stack``; return its exit code, its lines, and what it told."""
        out, err = io.StringIO(), io.StringIO()
        code = cli.main(["stack", *arguments, "--clients", str(self.folder)], out, err)
        return code, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()

    def operations(self, smoke_limit_seconds: float) -> Operations:
        """Return the operations that commands are made of."""
        return Operations(
            account=self.account,
            show=lambda _line: None,
            tell=lambda _sentence: None,
            packed=lambda _names: [],
            confirm=lambda _question: True,
            smoke_limit_seconds=smoke_limit_seconds,
        )


def forget_clients() -> None:
    """Let the next AWS client be one of the environment as it is now."""
    for client in AWS_CLIENTS:
        client.cache_clear()


@pytest.fixture(scope="module")
def ops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ops]:
    """Start an emulated account for a file's tests, and leave this process's environment as it was."""
    port = free_port(in_a_row=2)
    before = dict(os.environ)
    forget_clients()
    allow = {"VIGIE_LOCAL_ALLOW": f"{HOST}:{port}"}
    # Warm for longer than a minute: the schedules of several stacks would otherwise start cold workers at each tick.
    with Emulator(port=port, worker_environment=allow, warm_seconds=90) as emulator:
        enter(emulator.environment())
        yield Ops(LocalAccount(Cloud(emulator.environment())), tmp_path_factory.mktemp("clients"))
    os.environ.clear()
    os.environ.update(before)
    with entered({}):  # whose end forgets what wiring kept
        pass
    forget_clients()


@pytest.fixture(scope="module")
def built_layer() -> Path:
    """Return the layer's zip for this machine."""
    return layer.build("local").zip_path


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """Return a checkout's functions, to be changed: ``functions/`` below it."""
    shutil.copytree(ROOT / "functions", tmp_path / "functions", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def file_of(path: Path) -> StackFile:
    """Read a client's file."""
    return read_client_file(path)
