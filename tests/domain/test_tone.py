"""Tone of texts in French and English: the cases are in tests/data/tone/cases.toml."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_document
from vigie.domain.mentions import Label
from vigie.domain.tone import tone_of

CASES = tomllib.loads((Path(__file__).parents[1] / "data" / "tone" / "cases.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_tone_and_its_words(case: dict[str, Any]) -> None:
    """A text has the tone its words give it, and shows them."""
    label = tone_of(a_document(case["title"], summary=case.get("summary", ""), body=case.get("body", "")))
    assert (case["tone"], case["evidence"]) == (printed(label), words_of(label))


def printed(label: Label) -> str:
    """Return what a digest counts it as."""
    return "to_verify" if label.abstained else label.value


def words_of(label: Label) -> list[str]:
    """Return the words it leans on."""
    return [clue.text for clue in label.evidence]


def test_confidence_grows_with_the_margin() -> None:
    """More words on one side make it surer, never certain; silence is less sure than speech."""
    words = ["succès", "victoire", "triomphe", "bravo"]
    titles = ["mercredi", *(" ".join(words[:count]) for count in range(1, 5))]
    sure = [tone_of(a_document(title)).confidence for title in titles]
    assert sure == [0.6, 0.8, 0.9, 0.9, 0.9]


def test_abstention_is_less_sure_than_any_side() -> None:
    """The more even the sides, the surer it is that a person should look."""
    even = tone_of(a_document("Succès et crise"))
    uneven = tone_of(a_document("Succès et crise", summary="Une panne."))
    assert (even.abstained, even.confidence, uneven.abstained, uneven.confidence) == (True, 0.5, True, 0.4)


def test_at_most_five_words_are_shown_for_a_side() -> None:
    """A long text shows its first five words of tone."""
    label = tone_of(a_document("x", body="Crise, panne, fraude, échec, scandale, crise, honte et colère."))
    assert words_of(label) == ["crise", "panne", "fraude", "echec", "scandale"]


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_has_a_tone(title: str, summary: str) -> None:
    """Whatever the text, there is a tone, a confidence between 0 and 1, and words unless neutral."""
    label = tone_of(a_document(title, document_id="x", summary=summary))
    assert label.value in {"negative", "neutral", "positive"}
    assert 0 < label.confidence < 1
    assert bool(label.evidence) == (label.value != "neutral")
