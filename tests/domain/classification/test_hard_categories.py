"""Counterspeech, quotation, negation, irony, victims, homonyms, stances: cases as data, one file a category."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders import a_document
from vigie.domain.classification import classify
from vigie.domain.entities import Entity

FOLDER = Path(__file__).parents[2] / "data" / "classification"
FAILS = pytest.mark.xfail(reason="a known failure of the rules and heads of today", strict=True)
CASES = [
    pytest.param(
        case := json.loads(line),
        id=f"{path.stem}-{number}",
        marks=FAILS if case.get("known_failure") else (),
    )
    for path in sorted(FOLDER.glob("*.jsonl"))
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
]


@pytest.mark.parametrize("case", CASES)
def test_a_text_gets_the_label_of_what_it_does(case: dict[str, Any]) -> None:
    """Each label is one of those a fair reader would give; the type counts where there is a crisis."""
    entity = Entity("watch", case["entity"]["name"], (), case["entity"]["about"])
    document = a_document(case.get("title", ""), summary=case["text"], platform=case["platform"])
    (assessed,) = classify(document, [entity]).assessments
    found = {name: getattr(assessed, name).value for name in ("relevance", "impact", "tone", "crisis")}
    if assessed.crisis_type:
        found["type"] = assessed.crisis_type
    wrong = {
        name: found[name] for name, fair in case["want"].items() if name in found and found[name] not in fair
    }
    assert wrong == {}
