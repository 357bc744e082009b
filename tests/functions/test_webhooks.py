"""Hubs call: the real handlers, from a verification of intent to a queued document."""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.builders import a_source
from tests.functions.conftest import Stack
from tests.pipeline.stub_hub import CHALLENGE, TOPIC, Callback, StubHub, serving
from vigie import wiring
from vigie.adapters import aws, ssm
from vigie.domain.sources import shard_of
from vigie.domain.websub.offers import PushOffer
from vigie.domain.websub.subscriptions import Subscription, confirmed, standing

pytestmark = pytest.mark.emulator
OFFER = PushOffer("https://hub.example/", "https://courrier-armelie.example/rss")
SHARD = shard_of("courrier-armelie.example", 4)
SAMPLES_SECRET = "EXEMPLE-EXEMPLE-EXEMPLE"
ALL_DONE: dict[str, Any] = {"batchItemFailures": []}
SqsEvent = Callable[..., dict[str, Any]]


@pytest.fixture
def subscribed(stack: Stack) -> Stack:
    """Return a stack that follows the samples' source, and has asked its hub."""
    name = wiring.settings().push_secret_name
    aws.ssm().put_parameter(Name=name, Value=SAMPLES_SECRET, Type="SecureString")
    wiring.sources().put_sources([a_source()], 4)
    pending = Subscription(
        shard=SHARD, source_id=a_source().source_id, hub=OFFER.hub, topic=OFFER.topic, status="pending"
    )
    wiring.subscriptions().change(pending.key, lambda _: pending)
    return stack


def call(stack: Stack, sample: str, **changes: Any) -> tuple[int, str]:
    """Call webhooks with a sample, changed here and there; return status and text."""
    reply = stack.call("webhooks", stack.sample("webhooks", sample) | changes)
    assert reply["headers"]["Content-Type"].startswith("text/plain")
    return reply["statusCode"], reply["body"]


def subscription() -> Subscription:
    """Return the one subscription."""
    (found,) = wiring.subscriptions().all()
    return found


def test_a_hub_verifies_pushes_and_the_document_is_queued(subscribed: Stack, sqs_event: SqsEvent) -> None:
    """From the challenge to documents-fetched, through the very handlers, twice over, once queued."""
    assert call(subscribed, "verify_subscribe") == (200, "a-challenge-of-the-hub")
    now = datetime.now(UTC)
    until = subscription().leased_until
    assert until is not None
    assert timedelta(days=4) < until - now < timedelta(days=6)
    for _ in range(2):
        assert call(subscribed, "push") == (202, "")
    pushed = subscribed.received("shards")
    assert [message["schema"] for message in pushed] == ["feed-pushed/1"] * 2
    for message in pushed:
        assert subscribed.call("poll", sqs_event(json.dumps(message))) == ALL_DONE
    (fetched,) = subscribed.received("fetched")
    assert [document["title"] for document in fetched["documents"]] == [
        "Trois guichets vont fermer dans le Vaurel"
    ]
    assert standing(subscription(), now) == "proven"
    (view,) = wiring.source_views()
    assert (view["push"]["standing"], view["push"]["hub"]) == ("proven", OFFER.hub)


