"""Order parameters near the solution, in many digits."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from symsl.erf.state import OrderParameters


def _gram(M: int, distance: str, seed: int) -> tuple[OrderParameters, tuple[np.ndarray, ...]]:
    """Students at `distance` from their teachers: the order parameters in mpmath, and (w, r, T) as doubles."""
    generator = np.random.default_rng(seed)
    B = mpmath.matrix(generator.normal(size=(M, 6)).tolist()) / 2
    delta = mpmath.matrix(generator.normal(size=(M, 6)).tolist()) * mpmath.mpf(distance)
    J = B + delta

    def objects(matrix: mpmath.matrix) -> np.ndarray:
        return np.array(matrix.tolist(), dtype=object)

    exact = OrderParameters(*(objects(a * b.T) for a, b in ((J, J), (J, B), (B, B))))
    return exact, tuple(objects(a * b.T).astype(float) for a, b in ((delta, delta), (delta, B), (B, B)))


@pytest.fixture(scope="session")
def high_precision_gram():
    """A function of (M, distance as text, seed); call it inside `mpmath.workdps`."""
    return _gram
