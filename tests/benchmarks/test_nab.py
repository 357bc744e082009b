"""The NAB benchmark: its scoring on series made here, its figures on the real ones when they are there."""

from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.nab import AT_LEAST, DATA, main
from benchmarks.nab.scoring import Series, score, total

START = datetime(2026, 1, 1, tzinfo=UTC)
ROWS = [(START + number * timedelta(minutes=5), 0.0) for number in range(4_000)]
SERIES = Series("made", ROWS, [(1_000, 1_200), (2_000, 2_200)])


def test_silence_is_nothing_and_every_window_at_once_is_a_hundred() -> None:
    """The ends of the scale."""
    assert total([SERIES], score(SERIES, [])) == 0
    assert total([SERIES], score(SERIES, [1_000, 2_000])) == pytest.approx(100, abs=0.01)


def test_late_is_less_and_twice_is_once() -> None:
    """A window counts by its first alert, and by how early that is."""
    early, late = score(SERIES, [1_010, 2_000]), score(SERIES, [1_190, 2_000])
    assert early > late > score(SERIES, [2_000])
    assert score(SERIES, [1_010, 1_100, 2_000]) == early


def test_false_alarms_cost_more_the_farther_they_are() -> None:
    """Just after a window little, far from any the whole of it; in the first days nothing."""
    none = score(SERIES, [])
    assert score(SERIES, [400]) == none
    assert none > score(SERIES, [1_201]) > score(SERIES, [1_300]) > score(SERIES, [3_900])
    assert score(SERIES, [3_900]) == score(SERIES, [900]) == none - 0.11


@pytest.mark.corpus
def test_the_shipped_rule_reaches_its_score(capsys: pytest.CaptureFixture[str]) -> None:
    """On the real series one threshold for all reaches what is promised."""
    if not (DATA / "windows.json").exists():
        pytest.skip(f"no NAB data in {DATA}")
    main()
    assert f"at least {AT_LEAST:g}  ok" in capsys.readouterr().out
