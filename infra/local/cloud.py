"""AWS clients for the emulated cloud, and for nothing else.

Every client of the local run is made here: an address that is not this machine's is refused, and the
credentials are the emulator's, whatever the shell has. ``make run`` therefore cannot touch an AWS account.
"""

import os
from collections.abc import Mapping, MutableMapping
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from infra.local.trouble import CannotRun

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Cloud:
    """Clients of one emulated cloud, described by the variables of ``Emulator.environment``."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.endpoint_url = check_loopback(environment.get("AWS_ENDPOINT_URL", ""))
        self._session: Any = boto3.Session(
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            region_name=environment["AWS_REGION"],
        )
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        """Return the client of a service, made on first use."""
        if service not in self._clients:
            config = Config(retries={"total_max_attempts": 3}, read_timeout=130, proxies={})
            self._clients[service] = self._session.client(
                service, endpoint_url=self.endpoint_url, config=config
            )
        return self._clients[service]


def check_loopback(endpoint_url: str) -> str:
    """Return ``endpoint_url`` when it is on this machine. Raises CannotRun otherwise."""
    host = urlsplit(endpoint_url).hostname
    if host not in LOOPBACK:
        raise CannotRun(f"A local run talks to this machine only, and {endpoint_url} is not on it.")
    return endpoint_url


def enter(environment: Mapping[str, str], process: MutableMapping[str, str] = os.environ) -> None:
    """Make every boto3 client of this process talk to the emulated cloud: no AWS_* of the caller's stays."""
    check_loopback(environment["AWS_ENDPOINT_URL"])
    for name in [name for name in process if name.startswith(("AWS_", "VIGIE_"))]:
        del process[name]
    process.update(environment)
