"""How rare a count is, of things that come by chance at a rate we know more or less well.

A rate learnt from a dozen mentions is not known: it is a guess with a spread, and a count that would be a marvel at
the guess is none at what the rate may be. A gamma distribution over the rate makes the count negative binomial
(Gelman et al., *Bayesian Data Analysis*, 2.6), whose tail is far heavier than Poisson's.
"""

from math import exp, lgamma, log, log1p

_NEGLIGIBLE = 1e-9  # of the sum so far


def chance_of(count: int, mean: float, shape: float) -> float:
    """Return the chance of ``count`` or more, ``mean`` being expected and as sure as ``shape`` things seen make it.

    1.0 for a count that is not above the mean: nothing to wonder at.
    """
    if count <= mean or count <= 0:
        return 1.0
    ratio = mean / (mean + shape)
    choices = lgamma(count + shape) - lgamma(shape) - lgamma(count + 1)
    term = tail = exp(choices + count * log(ratio) - shape * log1p(mean / shape))
    while term > tail * _NEGLIGIBLE:  # beyond the mean each term is a smaller share of the one before
        term *= (count + shape) / (count + 1) * ratio
        count += 1
        tail += term
    return min(tail, 1.0)
