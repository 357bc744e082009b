"""Each function has sample events, and what they carry is what the code reads."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest

from infra.template import Route, Template
from vigie.adapters.sqs import kind_of, open_body, schema_in
from vigie.domain.collected import HandedDocument
from vigie.domain.documents import Document
from vigie.errors import BadMessage
from vigie.messages import (
    CollectorHeard,
    DigestReady,
    DocumentsCollected,
    DocumentsFetched,
    DocumentsGrouped,
    DocumentsMatched,
    DocumentsWithdrawn,
    FeedPushed,
    GroupedDocument,
    MatchedDocument,
    Message,
    NoticeDue,
    PreviewReady,
    ShardDue,
    StoryUnsure,
    Unreadable,
    decode,
    encode,
    open_each,
)

STACK = Template.read()
EVENTS = Path(__file__).parents[2] / "events"
SAMPLES = sorted(EVENTS.glob("*/*.json"))

KIND_OF_QUEUE: dict[str, type] = {
    "ShardsQueue": ShardDue,
    "FetchedQueue": DocumentsFetched,
    "MatchedQueue": DocumentsMatched,
    "GroupedQueue": DocumentsGrouped,
    "AdjudicateQueue": StoryUnsure,
    "NotifyQueue": NoticeDue,
    "DigestsQueue": DigestReady,
}
ELEMENTS: dict[type, tuple[str, type]] = {
    DocumentsFetched: ("documents", Document),
    DocumentsCollected: ("items", HandedDocument),
    DocumentsMatched: ("items", MatchedDocument),
    DocumentsGrouped: ("items", GroupedDocument),
}


def read(path: Path) -> dict[str, Any]:
    """Return a sample event."""
    event: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return event


ALSO_ON_QUEUE: dict[str, tuple[type, ...]] = {
    "ShardsQueue": (FeedPushed, DocumentsCollected, CollectorHeard),
    "GroupedQueue": (DocumentsWithdrawn,),
    "DigestsQueue": (PreviewReady,),
}


def kind_of_body(queue: str, body: str) -> type:
    """Return the kind of a queue's body: the queue's own, unless it is another that travels there."""
    others = {kind_of(other): other for other in ALSO_ON_QUEUE.get(queue, ())}
    return others.get(schema_in(body), KIND_OF_QUEUE[queue])


def bodies(event: dict[str, Any]) -> list[tuple[type, str]]:
    """Return what an SQS event carries: the kind its queue is for, and the body."""
    return [
        (kind_of_body(record["eventSourceARN"].rpartition("-")[2], record["body"]), record["body"])
        for record in event.get("Records", [])
        if record.get("eventSource") == "aws:sqs"
    ]


def sound(pattern: str) -> list[Any]:
    """Return (path, kind, body) of every SQS body in samples whose name does not promise poison."""
    return [
        pytest.param(kind, body, id=f"{path.parent.name}/{path.stem}")
        for path in sorted(EVENTS.glob(pattern))
        for kind, body in bodies(read(path))
        if path.stem not in {"poison_message", "by_reference"}
    ]


def unreadable(kind: type, body: str) -> int:
    """Return how many elements of a message cannot be read."""
    field, element = ELEMENTS[kind]
    return sum(
        isinstance(item, Unreadable) for item in open_each(getattr(decode(body, kind), field), element)
    )


def test_each_function_has_samples() -> None:
    """Functions of the template and folders of events/ are the same."""
    assert set(STACK.functions) == {path.parent.name for path in SAMPLES}


def test_each_kind_of_message_has_a_sample() -> None:
    """Nothing travels on a queue that cannot be sent by hand."""
    kinds = {kind for path in SAMPLES for kind, _ in bodies(read(path))}
    assert set(get_args(Message)) == kinds
    assert set(STACK.queues) - {"DeadLetters"} == set(KIND_OF_QUEUE)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_function_is_sampled_with_its_own_queue(path: Path) -> None:
    """The queue an SQS sample comes from is one that feeds the function."""
    queues = [source.queue for source in STACK.functions[path.parent.name].queues]
    feeding = {kind for queue in queues for kind in (KIND_OF_QUEUE[queue], *ALSO_ON_QUEUE.get(queue, ()))}
    assert {kind for kind, _ in bodies(read(path))} <= feeding


@pytest.mark.parametrize(("kind", "body"), sound("*/*.json"))
def test_a_body_is_what_its_queue_carries(kind: type, body: str) -> None:
    """A sample's body opens as its queue's message, and encoding that again gives the same."""
    message = decode(body, kind)
    assert json.loads(body) == json.loads(encode(message)) | json.loads(body)


@pytest.mark.parametrize(("kind", "body"), sound("*/documents_*.json"))
def test_each_element_of_a_sound_sample_opens(kind: type, body: str) -> None:
    """Documents of an ordinary sample can all be read."""
    assert unreadable(kind, body) == 0


@pytest.mark.parametrize(("kind", "body"), sound("*/poison_document.json"))
def test_one_element_of_a_poisoned_sample_does_not(kind: type, body: str) -> None:
    """A poison document sits among neighbours that open."""
    assert unreadable(kind, body) == 1
    assert len(getattr(decode(body, kind), ELEMENTS[kind][0])) > 1


@pytest.mark.parametrize(
    "path", sorted(EVENTS.glob("*/poison_message.json")), ids=lambda path: path.parent.name
)
def test_a_poison_message_is_refused(path: Path) -> None:
    """The last body of a poison sample is no message."""
    *_, (kind, body) = bodies(read(path))
    with pytest.raises(BadMessage):
        decode(body, kind)


def test_a_large_message_travels_by_reference() -> None:
    """The sample refers to the very batch of the ordinary one."""
    ((_, whole),) = bodies(read(EVENTS / "match" / "documents_fetched.json"))
    ((_, reference),) = bodies(read(EVENTS / "match" / "by_reference.json"))
    kept = _OneBlob(json.loads(reference)["key"], whole.encode())
    assert decode(whole, DocumentsFetched) == open_body(reference, DocumentsFetched, kept)


@pytest.mark.parametrize(
    "path",
    sorted([*EVENTS.glob("api/*.json"), *EVENTS.glob("webhooks/*.json"), *EVENTS.glob("site/*.json")]),
    ids=lambda path: f"{path.parent.name}/{path.stem}",
)
def test_an_api_sample_asks_for_a_route(path: Path) -> None:
    """The resource of an API event is one the template lists, and its path fills it in."""
    event = read(path)
    assert Route(event["httpMethod"], event["resource"]) in STACK.routes
    assert event["path"] == event["resource"].format(**event["pathParameters"] or {})
    assert event["resource"] == event["requestContext"]["resourcePath"]


class _OneBlob:
    """A bucket that keeps one thing."""

    def __init__(self, key: str, content: bytes) -> None:
        self._kept = {key: content}

    def put(self, key: str, content: bytes, content_type: str) -> None:  # noqa: ARG002 - the port asks for it
        """Keep one more."""
        self._kept[key] = content

    def get(self, key: str) -> bytes | None:
        """Return it."""
        return self._kept.get(key)
