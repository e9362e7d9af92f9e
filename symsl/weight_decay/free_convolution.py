"""The quadratic network at any target: its state evolution as contour integrals in the subordination plane.

The spectrum of S + noise is the free convolution of that of S with a semicircle of standard deviation nu. With
G0(w) = (1/d) sum_k 1/(w - s_k), its Stieltjes transform at z = w + nu**2 G0(w) is g = G0(w), so that integrals over the
eigenvalues above theta are integrals over w, from the real point w_R beyond all of them to w_th with z(w_th) = theta:

    dof = (d**2/2pi) Im int (z - theta) g**2 z' dw
    R   = sum_k s_k**2 (1 - arg(w_th - s_k)/pi) - (1/pi) Im[d w_th**2/2 + w_th sum_k s_k + (d nu**2/2) w_th**2 g_th**2]
          + (d/pi) Im int [g (theta - nu**2 g)**2 z' + nu**2 w g**2] dw.

No equation is solved along the path: it rises from w_th in panels graded by the distance to the nearest s_k and comes
down to w_R; 16 Gauss-Legendre nodes a panel give about 13 digits. Corrections to the state evolution are O(1/d). The
signed network shrinks both ends: R(S) + R(-S) - sum_k s_k**2, dof(S) + dof(-S).
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from symsl.weight_decay.effective_channel import EffectiveChannel
from symsl.weight_decay.problem import Problem
from symsl.weight_decay.rank_one_float64 import bulk_active, bulk_risk
from symsl.weight_decay.target import Floats

Complexes = NDArray[np.complex128]
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)


def risk_and_dof(values: Floats, weights: Floats, nu: float, theta: float) -> tuple[float, float]:
    """R and dof of the positive part (y - theta)_+, for eigenvalues `values` with multiplicities `weights`."""
    d = float(weights.sum())
    end = edge_point(values, weights, nu, theta)
    right = max(float(values.max()), end.real) + 2 * nu
    w, dw = _path(values, end, right)
    resolvent = 1 / (w[:, None] - values)
    g, slope = resolvent @ weights / d, -(resolvent**2) @ weights / d
    z, dz = w + nu**2 * g, 1 + nu**2 * slope
    dof = d**2 / (2 * math.pi) * float(np.sum((z - theta) * g**2 * dz * dw).imag)
    path = d / math.pi * float(np.sum((g * (theta - nu**2 * g) ** 2 * dz + nu**2 * w * g**2) * dw).imag)
    g_end = complex(np.sum(weights / (end - values)) / d)
    ends = d * end**2 / 2 + end * float(weights @ values) + d * nu**2 / 2 * (end * g_end) ** 2
    undetected = 1 - np.arctan2(end.imag, end.real - values) / math.pi
    return float(weights @ (values**2 * undetected)) - ends.imag / math.pi + path, dof


def edge_point(values: Floats, weights: Floats, nu: float, theta: float) -> complex:
    """w_th with w + nu**2 G0(w) = theta, Im w >= 0; it is real where theta lies outside the spectrum of S + noise."""
    share = weights / weights.sum()

    def height(u: float) -> float:
        """v >= 0 with nu**2 (1/d) sum 1/((u-s)**2 + v**2) = 1, or 0: the spectrum's image in the w plane."""
        squares = (u - values) ** 2
        if squares.min() > 0 and nu**2 * float(share @ (1 / squares)) <= 1:
            return 0.0

        def balance(v: float) -> float:
            return 1 - nu**2 * float(share @ (1 / (squares + v * v)))

        low = nu * math.sqrt(float(share[np.argmin(squares)]))
        low = math.sqrt(max(low**2 - float(squares.min()), 0.0)) * (1 - 1e-12)
        return float(brentq(balance, low if low > 0 else 1e-150, nu * (1 + 1e-12), xtol=1e-300, rtol=1e-15))

    def position(u: float) -> float:
        v = height(u)
        return u + nu**2 * float(share @ ((u - values) / ((u - values) ** 2 + v * v))) - theta

    u = float(brentq(position, theta - nu, theta + nu, xtol=1e-16 * nu, rtol=1e-15))
    return complex(u, height(u))


def _path(values: Floats, end: complex, right: float) -> tuple[Complexes, Complexes]:
    """Nodes and weights from `right` over the upper half plane to `end`."""
    top = complex(end.real, end.imag + right - end.real)
    rise = _graded(end, top, float(np.abs(end - values).min()))
    fall = _graded(complex(right), top, float(np.abs(right - values).min()))
    points = [*fall, *rise[-2::-1]]
    nodes, steps = [], []
    for a, b in pairwise(points):
        nodes.append((a + b) / 2 + (b - a) / 2 * _NODES)
        steps.append((b - a) / 2 * _WEIGHTS)
    return np.concatenate(nodes), np.concatenate(steps)


def _graded(start: complex, stop: complex, first: float) -> list[complex]:
    """From `start` to `stop` in steps that double from `first`."""
    length, points, at = abs(stop - start), [start], first
    while at < length:
        points.append(start + (stop - start) * (at / length))
        at *= 2
    return [*points, stop]


class FreeConvolutionChannel(EffectiveChannel):
    """Scale nu, threshold t, budget 2n/d, in double precision."""

    scan = 30
    largest_threshold = 2.0

    def __init__(self, problem: Problem, signed: bool) -> None:
        self.where = problem.where
        self.values, self.weights = problem.target.nodes()
        self.sides, self.d = 2 if signed else 1, float(problem.target.d)
        self.n, self.Delta = float(problem.n), float(problem.Delta)
        self.budget = 2 * self.n / self.d
        self.norm = float(self.weights @ self.values**2)
        self.smallest = float(np.abs(self.values[self.values != 0]).min(initial=math.inf))

    def floor(self, threshold: float) -> float:
        """d V(t)."""
        return self.sides * self.d * bulk_risk(threshold) if threshold < 2 else 0.0

    def excess(self, scale: float, threshold: float) -> float:
        """R/nu**2 - d V(t)."""
        return self._risk_and_dof(scale, threshold)[0] / scale**2 - self.floor(threshold)

    def dof(self, scale: float, threshold: float) -> float:
        """The divergence of the shrinkage."""
        if math.isinf(scale):
            return self.sides * self.d**2 * bulk_active(threshold) if threshold < 2 else 0.0
        return self._risk_and_dof(scale, threshold)[1]

    def _risk_and_dof(self, nu: float, t: float) -> tuple[float, float]:
        risk, dof = risk_and_dof(self.values, self.weights, nu, t * nu)
        if self.sides == 2:
            mirrored = risk_and_dof(-self.values, self.weights, nu, t * nu)
            risk, dof = risk + mirrored[0] - self.norm, dof + mirrored[1]
        return risk, dof


__all__ = ["FreeConvolutionChannel", "edge_point", "risk_and_dof"]
