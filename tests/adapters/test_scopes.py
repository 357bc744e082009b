"""Scoped credentials: what a request is signed with."""

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from tests.fakes import FakeClock
from vigie.adapters import scopes
from vigie.adapters.scopes import ScopedCredentials
from vigie.domain.isolation import ALL, DOOR

ASK = {
    "dynamodb": lambda client: client.get_item(TableName="table", Key={"pk": {"S": "x"}}),
    "s3": lambda client: client.get_object(Bucket="bucket", Key="clients/perrin/digests/1"),
}
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


class Sts:
    """A token service that gives a key named after the session."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.asked: list[dict[str, Any]] = []

    def assume_role(self, **asked: Any) -> dict[str, Any]:
        """Give credentials for an hour."""
        self.asked.append(asked)
        return {
            "Credentials": {
                "AccessKeyId": f"KEY{asked['RoleSessionName']}",
                "SecretAccessKey": "secret",
                "SessionToken": "token",
                "Expiration": self.clock() + timedelta(seconds=asked["DurationSeconds"]),
            }
        }


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock."""
    return FakeClock(START)


@pytest.fixture
def sts(clock: FakeClock) -> Sts:
    """Return a token service."""
    return Sts(clock)


@pytest.fixture
def scoped(sts: Sts, clock: FakeClock) -> ScopedCredentials:
    """Return credentials by scope."""
    return ScopedCredentials(
        sts=lambda: sts, role_arn="arn:role", policy=lambda name: f"policy of {name}", clock=clock
    )


def signed_by(client: Any) -> str:
    """Send a request nowhere; return the key it was signed with."""
    seen: list[str] = []

    def stop(request: Any, **_: object) -> Any:
        seen.append(request.headers["Authorization"].decode().split("Credential=")[1].split("/")[0])
        raise ConnectionAbortedError

    client.meta.events.register("before-send", stop)
    with pytest.raises(ConnectionAbortedError):
        ASK[client.meta.service_model.service_name](client)
    client.meta.events.unregister("before-send", stop)
    return seen[0]


@pytest.mark.parametrize("service", ASK)
def test_a_request_is_signed_with_its_scopes_credentials(scoped: ScopedCredentials, service: str) -> None:
    """One client of boto3: its own key at the door and outside of requests, a client's within its scope."""
    client: Any = boto3.client(
        service,
        region_name="eu-west-3",
        aws_access_key_id="OWN",
        aws_secret_access_key="s",  # type: ignore[call-overload]
    )
    scoped.attach(client)
    assert signed_by(client) == "OWN"
    with scopes.request():
        assert signed_by(client) == "OWN"
        scopes.enter("perrin")
        assert signed_by(client) == "KEYclient-perrin"
        with scopes.within("garage"):
            assert signed_by(client) == "KEYclient-garage"
        assert signed_by(client) == "KEYclient-perrin"
        scopes.enter(ALL)
        assert signed_by(client) == "KEYall-clients"
    assert signed_by(client) == "OWN"


def test_credentials_are_asked_for_once_an_hour(
    scoped: ScopedCredentials, sts: Sts, clock: FakeClock
) -> None:
    """With the client's policy; and a little before they run out, again."""
    for _ in range(3):
        scoped.of("perrin")
    assert [(each["RoleArn"], each["Policy"]) for each in sts.asked] == [("arn:role", "policy of perrin")]
    clock.advance(54 * 60)
    scoped.of("perrin")
    assert len(sts.asked) == 1
    clock.advance(2 * 60)
    scoped.of("perrin")
    assert len(sts.asked) == 2


def test_a_session_is_named_within_its_limit(scoped: ScopedCredentials, sts: Sts) -> None:
    """STS takes names of 64 characters."""
    scoped.of("a" * 90)
    assert len(sts.asked[0]["RoleSessionName"]) == 64


def test_outside_of_a_request_no_scope_is_entered() -> None:
    """Functions without one keep their own role; a request that ends leaves nothing behind."""
    scopes.enter("perrin")
    assert scopes.scope() is None
    with scopes.request():
        assert scopes.scope() == DOOR
        scopes.enter("perrin")
    assert scopes.scope() is None
