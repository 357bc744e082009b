"""Messages to subscribers by a topic: what is too large lies in our bucket, which the reference names."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.builders import a_document
from tests.fakes import FakeBlobs
from vigie.adapters.sns import SnsOutbox
from vigie.adapters.sqs import open_body, schema_in
from vigie.domain.collected import EntryKeys, HandedDocument
from vigie.errors import BadMessage
from vigie.messages import CollectorHeard, DocumentsCollected, raw

NOW = datetime(2026, 12, 8, 6, 0, tzinfo=UTC)
ALIVE = CollectorHeard(at=NOW, source_ids=("a",), shard_count=16)


class Topic:
    """An SNS client that remembers what was published."""

    def __init__(self) -> None:
        self.published: list[str] = []

    def publish(self, **request: Any) -> None:
        """Keep a body."""
        self.published.append(request["Message"])


def collected(size: int) -> DocumentsCollected:
    """Return a message of about ``size`` bytes."""
    document = a_document("Titre", body="x" * size)
    keys = EntryKeys(document_id=document.document_id, identity=("k",), remembered=("k",))
    return DocumentsCollected(
        batch_id="b", polled_at=NOW, items=raw([HandedDocument(document=document, keys=keys)])
    )


def test_a_small_message_travels_by_itself() -> None:
    """What is published is the message."""
    topic, blobs = Topic(), FakeBlobs()
    SnsOutbox(topic, "arn:t", blobs, "theirs").send([ALIVE])
    assert open_body(topic.published[0], CollectorHeard, FakeBlobs()) == ALIVE
    assert blobs.keys("") == []


def test_a_large_one_is_read_from_the_collectors_bucket_and_from_no_other() -> None:
    """The reference names the bucket; who does not know that one reads nothing."""
    topic, theirs = Topic(), FakeBlobs()
    SnsOutbox(topic, "arn:t", theirs, "theirs").send([collected(70_000)])
    (body,) = topic.published
    assert json.loads(body)["bucket"] == "theirs"
    assert schema_in(body) == "documents-collected/1"
    assert open_body(body, DocumentsCollected, FakeBlobs(), {"theirs": theirs}) == collected(70_000)
    with pytest.raises(BadMessage, match="the bucket theirs, which is none of ours"):
        open_body(body, DocumentsCollected, theirs)


def test_a_topic_delays_nothing() -> None:
    """To ask for it is a fault of our code."""
    with pytest.raises(ValueError, match="delays nothing"):
        SnsOutbox(Topic(), "arn:t", FakeBlobs(), "theirs").send([ALIVE], delay_seconds=5)
