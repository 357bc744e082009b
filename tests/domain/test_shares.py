"""Percentages that add up."""

from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.shares import shares


def test_shares_of_a_busy_day() -> None:
    """Each share is its exact value rounded up or down, the largest remainders up."""
    assert shares([14, 14, 4, 2]) == [41, 41, 12, 6]
    assert shares([1, 1, 1]) == [34, 33, 33]


def test_shares_of_nothing() -> None:
    """Nothing has no share of nothing."""
    assert shares([0, 0]) == [0, 0]
    assert shares([]) == []


@given(st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=20))
def test_shares_add_up_to_a_hundred(counts: list[int]) -> None:
    """Whatever the counts: a hundred in all, none further than a point from its exact value."""
    found = shares(counts)
    total = sum(counts)
    assert sum(found) == (100 if total else 0)
    assert all(
        abs(share * total - 100 * count) < total for share, count in zip(found, counts, strict=True) if total
    )
