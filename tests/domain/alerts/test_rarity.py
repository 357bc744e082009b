"""Rarity: the tail is that of the negative binomial, and what is hardly known wonders at less."""

from fractions import Fraction
from math import comb, exp, factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.alerts.rarity import chance_of


def tail_of(count: int, mean: Fraction, shape: int) -> float:
    """Return one less the chances of all that is fewer, in exact numbers."""
    ratio = mean / (mean + shape)
    fewer = sum(comb(n + shape - 1, n) * ratio**n * (1 - ratio) ** shape for n in range(count))
    return float(1 - fewer)


@given(st.integers(1, 40), st.fractions(Fraction(1, 200), 20, max_denominator=200), st.integers(1, 30))
def test_the_tail_is_that_of_the_negative_binomial(count: int, mean: Fraction, shape: int) -> None:
    """It is what exact sums give, however small."""
    if count > mean:
        assert chance_of(count, float(mean), shape) == pytest.approx(tail_of(count, mean, shape), rel=1e-6)
    else:
        assert chance_of(count, float(mean), shape) == 1.0


def test_what_is_well_known_is_as_poisson() -> None:
    """With much seen, only the count is left to chance."""
    poisson = 1 - sum(exp(-0.5) * 0.5**n / factorial(n) for n in range(5))
    assert chance_of(5, 0.5, 1e7) == pytest.approx(poisson, rel=1e-4)


@given(st.integers(2, 30), st.floats(0.01, 1.5), st.floats(0.5, 50))
def test_what_is_hardly_known_is_wondered_at_less(count: int, mean: float, shape: float) -> None:
    """The less was seen, the likelier a count far above what is expected."""
    if count > 3 * mean + 3:
        assert chance_of(count, mean, shape) >= chance_of(count, mean, shape * 2)
