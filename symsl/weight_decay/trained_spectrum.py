"""The weights after training: what the fixed point of the state evolution says about their spectrum.

Diagonal network: the coefficients b_i = a_i w_i are soft(beta*_i + tau Z_i; theta), so that
|a_i| = |w_i| = sqrt|b_i| and

    N(x) = E #{i: |b_i| > x} = sum_i P(beta*_i/tau, alpha + x/tau).

Quadratic network: the eigenvalues of S = W W^T are (y - theta)_+, y in the spectrum of S* plus a semicircle nu, so that

    N(x) = (1/pi) [sum_k arg(w - s_k) + (d nu**2/2) Im G0(w)**2],     w + nu**2 G0(w) = x + theta.

In the sparse regime these are outliers at s_k + nu**2/s_k - theta for s_k > nu, whose eigenvectors overlap with those
of the target by 1 - nu**2/s_k**2, and for t < 2 a piece of the semicircle. Double precision.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from symsl.arguments import double, positive_integer
from symsl.errors import ParameterError
from symsl.precision import exact
from symsl.weight_decay.free_convolution import edge_point
from symsl.weight_decay.lasso_float64 import active
from symsl.weight_decay.lasso_state import LassoState
from symsl.weight_decay.quadratic_state import QuadraticState
from symsl.weight_decay.rank_one_float64 import bulk_modes, bulk_risk
from symsl.weight_decay.target import Floats, PowerLawTarget, Target

_LISTED = 100_000


@dataclass(frozen=True)
class DiagonalSpectrum:
    """The coefficients |b_i| of a trained diagonal network, given target and state."""

    target: Target
    state: LassoState[float]

    def count(self, x: float) -> float:
        """N(x), the expected number of coefficients above x >= 0 in absolute value."""
        tau, threshold = self.state.tau, self.state.alpha + _nonnegative(x) / self.state.tau
        values, weights = self.target.nodes(tau * (threshold + np.arange(-10.0, 10.5)))
        return float(weights @ active(np.abs(values) / tau, threshold))

    def noise_count(self, x: float) -> float:
        """2 d Phi(-(theta + x)/tau): what N(x) would be without a target."""
        return float(2 * float(self.target.d) * ndtr(-(self.state.theta + _nonnegative(x)) / self.state.tau))

    @property
    def atom(self) -> float:
        """The expected number of coefficients that are exactly zero, d - dof."""
        return float(self.target.d) - self.state.dof

    def outliers(self) -> Floats:
        """|beta*_i| - theta where positive, largest first: the learned coefficients for theta >> tau."""
        shifted = _leading(self.target, self.state.theta) - self.state.theta
        return shifted[shifted > 0]


@dataclass(frozen=True)
class QuadraticSpectrum:
    """The eigenvalues of S = W W^T of a trained quadratic network (squares of the singular values of W)."""

    target: Target
    state: QuadraticState[float]

    def outliers(self) -> tuple[Floats, Floats]:
        """Eigenvalues that left the bulk, s_k + nu**2/s_k - theta > 0 with s_k > nu, and overlaps 1 - nu**2/s_k**2."""
        nu = self.state.nu
        signal = _leading(self.target, nu)
        signal = signal[signal > nu]
        positions = signal + nu**2 / signal - self.state.theta
        return positions[positions > 0], 1 - (nu / signal[positions > 0]) ** 2

    def bulk_density(self, x: Floats) -> Floats:
        """Number density of bulk eigenvalues at x > 0, d sqrt(4 nu**2 - (x+theta)**2)/(2 pi nu**2), or 0."""
        nu = self.state.nu
        inside = np.maximum(4 * nu**2 - (np.asarray(x) + self.state.theta) ** 2, 0.0)
        return np.asarray(self.target.d * np.sqrt(inside) / (2 * math.pi * nu**2))

    @property
    def bulk_modes(self) -> float:
        """Expected number of positive eigenvalues in the bulk, d A0(t); 0 for t >= 2."""
        return self.target.d * bulk_modes(self.state.t) if self.state.t < 2 else 0.0

    @property
    def bulk_width(self) -> float:
        """(2 - t) nu where positive: the upper edge of the bulk of learned eigenvalues."""
        return max(0.0, 2 - self.state.t) * self.state.nu

    @property
    def bulk_risk(self) -> float:
        """d nu**2 V(t), the part of R due to the bulk; close to (8/35) bulk_modes bulk_width**2 for t near 2."""
        return self.target.d * self.state.nu**2 * bulk_risk(self.state.t) if self.state.t < 2 else 0.0

    @property
    def atom(self) -> float:
        """The expected number of vanishing eigenvalues, d - N(0)."""
        return self.target.d - self.count(0.0)

    def count(self, x: float) -> float:
        """N(x), the expected number of eigenvalues above x >= 0 (free convolution, all orders in the target)."""
        values, weights = self.target.nodes()
        nu, d = self.state.nu, float(self.target.d)
        w = edge_point(values, weights, nu, self.state.theta + _nonnegative(x))
        resolvent = complex(np.sum(weights / (w - values)) / d)
        angles = np.arctan2(w.imag, w.real - values)
        return (float(weights @ angles) + d * nu**2 / 2 * (resolvent**2).imag) / math.pi

    def density(self, x: float) -> float:
        """Number density at x > 0, -dN/dx (free convolution): d Im w/(pi nu**2)."""
        values, weights = self.target.nodes()
        w = edge_point(values, weights, self.state.nu, self.state.theta + _nonnegative(x))
        return float(self.target.d) * w.imag / (math.pi * self.state.nu**2)

    def sorted_eigenvalue(self, rank: int) -> float:
        """The eigenvalue of rank k = 1, 2, ...: where N(x) = k - 1/2 (0 if fewer are positive)."""
        rank = positive_integer(rank, "rank", "QuadraticSpectrum.sorted_eigenvalue")
        if self.count(0.0) <= rank - 0.5:
            return 0.0
        top = float(self.target.nodes()[0].max()) + 2 * self.state.nu
        return float(brentq(lambda x: self.count(x) - rank + 0.5, 0.0, top, xtol=1e-12))


def tail_exponent(gamma: object) -> Fraction:
    """A = 1 + 1/gamma: the density of learned eigenvalues (coefficients) falls as x**(-A) for x >> theta.

    >>> tail_exponent("3/2")
    Fraction(5, 3)
    """
    exponent = exact(gamma, "gamma", "tail_exponent")
    if exponent <= Fraction(1, 2):
        raise ParameterError(
            "tail_exponent", "gamma", gamma, "gamma > 1/2 (a target of bounded norm)", "choose a steeper power law"
        )
    return 1 + 1 / exponent


@dataclass(frozen=True)
class RatesFromTail:
    """What a tail exponent A says about generalisation: R ~ samples**(-noisy), samples**(-noiseless), lam**limited."""

    noisy: Fraction
    noiseless: Fraction
    limited: Fraction


def rates_from_tail(A: object) -> RatesFromTail:
    """(3-A)/2 and (3-A)/(A-1), the optimal rates with and without label noise, and 3 - A, at fixed weight decay.

    All improve as A decreases: heavier tails of the trained spectrum go with better generalisation. `ParameterError`
    unless 1 < A < 3.
    """
    exponent = exact(A, "A", "rates_from_tail")
    if not 1 < exponent < 3:
        raise ParameterError(
            "rates_from_tail", "A", A, "1 < A < 3 (A = 1 + 1/gamma with gamma > 1/2)", "fit the tail of the eigenvalues"
        )
    return RatesFromTail((3 - exponent) / 2, (3 - exponent) / (exponent - 1), 3 - exponent)


def risk_from_spectrum(gamma: object, detected: object, theta: object) -> float:
    """B_p K theta**2 with B_p = 2 gamma/(2 gamma - 1): R from K nonzero weights, theta far above the noise."""
    share = tail_exponent(gamma) - 1
    where = "risk_from_spectrum"
    count, threshold = exact(detected, "detected", where), exact(theta, "theta", where)
    return float(2 / (2 - share)) * double(count, "detected", where) * double(threshold, "theta", where) ** 2


def _nonnegative(x: object) -> float:
    where = "TrainedSpectrum"
    value = double(exact(x, "x", where), "x", where)
    if value < 0:
        raise ParameterError(where, "x", x, "x >= 0 (learned weights are counted above x)", "take |x|")
    return value


def _leading(target: Target, least: float) -> Floats:
    """|v_i| above `least`, largest first, at most a hundred thousand of them."""
    if isinstance(target, PowerLawTarget):
        count = min(target.d, _LISTED, int((float(target.c) / least) ** float(target.p)) + 1)
        every = float(target.c) * np.arange(1.0, count + 1) ** -float(target.gamma)
    else:
        every = np.sort([abs(float(value)) for value in target.values])[::-1]
    return np.asarray(every[every > least][:_LISTED])


__all__ = [
    "DiagonalSpectrum",
    "QuadraticSpectrum",
    "RatesFromTail",
    "rates_from_tail",
    "risk_from_spectrum",
    "tail_exponent",
]
