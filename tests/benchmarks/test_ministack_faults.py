"""What the load run plants: told as AWS tells it, and never of something that was done."""

import asyncio
import json
from typing import Any

import pytest

from benchmarks import ministack_faults
from benchmarks.ministack_faults import Answer, Handler, refusing, throttling

PUTS = {"RequestItems": {"t": [{"PutRequest": n} for n in range(3)]}}
GETS = {"RequestItems": {"t": {"Keys": [1, 2, 3], "ConsistentRead": True}}}
SENDS = {"QueueUrl": "q", "Entries": [{"Id": "0"}, {"Id": "1"}]}


class Service:
    """A service that does what it is asked, all of it."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    async def handle(self, *request: Any) -> Answer:
        """Note the request's body and say that nothing is left."""
        self.asked.append(json.loads(request[3]))
        return 200, {"Content-Length": "2"}, b'{"UnprocessedItems": {}}'


def ask(handler: Handler, target: str, body: Any) -> tuple[int, Any]:
    """Ask a handler; return its status and what it says."""
    status, _, content = asyncio.run(
        handler("POST", "/", {"x-amz-target": target}, json.dumps(body).encode(), {})  # type: ignore[arg-type]
    )
    return status, json.loads(content)


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every batch be half done, and no request be throttled."""
    rolls = iter([0.5, 0.0] * 10)
    monkeypatch.setattr(ministack_faults.chance, "random", lambda: next(rolls))


@pytest.mark.parametrize(
    ("action", "body", "told", "undone"),
    [
        ("BatchWriteItem", PUTS, "UnprocessedItems", {"t": [{"PutRequest": 2}]}),
        ("BatchGetItem", GETS, "UnprocessedKeys", {"t": {"Keys": [3], "ConsistentRead": True}}),
    ],
)
def test_what_is_told_undone_was_not_done(
    always: None, action: str, body: Any, told: str, undone: Any
) -> None:
    """The last item of a batch is named in the answer, and the service never heard of it."""
    service = Service()
    status, answer = ask(throttling(service.handle), f"DynamoDB_20120810.{action}", body)
    assert (status, answer[told]) == (200, undone)
    asked = service.asked[0]["RequestItems"]["t"]
    assert len(asked["Keys"] if action == "BatchGetItem" else asked) == 2


def test_a_message_not_taken_was_not_queued(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last message of a batch failed, by SQS's own doing; the others went through."""
    monkeypatch.setattr(ministack_faults.chance, "random", lambda: 0.0)
    service = Service()
    _, answer = ask(refusing(service.handle), "AmazonSQS.SendMessageBatch", SENDS)
    assert [(each["Id"], each["SenderFault"]) for each in answer["Failed"]] == [("1", False)]
    assert service.asked == [{"QueueUrl": "q", "Entries": [{"Id": "0"}]}]


def test_a_throttled_request_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """DynamoDB's own error comes back; a request that is not about data is never throttled."""
    monkeypatch.setattr(ministack_faults.chance, "random", lambda: 0.0)
    service = Service()
    status, answer = ask(throttling(service.handle), "DynamoDB_20120810.PutItem", {})
    assert (status, answer["__type"].rpartition("#")[2]) == (400, "ProvisionedThroughputExceededException")
    assert ask(throttling(service.handle), "DynamoDB_20120810.CreateTable", {})[0] == 200
    assert service.asked == [{}]
