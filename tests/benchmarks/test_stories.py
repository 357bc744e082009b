"""What stories are measured with: scores known by hand, and a newsroom that repeats itself."""

from collections import Counter

import pytest

from benchmarks.stories.labelled import HARD, PLAIN, Hardness
from benchmarks.stories.newsroom import publish
from benchmarks.stories.scores import Score, adjusted_rand, b_cubed, pairs

TRUTH = {"a": "1", "b": "1", "c": "1", "d": "2"}


@pytest.mark.parametrize(
    ("found", "pair", "cubed", "rand"),
    [
        (TRUTH, Score(1, 1), Score(1, 1), 1.0),
        ({"a": "x", "b": "x", "c": "y", "d": "z"}, Score(1, 1 / 3), Score(1, 2 / 3), 1 / 3),
        (dict.fromkeys("abcd", "x"), Score(0.5, 1), Score(0.625, 1), 0.0),
    ],
)
def test_scores_are_those_of_the_definitions(
    found: dict[str, str], pair: Score, cubed: Score, rand: float
) -> None:
    """Four documents counted by hand: the truth, a story torn, all in one heap."""
    assert pairs(TRUTH, found) == pair
    score = b_cubed(TRUTH, found)
    assert (score.precision, score.recall) == pytest.approx((cubed.precision, cubed.recall))
    assert adjusted_rand(TRUTH, found) == pytest.approx(rand)


@pytest.mark.parametrize("mix", [PLAIN, HARD], ids=["plain", "hard"])
def test_a_seed_publishes_the_same_documents_in_order_of_time(mix: Hardness) -> None:
    """A seed says all; ids are unique, and copies there are."""
    documents = publish(7, mix, 150)
    assert documents == publish(7, mix, 150)
    assert documents != publish(8, mix, 150)
    assert len({labelled.id for labelled in documents}) == len(documents) >= 150
    assert [labelled.at for labelled in documents] == sorted(labelled.at for labelled in documents)
    assert Counter(labelled.story for labelled in documents).most_common(1)[0][1] > 1
