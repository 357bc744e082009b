"""``vigie classify``: a line for a line, in the form that others read."""

import argparse
import io
import json
from typing import Any

import pytest

from vigie.cli import classify

PRESS = {
    "id": "1",
    "title": "La Banque Martin condamnée pour ses frais cachés",
    "text": "Le tribunal de Nantes a condamné lundi la Banque Martin à 40 000 euros d'amende.",
    "lang": "fr",
    "entity": {"name": "Banque Martin", "aliases": ["Martin"], "about": "Une banque de Nantes."},
    "platform": "press",
}
ASKED = ("language", "topic", "relevance", "impact", "tone", "crisis")


def run(*lines: dict[str, Any] | str) -> tuple[int, list[dict[str, Any]], str]:
    """Run the command on lines; return its exit status, what it printed and its progress."""
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    out, err = io.StringIO(), io.StringIO()
    status = classify.run_classify(argparse.Namespace(), out, err, texts)
    return status, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


def test_each_label_has_confidence_and_abstention() -> None:
    """A line has its id, six labels in one form, the crisis with a type, and evidence."""
    status, (line,), err = run(PRESS)
    assert (status, err) == (0, "vigie: 1 texts, 0 refused\n")
    assert {"id", *ASKED, "evidence"} == set(line)
    for name in ASKED:
        assert {"label", "confidence", "abstained"} == set(line[name]) - {"type", "name"}
        assert 0 <= line[name]["confidence"] <= 1
    assert list(line["crisis"]) == ["label", "type", "confidence", "abstained"]
    assert line["language"]["label"] == "fr"


def test_evidence_is_in_the_text_as_published() -> None:
    """Each clue with a place names its label, and quotes the input's field there."""
    _, (line,), _ = run(PRESS)
    placed = [clue for clue in line["evidence"] if "field" in clue]
    assert placed
    assert {clue["for"] for clue in line["evidence"]} <= set(ASKED)
    assert [clue["text"] for clue in placed] == [
        str(PRESS[clue["field"]])[clue["start"] : clue["end"]] for clue in placed
    ]


def test_without_an_entity_what_is_about_one_is_not_told() -> None:
    """Relevance, impact and crisis have no label then; language, topic and tone do."""
    _, (line,), _ = run({"id": 7, "text": "Bravo pour ce magnifique concert !"})
    assert line["id"] == 7
    assert [line[name]["label"] for name in ("relevance", "impact", "crisis")] == [None, None, None]
    assert all(line[name]["abstained"] for name in ("relevance", "impact", "crisis"))
    assert (line["language"]["label"], line["topic"]["label"]) == ("fr", "medtop:01000000")


def test_a_text_that_says_nothing_has_labels_too() -> None:
    """An empty text is of unknown language, and everything else abstains."""
    _, (line,), _ = run({"id": "1", "text": ""})
    assert (line["language"]["label"], line["topic"]["label"], line["tone"]["abstained"]) == (
        "und",
        None,
        True,
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", ["line", "no JSON", "one JSON object a line"]),
        ("[]", ["line", "no object"]),
        ('{"text": "a"}', ["id", "missing"]),
        ('{"id": "1"}', ["text", "missing", "JSON string"]),
        ('{"id": "1", "text": 3}', ["text", "3 is no text"]),
        ('{"id": "1", "text": "a", "title": []}', ["title", "or leave it out"]),
        ('{"id": "1", "text": "a", "entity": "x"}', ["entity", "no object", '"name"']),
        ('{"id": "1", "text": "a", "entity": {}}', ["entity.name", "missing"]),
        ('{"id": "1", "text": "a", "entity": {"name": "x", "aliases": "y"}}', ["entity.aliases", "no list"]),
        ('{"id": "1", "text": "a", "entity": {"name": "x", "about": 1}}', ["entity.about", "no text"]),
        ('{"id": "1", "text": "\udcff"}', ["line", "no JSON", "UTF-8"]),
    ],
)
def test_a_bad_line_says_why_and_the_others_are_labelled(line: str, words: list[str]) -> None:
    """A refused line gives its id where it has one, the field and the remedy; the next line is read."""
    status, (refused, good), _ = run(line, PRESS)
    assert (status, good["id"]) == (1, "1")
    assert set(refused) <= {"id", "error"}
    assert all(word in refused["error"] for word in words), refused["error"]


def test_blank_lines_are_passed_over() -> None:
    """An empty line is no text, and no fault."""
    assert len(run("", PRESS, "  \n")[1]) == 1
