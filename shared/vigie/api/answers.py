"""What a view answers, when it is not plain JSON with 200."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer: status, text, its type, other headers."""

    text: str
    content_type: str = JSON
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def as_json(value: Any, status: int = 200, **headers: str) -> Answer:
    """Return an answer of plain values; headers by name, ``location`` for ``Location``."""
    named = {name.replace("_", "-").title(): text for name, text in headers.items()}
    return Answer(text=msgspec.json.encode(value).decode(), status=status, headers=named)


def nothing() -> Answer:
    """Return 204: done, and there is nothing to show."""
    return Answer(text="", status=204)
