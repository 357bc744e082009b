"""A large model behind Amazon Bedrock's Converse API, asked once, without tools, at temperature 0.

Raises  Transient when Bedrock is busy, slow or broken, or our role or model is not set up yet; Permanent when the
        model refuses, is cut off, or does not reply as asked
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from vigie.adapters.aws import error_code, is_connection_trouble, is_transient
from vigie.adapters.large_model.prompt import Prompt, prompt_of, put
from vigie.domain.adjudication.questions import WORTH_ASKING, Question
from vigie.domain.adjudication.replies import BadReply, Reply, read_reply
from vigie.errors import Permanent, Transient

CHARACTERS_A_TOKEN: Final = 2
"""At least, in French, with any tokenizer: what a question may cost is reckoned high, and settled by what it did."""

_PASSING = frozenset({"ModelTimeoutException", "ModelNotReadyException", "ModelErrorException"})
_UNREADY = frozenset({"AccessDeniedException", "ResourceNotFoundException", "ServiceQuotaExceededException"})
"""What whoever runs the stack can mend meanwhile."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Micro-dollars for a thousand tokens, read and written."""

    input_microdollars: int
    output_microdollars: int

    def of(self, input_tokens: int, output_tokens: int) -> int:
        """Return what so many tokens cost, in micro-dollars, rounded up."""
        thousandths = input_tokens * self.input_microdollars + output_tokens * self.output_microdollars
        return -(-thousandths // 1000)


class BedrockModel:
    """One model; ``prices`` are those of its page on the day it was chosen."""

    def __init__(self, client: Any, model_id: str, prices: Prices) -> None:
        self._client = client
        self._model_id = model_id
        self._prices = prices
        self._prompt: Prompt = prompt_of()

    @property
    def source(self) -> str:
        """Who answers, and asked how."""
        return f"bedrock/{self._model_id}/{self._prompt.version}"

    @property
    def worth(self) -> Sequence[str]:
        """Labels whose unsureness is worth a question."""
        return WORTH_ASKING["bedrock"]

    def most(self, question: Question) -> int:
        """Return what asking may cost at most, in micro-dollars."""
        characters = len(self._prompt.system) + len(put(question))
        return self._prices.of(characters // CHARACTERS_A_TOKEN + 1, self._prompt.max_tokens)

    def ask(self, question: Question) -> Reply:
        """Ask once. Raises Transient or Permanent."""
        reply = self._converse(put(question))
        usage = reply.get("usage", {})
        cost = self._prices.of(int(usage.get("inputTokens", 0)), int(usage.get("outputTokens", 0)))
        return Reply(read_reply(_text_of(reply), question, self.source), cost)

    def _converse(self, asked: str) -> dict[str, Any]:
        try:
            reply: dict[str, Any] = self._client.converse(
                modelId=self._model_id,
                system=[{"text": self._prompt.system}],
                messages=[{"role": "user", "content": [{"text": asked}]}],
                inferenceConfig={"maxTokens": self._prompt.max_tokens, "temperature": 0.0},
            )
        except ClientError as error:
            raise failure(error) from error
        except BotoCoreError as error:
            if is_connection_trouble(error):
                raise Transient(f"the model was not reached in time: {type(error).__name__}") from error
            raise
        return reply


def failure(error: ClientError) -> Transient | Permanent:
    """Return an AWS error by the reaction it calls for; its text is not told, it may quote what was asked."""
    code = error_code(error)
    if is_transient(error) or code in _PASSING | _UNREADY:
        return Transient(f"the model could not answer: {code}")
    return Permanent(f"the model did not take the question: {code}")


def _text_of(reply: dict[str, Any]) -> str:
    reason = reply.get("stopReason")
    if reason != "end_turn":
        raise BadReply(f"the model stopped for {reason!r}")
    blocks = reply.get("output", {}).get("message", {}).get("content", [])
    texts = [block["text"] for block in blocks if isinstance(block, dict) and "text" in block]
    if len(texts) != 1 or len(blocks) != 1:
        raise BadReply("the reply is not one text")
    return str(texts[0])
