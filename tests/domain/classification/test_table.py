"""All heads in one table of large integers: the same sums as one by one."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.classification.features import name_hashes, text_hashes, words_of
from vigie.domain.classification.table import BIAS, Table


def columns_of(lanes: int, bits: int, seed: int = 7) -> list[bytes]:
    """Return columns of weights plus 128."""
    chance = random.Random(seed)
    return [bytes(chance.randrange(1, 256) for _ in range(1 << bits)) for _ in range(lanes)]


def plainly(column: bytes, hashes: list[int]) -> int:
    """Return the sum that a lane must come to."""
    return sum(column[hashed % len(column)] - 128 for hashed in hashes)


def lane_of(table: Table, weighed: int, lane: int) -> int:
    """Return what a sum comes to in one lane."""
    lanes = table.lanes(weighed)
    return lanes[table.place(lane)] - BIAS * lanes[table.counter]


@pytest.mark.parametrize("lanes", [1, 2, 3, 8, 17])
@given(text=st.text(max_size=400))
def test_sums_are_those_of_each_column(lanes: int, text: str) -> None:
    """Each lane of a text's sum is what its column alone would give, whatever the number of lanes."""
    columns = columns_of(lanes, 6)
    table = Table(columns)
    weighed = table.of_words(words_of(text).marked)
    hashes = text_hashes(words_of(text))
    assert len(hashes) == table.lanes(weighed)[table.counter]
    assert [plainly(column, hashes) for column in columns] == [
        lane_of(table, weighed, lane) for lane in range(lanes)
    ]


def test_columns_of_different_lengths_meet() -> None:
    """A head of fewer bits keeps the low bits of each hash."""
    long, short = columns_of(1, 8)[0], columns_of(1, 5)[0]
    table = Table([long, short])
    hashes = [3, 70, 255, 2**32 - 1]
    weighed = table.of_hashes(hashes)
    assert [plainly(long, hashes), plainly(short, hashes)] == [
        lane_of(table, weighed, 0),
        lane_of(table, weighed, 1),
    ]


def test_lanes_hold_the_heaviest_sums() -> None:
    """Thousands of the largest weights side by side do not run into their neighbours."""
    table = Table([b"\xff" * 4, b"\x01" * 4, b"\xff" * 4])
    weighed = table.of_hashes(list(range(10_000)))
    assert [lane_of(table, weighed, lane) for lane in range(3)] == [1_270_000, -1_270_000, 1_270_000]


def test_sums_add_up() -> None:
    """Two texts weigh together what each weighs."""
    table = Table(columns_of(3, 6))
    both = table.of_hashes([1, 2]) + table.of_hashes([3])
    assert both == table.of_hashes([1, 2, 3])
    assert table.of_hashes([]) == 0


def test_named_features_are_those_of_their_hashes() -> None:
    """A name weighs what its hash does, as often as it is given."""
    table = Table(columns_of(3, 6))
    names = ["rule:recall", "first:title", "rule:recall"]
    assert table.of_hashes(name_hashes(names)) == table.of_names(names)


def test_sums_stand_side_by_side() -> None:
    """Lanes of several sums come one sum after the other, so that a stride reads one lane of all."""
    table = Table(columns_of(4, 6))
    sums = [table.of_hashes([1, 2]), table.of_hashes([3])]
    joined = table.side_by_side(sums).tolist()
    assert [*table.lanes(sums[0]), *table.lanes(sums[1])] == joined
    assert table.width == len(joined) // 2
