"""Dead letters on the emulated stack, from the last try's words to the command that sends them again."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import a_client
from tests.functions.conftest import Stack
from vigie import wiring
from vigie.adapters import aws
from vigie.cli import main
from vigie.handling import MAXIMUM_RECEIVES
from vigie.messages import DigestReady, ShardDue, encode

pytestmark = pytest.mark.emulator


def run(*arguments: str) -> tuple[int, list[dict[str, Any]]]:
    """Run ``vigie dead``; return its exit code and its lines."""
    out = io.StringIO()
    code = main(["dead", *arguments], out, io.StringIO())
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def die(body: str) -> None:
    """Set a message aside, as SQS does."""
    aws.sqs().send_message(QueueUrl=wiring.settings().dead_letters_url, MessageBody=body)


def test_the_last_try_says_what_it_died_of(stack: Stack, sqs_event: Callable[..., dict[str, Any]]) -> None:
    """The fifth failure of a message is kept under its id, the first is not."""
    event = sqs_event(encode(ShardDue(shard="0001", due_at=wiring.now())).decode())
    aws.dynamodb().delete_table(TableName=wiring.settings().sources_table)
    (record,) = event["Records"]
    failures = wiring.dead_letters().failures
    stack.call("poll", event)
    assert failures.of(["message-0"]) == {}
    record["attributes"]["ApproximateReceiveCount"] = str(MAXIMUM_RECEIVES)
    assert stack.call("poll", event) == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert failures.of(["message-0"])["message-0"].function == "poll"
    assert "ResourceNotFound" in failures.of(["message-0"])["message-0"].error


def test_dead_letters_are_listed_and_sent_again(stack: Stack) -> None:
    """A shard goes back to its queue, yesterday's digest is dropped, and the list is empty after."""
    client = a_client()
    wiring.accounts().put_client(client)
    long_ago = wiring.now() - timedelta(days=3)
    die(encode(ShardDue(shard="0001", due_at=long_ago)).decode())
    die(encode(DigestReady(client_id=client.client_id, digest_id="d", send_at=long_ago, emails=())).decode())
    code, lines = run("list")
    assert (code, sorted(line["kind"] for line in lines)) == (0, ["digest-ready/1", "shard-due/1"])
    assert lines[0]["sample"][0]["body"].startswith("{")

    code, lines = run("redrive", "--per-second", "50")

    assert (code, sorted(line["outcome"] for line in lines)) == (0, ["dropped", "redriven"])
    assert [message["shard"] for message in stack.received("shards")] == ["0001"]
    assert run("list") == (0, [])


def test_a_call_that_failed_is_called_again(stack: Stack) -> None:
    """Lambda's envelope names the function and the error; its event is given to it once more."""
    function = wiring.settings().backtest_function
    envelope = {
        "requestContext": {"functionArn": f"arn:aws:lambda:eu-west-3:1:function:{function}:$LATEST"},
        "requestPayload": {"job_id": "j1"},
        "responsePayload": {"errorType": "Transient", "errorMessage": "read 3 items: Throttling"},
    }
    die(json.dumps(envelope))
    _, (group,) = run("list")
    assert (group["kind"], group["function"], group["error"]) == (
        "call",
        function,
        "Transient: read … items: Throttling",
    )
    assert run("redrive", "--kind", "call")[1][0]["outcome"] == "redriven"


def test_a_rate_that_is_none_is_refused() -> None:
    """Zero a second would never end."""
    assert run("redrive", "--per-second", "0")[0] == 1
