"""Amazon Comprehend, for what it can tell of a French text: its tone, and its dominant language.

It knows no entity (its targeted sentiment reads English alone), so an answer has a tone of the whole text and nothing
else; ``MIXED`` is no tone of ours, and leaves the label to a person.

Raises  as the Bedrock model does
"""

from collections.abc import Sequence
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from vigie.adapters.aws import is_connection_trouble
from vigie.adapters.large_model.bedrock import failure
from vigie.domain.adjudication.questions import WORTH_ASKING, Question
from vigie.domain.adjudication.replies import Answer, BadReply, Opinion, Reply
from vigie.errors import Transient

TEXT_LIMIT_BYTES: Final = 4_900  # DetectSentiment takes 5 KB
UNIT_CHARACTERS, UNITS_AT_LEAST = 100, 3  # how Comprehend counts
UNIT_MICRODOLLARS: Final = 100
_READS = frozenset({"de", "en", "es", "it", "pt", "fr", "ja", "ko", "hi", "ar", "zh", "zh-TW"})
_TONES = {"POSITIVE": "positive", "NEGATIVE": "negative", "NEUTRAL": "neutral"}


class ComprehendModel:
    """Comprehend's sentiment, in the language the document is in, or that Comprehend finds it to be in."""

    source = "comprehend/detect-sentiment"

    def __init__(self, client: Any) -> None:
        self._client = client

    @property
    def worth(self) -> Sequence[str]:
        """Labels whose unsureness is worth a question."""
        return WORTH_ASKING["comprehend"]

    def most(self, question: Question) -> int:
        """Return what asking may cost at most, in micro-dollars."""
        calls = 1 if question.language in _READS else 2
        return calls * _price(_cut(question))

    def ask(self, question: Question) -> Reply:
        """Ask once, after the language where that is not known. Raises Transient or Permanent."""
        text = _cut(question)
        opinions: dict[str, Opinion] = {}
        language, cost = question.language, _price(text)
        if language not in _READS:
            opinions["language"] = found = self._language(text)
            language, cost = found.value, 2 * cost
        opinions |= self._tone(text, language)
        return Reply(Answer(source=self.source, opinions=opinions), cost)

    def _language(self, text: str) -> Opinion:
        found = self._call("detect_dominant_language", Text=text).get("Languages", [])
        best = max(found, key=lambda each: each["Score"], default=None)
        if best is None or best["LanguageCode"] not in _READS:
            raise BadReply("Comprehend does not read this language")
        return Opinion(best["LanguageCode"], float(best["Score"]))

    def _tone(self, text: str, language: str) -> dict[str, Opinion]:
        reply = self._call("detect_sentiment", Text=text, LanguageCode=language)
        told = reply.get("Sentiment")
        if told == "MIXED":
            return {}
        scores = reply.get("SentimentScore", {})
        if told not in _TONES or not isinstance(score := scores.get(told.capitalize()), float):
            raise BadReply("Comprehend's reply has no sentiment of ours")
        return {"tone": Opinion(_TONES[told], min(1.0, max(0.0, score)))}

    def _call(self, operation: str, **asked: str) -> dict[str, Any]:
        try:
            reply: dict[str, Any] = getattr(self._client, operation)(**asked)
        except ClientError as error:
            raise failure(error) from error
        except BotoCoreError as error:
            if is_connection_trouble(error):
                raise Transient(f"Comprehend was not reached in time: {type(error).__name__}") from error
            raise
        return reply


def _cut(question: Question) -> str:
    """Return title and text, as much of them as Comprehend takes, cut between characters."""
    text = f"{question.title}\n{question.text}".strip()
    return text.encode()[:TEXT_LIMIT_BYTES].decode("utf-8", "ignore")


def _price(text: str) -> int:
    units = -(-len(text) // UNIT_CHARACTERS)
    return max(UNITS_AT_LEAST, units) * UNIT_MICRODOLLARS
