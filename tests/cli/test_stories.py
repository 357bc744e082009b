"""``vigie stories assign``: a line for a line, and bad lines named."""

import argparse
import io
import json
from typing import Any

import pytest

from tests.steps.test_stories import CROPPED, DISPATCH
from vigie.cli import stories


def run(*lines: dict[str, Any] | str) -> tuple[int, list[dict[str, str]], str]:
    """Run the command on lines; return its exit status, what it printed and what it complained of."""
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    out, err = io.StringIO(), io.StringIO()
    status = stories.run_assign(argparse.Namespace(), out, err, io.StringIO(text))
    return status, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


WHOLE = {
    "id": "1",
    "title": "Trois guichets vont fermer",
    "summary": "",
    "body": DISPATCH,
    "url": "https://www.courrier.test/a?utm_source=rss",
    "published_at": "2026-12-08T05:00:00Z",
    "source_id": "courrier",
    "platform": "press",
    "type": "article",
    "lang": "fr",
}


def test_every_line_gets_the_story_that_stands_at_the_end() -> None:
    """Copies share a story id; a document on its own has its own; the order is the input's."""
    crop = {"id": "2", "body": CROPPED.body, "url": "https://gazette.test/b"}
    alone = {"id": "3", "body": "Rien à voir.", "url": "https://gazette.test/c"}
    status, printed, err = run(alone, crop, WHOLE)
    assert status == 0
    assert printed == [
        {"id": "3", "story_id": "3"},
        {"id": "2", "story_id": printed[2]["story_id"]},
        {"id": "1", "story_id": printed[2]["story_id"]},
    ]
    assert "3 documents, 2 stories" in err


def test_an_id_that_comes_again_has_the_same_answer() -> None:
    """One line out for each line in."""
    _, printed, _ = run(WHOLE, WHOLE, {"id": "1", "body": "Autre chose."})
    assert printed == [{"id": "1", "story_id": "1"}] * 3


def test_the_same_page_under_another_address_is_one_story() -> None:
    """Tracking parameters, mobile hosts and AMP make no other page."""
    again = {"id": "2", "body": "Réécrit.", "url": "http://m.courrier.test/a/amp"}
    assert [line["story_id"] for line in run(WHOLE, again)[1]] == ["1", "1"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "line 2: line: is no JSON"),
        ("[1]", "line 2: line: is no object"),
        ({"title": "Sans id"}, "line 2: id: is missing"),
        ({"id": 7}, "line 2: id: 7 is no text"),
        ({"id": "7", "body": ["a"]}, "line 2: body: ['a'] is no text"),
        (
            {"id": "7", "published_at": "hier"},
            "line 2: published_at: 'hier' is no instant. Write it in ISO 8601",
        ),
    ],
)
def test_a_bad_line_is_named_and_left_out(line: dict[str, Any] | str, complaint: str) -> None:
    """The others are answered, and the exit status tells."""
    status, printed, err = run(WHOLE, line, {"id": "3"})
    assert status == 1
    assert [answer["id"] for answer in printed] == ["1", "3"]
    assert complaint in err


def test_only_the_id_must_be_there() -> None:
    """Nothing, null and empty are the same."""
    assert run({"id": "a"}, {"id": "b", "body": None, "url": "", "published_at": None})[0] == 0
