"""Subjects of the demo press, against its truth."""

import pytest

from benchmarks.subjects import TARGET, measure


@pytest.mark.parametrize("seed", [7, 9])
def test_subjects_of_a_month_are_those_of_the_truth(seed: int) -> None:
    """B-cubed over every client's documents is at least 0.90, and better than stories alone."""
    score, alone, _ = measure(seed)
    assert score.f1 >= TARGET
    assert score.f1 > alone.f1
