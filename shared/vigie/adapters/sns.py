"""Messages to whoever subscribes, by a topic; what is too large for one lies in our bucket.

Raises  Transient when a message was not accepted; sending all again is harmless
"""

from collections.abc import Iterable
from typing import Any

from vigie.adapters.aws import transient_failures
from vigie.adapters.sqs import body_of
from vigie.messages import Message
from vigie.ports import Blobs, Outbox


class SnsOutbox(Outbox):
    """``Outbox`` on one topic. What travels by reference names our bucket, which subscribers may read."""

    def __init__(self, client: Any, topic_arn: str, blobs: Blobs, bucket: str) -> None:
        self._client = client
        self._topic_arn = topic_arn
        self._blobs = blobs
        self._bucket = bucket

    def send(self, messages: Iterable[Message], *, delay_seconds: int = 0) -> None:
        """Publish all messages, in no order. A topic delays nothing: ``delay_seconds`` must be 0."""
        if delay_seconds:
            raise ValueError(f"a topic delays nothing, not {delay_seconds} s")
        for message in messages:
            body = body_of(message, self._blobs, self._bucket)
            with transient_failures("publish to subscribers"):
                self._client.publish(TopicArn=self._topic_arn, Message=body)
