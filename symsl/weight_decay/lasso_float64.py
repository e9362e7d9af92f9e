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
from scipy.optimize import brentq
from scipy.special import ndtr

from symsl.errors import ParameterError
from symsl.weight_decay.lasso_problem import LassoProblem, below_interpolation, lasso_problem, recovered_exactly
from symsl.weight_decay.lasso_state import LassoState
from symsl.weight_decay.target import ListedTarget, Target

Floats = NDArray[np.float64]
_SCAN = 200
_FAR = 1e6
_SMALL = 1e-3
_SHARP = 4.0
_WINDOW = np.arange(-10.0, 10.5, 1.0)


def risk(m: Floats, a: float) -> Floats:
    """r(m, a) of `scalar_risk`, vectorised in m >= 0."""
    inside = ndtr(a - m) - ndtr(-a - m)
    value = m * m * inside + (1 + a * a) * active(m, a) - (a + m) * _density(a - m) - (a - m) * _density(a + m)
    return np.asarray(value)


def risk_above_noise(m: Floats, a: float) -> Floats:
    """r(m, a) - r(0, a), by its Taylor polynomial where the difference would cancel."""
    inside, density = float(ndtr(a) - ndtr(-a)), float(_density(np.array(a)))
    small = m * m * (inside - a * density * m * m / 2)
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


