"""Messages on queues: pieces of the right size, references, partial refusals."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.builders import a_document
from tests.conftest import Cloud
from tests.fakes import FakeBlobs
from vigie.adapters import aws
from vigie.adapters.sqs import SqsOutbox, open_body
from vigie.errors import BadMessage, Transient
from vigie.messages import DigestReady, DocumentsFetched, ShardDue, encode, raw

NOW = datetime(2026, 12, 8, 6, 0, tzinfo=UTC)
URL = "https://sqs.example/queue"


class Queue:
    """An SQS client that accepts what ``refuse`` does not name, and remembers each batch."""

    def __init__(self, *refusals: set[int]) -> None:
        self.batches: list[list[str]] = []
        self._refusals = list(refusals)

    def send_message_batch(self, **request: Any) -> dict[str, Any]:
        """Answer as SQS does: the request succeeds, whatever becomes of its messages."""
        refused = self._refusals.pop(0) if self._refusals else set()
        entries = request["Entries"]
        self.batches.append([entry["MessageBody"] for entry in entries])
        return {"Failed": [{"Id": entries[n]["Id"], "Code": "InternalError"} for n in sorted(refused)]}


def fetched(size: int, number: int = 0) -> DocumentsFetched:
    """Return a message of about ``size`` bytes."""
    documents = raw([a_document("Titre", body="x" * size)])
    return DocumentsFetched(batch_id=f"b{number}", polled_at=NOW, documents=documents)


def outbox(queue: Any, blobs: FakeBlobs | None = None) -> SqsOutbox:
    """Return an outbox with one queue for everything."""
    urls = dict.fromkeys([ShardDue, DocumentsFetched, DigestReady], URL)
    return SqsOutbox(queue, urls, blobs or FakeBlobs())


def test_messages_leave_in_batches_sqs_accepts() -> None:
    """At most ten messages and 256 KB together, none twice, none missing."""
    queue = Queue()
    outbox(queue).send(fetched(size, n) for n, size in enumerate([100] * 25 + [58_000] * 9))
    assert max(len(batch) for batch in queue.batches) == 10
    assert max(sum(map(len, batch)) for batch in queue.batches) <= 256_000
    sent = [json.loads(body)["batch_id"] for batch in queue.batches for body in batch]
    assert sent == [f"b{n}" for n in range(34)]


def test_only_what_was_refused_is_sent_again() -> None:
    """A partial refusal costs a retry of its messages, not of their neighbours."""
    queue = Queue({1, 3}, {1})
    outbox(queue).send(fetched(10, n) for n in range(5))
    sent = [[json.loads(body)["batch_id"] for body in batch] for batch in queue.batches]
    assert sent == [["b0", "b1", "b2", "b3", "b4"], ["b1", "b3"], ["b3"]]


def test_a_lasting_refusal_is_transient() -> None:
    """After a few tries the message that caused the sending goes back to its queue."""
    with pytest.raises(Transient, match=r"1 messages were not accepted .* InternalError"):
        outbox(Queue(*[{0}] * 9)).send([fetched(10)])


@pytest.mark.parametrize("size", [59_000, 61_000, 900_000])
def test_a_large_message_travels_by_reference(size: int) -> None:
    """Over 60 KB the body lies in the bucket, under its hash; the consumer gets the same message."""
    queue, blobs = Queue(), FakeBlobs()
    message = fetched(size)
    for _ in range(2):
        outbox(queue, blobs).send([message])
    (body,) = queue.batches[0]
    assert len(body) <= 60_000
    assert len(blobs.objects) == (1 if size > 60_000 else 0)
    assert open_body(body, DocumentsFetched, blobs) == message


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"schema":"by-reference/1","key":"payloads/0.json","kind":"documents-fetched/1"}', "not kept"),
        (
            b'{"schema":"by-reference/1","key":"payloads/0.json","kind":"shard-due/1"}',
            "refers to a shard-due",
        ),
        (
            b'{"schema":"by-reference/1","key":"clients/a/digests/1","kind":"documents-fetched/1"}',
            "clients/a",
        ),
        (b'{"schema":"by-reference/1"}', "not a DocumentsFetched"),
        (encode(ShardDue(shard="0001", due_at=NOW)), "not a DocumentsFetched"),
        (b"\xff", "malformed"),
    ],
)
def test_what_cannot_be_opened_is_bad(body: bytes, reason: str) -> None:
    """A reference to nothing, to another kind or outside the payloads is refused, as any odd body is."""
    with pytest.raises(BadMessage, match=reason):
        open_body(body, DocumentsFetched, FakeBlobs())


def test_a_delay_longer_than_a_queue_s_is_a_fault() -> None:
    """SQS waits at most fifteen minutes; who wants more has to ask again."""
    with pytest.raises(ValueError, match="900"):
        outbox(Queue()).send([ShardDue(shard="0001", due_at=NOW)], delay_seconds=901)


@pytest.fixture
def received(cloud: Cloud) -> tuple[SqsOutbox, Callable[[], DocumentsFetched]]:
    """Return an outbox on a real queue and what takes a message from it."""
    url = cloud.queue()
    sender = SqsOutbox(aws.sqs(), {DocumentsFetched: url}, FakeBlobs())

    def take() -> DocumentsFetched:
        (message,) = aws.sqs().receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"]
        return open_body(message["Body"], DocumentsFetched, FakeBlobs())

    return sender, take


@pytest.mark.emulator
def test_any_text_crosses_a_queue(received: Any) -> None:
    """Characters SQS refuses, and those at the edges of its alphabet, arrive as they were sent."""
    sender, take = received
    odd = "".join(map(chr, [0, 1, 9, 10, 13, 31, 127, 133, 0xD7FF, 0xE000, 0xFFFD, 0xFFFE, 0xFFFF, 0x10FFFF]))
    documents = raw([a_document(odd + "é’🚀")])
    message = DocumentsFetched(batch_id="b", polled_at=NOW, documents=documents)
    sender.send([message])
    (document,) = take().documents
    assert json.loads(bytes(document))["title"] == odd + "é’🚀"
