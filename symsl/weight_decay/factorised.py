"""The networks themselves, trained by gradient descent on their weights with weight decay, in numpy.

    diagonal    f(x) = sum_i a_i w_i x_i,                (1/2n) |y - f|**2 + (lam/2)(|a|**2 + |w|**2)
    quadratic   f(x) = Tr W W^T Psi(x),  W of d x m,     (1/2n) |y - f|**2 + lam |W|_F**2

Their minima are those of the convex problems: a w is the LASSO solution with |a_i| = |w_i|, W W^T the one of
`sensing.trace_least_squares` (m >= d). The step is adapted: it grows while the loss falls and is halved otherwise.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from symsl.errors import ParameterError
from symsl.weight_decay.sensing import to_coordinates, to_matrix
from symsl.weight_decay.target import Floats

Loss = Callable[[Floats], tuple[float, Floats]]


def train_diagonal(
    X: Floats,
    y: Floats,
    lam: float,
    *,
    seed: int = 0,
    scale: float = 0.1,
    tolerance: float = 1e-7,
    max_steps: int = 10**6,
) -> tuple[Floats, Floats]:
    """(a, w) after training from Gaussian weights of size `scale`, until the gradient is below `tolerance`."""
    n, d = X.shape

    def loss(weights: Floats) -> tuple[float, Floats]:
        a, w = weights[:d], weights[d:]
        residual = X @ (a * w) - y
        pull = X.T @ residual / n
        value = float(residual @ residual) / (2 * n) + lam / 2 * float(weights @ weights)
        return value, np.concatenate([pull * w + lam * a, pull * a + lam * w])

    start = scale * np.random.default_rng(seed).standard_normal(2 * d)
    trained = _descend(loss, start, tolerance, max_steps, "train_diagonal")
    return trained[:d], trained[d:]


def train_quadratic(
    features: Floats,
    y: Floats,
    d: int,
    lam: float,
    *,
    width: int | None = None,
    seed: int = 0,
    scale: float = 0.1,
    tolerance: float = 1e-7,
    max_steps: int = 10**6,
) -> Floats:
    """W (d x m, m = `width` or d) after training; `features` as from `sensing.sensing_features`."""
    n, m = len(y), d if width is None else width

    def loss(weights: Floats) -> tuple[float, Floats]:
        W = weights.reshape(d, m)
        residual = features @ to_coordinates(W @ W.T) - y
        pull = to_matrix(features.T @ residual / n, d)
        value = float(residual @ residual) / (2 * n) + lam * float(weights @ weights)
        return value, (2 * (pull @ W + lam * W)).ravel()

    start = scale * np.random.default_rng(seed).standard_normal(d * m)
    return _descend(loss, start, tolerance, max_steps, "train_quadratic").reshape(d, m)


def _descend(loss: Loss, weights: Floats, tolerance: float, max_steps: int, where: str) -> Floats:
    step = 1e-2
    value, gradient = loss(weights)
    for _ in range(max_steps):
        slope = float(gradient @ gradient)
        if slope <= tolerance**2:
            return weights
        candidate = weights - step * gradient
        new_value, new_gradient = loss(candidate)
        if new_value <= value - step * slope / 4:
            weights, value, gradient = candidate, new_value, new_gradient
            step *= 1.1
        else:
            step /= 2
            if step < 1e-14:
                return weights  # the loss no longer resolves the step: converged to rounding
    raise ParameterError(where, "max_steps", max_steps, f"a gradient below {tolerance:g}", "raise max_steps or lam")


__all__ = ["train_diagonal", "train_quadratic"]
