"""Finding subjects by the words they share with a story."""

from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.subjects.space import Sum, likeness
from vigie.domain.subjects.term_index import TermIndex

VECTORS = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.01, 3.0), min_size=1, max_size=5)


@given(st.lists(VECTORS, min_size=1, max_size=10), VECTORS, st.floats(0.05, 1.0))
def test_whoever_is_near_is_found(
    sums: list[dict[str, float]], asked: dict[str, float], at_least: float
) -> None:
    """Nobody who is as near as asked is left out, and none who is plainly farther is given."""
    index, totals = TermIndex(), [Sum.of([each]) for each in sums]
    for place, total in enumerate(totals):
        index.put(place, total, total.weights)
    near = {place: likeness(total, Sum.of([asked])) for place, total in enumerate(totals)}
    found = set(index.near(Sum.of([asked]), at_least))
    assert {place for place, value in near.items() if value >= at_least} <= found
    assert all(near[place] >= at_least - 1e-6 for place in found)


def test_what_grew_is_found_by_what_it_gained_and_what_was_dropped_by_nothing() -> None:
    """A subject that took another stands at one place, for the words of both."""
    index, one, other = TermIndex(), Sum.of([{"a": 1.0}]), Sum.of([{"b": 1.0}])
    for place, total in enumerate((one, other)):
        index.put(place, total, total.weights)
    index.drop(1)
    one.add(other.weights)
    index.put(0, one, other.weights)
    assert index.near(Sum.of([{"b": 1.0}]), 0.5) == [0]
    index.drop(0)
    assert index.near(Sum.of([{"a": 1.0, "b": 1.0}]), 0.0) == []
