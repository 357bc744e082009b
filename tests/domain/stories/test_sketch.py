"""Sketches: exact while texts are short, close when they are long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.stories.sketch import SKETCH_ENTRIES, Sketch, WordRuns, overlap

WORDS = [f"mot{n}" for n in range(6_000)]


def sketch(words: list[str]) -> Sketch:
    """Return the sketch of a text."""
    return WordRuns([word.encode() for word in words]).shingles(8).sketch()


@given(st.lists(st.sampled_from(["un", "deux", "trois", "l'été", "日"]), max_size=60))
def test_a_text_shares_everything_with_itself(words: list[str]) -> None:
    """Containment in itself is 1, or nothing when there is no shingle."""
    mine = sketch(words)
    shared = overlap(mine, mine)
    assert shared.containment == (1.0 if mine.hashes else 0.0)
    assert shared.shared == sum(shared.mine) == sum(shared.theirs)


def test_short_texts_are_compared_exactly() -> None:
    """Of 93 shingles 45 are shared, in the first half of one text and the second of the other."""
    mine = sketch(WORDS[:100])
    theirs = sketch([*WORDS[1000:1048], *WORDS[:52]])
    shared = overlap(mine, theirs)
    assert (shared.shared, sum(shared.mine), sum(shared.theirs)) == (45, 93, 93)
    assert shared.estimate == 45
    assert sum(shared.shared_mine[4:]) == sum(shared.shared_theirs[:4]) == 0


@pytest.mark.parametrize(("begin", "end"), [(0, 400), (500, 3_000), (2_000, 4_000)])
def test_a_crop_is_found_in_a_text_of_any_length(begin: int, end: int) -> None:
    """A piece of a long text is contained in it, and about as many shingles are shared as it has."""
    whole = sketch(WORDS)
    piece = sketch(WORDS[begin:end])
    shared = overlap(whole, piece)
    assert len(whole.hashes) == SKETCH_ENTRIES
    assert shared.containment == 1.0
    assert shared.estimate == pytest.approx(end - begin - 7, rel=0.3)


def test_half_of_a_long_text_is_seen_as_half() -> None:
    """What is sampled tells the share within a tenth."""
    mine = sketch(WORDS[:2_000])
    theirs = sketch(WORDS[1_000:3_000])
    assert overlap(mine, theirs).containment == pytest.approx(0.5, abs=0.1)
