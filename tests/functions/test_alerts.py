"""The alert function on the emulated cloud: mentions in the table, a mail in the inbox, the API's answers."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.request import urlopen

import pytest

from infra.local.emulator import ACCOUNT
from tests.builders import a_client, a_document, a_hit, a_mention
from tests.conftest import Cloud
from tests.functions import gateway
from tests.functions.conftest import Stack
from vigie import wiring
from vigie.domain.clients import Recipient
from vigie.domain.mentions import Assessment, Label, Labels

pytestmark = pytest.mark.emulator
CLIENT = "banque-armelie"
SURE = Label("neutral", 0.9)


@pytest.fixture
def watched(stack: Stack) -> Stack:
    """Return a stack whose client has just had a crisis in three papers."""
    have_a_crisis()
    return stack


def have_a_crisis() -> None:
    """Have three papers tell of an outage of a client watched for two months."""
    now = datetime.now(UTC)
    wiring.accounts().put_client(
        a_client(
            client_id=CLIENT,
            created_at=now - timedelta(days=60),
            recipients=(Recipient("com@banque.example", "Communication"),),
        )
    )
    for number, site in enumerate(("courrier.test", "gazette.test", "echo.test")):
        document = a_document(
            f"Panne géante, récit {number}",
            document_id=f"d{number}",
            url=f"https://{site}/{number}",
            canonical_url=f"https://{site}/{number}",
            source_name=site,
        )
        label = Label("alert", 0.9)
        assessed = Assessment(watch_id="marque", relevance=SURE, impact=SURE, tone=SURE, crisis=label)
        mention = a_mention(
            document,
            client_id=CLIENT,
            hits=(replace(a_hit(document), watch_id="marque"),),
            labels=Labels(language=SURE, tone=SURE, assessments=(assessed,)),
            recorded_at=now - timedelta(minutes=3 - number),
        )
        wiring.mentions().record([mention])


def test_a_crisis_is_mailed_and_can_be_taken(watched: Stack, cloud: Cloud) -> None:
    """Called twice for what came, it opens one alert; the API shows it, takes it, and says what happened."""
    for _ in range(2):
        assert watched.call("alert", {"clients": [CLIENT, "nobody"]}) == {"looked_at": 1}
    _, key = wiring.key_desk().issue(CLIENT, name="test")
    listed = _ask("GET", f"/clients/{CLIENT}/alerts", key)
    (alert,) = listed["alerts"]
    assert (alert["state"], alert["trigger"]) == ("open", "crisis")
    taken = _ask("POST", f"/clients/{CLIENT}/alerts/{alert['alert_id']}/acknowledge", key, {"by": "Jeanne"})
    assert (taken["state"], taken["acknowledged_by"]) == ("acknowledged", "Jeanne")
    shown = _ask("GET", f"/clients/{CLIENT}/alerts/{alert['alert_id']}", key)
    assert [event["kind"] for event in shown["events"]] == ["opened", "acknowledged"]
    mails = [mail for mail in _mailed(cloud) if mail["To"] == ["com@banque.example"]]
    assert len(mails) == 1


def _ask(method: str, path: str, key: str, body: Any = None) -> Any:
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    sent = None if body is None else json.dumps(body).encode()
    reply = gateway.send(method, path, headers=headers, body=sent)
    assert reply.status < 300, reply.text
    return reply.json


def _mailed(cloud: Cloud) -> list[Any]:
    address = f"{cloud.emulator.endpoint_url}/_ministack/ses/messages?account={ACCOUNT}"
    with urlopen(address, timeout=60) as answer:  # noqa: S310 - our own emulator
        return list(json.load(answer)["messages"][ACCOUNT])
