"""Softmax regression, solved the same everywhere.

Nesterov's accelerated gradient, with a fixed number of steps of a fixed size: no line search and no stopping rule
to decide otherwise on another machine, and the problem being convex, what its last digits differ by fades instead
of growing. Rounded to int8, the same sets give the same bytes.
"""

import numpy as np
from scipy import sparse

STEPS = 300
_BIAS_FEATURE = 0.3  # a feature that every example has; the weight of it makes the bias, and costs no penalty
_SAFETY = 1.05  # over the largest curvature, which is approached from below
_CURVATURE_STEPS = 40


def solve(
    features: sparse.csr_matrix, targets: np.ndarray, weights: np.ndarray, penalty: float, steps: int = STEPS
) -> tuple[np.ndarray, np.ndarray]:
    """Return weights (features × labels) and biases that minimise weighted cross-entropy + penalty × ‖weights‖²/2.

    ``targets`` is one row of probabilities an example; ``weights`` what each example counts.
    """
    share = (weights / weights.sum())[:, None]
    seen = sparse.hstack([features, np.full((features.shape[0], 1), _BIAS_FEATURE)], format="csr")
    transposed = seen.T.tocsr()
    kept_small = np.full((seen.shape[1], 1), penalty)
    kept_small[-1] = 0.0
    # The softmax curves by 1/2 at most.
    step = 1.0 / (_SAFETY * 0.5 * _curvature(seen, transposed, share) + penalty)
    found = np.zeros((seen.shape[1], targets.shape[1]))
    ahead = found.copy()
    for number in range(steps):
        errors = (softmax(seen @ ahead) - targets) * share
        moved = ahead - step * (transposed @ errors + kept_small * ahead)
        ahead = moved + number / (number + 3.0) * (moved - found)
        found = moved
    return found[:-1], found[-1] * _BIAS_FEATURE


def _curvature(seen: sparse.csr_matrix, transposed: sparse.csr_matrix, share: np.ndarray) -> float:
    """Return the largest eigenvalue of the weighted squares of the features (power iteration)."""
    direction = np.full((seen.shape[1], 1), seen.shape[1] ** -0.5)
    length = 1.0
    for _ in range(_CURVATURE_STEPS):
        direction = transposed @ (share * (seen @ direction))
        length = float(np.sqrt((direction * direction).sum()))
        direction /= length
    return length


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return the probabilities of each row of scores."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
