"""The queue functions: sample event in, batch reply and queue contents out."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest

from tests.builders import a_client, a_document, a_hit, a_source, a_watch
from tests.functions.conftest import Context, Stack
from vigie import wiring
from vigie.adapters import aws
from vigie.domain.cutoffs import Interval
from vigie.domain.mentions import ClientMatch, StoryRef
from vigie.messages import (
    DocumentsFetched,
    DocumentsGrouped,
    DocumentsMatched,
    DocumentsWithdrawn,
    GroupedDocument,
    MatchedDocument,
    encode,
    raw,
)

pytestmark = pytest.mark.emulator
ALL_DONE: dict[str, Any] = {"batchItemFailures": []}
SqsEvent = Callable[..., dict[str, Any]]


def a_batch(*titles: str) -> str:
    """Return the body of a batch of documents, named after the first."""
    documents = raw(a_document(title) for title in titles)
    message = DocumentsFetched(
        batch_id=f"0001-{titles[0]}.0", polled_at=a_document("x").seen_at, documents=documents
    )
    return encode(message).decode()


def test_a_document_goes_through_match_deduplicate_and_classify(stack: Stack, sqs_event: SqsEvent) -> None:
    """What concerns a client ends as its mention; what concerns nobody ends at match."""
    wiring.accounts().put_watch(a_watch(query="guichets"))
    batch = a_batch("Trois guichets ferment", "Le marché de Noël")
    assert stack.call("match", sqs_event(batch)) == ALL_DONE
    (matched,) = stack.received("matched")
    assert [item["document"]["title"] for item in matched["items"]] == ["Trois guichets ferment"]
    assert stack.call("deduplicate", sqs_event(json.dumps(matched))) == ALL_DONE
    (grouped,) = stack.received("grouped")
    assert grouped["items"][0]["story"]["role"] == "first"
    for _ in range(2):
        assert stack.call("classify", sqs_event(json.dumps(grouped))) == ALL_DONE
    client = wiring.desk().mentions
    page = client.page("banque-armelie", _ever(), 10)
    assert [mention.document.title for mention in page.mentions] == ["Trois guichets ferment"]


def _ever() -> Interval:
    return Interval(datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def test_one_bad_message_does_not_hold_the_others_of_its_batch(stack: Stack, sqs_event: SqsEvent) -> None:
    """A message that can never succeed is parked and acknowledged; the one beside it is done."""
    wiring.accounts().put_watch(a_watch(query="guichets"))
    event = sqs_event('{"schema":"documents-fetched/9"}', a_batch("guichets"), "not json")
    assert stack.call("match", event) == ALL_DONE
    assert len(stack.received("matched")) == 1
    assert sorted(parked.content["content"] for parked in wiring.ledger().parked()) == [
        "not json",
        '{"schema":"documents-fetched/9"}',
    ]


def test_what_the_code_did_not_foresee_goes_back_to_the_queue_alone(
    stack: Stack, sqs_event: SqsEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing queue is nobody's document's fault: that message is delivered again, and only that one."""
    wiring.accounts().put_watch(a_watch(query="guichets"))
    monkeypatch.setenv("VIGIE_MATCHED_QUEUE_URL", "")
    wiring.settings.cache_clear()
    wiring.outbox.cache_clear()
    reply = stack.call("match", sqs_event(a_batch("guichets"), a_batch("Noël")))
    assert reply == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}


@dataclass(frozen=True, kw_only=True)
class RunningOut(Context):
    """A worker whose time is told at each asking: before each record."""

    left: Iterator[int]

    def get_remaining_time_in_millis(self) -> int:
        """Return the next of what is left."""
        return next(self.left)


def test_what_a_worker_has_no_time_for_goes_back_untouched(stack: Stack, sqs_event: SqsEvent) -> None:
    """Half of a batch is done and acknowledged: cut off in the middle, a worker would bring back all of it."""
    wiring.accounts().put_watch(a_watch(query="guichets"))
    event = sqs_event(a_batch("guichets"), a_batch("guichets deux"))
    context = RunningOut(left=iter([60_000, 20_000]))
    reply = import_module("functions.match.app").handler(event, context)
    assert reply == {"batchItemFailures": [{"itemIdentifier": "message-1"}]}
    assert len(stack.received("matched")) == 1


