"""Messages on queues, by kind; what is too large for one travels by reference.

Puts    bodies over 60 KB under ``payloads/<sha256>.json`` (same body, same key), the others in the queue
Raises  Transient when a message was not accepted after a few tries; sending all again is harmless
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from vigie.adapters.aws import transient_failures
from vigie.adapters.backoff import attempts
from vigie.errors import BadMessage, Transient
from vigie.messages import BODY_LIMIT_BYTES, M, Message, decode, encode
from vigie.ports import Blobs, Outbox

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

BATCH_ENTRIES = 10
BATCH_BYTES = 256_000  # SQS takes 1 MiB; smaller batches fail and repeat in smaller pieces
DELAY_LIMIT_SECONDS = 900
_PAYLOADS = "payloads/"
_TRIES = 4
_FORBIDDEN = {"\ufffe": "\\ufffe", "\uffff": "\\uffff"}  # legal JSON, but SQS would refuse the whole message


class Reference(msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="by-reference/1"):
    """Stands in the queue for a body of the given kind that lies in the bucket."""

    key: str
    kind: str
    bucket: str = ""  # another stack's, where it is not ours


class _Peek(msgspec.Struct):
    schema: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    body: str
    size_bytes: int


class SqsOutbox(Outbox):
    """``Outbox`` on one queue per kind of message."""

    def __init__(self, client: "SQSClient", queue_urls: Mapping[type[Message], str], blobs: Blobs) -> None:
        self._client = client
        self._queue_urls = dict(queue_urls)
        self._blobs = blobs

    def send(self, messages: Iterable[Message], *, delay_seconds: int = 0) -> None:
        """Queue all messages, in no order; they appear after ``delay_seconds`` (0 to 900).

        Raises KeyError for a kind this function has no queue for: that is a fault of the wiring.
        """
        if not 0 <= delay_seconds <= DELAY_LIMIT_SECONDS:
            raise ValueError(f"a queue delays 0 to {DELAY_LIMIT_SECONDS} s, not {delay_seconds}")
        by_queue: dict[str, list[_Entry]] = {}
        for message in messages:
            by_queue.setdefault(self._queue_urls[type(message)], []).append(self._entry(message))
        for queue_url, entries in by_queue.items():
            for batch in _batches(entries):
                self._send_batch(queue_url, batch, delay_seconds)

    def _entry(self, message: Message) -> _Entry:
        body = body_of(message, self._blobs)
        return _Entry(body, len(body.encode()))

    def _send_batch(self, queue_url: str, batch: list[_Entry], delay_seconds: int) -> None:
        left = dict(enumerate(batch))
        refusals = ""
        for _ in attempts(_TRIES):
            with transient_failures(f"send {len(left)} messages"):
                answer = self._client.send_message_batch(
                    QueueUrl=queue_url,
                    Entries=[
                        {"Id": str(number), "MessageBody": entry.body, "DelaySeconds": delay_seconds}
                        for number, entry in left.items()
                    ],
                )
            failed = answer.get("Failed", [])
            if not failed:
                return
            left = {int(failure["Id"]): left[int(failure["Id"])] for failure in failed}
            refusals = ", ".join(sorted({failure["Code"] for failure in failed}))
        raise Transient(f"{len(left)} messages were not accepted by {queue_url}: {refusals}")


def body_of(message: Message, blobs: Blobs, bucket: str = "") -> str:
    """Return what to send for a message: itself, or a reference to where it was put.

    ``bucket`` names ours, for readers in other stacks.
    """
    body = encode(message).decode()
    for character, escape in _FORBIDDEN.items():
        body = body.replace(character, escape)
    content = body.encode()
    if len(content) <= BODY_LIMIT_BYTES:
        return body
    key = f"{_PAYLOADS}{hashlib.sha256(content).hexdigest()}.json"
    blobs.put(key, content, "application/json")
    return encode(Reference(key=key, kind=kind_of(type(message)), bucket=bucket)).decode()


def open_body(body: str | bytes, kind: type[M], blobs: Blobs, others: Mapping[str, Blobs] | None = None) -> M:
    """Return the message of a queue's body, fetched when it travelled by reference.

    ``others`` are the buckets, besides ours, that a reference may name.
    Raises BadMessage when it is not a ``kind``, or when what it refers to is not kept any more.
    """
    try:
        reference = msgspec.json.decode(body, type=Reference)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return decode(body, kind)
    if reference.kind != kind_of(kind) or not reference.key.startswith(_PAYLOADS):
        raise BadMessage(f"not a {kind.__name__}: refers to a {reference.kind} in {reference.key}")
    bucket = (others or {}).get(reference.bucket) if reference.bucket else blobs
    if bucket is None:
        raise BadMessage(
            f"not a {kind.__name__}: refers to the bucket {reference.bucket}, which is none of ours"
        )
    content = bucket.get(reference.key)
    if content is None:
        raise BadMessage(f"{reference.key} is not kept any more")
    return decode(content, kind)


def schema_in(body: str | bytes) -> str:
    """Return the schema a queue's body says it has, or stands for; empty when it says none."""
    try:
        peek = msgspec.json.decode(body, type=_Peek)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""
    return peek.kind or peek.schema


def kind_of(message_class: type[Message]) -> str:
    """Return the schema a kind of message carries."""
    return str(message_class.__struct_config__.tag)


def _batches(entries: Iterable[_Entry]) -> Iterator[list[_Entry]]:
    batch: list[_Entry] = []
    for entry in entries:
        size_bytes = sum(other.size_bytes for other in batch) + entry.size_bytes
        if batch and (len(batch) == BATCH_ENTRIES or size_bytes > BATCH_BYTES):
            yield batch
            batch = []
        batch.append(entry)
    if batch:
        yield batch
