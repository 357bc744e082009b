"""What the heads of the package must reach, on data that is beside the checkout and was not trained on."""

import pytest

from training.examples import PUBLIC_SETS, Sources
from training.judges import JUDGES
from training.metrics import Answer, accuracy, calibration_error, macro_f1

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not PUBLIC_SETS.exists(), reason=f"no public sets at {PUBLIC_SETS.name}"),
]


def answers(title: str, name: str) -> list[Answer]:
    """Return what the classifier says of one set of the card."""
    (judge,) = (judge for judge in JUDGES if judge.title == title)
    return [Answer(judge.answer(row.example), row.label) for row in judge.sets(Sources())[name]]


def test_tone_of_french_posts() -> None:
    """Macro-F1 of 0.58, calibrated to 0.05, on UMSAB's French development set."""
    told = answers("Tone", "UMSAB French dev")
    assert macro_f1(told) >= 0.58
    assert calibration_error(told) <= 0.05


@pytest.mark.parametrize(("name", "floor"), [("sentences", 0.98), ("three words", 0.88)])
def test_language(name: str, floor: float) -> None:
    """Nine languages told in sentences, and nearly as well in three words."""
    assert accuracy(answers("Language", name)) >= floor
