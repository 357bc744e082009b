"""Digest and send: a mention becomes a mail in the provider's hands, once."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.builders import a_client, a_mention, a_watch
from tests.functions.conftest import Stack
from vigie import wiring
from vigie.domain.matching import Decision, Pair
from vigie.domain.mentions import ClientMatch
from vigie.steps.deliver import delivery_key

pytestmark = pytest.mark.emulator


def a_digest(stack: Stack) -> tuple[dict[str, Any], dict[str, Any]]:
    """Subscribe a client, record a mention, close the interval by hand; return the digest and its message."""
    client = a_client()
    wiring.accounts().put_client(client)
    wiring.accounts().put_watch(a_watch())
    wiring.appointments().keep(client)
    now = datetime.now(UTC)
    pair = Pair(position=0, match=ClientMatch("banque-armelie", ()))
    wiring.ledger().record_decision(
        Decision(batch_id="b", part=0, decided_at=now, pairs=(pair,), documents=1)
    )
    wiring.desk().mentions.record([a_mention(recorded_at=now)])
    (digest,) = stack.call("digest", stack.sample("digest", "by_hand_now"))["digests"]
    (message,) = stack.received("digests")
    return digest, message


def test_a_digest_by_hand_is_stored_and_mailed_once(stack: Stack, sqs_event: Any, cloud: Any) -> None:
    """The message delivered twice sends one mail, which says the client's name."""
    digest, message = a_digest(stack)
    assert (message["client_id"], message["digest_id"]) == (digest["client_id"], digest["digest_id"])
    for _ in range(2):
        assert stack.call("send", sqs_event(json.dumps(message))) == {"batchItemFailures": []}
    stored = wiring.desk().digest(a_client(), "latest")
    assert stored.totals.retained == 1
    assert stored.check() == []
    keys = [delivery_key("banque-armelie", stored.digest_id, r.email) for r in a_client().recipients]
    standing = [wiring.deliver().deliveries.claim("banque-armelie", k, datetime.now(UTC), 1) for k in keys]
    assert standing == ["sent"]


def test_the_providers_event_marks_a_delivery_sent(stack: Stack, sqs_event: Any) -> None:
    """After the provider's Send event nothing is sent again, even when our own mark was lost."""
    event = stack.sample("send", "ses_send")
    message = json.loads(event["Records"][0]["Sns"]["Message"])
    (key,) = message["mail"]["tags"]["delivery_key"]
    stack.call("send", event)
    client_id = key.partition("_")[0]
    assert wiring.deliver().deliveries.claim(client_id, key, datetime.now(UTC), 1) == "sent"


def test_a_bounce_changes_nothing_and_is_no_failure(stack: Stack) -> None:
    """Other events of the provider are logged for ops."""
    assert stack.call("send", stack.sample("send", "ses_bounce")) is None


def test_the_minute_without_anything_due_does_nothing(stack: Stack) -> None:
    """An idle stack's digest function reads its appointments and stops."""
    assert stack.call("digest", stack.sample("digest", "every_minute")) == {"digests": []}


def test_an_instant_without_zone_is_refused(stack: Stack) -> None:
    """A cut-off by hand names its zone, or is refused with how to write it."""
    with pytest.raises(ValueError, match="has no zone"):
        stack.call("digest", {"cutoff_at": "2026-12-08T06:15:00"})
