"""The quadratic network at small d: the state evolution with the noise matrix sampled, not taken at infinite size.

Y = S* + tau G with G from the Gaussian orthogonal ensemble (variance 1/2 off the diagonal, 1 on it) and
nu**2 = d tau**2/2. For the shrinkage f of the eigenvalues y_i of Y

    R = E |f(Y) - S*|_F**2,     dof = E [sum_i f'(y_i) + sum_{i<j} (f(y_i) - f(y_j))/(y_i - y_j)],

averaged over fixed samples, so that the fixed point is a smooth function of the parameters. Double precision; this is
the method that finite-d experiments follow (the other two miss O(1/d)).
"""

from __future__ import annotations

import math

import numpy as np

from symsl.arguments import fits_in_memory
from symsl.errors import ParameterError
from symsl.weight_decay.effective_channel import EffectiveChannel
from symsl.weight_decay.problem import Problem
from symsl.weight_decay.target import Floats

MAX_DIMENSION = 1000


class MonteCarloChannel(EffectiveChannel):
    """Scale nu, threshold t, budget 2n/d."""

    scan = 30
    tolerance = 1e-9  # far below the sampling error
    largest_residual = math.inf  # dof jumps where an eigenvalue of a sample crosses the threshold
    largest_threshold = 3.0

    def __init__(self, problem: Problem, signed: bool, samples: int, seed: int) -> None:
        d = problem.target.d
        if d > MAX_DIMENSION:
            raise ParameterError(
                problem.where, "d", d, f"d <= {MAX_DIMENSION} for sampled noise", 'use method="free-convolution"'
            )
        fits_in_memory(samples * d * d, "samples", samples, problem.where)
        self.where, self.signed, self.d = problem.where, signed, d
        self.n, self.Delta = float(problem.n), float(problem.Delta)
        self.budget = 2 * self.n / d
        self.values = np.array([float(value.mid()) for value in problem.target.coefficients()])
        self.norm = float(self.values @ self.values)
        self.smallest = float(np.abs(self.values[self.values != 0]).min(initial=math.inf))
        generator = np.random.default_rng(seed)
        squares = generator.standard_normal((samples, d, d))
        # (A + A^T)/2 has variance 1/2 off the diagonal and 1 on it; times sqrt(2/d) the semicircle ends at 2.
        self.noise = (squares + squares.transpose(0, 2, 1)) / 2 * math.sqrt(2 / d)
        self._bulk = np.asarray(np.linalg.eigvalsh(self.noise), dtype=np.float64)
        self._last: tuple[tuple[float, float], tuple[float, float]] | None = None

    def floor(self, threshold: float) -> float:
        """E |f(G)|_F**2 in units of nu**2, with no target."""
        return float(np.mean(np.sum(self._shrink(self._bulk, threshold) ** 2, axis=1)))

    def excess(self, scale: float, threshold: float) -> float:
        """R/nu**2 minus its floor."""
        return self._risk_and_dof(scale, threshold)[0] / scale**2 - self.floor(threshold)

    def dof(self, scale: float, threshold: float) -> float:
        """The divergence of the shrinkage."""
        if math.isinf(scale):
            return self._divergence(self._bulk, threshold)
        return self._risk_and_dof(scale, threshold)[1]

    def _shrink(self, y: Floats, theta: float) -> Floats:
        positive = np.maximum(y - theta, 0.0)
        return positive - np.maximum(-y - theta, 0.0) if self.signed else positive

    def _divergence(self, y: Floats, theta: float) -> float:
        f = self._shrink(y, theta)
        own = (np.abs(y) if self.signed else y) > theta
        gaps = y[:, :, None] - y[:, None, :]
        gaps[gaps == 0] = math.inf
        pairs = (f[:, :, None] - f[:, None, :]) / gaps
        return float(np.mean(own.sum(axis=1) + pairs.sum(axis=(1, 2)) / 2))

    def _risk_and_dof(self, nu: float, t: float) -> tuple[float, float]:
        if self._last is None or self._last[0] != (nu, t):
            levels, vectors = np.linalg.eigh(np.diag(self.values) + nu * self.noise)
            y = np.asarray(levels, dtype=np.float64)
            f = self._shrink(y, t * nu)
            overlaps = self.values @ vectors**2  # v^T S* v for every eigenvector of Y
            risk = self.norm + float(np.mean(np.sum(f * (f - 2 * overlaps), axis=1)))
            self._last = (nu, t), (risk, self._divergence(y, t * nu))
        return self._last[1]


__all__ = ["MAX_DIMENSION", "MonteCarloChannel"]
