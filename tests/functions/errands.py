"""What pages leave to the other functions of a stack, done at once: the emulated cloud here only keeps it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.request import urlopen

from infra.local.emulator import ACCOUNT
from tests.conftest import Cloud
from tests.functions.conftest import Stack
from vigie import wiring
from vigie.adapters import aws

WORKERS = ("send", "backtest")
READERS = {"matched": "deduplicate", "grouped": "classify", "digests": "send"}
"""Which function reads a queue, in the order that a document goes."""


@dataclass(slots=True)
class Errands:
    """Functions invoked and messages delayed while a ``with`` block of ``running`` runs, for ``work`` to do."""

    stack: Stack
    invoked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    longest_delay_seconds: int = 0

    def work(self) -> None:
        """Call what was invoked, and have every queue read to its end; what is delayed does not wait."""
        while self.invoked:
            function, event = self.invoked.pop(0)
            self.stack.call(function, event)
        for queue, function in READERS.items():
            while bodies := self.stack.received(queue):
                assert self.stack.call(function, _batch(bodies)) == {"batchItemFailures": []}

    def note(self, params: dict[str, Any], **_: object) -> None:
        """Keep an invocation."""
        named = {getattr(wiring.settings(), f"{name}_function"): name for name in WORKERS}
        self.invoked.append((named[params["FunctionName"]], json.loads(params["Payload"])))

    def hurry(self, params: dict[str, Any], **_: object) -> None:
        """Take the delays off messages."""
        for entry in params["Entries"]:
            self.longest_delay_seconds = max(self.longest_delay_seconds, entry.pop("DelaySeconds", 0))


@contextmanager
def running(stack: Stack) -> Iterator[Errands]:
    """Have invocations kept and messages hurried while the block runs."""
    errands = Errands(stack)
    hooks = (
        (aws.functions(), "provide-client-params.lambda.Invoke", errands.note),
        (aws.sqs(), "provide-client-params.sqs.SendMessageBatch", errands.hurry),
    )
    for client, event, hook in hooks:
        client.meta.events.register(event, hook)
    try:
        yield errands
    finally:
        for client, event, hook in hooks:
            client.meta.events.unregister(event, hook)


def letters(cloud: Cloud, to: str) -> list[str]:
    """Return the HTML of the mails to one address that lie in the emulated inbox, oldest first."""
    address = f"{cloud.emulator.endpoint_url}/_ministack/ses/messages?account={ACCOUNT}"
    with urlopen(address, timeout=60) as answer:  # noqa: S310 - our own emulator
        kept = json.load(answer)["messages"].get(ACCOUNT, [])
    return [each["BodyHtml"] for each in kept if to in each["To"]]


def _batch(bodies: list[dict[str, Any]]) -> dict[str, Any]:
    records = [
        {
            "messageId": f"message-{number}",
            "receiptHandle": f"receipt-{number}",
            "body": json.dumps(body),
            "attributes": {"ApproximateReceiveCount": "1"},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "awsRegion": "eu-west-3",
        }
        for number, body in enumerate(bodies)
    ]
    return {"Records": records}
