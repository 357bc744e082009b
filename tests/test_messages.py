"""What travels on the queues: versioned, refused by field name, cut within the limit, opened one by one."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from tests.builders import a_document, a_hit
from vigie.domain.documents import Document
from vigie.domain.mentions import ClientMatch, StoryRef
from vigie.errors import BadMessage
from vigie.messages import (
    BODY_LIMIT_BYTES,
    DigestReady,
    DocumentsFetched,
    DocumentsGrouped,
    DocumentsMatched,
    GroupedDocument,
    MatchedDocument,
    Message,
    PreviewReady,
    ShardDue,
    Unreadable,
    decode,
    encode,
    open_each,
    raw,
    split,
)

NOW = datetime(2026, 12, 8, 5, 15, tzinfo=UTC)
DOCUMENT = a_document(summary="« L’été », dit-elle 🗞️", links=("https://a.example/",), media=("image",))
MATCHES = (ClientMatch("banque-armelie", (a_hit(DOCUMENT),)),)
MATCHED = MatchedDocument(document=DOCUMENT, matches=MATCHES)
GROUPED = GroupedDocument(document=DOCUMENT, matches=MATCHES, story=StoryRef("histoire", "reprint"))

MESSAGES: dict[str, Message] = {
    "shard-due/1": ShardDue(shard="0007", due_at=NOW, force=True),
    "documents-fetched/1": DocumentsFetched(batch_id="b.0", polled_at=NOW, documents=raw([DOCUMENT])),
    "documents-matched/1": DocumentsMatched(batch_id="b.0", items=raw([MATCHED])),
    "documents-grouped/1": DocumentsGrouped(batch_id="b.0", items=raw([GROUPED])),
    "digest-ready/1": DigestReady(
        client_id="banque-armelie", digest_id="20261208T061500Z", send_at=NOW, emails=("dg@banque.test",)
    ),
    "preview-ready/1": PreviewReady(
        client_id="banque-armelie", digest_id="20261208T061500Z", preview_at=NOW, send_at=NOW
    ),
}


def changed(kind: str, /, **fields: Any) -> bytes:
    """Return a message's body with some fields replaced; None leaves one out."""
    content = {**json.loads(encode(MESSAGES[kind])), **fields}
    return encode({name: value for name, value in content.items() if value is not None})


@pytest.mark.parametrize("schema", MESSAGES)
def test_message_survives_the_journey(schema: str) -> None:
    """Every kind comes back equal, from bytes and from text, its schema first."""
    message = MESSAGES[schema]
    body = encode(message)
    assert body.startswith(b'{"schema":"%s"' % schema.encode())
    assert message == decode(body, type(message)) == decode(body.decode(), type(message))


@pytest.mark.parametrize("element", [DOCUMENT, MATCHED, GROUPED], ids=lambda element: type(element).__name__)
def test_element_survives_the_journey(element: object) -> None:
    """What a message holds comes back equal, instants, accents and emoji included."""
    assert [element] == list(open_each(raw([element]), type(element)))


@pytest.mark.parametrize("schema", MESSAGES)
def test_unknown_field_is_ignored(schema: str) -> None:
    """A newer sender may add a field without breaking an older reader."""
    assert MESSAGES[schema] == decode(changed(schema, added={"since": "1.1"}), type(MESSAGES[schema]))


@pytest.mark.parametrize(
    ("schema", "field"),
    [
        (schema, field)
        for schema, message in MESSAGES.items()
        for field in message.__struct_fields__
        if field != "force"
    ],
)
def test_missing_field_is_refused_by_name(schema: str, field: str) -> None:
    """A message without what its schema promises is refused, and says which field."""
    with pytest.raises(BadMessage, match=f"`{field}`"):
        decode(changed(schema, **{field: None}), type(MESSAGES[schema]))


@pytest.mark.parametrize("schema", MESSAGES)
@pytest.mark.parametrize("wrong", [None, "", "shard-due/2", "digest-ready", 1])
def test_schema_must_be_the_one_promised(schema: str, wrong: object) -> None:
    """No message is read without its schema, or with the next version's."""
    with pytest.raises(BadMessage, match="schema"):
        decode(changed(schema, schema=wrong), type(MESSAGES[schema]))


