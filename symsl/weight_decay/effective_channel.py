"""The common form of both state evolutions in double precision: one scale, one threshold, two equations.

    budget = Delta/scale**2 + S(scale, threshold),     lam = threshold scale (1 - dof/n),     R = scale**2 S

with scale = tau, threshold = alpha = theta/tau, budget = n for the diagonal network, and scale = nu, threshold =
t = theta/nu, budget = 2n/d for the quadratic one. At fixed threshold, S falls with the scale from its value without
noise to its `floor` (noise alone), so that the first equation has at most one root; lam grows with the threshold.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from symsl.errors import ParameterError

_FAR = 1e6


@dataclass(frozen=True)
class Point:
    """A fixed point, in doubles; dof/n = 1 exactly at lam = 0 below the interpolation threshold."""

    lam: float
    scale: float
    theta: float
    threshold: float
    R: float
    dof: float
    train: float
    test: float


class EffectiveChannel(ABC):
    """A problem (target, n, Delta) with its sums; subclasses say what S and dof are."""

    where: str
    n: float
    Delta: float
    budget: float
    norm: float
    smallest: float
    largest_threshold: float  # the floor is negligible there
    scan = 60  # thresholds tried in search of the optimum
    tolerance = 1e-14  # of the roots, relative
    largest_residual = 1e-5  # of 1 - dof/n at a root: more means that the threshold is not resolved

    @abstractmethod
    def floor(self, threshold: float) -> float:
        """S in the limit of infinite scale: the noise that passes the threshold."""

    @abstractmethod
    def excess(self, scale: float, threshold: float) -> float:
        """S minus its floor: what the target adds."""

    @abstractmethod
    def dof(self, scale: float, threshold: float) -> float:
        """Effective number of parameters, the divergence of the estimator."""

    def slope(self, scale: float, threshold: float) -> float | None:  # noqa: ARG002 (a subclass may know it)
        """dS/dthreshold at fixed scale, where a closed form is known; its sign is that of dR/dlam."""
        return None

    def room(self, threshold: float) -> float:
        """budget - floor."""
        return self.budget - self.floor(threshold)

    def smallest_threshold(self) -> float:
        """Where the floor reaches the budget and the scale diverges (0 if it does not)."""
        if self.floor(0.0) <= self.budget:
            return 0.0
        return float(brentq(lambda t: self.floor(t) - self.budget, 0.0, self.largest_threshold, xtol=1e-15))

    def scale(self, threshold: float) -> float:
        """The root of the first equation; infinity where noise alone exceeds the budget, 0 where R = 0."""
        room = self.room(threshold)
        if room <= 1e-13 * self.budget:
            return math.inf

        def balance(log_scale: float) -> float:
            scale = math.exp(log_scale)
            return room - self.Delta / scale**2 - self.excess(scale, threshold)

        if not self.Delta + self.norm > 0:
            return 0.0
        high = 0.5 * math.log((self.Delta + self.norm) / room) + 1e-9
        while balance(high) < 0:
            high += 0.1
        if self.Delta > 0:
            low = min(0.5 * math.log(self.Delta / room), high) - 1e-9
        else:
            low = min(math.log(self.smallest / (threshold + 50)), high - 1)
            if balance(low) > 0:
                return 0.0
        while balance(low) > 0:
            low -= 0.1
        return math.exp(float(brentq(balance, low, high, xtol=self.tolerance / 10, rtol=self.tolerance / 10)))

    def risk(self, threshold: float) -> float:
        """R at this threshold: it keeps its digits where it is far below Delta, as the scale does not."""
        scale = self.scale(threshold)
        if scale == 0 or math.isinf(scale):
            return scale
        return scale**2 * (self.floor(threshold) + self.excess(scale, threshold))

    def weight_decay(self, threshold: float) -> float:
        """lam(threshold); minus infinity where no fixed point exists."""
        scale = self.scale(threshold)
        if math.isinf(scale):
            return -math.inf
        return threshold * scale * (1 - self.dof(scale, threshold) / self.n) if scale > 0 else 0.0

    def interpolation_threshold(self) -> float:
        """The threshold in the limit lam -> 0+: 0 where the unpenalised solution is unique, else where dof = n."""
        scale = self.scale(0.0)
        if scale == 0 or self.dof(scale, 0.0) <= self.n * (1 + 1e-12):
            return 0.0
        return self._threshold_with(0.0)

    def threshold_at(self, lam: float) -> float:
        """The threshold with this weight decay."""
        return self._threshold_with(lam) if lam > 0 else self.interpolation_threshold()

    def _threshold_with(self, lam: float) -> float:
        low = self.smallest_threshold()
        high = low + 1.0
        while self.weight_decay(high) <= lam:
            high = 2 * high

        def inactive_minus_decay(threshold: float) -> float:
            scale = self.scale(threshold)
            if scale == 0 or math.isinf(scale):
                return -_FAR if lam > 0 or scale > 0 else 0.0
            return max(-_FAR, 1 - self.dof(scale, threshold) / self.n - lam / (threshold * scale))

        least = low + 1e-12 * (1 + low)
        while low == 0 and inactive_minus_decay(least) > 0 and least > 1e-200:
            least *= 1e-6
        found = least
        if inactive_minus_decay(least) <= 0:
            found = brentq(inactive_minus_decay, least, high, xtol=1e-15 * min(least, 1.0), rtol=self.tolerance)
        if abs(inactive_minus_decay(found)) > self.largest_residual:
            raise ParameterError(
                self.where,
                "lam",
                lam,
                f"a threshold that double precision can tell from its limits (it found {found:.6g})",
                "raise lam or n, or give the threshold itself",
            )
        return float(found)

    def optimal_threshold(self) -> float:
        """The threshold of smallest risk among lam >= 0: the lowest of a scan, refined.

        Where dS/dthreshold is known the refinement is its root; else a minimisation, good to half the digits.
        """
        low = self.interpolation_threshold()
        grid = np.concatenate([[low], low + np.geomspace(1e-6, 60.0, self.scan)])
        risks = [self.risk(float(threshold)) for threshold in grid]
        best = int(np.argmin(risks))
        left, right = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, self.scan)])
        if risks[best] >= self.norm * (1 - 1e-14):
            raise ParameterError(
                self.where,
                "target",
                "given",
                "a signal above the noise (the risk falls for all lam)",
                "raise n, or set lam",
            )
        if risks[best] == 0:
            return float(grid[best])
        slope = self._slope_along(max(left, 1e-12))
        if slope is None:
            found = minimize_scalar(self.risk, bounds=(left, right), method="bounded", options={"xatol": 1e-9})
            return float(found.x) if found.fun < risks[0] else low
        if best == 0 and slope >= 0:
            return low
        left = max(left, 1e-12)
        if (self._slope_along(left) or 0.0) * (self._slope_along(right) or 0.0) >= 0:
            raise ParameterError(
                self.where, "lam", "optimal", "an optimum that double precision resolves", "choose lam, or more samples"
            )
        return float(brentq(self._slope_along, left, right, xtol=1e-15 * min(left, 1.0), rtol=1e-14))

    def _slope_along(self, threshold: float) -> float | None:
        return self.slope(self.scale(threshold), threshold)

    def point(self, threshold: float) -> Point:
        """The fixed point with this threshold."""
        scale = self.scale(threshold)
        R = scale**2 * (self.floor(threshold) + self.excess(scale, threshold))
        dof = self.dof(scale, threshold)
        inactive = 1 - dof / self.n
        test = self.Delta + R
        return Point(
            threshold * scale * inactive, scale, threshold * scale, threshold, R, dof, test * inactive**2, test
        )


def entries(point: Point) -> tuple[Any, ...]:
    """The values in the order lam, scale, theta, threshold, R, dof, train, test."""
    return (point.lam, point.scale, point.theta, point.threshold, point.R, point.dof, point.train, point.test)


__all__ = ["EffectiveChannel", "Point", "entries"]