def test_what_is_too_large_for_a_queue_travels_by_reference(stack: Stack, sqs_event: SqsEvent) -> None:
    """A document of 200 KB passes between two functions, whole."""
    large = a_document("guichets", document_id="large", body="mot " * 50_000)
    item = MatchedDocument(document=large, matches=(ClientMatch("banque-armelie", (a_hit(large),)),))
    wiring.outbox().send([DocumentsMatched(batch_id="b", items=raw([item]))])
    (reference,) = stack.received("matched")
    assert reference["schema"] == "by-reference/1"
    assert stack.call("deduplicate", sqs_event(json.dumps(reference))) == ALL_DONE
    (grouped,) = stack.received("grouped")
    assert stack.call("classify", sqs_event(json.dumps(grouped))) == ALL_DONE
    mention = wiring.desk().mentions.get("banque-armelie", "large")
    assert mention is not None
    assert mention.document.body == large.body


@pytest.mark.parametrize("function", ["poll", "match", "deduplicate", "classify", "send"])
def test_the_sample_of_a_poison_message_is_parked(stack: Stack, function: str) -> None:
    """Each function parks what it can never read, with the reason, and acknowledges it."""
    assert stack.call(function, stack.sample(function, "poison_message")) == ALL_DONE
    (parked,) = wiring.ledger().parked()
    assert parked.stage == function


@pytest.mark.parametrize("function", ["match", "deduplicate", "classify"])
def test_the_sample_of_a_poison_document_spoils_no_other(stack: Stack, function: str) -> None:
    """A document nobody can read is parked, its batch is acknowledged."""
    assert stack.call(function, stack.sample(function, "poison_document")) == ALL_DONE
    assert [parked.stage for parked in wiring.ledger().parked()] == [function]


def test_schedule_sends_the_shards_that_are_due(stack: Stack) -> None:
    """A followed source makes its shard due; the message says whether it was asked by hand."""
    wiring.sources().put_sources([a_source()], 4)
    reply = stack.call("schedule", stack.sample("schedule", "every_minute"))
    assert [message["shard"] for message in stack.received("shards")] == reply["shards"]
    stack.call("schedule", stack.sample("schedule", "by_hand_every_shard"))
    assert [message["force"] for message in stack.received("shards")] == [True]


def test_polling_a_shard_nobody_follows_is_no_failure(stack: Stack) -> None:
    """A stale message about an unknown shard is acknowledged."""
    assert stack.call("poll", stack.sample("poll", "shard_due")) == ALL_DONE


def test_schedule_plans_the_searches_of_watches(stack: Stack) -> None:
    """In the minute after a watch is saved its searches are followed, on the platforms that have a credential."""
    credential = json.dumps({"identifier": "vigie.example", "password": "abcd"})
    name = f"{wiring.settings().connectors_prefix}/bluesky"
    aws.ssm().put_parameter(Name=name, Value=credential, Type="SecureString")
    wiring.accounts().put_watch(a_watch(query="guichets"))
    reply = stack.call("schedule", stack.sample("schedule", "every_minute"))
    assert reply["searches"] > 0
    searches = {source.connector: source.query for source in wiring.sources().sources()}
    assert searches["bluesky"] == "guichets"
    assert "shard-due/1" in {message["schema"] for message in stack.received("shards")}
    assert stack.call("schedule", {})["searches"] == 0


def test_planning_that_fails_stops_no_poll(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the credentials cannot even be asked for, shards that are due are sent all the same."""
    monkeypatch.delenv("VIGIE_CONNECTORS_PREFIX")
    wiring.settings.cache_clear()
    wiring.sources().put_sources([a_source()], 1)
    reply = stack.call("schedule", stack.sample("schedule", "every_minute"))
    assert reply == {"shards": ["0000"], "packs": 0, "searches": None}


def test_classify_blanks_what_is_taken_back(stack: Stack, sqs_event: SqsEvent) -> None:
    """A deletion that overtakes its document leaves every client's mention of it blank."""
    wiring.accounts().put_client(a_client())
    taken_back = DocumentsWithdrawn(withdrawn_at=a_document().seen_at, document_ids=("doc",))
    assert stack.call("classify", sqs_event(encode(taken_back).decode())) == ALL_DONE
    document = a_document("Trois guichets ferment", document_id="doc")
    grouped = DocumentsGrouped(
        batch_id="b.0",
        items=raw(
            [
                GroupedDocument(
                    document=document,
                    matches=(ClientMatch("banque-armelie", (a_hit(document, "guichets"),)),),
                    story=StoryRef("doc", "first"),
                )
            ]
        ),
    )
    assert stack.call("classify", sqs_event(encode(grouped).decode())) == ALL_DONE
    (found,) = wiring.desk().mentions.recorded_in("banque-armelie", _ever())
    assert (found.document.title, found.status, found.held_reason) == ("", "held", "withdrawn")
