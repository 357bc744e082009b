"""Scores compare pages, not entries: a page found under two addresses counts once."""

from dataclasses import replace
from typing import Any

import pytest

from infra.local.score import Score, score_purposes
from tests.builders import a_document, a_hit, a_mention
from vigie.domain.mentions import Mention

TRUTH: dict[str, Any] = {
    "clients": [{"id": "banque", "watches": [{"id": "marque", "purpose": "brand"}]}],
    "documents": [
        {
            "id": "d1",
            "url": "http://a.test/1?utm=x",
            "canonical_url": "https://a.test/1",
            "matches": ["marque"],
        },
        {"id": "d2", "url": "https://a.test/1", "canonical_url": "https://a.test/1", "matches": ["marque"]},
        {"id": "d3", "url": "https://a.test/3", "canonical_url": "https://a.test/3", "matches": ["marque"]},
        {"id": "d4", "url": "https://a.test/4", "canonical_url": "https://a.test/4", "matches": []},
    ],
}


def mention(url: str, **fields: Any) -> Mention:
    """Return a brand mention of a page."""
    document = replace(a_document(), url=url)
    return a_mention(document, hits=(a_hit(document),), **fields)


@pytest.mark.parametrize(
    ("urls", "visible", "seen", "expected"),
    [
        (["https://a.test/1", "https://a.test/3"], {"d1", "d2", "d3", "d4"}, set(), Score(2, 2, 2)),
        (["http://a.test/1?utm=x"], {"d1", "d2", "d3"}, set(), Score(2, 1, 1)),
        (["https://a.test/1", "https://a.test/4"], {"d1", "d4"}, set(), Score(1, 2, 1)),
        (["https://a.test/3"], {"d1", "d2", "d3"}, {"d1"}, Score(1, 1, 1)),
        ([], {"d2"}, {"d1"}, Score(0, 0, 0)),  # the page was told under its other address
    ],
)
def test_pages_expected_found_and_right(
    urls: list[str], visible: set[str], seen: set[str], expected: Score
) -> None:
    """What earlier passes told is expected no more, and any address of a page is that page."""
    mentions = [mention(url) for url in urls]
    assert score_purposes(TRUTH, "banque", visible, mentions, seen) == {"brand": expected}


def test_what_is_held_back_was_not_found() -> None:
    """A mention kept out of the digest counts for nothing."""
    held = mention("https://a.test/1", status="held", held_reason="same_address")
    assert score_purposes(TRUTH, "banque", {"d1"}, [held]) == {"brand": Score(1, 0, 0)}


@pytest.mark.parametrize(
    ("score", "recall", "precision"),
    [(Score(4, 2, 1), 0.25, 0.5), (Score(0, 0, 0), 1.0, 1.0), (Score(0, 1, 0), 1.0, 0.0)],
)
def test_shares(score: Score, recall: float, precision: float) -> None:
    """Nothing expected is all found, and nothing found is nothing wrong."""
    assert (score.recall, score.precision) == (recall, precision)
