"""A stack whose requests assume a role: the tables are asked under a client's own credentials."""

import json
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests.builders import a_client
from tests.functions.conftest import Stack
from tests.functions.member import Member
from vigie import wiring
from vigie.adapters import aws
from vigie.domain.clients import Recipient
from vigie.domain.isolation import is_allowed

pytestmark = pytest.mark.emulator
ROLE = "arn:aws:iam::111111111111:role/vigie-scope"
CLIENT, CHIEF = "banque-armelie", "chef@armelie.example"


@pytest.fixture
def asked(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """Return what is asked of STS, which gives a key named after the client; DynamoDB's client is a fresh one."""
    del stack  # whose environment this changes
    asked: list[dict[str, Any]] = []
    monkeypatch.setenv("VIGIE_SCOPE_ROLE_ARN", ROLE)
    wiring.settings.cache_clear()
    aws.dynamodb.cache_clear()
    aws.sts.cache_clear()

    def keep(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["asked"] = params
        asked.append(params)

    def answer(context: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        told = {
            "AccessKeyId": "111111111111",  # the account, by which the emulator tells whose tables are meant
            "SecretAccessKey": "secret",
            "SessionToken": context["asked"]["RoleSessionName"],
            "Expiration": wiring.now() + timedelta(hours=1),
        }
        return SimpleNamespace(status_code=200), {"Credentials": told}

    events = aws.sts().meta.events
    events.register("provide-client-params.sts.AssumeRole", keep)
    events.register("before-call.sts.AssumeRole", answer)
    yield asked
    for client in (aws.dynamodb, aws.sts):
        client.cache_clear()


def test_each_client_is_asked_for_with_its_own_credentials(stack: Stack, asked: list[dict[str, Any]]) -> None:
    """Once a client; the policy opens that client's keys and nobody else's, and is short enough for STS."""
    for client_id in (CLIENT, "union"):
        wiring.accounts().put_client(
            a_client(client_id=client_id, recipients=(Recipient(CHIEF, manager=True),))
        )
    tokens = []
    aws.dynamodb().meta.events.register(
        "before-send.dynamodb",
        lambda request, **_: tokens.append(request.headers.get("X-Amz-Security-Token")),
    )
    for client_id in (CLIENT, "union"):
        member = Member.of(stack, CHIEF, client_id)
        for _ in range(2):
            assert member.get("veilles").status == 200
    assert [each["RoleSessionName"] for each in asked] == [f"client-{CLIENT}", "client-union"]
    assert {str(token) for token in tokens if token} >= {f"b'client-{CLIENT}'", "b'client-union'"}
    policy = json.loads(asked[0]["Policy"])
    assert len(asked[0]["Policy"]) < 2_048
    table = f"arn:aws:dynamodb:eu-west-3:111111111111:table/{wiring.settings().accounts_table}"
    assert is_allowed(policy, "dynamodb:GetItem", table, [f"CLIENT#{CLIENT}"])
    assert not is_allowed(policy, "dynamodb:GetItem", table, ["CLIENT#union"])
