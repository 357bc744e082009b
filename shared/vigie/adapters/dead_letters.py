"""The stack's dead letters in SQS, and what their last tries said, in the ledger.

A message that a queue gave up on is as it was sent, with the same id. A call without a queue that failed (``send``
hearing SES, ``backtest``) is an envelope that Lambda made: the event in ``requestPayload``, the error in
``responsePayload``.
Source: AWS Lambda Developer Guide, "Capturing records of Lambda asynchronous invocations".

::

    FAILED#<message id>   LAST   what its last try said, in LedgerTable
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from vigie.adapters.aws import transient_failures
from vigie.adapters.dynamo.table import Table
from vigie.adapters.dynamo.values import expiry, pack, unpack
from vigie.adapters.sqs import schema_in
from vigie.domain.dead_letters import UNKNOWN, DeadLetter, Failure, Taken

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_sqs import SQSClient

CALL = "call"
_KEPT_DAYS = 15
_AT_ONCE = 10
_ERROR_CHARACTERS = 500


class DynamoFailures:
    """``FailureStore`` on LedgerTable."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._table = Table(client, table)

    def note(self, failure: Failure) -> None:
        """Keep what a message's last try said."""
        short = Failure(
            message_id=failure.message_id,
            function=failure.function,
            error=failure.error[:_ERROR_CHARACTERS],
            at=failure.at,
        )
        pk, sk = _place(failure.message_id)
        self._table.put(
            {"pk": pk, "sk": sk, "data": pack(short), "expires_at": expiry(failure.at, _KEPT_DAYS)}
        )

    def of(self, message_ids: Iterable[str]) -> Mapping[str, Failure]:
        """Return what is known of some messages, by id."""
        found = self._table.get_many(map(_place, message_ids))
        failures = (unpack(item["data"], Failure) for item in found.values())
        return {failure.message_id: failure for failure in failures}


class SqsDeadLetters:
    """``DeadLetterQueue`` on SQS; ``queue_urls`` by schema, ``functions`` is Lambda's client."""

    def __init__(
        self, client: "SQSClient", functions: Any, dead_letters_url: str, queue_urls: Mapping[str, str]
    ) -> None:
        self._client = client
        self._functions = functions
        self._url = dead_letters_url
        self._queue_urls = queue_urls

    def take(self, limit: int, hidden_seconds: int) -> Iterator[Taken]:
        """Yield dead letters until there are no others, or so many."""
        seen: set[str] = set()
        while len(seen) < limit:
            with transient_failures("read dead letters"):
                answer = self._client.receive_message(
                    QueueUrl=self._url,
                    MaxNumberOfMessages=min(_AT_ONCE, limit - len(seen)),
                    VisibilityTimeout=hidden_seconds,
                    MessageSystemAttributeNames=["All"],
                )
            new = [m for m in answer.get("Messages", []) if m["MessageId"] not in seen]
            if not new:
                return
            seen.update(message["MessageId"] for message in new)
            yield from (Taken(_letter(message), message["ReceiptHandle"]) for message in new)

    def give_back(self, taken: Taken) -> None:
        """Let others see it again at once."""
        self._client.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=taken.receipt, VisibilityTimeout=0
        )

    def send_again(self, letter: DeadLetter) -> bool:
        """Put a letter into the queue of its kind, or call its function again."""
        if letter.kind == CALL:
            event = json.dumps(json.loads(letter.body)["requestPayload"])
            with transient_failures(f"call {letter.function}"):
                self._functions.invoke(
                    FunctionName=letter.function, InvocationType="Event", Payload=event.encode()
                )
            return True
        queue_url = self._queue_urls.get(letter.kind)
        if not queue_url:
            return False
        with transient_failures(f"send to {queue_url}"):
            self._client.send_message(QueueUrl=queue_url, MessageBody=letter.body)
        return True

    def remove(self, taken: Taken) -> None:
        """Delete it."""
        self._client.delete_message(QueueUrl=self._url, ReceiptHandle=taken.receipt)


def _letter(message: Mapping[str, Any]) -> DeadLetter:
    milliseconds = int(message.get("Attributes", {}).get("SentTimestamp", 0))
    letter = DeadLetter(
        message_id=message["MessageId"],
        kind=schema_in(message["Body"]),
        body=message["Body"],
        sent_at=datetime.fromtimestamp(milliseconds / 1_000, UTC),
    )
    return letter if letter.kind else _call(letter)


def _call(letter: DeadLetter) -> DeadLetter:
    """Return a letter as the failed call that it is, if it is one."""
    try:
        envelope = json.loads(letter.body)
        arn = envelope["requestContext"]["functionArn"]
    except (ValueError, KeyError, TypeError):
        return letter
    answer = envelope.get("responsePayload") or {}
    error = f"{answer.get('errorType', '')}: {answer.get('errorMessage', '')}".strip(": ") or UNKNOWN
    return DeadLetter(
        message_id=letter.message_id,
        kind=CALL,
        body=letter.body,
        sent_at=letter.sent_at,
        function=arn.split(":function:")[-1].split(":")[0],
        error=error,
    )


def _place(message_id: str) -> tuple[str, str]:
    return f"FAILED#{message_id}", "LAST"
