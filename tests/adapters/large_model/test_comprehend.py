"""Comprehend, as botocore's Stubber has it answer."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from vigie.adapters.large_model.comprehend import TEXT_LIMIT_BYTES, ComprehendModel
from vigie.domain.adjudication.questions import Question, Whom
from vigie.domain.adjudication.replies import BadReply, Opinion
from vigie.errors import Transient

QUESTION = Question(title="Bravo", text="Une belle réussite.", language="fr", whom=Whom(name="Armélie"))
UNKNOWN = Question(title="Bravo", text="Une belle réussite.", language="und", whom=Whom(name="Armélie"))
SCORES = {"Positive": 0.91, "Negative": 0.02, "Neutral": 0.05, "Mixed": 0.02}


@pytest.fixture
def stubber() -> Iterator[Stubber]:
    """Return what makes Comprehend answer."""
    client = boto3.client(
        "comprehend",
        region_name="eu-west-3",
        aws_access_key_id="x",
        aws_secret_access_key="x",
    )
    with Stubber(client) as stubber:
        yield stubber


def sentiment(told: str, scores: dict[str, float] | None = None) -> dict[str, Any]:
    """Return what DetectSentiment replies."""
    return {"Sentiment": told, "SentimentScore": scores or SCORES}


def test_a_tone_is_asked_in_the_texts_language_and_paid_for(stubber: Stubber) -> None:
    """At three units of a hundred characters at least."""
    stubber.add_response(
        "detect_sentiment",
        sentiment("POSITIVE"),
        {"Text": "Bravo\nUne belle réussite.", "LanguageCode": "fr"},
    )
    reply = ComprehendModel(stubber.client).ask(QUESTION)
    assert reply.answer.opinions == {"tone": Opinion("positive", pytest.approx(0.91))}
    assert reply.answer.source == "comprehend/detect-sentiment"
    assert reply.cost_microdollars == ComprehendModel(stubber.client).most(QUESTION) == 300


def test_an_unknown_language_is_asked_first(stubber: Stubber) -> None:
    """It is part of the answer, and of the price."""
    languages = [{"LanguageCode": "it", "Score": 0.1}, {"LanguageCode": "fr", "Score": 0.89}]
    stubber.add_response("detect_dominant_language", {"Languages": languages})
    stubber.add_response(
        "detect_sentiment", sentiment("NEUTRAL"), {"Text": "Bravo\nUne belle réussite.", "LanguageCode": "fr"}
    )
    model = ComprehendModel(stubber.client)
    reply = model.ask(UNKNOWN)
    assert reply.answer.opinions["language"].value == "fr"
    assert reply.cost_microdollars == model.most(UNKNOWN) == 600


def test_mixed_is_no_tone_of_ours(stubber: Stubber) -> None:
    """It is paid for, and the label stays to be verified."""
    stubber.add_response("detect_sentiment", sentiment("MIXED"))
    assert ComprehendModel(stubber.client).ask(QUESTION).answer.opinions == {}


@pytest.mark.parametrize(
    "languages", [[], [{"LanguageCode": "br", "Score": 0.99}]], ids=["none", "one it does not read"]
)
def test_a_language_it_does_not_read_is_no_answer(stubber: Stubber, languages: list[Any]) -> None:
    """Breton has no sentiment."""
    stubber.add_response("detect_dominant_language", {"Languages": languages})
    with pytest.raises(BadReply):
        ComprehendModel(stubber.client).ask(UNKNOWN)


def test_a_reply_without_a_score_is_no_answer(stubber: Stubber) -> None:
    """Nothing is made up."""
    stubber.add_response("detect_sentiment", sentiment("POSITIVE", {"Negative": 0.2}))
    with pytest.raises(BadReply):
        ComprehendModel(stubber.client).ask(QUESTION)


def test_a_busy_service_is_asked_later(stubber: Stubber) -> None:
    """As any other."""
    stubber.add_client_error("detect_sentiment", "TooManyRequestsException", http_status_code=400)
    with pytest.raises(Transient):
        ComprehendModel(stubber.client).ask(QUESTION)


def test_a_long_text_is_cut_between_characters(stubber: Stubber) -> None:
    """Comprehend takes 5 KB; half a letter is none."""
    long = Question(title="é" * 100, text="é" * 6_000, language="fr", whom=Whom(name="A"))
    cut = f"{long.title}\n{long.text}".encode()[:TEXT_LIMIT_BYTES].decode("utf-8", "ignore")
    stubber.add_response("detect_sentiment", sentiment("NEGATIVE"), {"Text": cut, "LanguageCode": "fr"})
    assert ComprehendModel(stubber.client).ask(long).cost_microdollars == 2_500
