"""Which stack a command talks to: the local run's, or the one the environment describes."""

import json
import os
import socket
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from urllib.parse import urlsplit

from vigie.errors import Refused

LOCAL_FILE = Path(".vigie") / "local.json"
"""Written by the local run: ``{"environment": {"AWS_ENDPOINT_URL": …, "VIGIE_SOURCES_TABLE": …, …}}``."""

_TELLING = "VIGIE_SOURCES_TABLE"
_ACCOUNT = ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION")


def connect(environment: MutableMapping[str, str] = os.environ, directory: Path | None = None) -> None:
    """Make this process's settings those of a stack. Raises Refused with one sentence when there is none.

    ``VIGIE_*`` variables win (a stack on AWS); otherwise the local run of ``directory`` (this one) or of a
    folder above it. The local run brings its own account, and nothing of the caller's stays.
    """
    if environment.get(_TELLING):
        return
    found = _local_environment(directory or Path.cwd())
    if found is None:
        raise Refused(
            "No stack here: start the local one with `make run`, or set the VIGIE_… variables of yours."
        )
    if not _answers(found["AWS_ENDPOINT_URL"]):
        raise Refused("The local stack is not running: start it with `make run` and ask again meanwhile.")
    for name in [name for name in environment if name.startswith("AWS_")]:
        del environment[name]
    environment.update(found)


def connect_account(
    environment: MutableMapping[str, str] = os.environ, directory: Path | None = None
) -> None:
    """Make this process talk to an account: the one the shell names, else the local run's.

    Raises Refused when there is neither.
    """
    if not any(environment.get(name) for name in _ACCOUNT):
        connect(environment, directory)


def _local_environment(directory: Path) -> Mapping[str, str] | None:
    for folder in (directory, *directory.resolve().parents):
        try:
            content = (folder / LOCAL_FILE).read_text("utf-8")
        except OSError:
            continue
        environment: Mapping[str, str] = json.loads(content)["environment"]
        return environment
    return None


def _answers(endpoint_url: str) -> bool:
    parts = urlsplit(endpoint_url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=2):
            return True
    except OSError:
        return False
