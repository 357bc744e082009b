"""AWS clients: one of each, impatient in the right places."""

from typing import Any

import pytest

from tests.conftest import AWS_CLIENTS, Cloud
from vigie.adapters import aws


@pytest.mark.emulator
@pytest.mark.parametrize("client", AWS_CLIENTS)
def test_a_client_is_made_once_with_limits(cloud: Cloud, client: Any) -> None:
    """Every client gives up connecting soon and tries as often as its service allows."""
    config = client().meta.config
    assert client() is client()
    assert client().meta.endpoint_url == cloud.emulator.endpoint_url
    assert config.connect_timeout == 2
    assert config.read_timeout <= 20
    assert config.retries["mode"] == "standard"
    assert config.retries["total_max_attempts"] == (1 if client is aws.ses else 4)