class Channel:
    """The effective Gaussian channel of one problem (target, n, Delta): its noise tau as a function of alpha."""

    def __init__(self, target: Target, n: float, Delta: float) -> None:
        values, self._weights = target.nodes()
        self._values = np.abs(values)
        self.target, self.n, self.Delta, self.d = target, n, Delta, float(target.d)
        self.norm = float(self._weights @ self._values**2)

    @classmethod
    def of(cls, problem: LassoProblem) -> Channel:
        """The channel of a checked problem."""
        return cls(problem.target, float(problem.n), float(problem.Delta))

    def alpha_for(self, problem: LassoProblem, where: str) -> float:
        """alpha for what the problem asks for; `ParameterError` where there is no such fixed point."""
        if problem.alpha is not None:
            alpha, smallest = float(problem.alpha), self.alpha_at(0.0)
            if alpha < smallest * (1 - 1e-12):
                raise below_interpolation(where, problem, smallest)
        else:
            alpha = self.alpha_optimal(where) if problem.lam is None else self.alpha_at(float(problem.lam))
        if self.tau(alpha) == 0:
            raise recovered_exactly(where, problem)
        return alpha

    def smallest_alpha(self) -> float:
        """alpha_min, where d g(alpha) = n and the noise diverges (0 for n >= d)."""
        if self.n >= self.d:
            return 0.0
        return float(brentq(lambda a: self.d * noise_risk(a) - self.n, 0.0, 40.0, xtol=1e-15))

    def tau(self, alpha: float) -> float:
        """The unique tau > 0 with n = Delta/tau**2 + sum_i r(beta_i/tau, alpha); 0 if R = 0."""
        room = self._room(alpha)
        if room <= 0:
            return math.inf
        high = 0.5 * math.log((self.Delta + self.norm) / room) + 1e-9
        if self.Delta > 0:
            low = 0.5 * math.log(self.Delta / room) - 1e-9
        else:
            positive = self._values[self._values > 0]
            low = math.log(float(positive.min()) / (alpha + 50)) if positive.size else high
            if not positive.size or self._balance(low, alpha) > 0:
                return 0.0
        return math.exp(float(brentq(self._balance, low, high, args=(alpha,), xtol=1e-15, rtol=1e-15)))

    def _room(self, alpha: float) -> float:
        return self.n - self.d * noise_risk(alpha)

    def _balance(self, log_tau: float, alpha: float) -> float:
        tau = math.exp(log_tau)
        m, weights = self._coordinates(tau, alpha)
        return self._room(alpha) - self.Delta / tau**2 - float(weights @ risk_above_noise(m, alpha))

    def _coordinates(self, tau: float, alpha: float) -> tuple[Floats, Floats]:
        """m_i = |beta_i|/tau and their weights; a sharp threshold (large alpha) gets panels of its own."""
        if alpha < _SHARP or isinstance(self.target, ListedTarget):
            return self._values / tau, self._weights
        values, weights = self.target.nodes(tau * (alpha + _WINDOW))
        return values / tau, weights

    def dof(self, tau: float, alpha: float) -> float:
        """Expected number of active coefficients."""
        m, weights = self._coordinates(tau, alpha)
        return float(weights @ active(m, alpha))

    def slope(self, tau: float, alpha: float) -> float:
        """sum_i dr/dalpha at fixed tau: the sign of d tau/d alpha along the family of fixed points."""
        m, weights = self._coordinates(tau, alpha)
        return float(2 * (weights @ (alpha * active(m, alpha) - edge(m, alpha))))

    def state(self, alpha: float) -> LassoState[float]:
        """The fixed point with this alpha."""
        tau = self.tau(alpha)
        m, weights = self._coordinates(tau, alpha)
        R = tau**2 * (self.d * noise_risk(alpha) + float(weights @ risk_above_noise(m, alpha)))
        dof = self.dof(tau, alpha)
        lam = alpha * tau * (1 - dof / self.n)
        test = self.Delta + R
        return LassoState(lam, tau, alpha * tau, alpha, R, dof, test * (1 - dof / self.n) ** 2, test)

    def weight_decay(self, alpha: float) -> float:
        """lam(alpha), increasing where it is positive; minus infinity where no fixed point exists."""
        tau = self.tau(alpha)
        return -math.inf if math.isinf(tau) else self._weight_decay(alpha, tau)

    def _weight_decay(self, alpha: float, tau: float) -> float:
        return alpha * tau * (1 - self.dof(tau, alpha) / self.n) if tau > 0 else 0.0

    def alpha_at(self, lam: float) -> float:
        """The alpha with this weight decay; for lam = 0 the limit lam -> 0+ (0 if n >= d: least squares)."""
        if lam == 0 and self.n >= self.d:
            return 0.0
        low = self.smallest_alpha()
        high = low + 1.0
        while self.weight_decay(high) <= lam:
            high = 2 * high
        low += 1e-12 * (1 + low)

        def excess(alpha: float) -> float:
            tau = self.tau(alpha)
            if tau == 0:  # recovered exactly: lam(alpha) = 0
                return -_FAR if lam else 0.0
            if math.isinf(tau):
                return -_FAR
            return max(-_FAR, 1 - self.dof(tau, alpha) / self.n - lam / (alpha * tau))

        return float(brentq(excess, low, high, xtol=1e-15, rtol=1e-14))

    def alpha_optimal(self, where: str) -> float:
        """The alpha of smallest risk among lam >= 0: the lowest of a scan, refined where d tau/d alpha vanishes."""
        low = self.alpha_at(0.0)
        grid = low + np.geomspace(1e-6, 60.0, _SCAN)
        noise = [self.tau(float(alpha)) for alpha in grid]
        best = int(np.argmin(noise))
        if noise[best] == 0:
            return float(grid[best])
        if best == 0 and self.slope(self.tau(max(low, 1e-12)), max(low, 1e-12)) >= 0:
            return low
        left, right = float(grid[best - 1]) if best else low, float(grid[min(best + 1, _SCAN - 1)])
        if self.slope(self.tau(right), right) <= 0:
            raise ParameterError(
                where, "target", "given", "a signal above the noise (the risk falls for all lam)", "raise n, or set lam"
            )
        return float(brentq(lambda alpha: self.slope(self.tau(alpha), alpha), left, right, xtol=1e-15, rtol=1e-14))


def lasso_float64(
    target: object, n: object, Delta: object, *, lam: object = None, alpha: object = None
) -> LassoState[float]:
    """The fixed point in double precision: arguments and errors as in `lasso`, without error bounds.

    Use it for curves and figures.

    >>> from symsl.weight_decay.target import PowerLawTarget
    >>> round(lasso_float64(PowerLawTarget(gamma=1, d=10), n=20, Delta="0.1", lam="0.05").R, 12)
    0.139787546112
    """
    problem = lasso_problem("lasso_float64", target, n, Delta, lam, alpha)
    channel = Channel.of(problem)
    return channel.state(channel.alpha_for(problem, "lasso_float64"))


__all__ = ["Channel", "active", "edge", "lasso_float64", "risk"]
