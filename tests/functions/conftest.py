"""The real handlers, called with events, on the emulated cloud's tables and queues."""

import importlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.conftest import Cloud
from tests.isolation import watching
from vigie import wiring
from vigie.adapters import aws

EVENTS = Path(__file__).resolve().parents[2] / "events"
TABLES = ("sources", "stories", "ledger", "mentions", "digests", "accounts")
QUEUES = ("shards", "fetched", "matched", "grouped", "adjudicate", "notify", "digests")
_CACHED = [value for value in vars(wiring).values() if hasattr(value, "cache_clear")]


@dataclass(frozen=True)
class Context:
    """What Lambda tells a handler about itself."""

    function_name: str = "test"
    memory_limit_in_mb: int = 256
    invoked_function_arn: str = "arn:aws:lambda:eu-west-3:111111111111:function:test"
    aws_request_id: str = "00000000-0000-4000-8000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        """Return the time left: enough."""
        return 300_000


class Stack:
    """One empty stack: call its functions, read its queues."""

    def __init__(self, queues: dict[str, str]) -> None:
        self._queues = queues

    def call(self, function: str, event: dict[str, Any]) -> Any:
        """Call a function's real handler."""
        return importlib.import_module(f"functions.{function}.app").handler(event, Context())

    def sample(self, function: str, name: str) -> dict[str, Any]:
        """Return a sample event."""
        event: dict[str, Any] = json.loads((EVENTS / function / f"{name}.json").read_text(encoding="utf-8"))
        return event

    def received(self, queue: str) -> list[dict[str, Any]]:
        """Return and delete the messages of a queue."""
        url = self._queues[queue]
        messages = aws.sqs().receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in messages:
            aws.sqs().delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in messages]


@pytest.fixture
def stack(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """Return an empty stack that the handlers' wiring finds in its environment."""
    queues = {name: cloud.queue() for name in QUEUES}
    settings = {
        **{f"{name}_table": cloud.table() for name in TABLES},
        "stack": "vigie-test",
        "dead_letters_url": cloud.queue(),
        **{f"{name}_queue_url": url for name, url in queues.items()},
        "bucket": cloud.bucket(),
        "backtest_function": cloud.function(),
        "alert_function": cloud.function(),
        "send_function": cloud.function(),
        "contact_url": "https://vigie.example/robot",
        "sender": "veille@vigie.example",
        "configuration_set": "vigie-test",
        "push_secret_name": f"/vigie-{uuid4().hex}/push-secret",
        "connectors_prefix": f"/vigie-{uuid4().hex}/connectors",
        "notify_secret_name": f"/vigie-{uuid4().hex}/notify-secret",
        "stripe_secret_name": f"/vigie-{uuid4().hex}/stripe",
        "link_secret_name": f"/vigie-{uuid4().hex}/link-secret",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"VIGIE_{name.upper()}", value)
    for cached in _CACHED:
        cached.cache_clear()
    aws.ses().create_email_identity(EmailIdentity="vigie.example")
    aws.ses().create_configuration_set(ConfigurationSetName="vigie-test")
    names = {settings[f"{name}_table"]: name for name in TABLES}
    with watching(names) as warden:
        yield Stack(queues)
    aws.ses().delete_configuration_set(ConfigurationSetName="vigie-test")
    for cached in _CACHED:
        cached.cache_clear()
    assert warden.denied == []  # what IAM would have denied


@pytest.fixture
def sqs_event() -> Callable[..., dict[str, Any]]:
    """Return what makes an SQS event of bodies."""

    def make(*bodies: str) -> dict[str, Any]:
        return {"Records": [_record(number, body) for number, body in enumerate(bodies)]}

    return make


def _record(number: int, body: str) -> dict[str, Any]:
    return {
        "messageId": f"message-{number}",
        "receiptHandle": f"receipt-{number}",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "awsRegion": "eu-west-3",
    }