def test_the_poll_function_subscribes_where_a_feed_names_its_hub(
    stack: Stack, sqs_event: SqsEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both real functions and a hub over HTTP: a shard-due message ends in a verified subscription and a push."""
    hub = StubHub([("Titre", "http://courrier.test/1")])
    with serving(hub):
        hub.callback = _gateway(stack)
        monkeypatch.setenv("VIGIE_LOCAL_ALLOW", hub.allow)
        monkeypatch.setenv("VIGIE_CALLBACK_URL", "http://api.test/v1")
        wiring.settings.cache_clear()
        wiring.sources().put_sources([a_source("courrier", url=TOPIC)], 4)
        due = {
            "schema": "shard-due/1",
            "shard": shard_of("courrier.test", 4),
            "due_at": "2026-11-20T06:12:30Z",
        }
        assert stack.call("poll", sqs_event(json.dumps(due))) == ALL_DONE
        assert hub.answers == [(200, CHALLENGE)]
        (first,) = stack.received("fetched")
        assert hub.publish("Poussé", "http://courrier.test/2") == (202, "")
    (pushed,) = stack.received("shards")
    assert stack.call("poll", sqs_event(json.dumps(pushed))) == ALL_DONE
    (second,) = stack.received("fetched")
    assert [batch["documents"][0]["title"] for batch in (first, second)] == ["Titre", "Poussé"]
    assert standing(subscription(), datetime.now(UTC)) == "proven"


def _gateway(stack: Stack) -> Callback:
    """Return what calls webhooks with the event that API Gateway makes of a request."""

    def call(
        method: str, token: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> tuple[int, str]:
        event = {
            "httpMethod": method,
            "pathParameters": {"token": token},
            "queryStringParameters": dict(query) or None,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "body": base64.b64encode(body).decode() or None,
            "isBase64Encoded": bool(body),
        }
        reply = stack.call("webhooks", event)
        return reply["statusCode"], reply["body"]

    return call


def test_what_is_not_signed_is_dropped_and_acknowledged(subscribed: Stack) -> None:
    """Without a signature, or with another body's, nothing is queued; the answer tells nothing."""
    call(subscribed, "verify_subscribe")
    assert call(subscribed, "push_unsigned") == (202, "")
    assert call(subscribed, "push", body="PHJzcy8+") == (202, "")
    assert call(subscribed, "push", body="not base64!") == (202, "")
    assert subscribed.received("shards") == []


def test_a_body_of_ten_megabytes_is_refused(subscribed: Stack) -> None:
    """More than a push may weigh is refused before anything looks at it."""
    call(subscribed, "verify_subscribe")
    assert call(subscribed, "push", body="x" * 10_000_000, isBase64Encoded=False)[0] == 413
    assert subscribed.received("shards") == []


def test_an_address_we_never_gave_is_not_found(subscribed: Stack) -> None:
    """A guessed token, or one of another stack, is nobody's."""
    for token in ("", "guess", "MDAwMi80.efa6b4efde88d5efd3d5270696224348", "\ud800.\ud800"):
        for sample in ("verify_subscribe", "push"):
            assert call(subscribed, sample, pathParameters={"token": token}) == (404, "")


def test_a_stack_that_never_asked_a_hub_knows_no_address(stack: Stack) -> None:
    """Without a secret there is no subscription, and no error either."""
    assert call(stack, "push") == (404, "")


def test_a_denial_is_kept(subscribed: Stack) -> None:
    """A hub that says no is noted with its reason, and its challenge-less call acknowledged."""
    assert call(subscribed, "denied") == (200, "")
    assert (subscription().status, subscription().trouble) == ("refused", "the hub denied it: not today")


def test_what_was_left_is_gone(subscribed: Stack) -> None:
    """A push for what is no longer subscribed is told so, which ends it at the hub."""
    left = confirmed(subscription(), None, datetime.now(UTC))
    wiring.subscriptions().change(left.key, lambda _: None)
    aws.dynamodb().delete_item(
        TableName=wiring.settings().sources_table,
        Key={
            "pk": {"S": f"SHARD#{SHARD}"},
            "sk": {"S": f"PUSH#{left.source_id}#{OFFER.offer_id}"},
        },
    )
    assert call(subscribed, "push") == (410, "")
    unmeant = {"hub.mode": "subscribe", "hub.topic": OFFER.topic, "hub.challenge": "c"}
    assert call(subscribed, "verify_subscribe", queryStringParameters=unmeant)[0] == 404
    leaving = unmeant | {"hub.mode": "unsubscribe"}
    assert call(subscribed, "verify_subscribe", queryStringParameters=leaving) == (200, "c")


def test_a_push_that_cannot_be_queued_is_asked_for_again(
    subscribed: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the queue does not answer the hub is told to come back: 2xx means kept."""
    call(subscribed, "verify_subscribe")
    url = wiring.settings().shards_queue_url
    monkeypatch.setenv("VIGIE_SHARDS_QUEUE_URL", "http://127.0.0.1:1/nobody")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:1")
    for cached in (wiring.settings, wiring.outbox, wiring.callbacks, aws.sqs):
        cached.cache_clear()
    try:
        reply = subscribed.call("webhooks", subscribed.sample("webhooks", "push"))
    finally:
        aws.sqs().close()
        monkeypatch.delenv("AWS_ENDPOINT_URL_SQS")
        aws.sqs.cache_clear()
    assert url
    assert (reply["statusCode"], reply["headers"]["Retry-After"]) == (503, "60")


def test_the_secret_is_made_once(stack: Stack) -> None:
    """The first who needs it makes it; it is encrypted, and everybody then has the same."""
    name = wiring.settings().push_secret_name
    made = ssm.make_stack_secret(aws.ssm(), name)
    assert len(made) >= 40
    assert ssm.make_stack_secret(aws.ssm(), name) == ssm.stack_secret(aws.ssm(), name) == made
    assert aws.ssm().get_parameter(Name=name)["Parameter"]["Type"] == "SecureString"
    assert stack.received("shards") == []
