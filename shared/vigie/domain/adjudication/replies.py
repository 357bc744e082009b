"""What a large model may reply, read strictly: anything else is no answer.

The reply is one JSON object with exactly these keys (see the prompts of ``adapters.large_model``)::

    {"relevance": {"label": "main", "confidence": 0.9}, "impact": {…}, "tone": {…},
     "crisis": {"label": "watch", "confidence": 0.7, "type": "rumour"}, "quotes": ["words of the text"]}

``quotes`` are one to five passages of the text, word for word: who quotes nothing of it has not read it, or follows
what the text told it to say.
"""

import json
import math
import re
from dataclasses import dataclass
from typing import Any, Final

from vigie.domain.adjudication.questions import ASKED, Question
from vigie.domain.crisis_types import CRISIS_TYPES
from vigie.domain.feedback import VALUES
from vigie.errors import Permanent

REPLY_LIMIT_CHARACTERS: Final = 4_000
QUOTES_LIMIT: Final = 5
QUOTE_LIMIT_CHARACTERS: Final = 400
_WORD = re.compile(r"\w+")


class BadReply(Permanent):
    """A reply is not what was asked for; the text says how, and quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """One label as a model gives it, and how sure it says it is (0 to 1)."""

    value: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a model says of one text and one entity: opinions by label, those it has; words it leans on."""

    source: str
    opinions: dict[str, Opinion]
    crisis_type: str | None = None
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's answer, and what it cost in micro-dollars."""

    answer: Answer
    cost_microdollars: int


def read_reply(text: str, question: Question, source: str) -> Answer:
    """Return the answer in a reply. Raises BadReply for anything but the object asked for."""
    reply = _object(text)
    _demand_keys(reply, {*ASKED, "quotes"}, "the reply")
    crisis_type = _crisis_type(reply["crisis"])
    return Answer(
        source=source,
        opinions={name: _opinion(name, reply[name]) for name in ASKED},
        crisis_type=crisis_type,
        quotes=_quotes(reply["quotes"], question),
    )


def _object(text: str) -> dict[str, Any]:
    if len(text) > REPLY_LIMIT_CHARACTERS:
        raise BadReply(f"the reply is longer than {REPLY_LIMIT_CHARACTERS} characters")
    try:
        reply = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadReply("the reply is no JSON") from error
    if not isinstance(reply, dict):
        raise BadReply("the reply is no object")
    return reply


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadReply("a key stands twice")
    return found


def _no_constant(name: str) -> float:
    raise BadReply(f"{name} is no number of JSON")


def _demand_keys(value: Any, keys: set[str], what: str) -> None:
    if not isinstance(value, dict) or set(value) != keys:
        raise BadReply(f"{what} has not exactly the keys {', '.join(sorted(keys))}")


def _opinion(name: str, value: Any) -> Opinion:
    keys = {"label", "confidence", "type"} if name == "crisis" else {"label", "confidence"}
    _demand_keys(value, keys, name)
    label, confidence = value["label"], value["confidence"]
    if label not in VALUES[name]:  # type: ignore[index]  # ASKED are its keys
        raise BadReply(f"{name} has a label that is none")
    if isinstance(confidence, bool) or not isinstance(confidence, int | float):
        raise BadReply(f"{name} has a confidence that is no number")
    if not (math.isfinite(confidence) and 0 <= confidence <= 1):
        raise BadReply(f"{name} has a confidence that is not from 0 to 1")
    return Opinion(label, float(confidence))


def _crisis_type(crisis: Any) -> str | None:
    told = crisis.get("type") if isinstance(crisis, dict) else None
    calm = isinstance(crisis, dict) and crisis.get("label") == "none"
    if told is None:
        return None
    if calm or told not in CRISIS_TYPES:
        raise BadReply("crisis has a type that is none, or has one and is none")
    return str(told)


def _quotes(quotes: Any, question: Question) -> tuple[str, ...]:
    if not isinstance(quotes, list) or not 1 <= len(quotes) <= QUOTES_LIMIT:
        raise BadReply(f"quotes are not 1 to {QUOTES_LIMIT}")
    published = [_words(question.title), _words(question.text)]
    for quote in quotes:
        if not isinstance(quote, str) or not 0 < len(quote.strip()) <= QUOTE_LIMIT_CHARACTERS:
            raise BadReply(f"a quote is not 1 to {QUOTE_LIMIT_CHARACTERS} characters")
        words = _words(quote)
        if not words.strip() or not any(words in text for text in published):
            raise BadReply("a quote does not stand in the text")
    return tuple(quotes)


def _words(text: str) -> str:
    """Return the words of a text between single spaces: typography is not what makes a quote false."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "
