"""The local run talks to this machine only, whatever credentials the shell holds."""

import pytest

from infra.local.cloud import Cloud, check_loopback, enter
from infra.local.emulator import Emulator
from infra.local.trouble import CannotRun


@pytest.mark.parametrize(
    "endpoint_url",
    [
        "https://dynamodb.eu-west-3.amazonaws.com",
        "http://192.168.1.20:4566",
        "http://127.0.0.1.example.org:4566",
        "http://localhost@example.org/",
        "",
    ],
)
def test_any_other_machine_is_refused(endpoint_url: str) -> None:
    """An endpoint that is not loopback makes no client at all."""
    with pytest.raises(CannotRun, match="this machine only"):
        Cloud(Emulator().environment() | {"AWS_ENDPOINT_URL": endpoint_url})


@pytest.mark.parametrize("endpoint_url", ["http://127.0.0.1:4566", "http://localhost:1", "http://[::1]:4566"])
def test_loopback_is_accepted(endpoint_url: str) -> None:
    """The three names of this machine are."""
    assert check_loopback(endpoint_url) == endpoint_url


def test_nothing_of_the_callers_account_stays() -> None:
    """Entering the emulated cloud removes every AWS and vigie variable that it does not set itself."""
    process = {
        "AWS_PROFILE": "production",
        "AWS_SESSION_TOKEN": "real",
        "AWS_ENDPOINT_URL_DYNAMODB": "https://dynamodb.eu-west-3.amazonaws.com",
        "VIGIE_BUCKET": "production",
        "HOME": "/home/me",
    }
    environment = Emulator().environment()
    enter(environment, process)
    assert process == environment | {"HOME": "/home/me"}


def test_clients_carry_the_emulators_address_and_account() -> None:
    """A client is signed with the emulator's account and sent to its address."""
    client = Cloud(Emulator(port=4567).environment()).client("sns")
    assert (client.meta.endpoint_url, client._request_signer._credentials.access_key) == (
        "http://127.0.0.1:4567",
        "111111111111",
    )
