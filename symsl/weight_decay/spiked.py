"""The quadratic network in the sparse regime: every eigenvalue an independent spike on a bulk of pure noise.

    2n/d = Delta/nu**2 + d V(t) + sum_k h(s_k/nu; t),     dof = d**2 D2(t) + d sum_k j(s_k/nu; t),

the leading order of the state evolution when the number of detected eigenvalues is much smaller than d. For the signed
network both edges of the bulk count: V and D2 double, and so on (`spike_sums`).
"""

from __future__ import annotations

import math

import numpy as np
from flint import arb

from symsl.precision import ball
from symsl.weight_decay import rank_one
from symsl.weight_decay.certified_channel import CertifiedSums
from symsl.weight_decay.effective_channel import EffectiveChannel
from symsl.weight_decay.problem import Problem
from symsl.weight_decay.rank_one_float64 import (
    bulk_active,
    bulk_risk,
    bulk_slope,
    mirrored_risk,
    spike_active,
    spike_risk,
    spike_slope,
)
from symsl.weight_decay.spike_sums import sum_spike_active, sum_spike_risk, sum_spike_slope
from symsl.weight_decay.target import Floats

_SATURATED = 1e100  # squares do not overflow


class SpikedChannel(EffectiveChannel):
    """Scale nu, threshold t, budget 2n/d, in double precision."""

    largest_threshold = 2.0

    def __init__(self, problem: Problem, signed: bool) -> None:
        self.where, self.target, self.sides = problem.where, problem.target, 2 if signed else 1
        values, self._weights = self.target.nodes()
        self.d = float(self.target.d)
        self.n, self.Delta = float(problem.n), float(problem.Delta)
        self.budget = 2 * self.n / self.d
        self.norm = float(self._weights @ values**2)
        self.smallest = float(np.abs(values[values != 0]).min(initial=math.inf))

    def floor(self, threshold: float) -> float:
        """d V(t)."""
        return self.sides * self.d * bulk_risk(threshold) if threshold < 2 else 0.0

    def excess(self, scale: float, threshold: float) -> float:
        """sum_k h(m_k; t)."""
        m, weights = self._spikes(scale, threshold)
        value = spike_risk(m, threshold)
        if self.sides == 2:
            value = value + mirrored_risk(m, threshold)
        return float(weights @ value)

    def dof(self, scale: float, threshold: float) -> float:
        """d**2 D2(t) + d sum_k j(m_k; t)."""
        bulk = self.sides * self.d**2 * bulk_active(threshold) if threshold < 2 else 0.0
        if math.isinf(scale):
            return bulk
        m, weights = self._spikes(scale, threshold)
        value = spike_active(m, threshold)
        if self.sides == 2 and threshold < 2:
            value = value + spike_active(-m, threshold)
        return bulk + self.d * float(weights @ value)

    def slope(self, scale: float, threshold: float) -> float:
        """d V'(t) + sum_k dh/dt."""
        m, weights = self._spikes(scale, threshold)
        value = spike_slope(m, threshold)
        if self.sides == 2 and threshold < 2:
            value = value + spike_slope(-m, threshold)
        bulk = self.sides * self.d * bulk_slope(threshold) if threshold < 2 else 0.0
        return bulk + float(weights @ value)

    def _spikes(self, nu: float, t: float) -> tuple[Floats, Floats]:
        """m_k = s_k/nu and weights; panels end where h and j have a kink (t >= 2) or are about to (m = 1)."""
        if t >= 2:
            cuts = np.array([(t + math.sqrt(t * t - 4)) / 2])
        else:
            widths = math.acos(t / 2) * 2.0 ** np.arange(-2, 8)
            cuts = np.exp(np.concatenate([widths[widths < 3], -widths[widths < 3], [0.0]]))
        values, weights = self.target.nodes(nu * cuts)
        m = np.minimum(values / nu, _SATURATED)
        return (np.abs(m) if self.sides == 2 else m), weights


def spiked_sums(problem: Problem, signed: bool) -> CertifiedSums:
    """The same sums, enclosed."""
    target, sides = problem.target, 2 if signed else 1
    d = target.d

    def bulk(function: object, t: arb) -> arb:
        return sides * function(t) if t < 2 else arb(0)  # type: ignore[operator]

    return CertifiedSums(
        lambda: ball(2 * problem.n / d),
        lambda nu, t: d * bulk(rank_one.bulk_risk, t) + sum_spike_risk(target, nu, t, signed),
        lambda nu, t: d * d * bulk(rank_one.bulk_active, t) + d * sum_spike_active(target, nu, t, signed),
        lambda nu, t: d * bulk(rank_one.bulk_slope, t) + sum_spike_slope(target, nu, t, signed),
    )


__all__ = ["SpikedChannel", "spiked_sums"]
