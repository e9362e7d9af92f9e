"""What a Taylor step is certainly off by: a bound on the remainder, and on what perturbations become.

The solution x is compared with its Taylor polynomial p of degree N. The defect p' - f(p) is analytic wherever the
couplings are, and O(s^N); so on a disc of radius rho it is at most (|s|/rho)^N times its maximum over the circle
(Schwarz), and that maximum is enclosed by covering the circle with balls. The same covering, thickened by r, bounds the
derivatives of the couplings (Cauchy) and so what is not known of the Jacobian. Time is in units of `Expansion.scale`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flint import arb, ctx

from symsl.erf.complex_discs import Discs, OutsideDomainError
from symsl.erf.taylor_coefficients import Expansion
from symsl.erf.taylor_equations import Equations
from symsl.erf.taylor_linearisation import Linearisation
from symsl.erf.upper_bounds import BITS, UP, maximum, up, upper

_ARCS = 256
"""Discs that cover the upper half of the circle; the lower half is its mirror image."""

_THICKNESS = 0.003
"""r: how far around the polynomial the couplings are bounded."""


class StepTooLongError(Exception):
    """The errors in question are not bounded by the argument over so long a step."""


@dataclass(frozen=True)
class Disc:
    """|s| <= radius, with bounds there: Gamma (row sums), N, dp/ds, and p itself, in the norm of the basis."""

    radius: arb
    Gamma: arb
    noise: arb
    slope: arb
    size: arb


def largest_disc(expansion: Expansion, variation: float) -> float:
    """Radius within which the sum of |coefficients| s^n, n >= 1, of each entry of G^(1) stays below `variation`."""
    rows = [[upper(value) for value in row] for row in expansion.one[1:]]
    table = np.array(rows)
    powers = np.arange(1, len(rows) + 1)
    low, high = 2.0**-20, 4.5
    for _ in range(40):
        middle = np.sqrt(low * high)
        with np.errstate(all="ignore"):
            inside = np.max(middle**powers @ table) < variation
        low, high = (middle, high) if inside else (low, middle)
    return float(low)


def enclose_on_disc(equations: Equations, expansion: Expansion, radius: float) -> Disc:
    """Bounds on a disc; `OutsideDomainError` where a root or arcsine might not be analytic on it."""
    K, M, weights = equations.K, equations.M, equations.basis.weights
    length, d = len(expansion.X), equations.start.ncols()
    values = equations.coupling_values(_around_circle(expansion, radius))
    largest = [float(np.max(value.upper())) if isinstance(value, Discs) else upper(value) for value in values]
    with ctx.workprec(BITS):
        rho, units = arb(radius), K + M
        rows = [sum(map(arb, largest[i * units : (i + 1) * units]), arb(0)) for i in range(K)]
        noise = maximum([arb(0), *map(arb, largest[K * units :])])
        sizes = [
            maximum([abs(X[l, x]) / weights[l] for l in range(len(weights)) for x in range(d)]) for X in expansion.X
        ]
        teachers = [abs(value) / weights[l] for l, row in enumerate(equations.T.tolist()) for value in row]
        size, slope = sizes[0], arb(0)
        for n in range(1, length):
            slope += n * sizes[n] * rho ** (n - 1)
            size += sizes[n] * rho**n
        return Disc(rho, maximum(rows), noise, slope, maximum([size, *teachers]))


def _around_circle(expansion: Expansion, radius: float) -> list[Discs]:
    """Discs that cover the entries of G^(1) on the circle, thickened."""
    numbers = np.arange(len(expansion.one))
    powers = radius**numbers
    middle = np.array([[float(value.mid()) for value in row] for row in expansion.one]) * powers[:, None]
    spread = np.array([[upper(value.rad()) for value in row] for row in expansion.one]) * powers[:, None]
    half_angle = np.pi / (2 * _ARCS)
    points = np.exp(1j * np.outer((2 * np.arange(_ARCS) + 1) * half_angle, numbers)) @ middle
    size = np.abs(middle) + spread
    rounding = 2.0**-50 * (20 + 4 * len(numbers)) * np.sum(size, axis=0) + np.sum(spread, axis=0)
    reach = (numbers @ size * half_angle + rounding + _THICKNESS) * UP
    if not np.all(np.isfinite(reach)):
        raise OutsideDomainError
    return [Discs.around(points[:, x], np.full(_ARCS, reach[x])) for x in range(len(reach))]


@dataclass(frozen=True)
class StepBounds:
    """Over a step h: |x(h) - p(h)| <= `remainder` from the same start, and bounds on perturbations.

    Perturbations grow at most by `amplification`; `unknown` bounds the integral of the norm of the part of the
    Jacobian that is not known, for all solutions that start within the given distance.
    """

    remainder: arb
    amplification: arb
    unknown: arb


def largest_defect(expansion: Expansion, line: Linearisation, disc: Disc) -> arb:
    """On the disc, |p' - f(p)| is at most the sum of both: of the slope of p and of the velocity."""
    velocity = 2 * line.S * disc.Gamma * disc.size + line.source * disc.noise
    return disc.slope + abs(expansion.scale) * velocity


def step_bounds(
    equations: Equations, expansion: Expansion, line: Linearisation, disc: Disc, h: arb, distance: arb
) -> StepBounds:
    """Bounds for solutions that start within `distance` (in the norm of the basis) of the start of the expansion.

    Gronwall: a deviation from p grows at most like condition * exp(integral of the rates), the Jacobian near p differs
    from that on p by second derivatives, bounded on the thickened disc. Raises `StepTooLongError` unless
    the deviation certainly stays within half the thickness.
    """
    d, N = equations.start.ncols(), len(expansion.X) - 1
    with ctx.workprec(BITS):
        S, first, source = line.S, line.first, line.source
        ratio, scale, r = h / disc.radius, abs(expansion.scale), arb(_THICKNESS)
        defect = largest_defect(expansion, line, disc)
        rounding, on_circle = arb(0), arb(0)
        for n, error in enumerate(expansion.rounding[1:], 1):
            rounding += error * h**n
            on_circle += n * error * disc.radius ** (n - 1)
        remainder = h * ratio**N * (defect + on_circle) + rounding
        Gamma_1, noise_1 = d * disc.Gamma / r, d * disc.noise / r
        whole = scale * (2 * S * disc.Gamma + 2 * S * Gamma_1 * disc.size * first + source * noise_1 * first)
        tail = h * whole * ratio ** len(line.J) / (1 - ratio)
        left_out = tail + sum((arb(loose) * h ** (i + 1) for i, loose in enumerate(line.loose)), arb(0))
        condition = arb(line.condition)
        growth = sum((arb(rate) * h ** (i + 1) / (i + 1) for i, rate in enumerate(line.rates)), arb(0))
        deviation = 2 * condition * (growth + condition * left_out).exp() * (distance + remainder)
        near = first * deviation
        Gamma_2, noise_2 = 8 * d * d * disc.Gamma / r**2, 8 * d * d * disc.noise / r**2
        bend = 8 * S * Gamma_1 + 2 * S * Gamma_2 * first * (disc.size + deviation) + source * noise_2 * first
        nearby = h * scale * near * bend
        if not (near < r / 2 and condition * nearby < 0.5 and ratio < 1):
            raise StepTooLongError
        unknown = left_out + nearby
        amplification = up(condition * (growth + condition * unknown).exp())
        return StepBounds(up(amplification * remainder), amplification, up(unknown))
