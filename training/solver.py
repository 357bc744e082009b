"""Softmax regression, solved the same everywhere.

Nesterov's accelerated gradient, with a fixed number of steps of a fixed size: no line search and no stopping rule
to decide otherwise on another machine, and the problem being convex, what its last digits differ by fades instead
of growing. Rounded to int8, the same sets give the same bytes.
"""

import numpy as np
from scipy import sparse

STEPS = 300


def solve(
    features: sparse.csr_matrix, targets: np.ndarray, weights: np.ndarray, penalty: float, steps: int = STEPS
) -> tuple[np.ndarray, np.ndarray]:
    """Return weights (features × labels) and biases that minimise weighted cross-entropy + penalty × ‖weights‖²/2.

    ``targets`` is one row of probabilities an example; ``weights`` what each example counts, 1 on average.
    """
    transposed = features.T.tocsr()
    share = (weights / weights.sum())[:, None]
    # Of the softmax's curvature (1/2) times the longest row, the bias taken as one feature more.
    longest = float(features.multiply(features).sum(axis=1).max()) + 1.0
    step = 1.0 / (0.5 * longest + penalty)
    found = np.zeros((features.shape[1], targets.shape[1]))
    ahead, bias, bias_ahead = found.copy(), np.zeros(targets.shape[1]), np.zeros(targets.shape[1])
    for number in range(steps):
        errors = (softmax(features @ ahead + bias_ahead) - targets) * share
        next_found = ahead - step * (transposed @ errors + penalty * ahead)
        next_bias = bias_ahead - step * errors.sum(axis=0)
        momentum = number / (number + 3.0)
        ahead = next_found + momentum * (next_found - found)
        bias_ahead = next_bias + momentum * (next_bias - bias)
        found, bias = next_found, next_bias
    return found, bias


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return the probabilities of each row of scores."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
