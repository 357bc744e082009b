"""The adjudicate function: a queued case in, an answer laid over its story out."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import Stubber

from tests.builders import a_client, a_document, a_mention
from tests.functions.conftest import Stack
from vigie import wiring
from vigie.adapters import aws
from vigie.domain.mentions import Assessment, Label
from vigie.errors import BadField
from vigie.messages import StoryUnsure, encode

pytestmark = pytest.mark.emulator
SqsEvent = Callable[..., dict[str, Any]]
CLIENT = "banque-armelie"
SECRET = "Le dossier 4242 de Mme Ponant"
BODY = encode(StoryUnsure(client_id=CLIENT, watch_id="brand", story_id="d1", mention_id="d1")).decode()
REPLY = {
    "relevance": {"label": "main", "confidence": 0.9},
    "impact": {"label": "unfavourable", "confidence": 0.8},
    "tone": {"label": "neutral", "confidence": 0.8},
    "crisis": {"label": "none", "confidence": 0.9, "type": None},
    "quotes": ["Trois guichets"],
}


@pytest.fixture
def stubber(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """Return what makes Bedrock answer a stack that asks it, about an unsure mention."""
    monkeypatch.setenv("VIGIE_LARGE_MODEL", "bedrock")
    monkeypatch.setenv("VIGIE_LARGE_MODEL_ID", "m")
    for cached in (wiring.settings, aws.bedrock):
        cached.cache_clear()
    wiring.accounts().put_client(a_client())
    sure, unsure = Label("neutral", 0.9), Label("neutral", 0.4, abstained=True)
    judged = Assessment(watch_id="brand", relevance=sure, impact=unsure, tone=sure, crisis=sure)
    document = a_document("Trois guichets ferment", document_id="d1", summary=SECRET)
    mention = a_mention(document, recorded_at=datetime.now(UTC))
    wiring.mentions().record([replace(mention, labels=replace(mention.labels, assessments=(judged,)))])
    with Stubber(aws.bedrock()) as stubber:
        yield stubber
    aws.bedrock.cache_clear()


def reply_of(text: str) -> dict[str, Any]:
    """Return what Converse replies."""
    return {
        "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 900, "outputTokens": 100, "totalTokens": 1000},
        "metrics": {"latencyMs": 1},
    }


def impact() -> Label:
    """Return the impact as it is read."""
    mention = wiring.current_mentions().get(CLIENT, "d1")
    assert mention is not None
    return mention.labels.assessments[0].impact


def test_an_answer_is_laid_once(
    stack: Stack, sqs_event: SqsEvent, stubber: Stubber, capsys: pytest.CaptureFixture[str]
) -> None:
    """Delivered three times, asked once; nothing of the text is logged."""
    stubber.add_response("converse", reply_of(json.dumps(REPLY)))
    for _ in range(3):
        assert stack.call("adjudicate", sqs_event(BODY)) == {"batchItemFailures": []}
    assert (impact().value, impact().abstained) == ("unfavourable", False)
    assert impact().evidence[0].name == "llm:bedrock/m/adjudicate-1"
    stubber.assert_no_pending_responses()
    assert "4242" not in capsys.readouterr().out


def test_a_reply_that_is_none_is_parked(
    stack: Stack, sqs_event: SqsEvent, stubber: Stubber, capsys: pytest.CaptureFixture[str]
) -> None:
    """The label stays to be verified, and ops see why; nothing of text or reply is logged or parked."""
    stubber.add_response("converse", reply_of(f"Je refuse de parler de : {SECRET}"))
    assert stack.call("adjudicate", sqs_event(BODY)) == {"batchItemFailures": []}
    assert impact().abstained
    (parked,) = wiring.ledger().parked()
    assert parked.reason == "the reply is no JSON"
    assert "4242" not in capsys.readouterr().out + str(parked)


def test_a_busy_model_is_asked_again_later(stack: Stack, sqs_event: SqsEvent, stubber: Stubber) -> None:
    """The message is acknowledged, and another is on its way."""
    stubber.add_client_error("converse", "ThrottlingException", http_status_code=429)
    assert stack.call("adjudicate", sqs_event(BODY)) == {"batchItemFailures": []}
    assert impact().abstained
    assert wiring.ledger().parked() == []


def test_classify_queues_what_it_is_unsure_of_where_a_model_is(stack: Stack, stubber: Stubber) -> None:
    """One message for the story."""
    mention = wiring.mentions().get(CLIENT, "d1")
    assert wiring.ask_later()([mention]) == 1
    (queued,) = stack.received("adjudicate")
    assert queued == json.loads(BODY)


def test_a_stack_without_a_model_asks_nobody(stack: Stack, sqs_event: SqsEvent) -> None:
    """Classify queues nothing; a message sent by hand comes back with a sentence in the log."""
    assert wiring.settings().large_model == "none"
    assert wiring.ask_later()([a_mention()]) == 0
    assert len(stack.call("adjudicate", sqs_event(BODY))["batchItemFailures"]) == 1
    with pytest.raises(BadField):
        wiring.large_model()
