"""What is refused is told in French too."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from vigie.domain.refusals import in_french

PACKAGE = Path(__file__).parents[2] / "shared" / "vigie"
SPOKEN = (
    *(PACKAGE / "api").glob("*.py"),
    *(PACKAGE / "steps").glob("*desk.py"),
    *(PACKAGE / "requests").glob("*.py"),
    *(PACKAGE / f"{room}.py" for room in ("domain/clients", "domain/keys", "domain/review")),
    PACKAGE / "steps/jobs.py",
    PACKAGE / "steps/exports.py",
    PACKAGE / "steps/billing/desk.py",
    PACKAGE / "domain/plan_limits.py",
    PACKAGE / "domain/plans.py",
    *(PACKAGE / f"{room}.py" for room in ("steps/backtest", "adapters/dynamo/mentions")),
    *(
        PACKAGE / f"{room}.py"
        for room in ("domain/feedback", "steps/feedback", "steps/watch_fixes", "steps/endpoints")
    ),
)
"""Files whose refusals a caller of the API can be told."""

REFUSALS = {
    "BadField",
    "NotFound",
    "Conflict",
    "Outdated",
    "Forbidden",
    "NotAllowed",
    "TooLarge",
    "WrongType",
}
REFUSALS |= {"TooMany", "MethodNotAllowed", "Expired"}


def sentences(path: Path) -> Iterator[str]:
    """Yield the sentences of a file's refusals, with a value where one is told."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = getattr(getattr(node, "func", None), "id", "")
        if isinstance(node, ast.Call) and name in REFUSALS:
            told = node.args[1:] if name == "BadField" else node.args[:1]
            yield from (text for argument in told if (text := _text(argument)) is not None)


def _text(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "42" for part in node.values)
    return None


@pytest.mark.parametrize("path", SPOKEN, ids=lambda path: path.stem)
def test_each_sentence_of_a_refusal_has_a_french_twin(path: Path) -> None:
    """No caller who reads French is told an English sentence."""
    assert [sentence for sentence in sentences(path) if in_french(sentence) == sentence] == []


def test_values_are_carried_over_with_french_spaces() -> None:
    """The twin tells the same value, set as French is printed."""
    assert in_french("There is no watch marque.") == "Il n’y a pas de veille marque."
    assert "clé a expiré\u202f;" in in_french("This key has expired; ask for a new one.")


def test_a_sentence_without_a_twin_is_told_as_it_is() -> None:
    """Better in English than not at all."""
    assert in_french("Something new.") == "Something new."
