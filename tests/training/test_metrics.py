"""Figures of the model card, on answers small enough to count by hand."""

import pytest

from training.metrics import Answer, accuracy, calibration_error, kept, macro_f1, recall, surest
from vigie.domain.mentions import Label


def answer(said: str, truth: str, confidence: float = 0.9, *, abstained: bool = False) -> Answer:
    """Return one answer."""
    return Answer(Label(said, confidence, abstained=abstained), truth)


ANSWERS = [
    answer("a", "a", 0.95),
    answer("a", "a", 0.85),
    answer("a", "b", 0.55),
    answer("b", "b", 0.65),
    answer("b", "a", 0.35, abstained=True),
]


def test_figures_are_those_counted_by_hand() -> None:
    """a: 2 of 3 found, 2 of 3 said right; b: 1 of 2 found, 1 of 2 said right."""
    assert accuracy(ANSWERS) == pytest.approx(3 / 5)
    assert macro_f1(ANSWERS) == pytest.approx((4 / 6 + 2 / 4) / 2)
    assert recall(ANSWERS, "b") == pytest.approx(1 / 2)


def test_calibration_error_is_the_gap_of_each_bin() -> None:
    """Each answer has a bin of its own here: |right - confidence|, averaged."""
    assert calibration_error(ANSWERS) == pytest.approx((0.05 + 0.15 + 0.55 + 0.35 + 0.35) / 5)


def test_what_is_kept_is_the_surest() -> None:
    """Coverage takes the most confident; what abstains is not kept."""
    assert surest(ANSWERS, 0.4) == ANSWERS[:2]
    assert kept(ANSWERS) == ANSWERS[:4]


def test_nothing_answered_is_nothing_right() -> None:
    """Of no answers, every figure is 0."""
    assert [figure([]) for figure in (accuracy, macro_f1, calibration_error)] == [0.0, 0.0, 0.0]
