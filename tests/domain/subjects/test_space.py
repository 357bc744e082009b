"""Sums of vectors: the same to the last bit however they came about."""

import math

from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.subjects.space import Sum, likeness

VECTORS = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0.001, 3.0), min_size=1, max_size=5)


def measured(total: Sum) -> float:
    """Return a sum's length, measured with all its terms."""
    return math.sqrt(math.fsum(weight * weight for weight in total.weights.values()))


@given(st.lists(VECTORS, min_size=1, max_size=12))
def test_a_sum_that_grew_is_as_long_as_one_measured_anew(vectors: list[dict[str, float]]) -> None:
    """To the last bit: else an order of arrival would tell subjects apart."""
    total = Sum.of(vectors[:1])
    for vector in vectors[1:]:
        total.add(vector)
    assert total.length == measured(total)


@given(st.permutations([{"a": 0.1, "b": 0.2}, {"a": 0.3}, {"b": 0.7, "c": 1e-9}, {"c": 2.5}]))
def test_vectors_add_up_to_the_same_in_any_order(vectors: list[dict[str, float]]) -> None:
    """Their sum is rounded once."""
    assert Sum.of(vectors).weights == Sum.of(vectors[::-1]).weights


@given(VECTORS, VECTORS)
def test_likeness_is_the_same_both_ways(one: dict[str, float], other: dict[str, float]) -> None:
    """From 0, for vectors without a common term, to 1."""
    there, back = likeness(Sum.of([one]), Sum.of([other])), likeness(Sum.of([other]), Sum.of([one]))
    assert there == back
    assert -1e-9 <= there <= 1 + 1e-9
    assert (there == 0) == one.keys().isdisjoint(other)


def test_nothing_is_like_nothing() -> None:
    """A vector without terms has no length to divide by."""
    assert likeness(Sum.of([]), Sum.of([{"a": 1.0}])) == 0
