"""Training a quadratic network by its convex equivalent: matrix sensing with a trace penalty, in numpy.

    minimise  (1/2n) |y - A(S)|**2 + lam Tr S over S >= 0     (signed: lam |S|_* over symmetric S)

by accelerated proximal gradient. A(S)_mu = Tr S Psi_mu with E (Tr S Psi)**2 = |S|_F**2 for both kinds of features:

    "gaussian"    Psi from the Gaussian orthogonal ensemble: what the state evolution is derived for
    "quadratic"   Psi = (x x^T - 1)/sqrt2, x standard Gaussian: what a quadratic network computes

The two agree where label noise dominates. Where R >> Delta and n is a few times d, quadratic features learn worse: the
residual (z**2-1)/sqrt2 along a missed direction, z = u.x, is correlated with the features z x_j:
E (z**2-1)**2 z**2/2 = 5 where Gaussian features have 1. The gap shrinks as n/d grows.
"""

from __future__ import annotations

import math

import numpy as np

from symsl.errors import ParameterError, UsageError
from symsl.weight_decay.target import Floats

FEATURES = ("gaussian", "quadratic")


def sensing_features(kind: str, n: int, d: int, generator: np.random.Generator) -> Floats:
    """n rows, the coordinates of Psi_mu in an orthonormal basis of symmetric matrices: shape (n, d(d+1)/2).

    The basis is the diagonal units, then (e_i e_j^T + e_j e_i^T)/sqrt2 for i < j.
    """
    if kind not in FEATURES:
        raise UsageError(f"there are no features {kind!r}; the kinds are {', '.join(FEATURES)}")
    if kind == "gaussian":
        return generator.standard_normal((n, d * (d + 1) // 2))
    x = generator.standard_normal((n, d))
    rows, columns = np.triu_indices(d, 1)
    return np.hstack([(x * x - 1) / math.sqrt(2), x[:, rows] * x[:, columns]])


def to_coordinates(S: Floats) -> Floats:
    """The coordinates of a symmetric matrix in that basis; lengths are kept."""
    rows, columns = np.triu_indices(len(S), 1)
    return np.concatenate([np.diag(S), math.sqrt(2) * S[rows, columns]])


def to_matrix(coordinates: Floats, d: int) -> Floats:
    """The symmetric matrix with these coordinates."""
    S = np.zeros((d, d))
    rows, columns = np.triu_indices(d, 1)
    S[rows, columns] = coordinates[d:] / math.sqrt(2)
    return S + S.T + np.diag(coordinates[:d])


def trace_least_squares(
    features: Floats,
    y: Floats,
    d: int,
    lam: float,
    *,
    signed: bool = False,
    tolerance: float = 1e-8,
    max_steps: int = 50_000,
) -> Floats:
    """The minimiser S^, by accelerated proximal gradient with restarts, to a relative step below `tolerance`.

    Raises `ParameterError` if `max_steps` do not suffice (small lam below the interpolation threshold is slow).
    """
    n = len(y)
    step = 1 / _largest_curvature(features)
    here = ahead = np.zeros(features.shape[1])
    momentum = 1.0
    for _ in range(max_steps):
        gradient = features.T @ (features @ ahead - y) / n
        there = to_coordinates(_shrink(to_matrix(ahead - step * gradient, d), step * lam, signed))
        moved = there - here
        if np.linalg.norm(there - ahead) <= tolerance * max(float(np.linalg.norm(there)), 1e-12):
            return to_matrix(there, d)
        if (ahead - there) @ moved > 0:  # the momentum points uphill: start it anew
            momentum = 1.0
        following = (1 + math.sqrt(1 + 4 * momentum**2)) / 2
        ahead = there + (momentum - 1) / following * moved
        here, momentum = there, following
    raise ParameterError(
        "trace_least_squares", "max_steps", max_steps, f"convergence to {tolerance:g}", "raise max_steps or lam"
    )


def _shrink(S: Floats, theta: float, signed: bool) -> Floats:
    values, vectors = np.linalg.eigh(S)
    shrunk = np.maximum(values - theta, 0.0)
    if signed:
        shrunk = shrunk - np.maximum(-values - theta, 0.0)
    kept = shrunk != 0
    return np.asarray((vectors[:, kept] * shrunk[kept]) @ vectors[:, kept].T)


def _largest_curvature(features: Floats, steps: int = 40) -> float:
    """The largest eigenvalue of A^T A/n by power iteration, rounded up by five per cent."""
    vector = np.ones(features.shape[1]) / math.sqrt(features.shape[1])
    length = 1.0
    for _ in range(steps):
        vector = features.T @ (features @ vector) / len(features)
        length = float(np.linalg.norm(vector))
        vector = vector / length
    return 1.05 * length


__all__ = ["FEATURES", "sensing_features", "to_coordinates", "to_matrix", "trace_least_squares"]
