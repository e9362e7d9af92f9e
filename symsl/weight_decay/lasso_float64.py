"""State evolution of the diagonal network (LASSO) in double precision, for any target and d up to 10^300.

    n tau**2 = Delta + R,           R   = tau**2 sum_i r(beta_i/tau, alpha),
    lam = alpha tau (1 - dof/n),    dof = sum_i P(beta_i/tau, alpha)

for the estimator argmin |y - X beta|**2/(2n) + lam |beta|_1 with Gaussian design and label noise of variance Delta. The
sums run over the coefficients, compressed for a power law (`PowerLawTarget.nodes`). Plain floats: relative accuracy
about 1e-12, less at alpha above 10 (a**4 roundings). The certified functions are in `lasso.py`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from symsl.weight_decay.effective_channel import EffectiveChannel, entries
from symsl.weight_decay.lasso_state import LassoState
from symsl.weight_decay.problem import Problem, problem
from symsl.weight_decay.target import ListedTarget

Floats = NDArray[np.float64]
_SMALL = 1e-3
_SHARP = 4.0
_SATURATED = 1e100  # squares do not overflow
_WINDOW = np.arange(-10.0, 10.5, 1.0)


def risk(m: Floats, a: float) -> Floats:
    """r(m, a) of `scalar_risk`, vectorised in m >= 0."""
    inside = ndtr(a - m) - ndtr(-a - m)
    value = m * m * inside + (1 + a * a) * active(m, a) - (a + m) * _density(a - m) - (a - m) * _density(a + m)
    return np.asarray(value)


def risk_above_noise(m: Floats, a: float) -> Floats:
    """r(m, a) - r(0, a), by its Taylor polynomial where the difference would cancel."""
    inside, density = float(ndtr(a) - ndtr(-a)), float(_density(np.array(a)))
    square = np.minimum(m, _SMALL) ** 2
    small = square * (inside - a * density * square / 2)
    return np.where(m < _SMALL, small, risk(m, a) - noise_risk(a))


def noise_risk(a: float) -> float:
    """g(a) = r(0, a)."""
    return float(risk(np.zeros(1), a)[0])


def active(m: Floats, a: float) -> Floats:
    """P(m, a) of `scalar_risk`, vectorised in m >= 0."""
    return np.asarray(ndtr(m - a) + ndtr(-m - a))


def edge(m: Floats, a: float) -> Floats:
    """E(m, a) of `scalar_risk`, vectorised in m >= 0."""
    return np.asarray(_density(a - m) + _density(a + m))


def _density(z: Floats) -> Floats:
    return np.asarray(np.exp(-z * z / 2) / math.sqrt(2 * math.pi))


class LassoChannel(EffectiveChannel):
    """The effective Gaussian channel of one LASSO: scale tau, threshold alpha, budget n."""

    largest_threshold = 40.0

    def __init__(self, request: Problem) -> None:
        self.target, self.where = request.target, request.where
        self._surplus = float(request.n - request.target.d)
        values, self._weights = self.target.nodes()
        self._values = np.abs(values)
        self.n = self.budget = float(request.n)
        self.Delta, self.d = float(request.Delta), float(self.target.d)
        self.norm = float(self._weights @ self._values**2)
        self.smallest = float(self._values[self._values > 0].min(initial=math.inf))

    def floor(self, threshold: float) -> float:
        """d g(alpha)."""
        return self.d * noise_risk(threshold)

    def room(self, threshold: float) -> float:
        """n - d g(alpha), as (n - d) + d [1 - g(alpha)] where that cancels less."""
        if threshold > 1:
            return self.n - self.d * noise_risk(threshold)
        density, tail = float(_density(np.array(threshold))), float(ndtr(-threshold))
        rest = 1 - 2 * tail - 2 * threshold**2 * tail + 2 * threshold * density if threshold > 1e-3 else 0.0
        if threshold <= 1e-3:
            rest = threshold * (
                4 / math.sqrt(2 * math.pi) - threshold + 2 * threshold**2 / (3 * math.sqrt(2 * math.pi))
            )
        return self._surplus + self.d * rest

    def excess(self, scale: float, threshold: float) -> float:
        """sum_i [r(m_i, alpha) - g(alpha)]."""
        m, weights = self._coordinates(scale, threshold)
        return float(weights @ risk_above_noise(m, threshold))

    def dof(self, scale: float, threshold: float) -> float:
        """sum_i P(m_i, alpha), the expected number of active coefficients."""
        m, weights = self._coordinates(scale, threshold)
        return float(weights @ active(m, threshold))

    def slope(self, scale: float, threshold: float) -> float:
        """sum_i dr/dalpha."""
        m, weights = self._coordinates(scale, threshold)
        return float(2 * (weights @ (threshold * active(m, threshold) - edge(m, threshold))))

    def _coordinates(self, tau: float, alpha: float) -> tuple[Floats, Floats]:
        """m_i = |beta_i|/tau and their weights; a sharp threshold (large alpha) gets panels of its own."""
        if alpha < _SHARP or isinstance(self.target, ListedTarget) or math.isinf(tau):
            return np.minimum(self._values / tau, _SATURATED), self._weights
        values, weights = self.target.nodes(tau * (alpha + _WINDOW))
        return np.minimum(values / tau, _SATURATED), weights


def lasso_float64(
    target: object, n: object, Delta: object, *, lam: object = None, alpha: object = None
) -> LassoState[float]:
    """The fixed point in double precision: arguments and errors as in `lasso`, without error bounds.

    Use it for curves and figures.

    >>> from symsl.weight_decay.target import PowerLawTarget
    >>> round(lasso_float64(PowerLawTarget(gamma=1, d=10), n=20, Delta="0.1", lam="0.05").R, 12)
    0.139787546112
    """
    request = problem("lasso_float64", target, n, Delta, lam, alpha, "alpha")
    channel = LassoChannel(request)
    return LassoState(*entries(channel.point(request.start(channel))))


__all__ = ["LassoChannel", "active", "edge", "lasso_float64", "risk"]
