"""What ``vigie feedback export`` prints can be learnt from, and is checked first."""

import json
from pathlib import Path
from typing import Any

import pytest

from training.examples import NoData, Sources

LINE: dict[str, Any] = {
    "id": "m-1:w-1",
    "text": "Ils ont rappelé tout le lot sans attendre.",
    "title": "",
    "lang": "fr",
    "platform": "bluesky",
    "entity": {"name": "Ancrevin", "aliases": ["Cave Ancrevin"]},
    "labels": {"impact": "mixed"},
}


def exported(folder: Path, *lines: dict[str, Any]) -> Path:
    """Return a file of an export."""
    path = folder / "corrections.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_corrections_are_learnt_from_beside_the_own_examples(tmp_path: Path) -> None:
    """A corrected mention is an example of the part that teaches, and the head will tell its file."""
    sources = Sources((exported(tmp_path, LINE),))
    found = sources.own(lambda example: example.id == "m-1:w-1")
    assert [(example.split, example.labels) for example in found] == [("train", {"impact": "mixed"})]
    assert "corrections.jsonl" in sources.read


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"labels": {"impact": "bad"}},
            "corrections.jsonl, line 1: labels.impact is 'bad': give one of unfav",
        ),
        ({"labels": {"crisis": "alert", "crisis_type": "fire"}}, "labels.crisis_type is 'fire'"),
        ({"split": "test"}, "split is 'test': corrections are learnt from, leave it out"),
        ({"text": None}, "line 1 is no example"),
        ({"labels": ["impact"]}, "line 1 is no example"),
    ],
)
def test_a_line_that_is_no_example_is_named(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    """Nothing is learnt from a file with a line that is not as the export writes it."""
    sources = Sources((exported(tmp_path, LINE | change),))
    with pytest.raises(NoData, match=told.replace("[", r"\[")):
        sources.own()