@pytest.mark.parametrize(
    ("schema", "field"),
    [("shard-due/1", "due_at"), ("documents-fetched/1", "polled_at"), ("digest-ready/1", "send_at")],
)
@pytest.mark.parametrize("wrong", ["2026-12-08T05:15:00", "hier", 1796706900])
def test_instant_without_a_zone_is_refused(schema: str, field: str, wrong: object) -> None:
    """A naive instant would be compared with aware ones later: it is refused here, by name."""
    with pytest.raises(BadMessage, match=rf"\$\.{field}"):
        decode(changed(schema, **{field: wrong}), type(MESSAGES[schema]))


def test_instant_with_another_offset_is_the_same_instant() -> None:
    """What a person writes by hand with an offset is read for what it is; ours end in Z."""
    paris = ShardDue(shard="0007", due_at=NOW.astimezone(timezone(timedelta(hours=1))))
    assert decode(encode(paris), ShardDue).due_at == NOW
    assert b'"due_at":"2026-12-08T05:15:00Z"' in encode(MESSAGES["shard-due/1"])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff",
        b'{"schema":"shard-due/1\xff"}',
        b'{"a":' * 100_000,
        "\ud800",
        '"\\ud800"',
    ],
    ids=["empty", "null", "array", "open", "not utf-8", "not utf-8 inside", "deep", "surrogate", "escaped"],
)
def test_what_is_no_message_is_refused(body: str | bytes) -> None:
    """Whatever the bytes, the answer is BadMessage and nothing else."""
    with pytest.raises(BadMessage, match=r"^not a "):
        decode(body, ShardDue)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b'{"document_id":"x"}', "missing required field `source_id`"),
        (encode(DOCUMENT).replace(b'"title":"', b'"title":1,"was":"'), r"\$\.title"),
        (encode(DOCUMENT).replace(b'"seen_at":"2026', b'"seen_at":"26'), r"\$\.seen_at"),
        (b"[]", "Expected `object`"),
        (encode(DOCUMENT).replace("été".encode(), b"\xe9t\xe9"), "utf-8"),
    ],
)
def test_bad_element_spoils_no_other(bad: bytes, reason: str) -> None:
    """An unreadable document comes out as itself with its reason; its neighbours are read."""
    before, unreadable, after = open_each([Raw(encode(DOCUMENT)), Raw(bad), Raw(encode(DOCUMENT))], Document)
    assert DOCUMENT == before == after
    assert isinstance(unreadable, Unreadable)
    assert bad == unreadable.raw
    with pytest.raises(BadMessage, match=reason):
        raise BadMessage(unreadable.reason)


def wrap(items: tuple[Raw, ...], number: int) -> Message:
    """Return the n-th piece of a batch."""
    return DocumentsFetched(batch_id=f"0007-20261208T051500.{number}", polled_at=NOW, documents=items)


def opened(messages: list[Message]) -> list[list[bytes]]:
    """Return the elements of each message."""
    return [[bytes(item) for item in m.documents] for m in messages if isinstance(m, DocumentsFetched)]


@given(st.lists(st.integers(0, 900).map("é".__mul__), max_size=30), st.integers(200, 2_000))
def test_split_keeps_all_in_order_within_the_limit(texts: list[str], limit: int) -> None:
    """Pieces hold every element once and in order; only an element alone in its piece may exceed the limit."""
    elements = raw(texts)
    messages = split(elements, wrap, limit)
    pieces = opened(messages)
    assert [bytes(element) for element in elements] == [item for piece in pieces for item in piece]
    assert all(len(encode(m)) <= limit or len(p) == 1 for m, p in zip(messages, pieces, strict=True))
    assert all(pieces)
    assert messages == split(elements, wrap, limit)


def test_split_fills_messages() -> None:
    """A hundred articles of a kilobyte take two messages of sixty, numbered from 0."""
    messages = split(raw(["a" * 1_000] * 100), wrap)
    assert [len(piece) for piece in opened(messages)] == [59, 41]
    assert all(len(encode(message)) <= BODY_LIMIT_BYTES for message in messages)
    assert [m.batch_id.partition(".")[2] for m in messages if isinstance(m, DocumentsFetched)] == ["0", "1"]


def test_element_too_large_travels_alone() -> None:
    """What fits nowhere gets a message of its own, and its neighbours theirs."""
    pieces = opened(split(raw(["a", "b" * 70_000, "c", "d"]), wrap))
    assert [len(piece) for piece in pieces] == [1, 1, 2]


def test_nothing_makes_no_message() -> None:
    """No element, no message."""
    assert split((), wrap) == []
