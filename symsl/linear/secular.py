"""The rates of the linear network at any learning rate: certified roots of the secular equation.

In the eigenbasis A_3 is minus the symmetric matrix 2 eta Lambda - (eta^2/L) lambda lambda^T, diagonal plus rank one.
Its eigenvalues are a_k = 2 eta y_k with

    sum_j lambda_j^2 / (lambda_j - y) = 2 L / eta,        lambda_{k+1} < y_k < lambda_k,   y_L < lambda_L:

the left side rises from -infinity to infinity between neighbouring poles, so there is one root in each gap and one
below the last pole (for lambda_1 > ... > lambda_L): that is the isolation proof. Each y_k is written as its distance
from the nearer pole, so that no digits are lost however close it is. Starts are float64; from there Taylor coefficients
of the left side give the root to several times as many digits in one sweep, and interval Newton proves the enclosure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

import numpy as np
from flint import arb, ctx
from numpy.typing import NDArray

from symsl.errors import InsufficientPrecisionError
from symsl.precision import ball
from symsl.spectrum import Spectrum

_START_BITS = 40  # what a float64 start is trusted for
_MOST_TERMS = 6
_MOST_SWEEPS = 60
_FLOAT_STEPS = 30
_FLOAT_RANGE = (1e-140, 1e140)
_FLOAT_GAP = 1e-10
_BLOCK = 2**22

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Rate:
    """One eigenvalue a_k = 2 eta y of -A_3: `y`, and `slope` = sum_j lambda_j^2/(lambda_j - y)^2 there."""

    y: arb
    slope: arb


def rates(spectrum: Spectrum, eta: Fraction) -> tuple[Rate, ...]:
    """The L eigenvalues of -A_3 over 2 eta, largest first, enclosed at the working precision.

    Raises `InsufficientPrecisionError` when two eigenvalues of the spectrum cannot be told apart.
    """
    return _rates(spectrum, eta, ctx.prec)


@lru_cache(maxsize=8)
def _rates(spectrum: Spectrum, eta: Fraction, bits: int) -> tuple[Rate, ...]:
    with ctx.workprec(bits + 20):
        poles = _descending(spectrum.eigenvalues())
        target = ball(Fraction(2 * spectrum.L) / eta)
        floats = _floats(poles, target)
        if floats is None:
            return tuple(
                _certified_root(poles, k, target, *_bisected_start(poles, k, target)) for k in range(len(poles))
            )
        starts = float_starts(floats, float(target.mid()))
        return tuple(
            _certified_root(poles, k, target, anchor, arb(distance)) for k, (anchor, distance) in enumerate(starts)
        )


def _descending(eigenvalues: list[arb]) -> list[arb]:
    poles = sorted(eigenvalues, key=lambda value: value.mid(), reverse=True)
    if not all(upper > lower for upper, lower in pairwise(poles)):
        raise InsufficientPrecisionError("two eigenvalues are not yet separated")
    return poles


def _floats(poles: list[arb], target: arb) -> Floats | None:
    """The poles as doubles, or None where doubles cannot hold their range or their gaps."""
    low, high = _FLOAT_RANGE
    if not all(low < value < high for value in (poles[0], poles[-1], target)):
        return None
    if not all((upper - lower) > upper * _FLOAT_GAP for upper, lower in pairwise(poles)):
        return None
    return np.array([float(pole.mid()) for pole in poles])


def _bisected_start(poles: list[arb], k: int, target: arb) -> tuple[int, arb]:
    """The nearer pole and the root's signed distance from it, by bisection of the exponent, then of the mantissa."""
    last = k + 1 == len(poles)
    width = 2 * sum((pole * pole for pole in poles), arb(0)) / target if last else poles[k] - poles[k + 1]
    half = (width / 2).mid()
    from_above = last or _taylor(poles, k, -half, 1)[0] <= target
    anchor, sign = (k, -1) if from_above else (k + 1, 1)

    def too_far(distance: arb) -> bool:
        value = _taylor(poles, anchor, sign * distance, 1)[0] - target
        return bool(value < 0) if from_above else bool(value > 0)

    low, high = 0, 1
    while too_far(half * arb(2) ** -high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if too_far(half * arb(2) ** -middle) else (low, middle)
    near, far = half * arb(2) ** -high, half * arb(2) ** -low
    for _ in range(_START_BITS + 4):
        middle_distance = ((near + far) / 2).mid()
        near, far = (near, middle_distance) if too_far(middle_distance) else (middle_distance, far)
    return anchor, sign * near


def _certified_root(poles: list[arb], k: int, target: arb, anchor: int, offset: arb) -> Rate:
    """The root in the gap below pole k: y = poles[anchor] + offset, with a start good to some 40 bits."""
    full, known = ctx.prec, _START_BITS
    for _ in range(_MOST_SWEEPS):
        last = known * (_MOST_TERMS - 1) >= full  # the slope is one order less accurate than the root
        terms = max(3, 1 + math.ceil(full / known)) if last else _MOST_TERMS
        with ctx.workprec(full if last else min(full, _MOST_TERMS * known + 64)):
            model = _taylor(poles, anchor, offset, terms)
            step, residual = _newton(model, target)
            radius = 2 * abs(step) + 4 * abs(residual / model[1]).upper()
            nearest = min((abs(d) for d in _distances(poles[k : k + 2], anchor - k, offset)), key=lambda d: d.mid())
            ratio = (radius / nearest).upper()
            gained = _bits_below_one(ratio)
            if last and gained * (terms - 1) >= full - 8:
                shift, slope = _interval_newton(model, step, residual, radius, ratio)
                return Rate(poles[anchor] + (offset + shift), slope)
            if gained < 4:
                raise InsufficientPrecisionError(f"the root below eigenvalue {k + 1} is not resolved")
            offset, known = (offset + step).mid(), max(known, min(gained * terms, full))
    raise InsufficientPrecisionError(f"the root below eigenvalue {k + 1} is not enclosed")


def _taylor(poles: list[arb], anchor: int, offset: arb, terms: int) -> list[arb]:
    """c_i = sum_j lambda_j^2 / (lambda_j - y)^(i+1), i < terms, at y = poles[anchor] + offset."""
    reciprocals = [1 / distance for distance in _distances(poles, anchor, offset)]
    weights = [pole * pole * reciprocal for pole, reciprocal in zip(poles, reciprocals, strict=True)]
    model = [sum(weights, arb(0))]
    for _ in range(terms - 1):
        weights = [weight * reciprocal for weight, reciprocal in zip(weights, reciprocals, strict=True)]
        model.append(sum(weights, arb(0)))
    return model


def _distances(poles: list[arb], anchor: int, offset: arb) -> list[arb]:
    """lambda_j - y for y = poles[anchor] + offset; the anchor's own is -offset, exactly."""
    centre = poles[anchor] + offset
    distances = [pole - centre for pole in poles]
    distances[anchor] = -offset
    return distances


def _newton(model: list[arb], target: arb) -> tuple[arb, arb]:
    """An exact approximate zero z of sum_i c_i z^i - target, and the ball of that polynomial there."""
    z = arb(0)
    for _ in range(2 + len(model).bit_length()):
        z = (z - (_value(model, z) - target) / _derivative(model, z)).mid()
    return z, _value(model, z) - target


def _interval_newton(model: list[arb], step: arb, residual: arb, radius: arb, ratio: arb) -> tuple[arb, arb]:
    """The root as a ball around the centre, and the slope there; proved by N(Z) inside Z = [-radius, radius].

    With q = radius / (distance of the nearest pole) the terms left out of the model are at most
    c_1 radius q^(n-1)/(1-q), and those of its derivative c_1 n q^(n-1)/(1-q)^2.
    """
    terms = len(model)
    tail = model[1].upper() * ratio ** (terms - 1) / (1 - ratio)
    error = arb(0, radius.upper() * tail)
    slope_error = arb(0, tail * terms / (1 - ratio))
    zone = arb(0, radius.upper())
    newton = step - (residual + error) / (_derivative(model, zone) + slope_error)
    if not (newton.is_finite() and zone.contains_interior(newton)):
        raise InsufficientPrecisionError("interval Newton does not contract")
    return newton, _derivative(model, newton) + slope_error


def _value(model: list[arb], z: arb) -> arb:
    result = arb(0)
    for coefficient in reversed(model):
        result = result * z + coefficient
    return result


def _derivative(model: list[arb], z: arb) -> arb:
    result = arb(0)
    for power in range(len(model) - 1, 0, -1):
        result = result * z + power * model[power]
    return result


def _bits_below_one(ratio: arb) -> int:
    """floor(-log2 ratio) for a ratio below 1 of any exponent, else 0."""
    if not ratio < 1:
        return 0
    if ratio.is_zero():
        return ctx.prec
    man, exp = ratio.mid().man_exp()
    return -int(exp) - int(man.bit_length())


def float_starts(poles: Floats, target: float) -> Iterator[tuple[int, float]]:
    """For each gap the index of the nearer pole and the root's signed distance from it, in float64, O(L^2).

    Iterates on the two-pole model of the left side that matches value and slope of the parts from above and from below.
    """
    count = len(poles)
    rows = max(1, _BLOCK // count)
    for first in range(0, count, rows):
        yield from _float_block(poles, target, np.arange(first, min(first + rows, count)))


def _float_block(poles: Floats, target: float, gaps: NDArray[np.intp]) -> Iterator[tuple[int, float]]:
    squares, index = poles**2, np.arange(len(poles))
    is_last = gaps == len(poles) - 1
    below = np.minimum(gaps + 1, len(poles) - 1)
    width = np.where(is_last, 2 * squares.sum() / target, poles[gaps] - poles[below])
    above_root = index[None, :] <= gaps[:, None]

    def parts(anchor: NDArray[np.intp], offset: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        reciprocal = 1 / (poles[None, :] - poles[anchor][:, None] - offset[:, None])
        terms = squares * reciprocal
        slopes = terms * reciprocal
        upper, lower = np.where(above_root, terms, 0).sum(1), np.where(above_root, 0, terms).sum(1)
        return upper, lower, np.where(above_root, slopes, 0).sum(1), np.where(above_root, 0, slopes).sum(1)

    upper, lower, *_ = parts(gaps, -width / 2)
    from_above = is_last | (upper + lower <= target)
    anchor = np.where(from_above, gaps, below)
    sign = np.where(from_above, -1.0, 1.0)
    distance = width / 2
    for _ in range(_FLOAT_STEPS):
        upper, lower, upper_slope, lower_slope = parts(anchor, sign * distance)
        to_upper = np.where(from_above, distance, width - distance)
        to_lower = np.where(is_last, 0.0, width - to_upper)
        p, q = upper_slope * to_upper**2, lower_slope * to_lower**2
        with np.errstate(divide="ignore", invalid="ignore"):
            constant = upper - p / to_upper + np.where(is_last, 0.0, lower + q / to_lower) - target
        near, far = np.where(from_above, p, q), np.where(from_above, q, p)
        better = _two_pole_root(np.where(from_above, constant, -constant), near, far, width)
        better = np.where(is_last, -p / constant, better)
        good = np.isfinite(better) & (better > 0) & (better <= width)
        settled = np.abs(better - distance) <= 1e-15 * distance
        distance = np.where(good, better, distance)
        if np.all(settled | ~good):
            break
    return zip(anchor.tolist(), (sign * distance).tolist(), strict=True)


def _two_pole_root(c: Floats, near: Floats, far: Floats, width: Floats) -> Floats:
    """The root s in (0, width) of c + near/s - far/(width - s), without cancellation."""
    b = c * width - near - far
    root = np.sqrt(b**2 + 4 * c * near * width)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(b > 0, (b + root) / (2 * c), 2 * near * width / (root - b))
