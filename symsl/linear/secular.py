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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

import numpy as np
from flint import arb, ctx

from symsl.errors import InsufficientPrecisionError
from symsl.linear.far_field import Expansion, expansions, is_worthwhile
from symsl.linear.float_starts import Floats, float_starts
from symsl.precision import ball
from symsl.spectrum import Spectrum

_START_BITS = 44  # what a float64 start is trusted for: 50 digits then take one sweep
_MOST_TERMS = 6
_MOST_SWEEPS = 60
_FLOAT_RANGE = (1e-140, 1e140)
_FLOAT_GAP = 1e-10


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
        found: list[Rate] = []
        starts = _starts(poles, target)
        for sums in _grouped(poles):
            for _ in range(sums.first, sums.last):
                k = len(found)
                found.append(_certified_root(poles, k, target, sums, *next(starts)))
        return tuple(found)


@dataclass(frozen=True, eq=False)
class _Sums:
    """sum_j lambda_j^2/(lambda_j - y)^(i+1) for y in the gaps first..last-1: near ones one by one."""

    first: int
    last: int
    poles: Sequence[arb]
    near: Sequence[int]
    far: Expansion | None = None

    def taylor(self, anchor: int, offset: arb, terms: int) -> list[arb]:
        """The sums for i < terms at y = poles[anchor] + offset: Taylor coefficients of the left side in y."""
        centre = self.poles[anchor] + offset
        near = [self.poles[j] for j in self.near]
        reciprocals = [1 / (pole - centre) for pole in near]
        reciprocals[self.near.index(anchor)] = -1 / offset  # exactly the distance, whatever the pole's radius
        weights = [pole * pole * reciprocal for pole, reciprocal in zip(near, reciprocals, strict=True)]
        model = [sum(weights, arb(0))]
        for _ in range(terms - 1):
            weights = [weight * reciprocal for weight, reciprocal in zip(weights, reciprocals, strict=True)]
            model.append(sum(weights, arb(0)))
        if self.far is None:
            return model
        return [a + b for a, b in zip(model, self.far.coefficients(centre, terms), strict=True)]


def _grouped(poles: list[arb]) -> Iterator[_Sums]:
    if not is_worthwhile(len(poles), ctx.prec):
        yield _Sums(0, len(poles), poles, range(len(poles)))
        return
    for first, last, far in expansions(poles, [pole * pole for pole in poles]):
        yield _Sums(first, last, poles, far.near, far)


def _starts(poles: list[arb], target: arb) -> Iterator[tuple[int, arb]]:
    """For each gap the nearer pole and the root's signed distance from it, good to some 44 bits."""
    floats = _floats(poles, target)
    if floats is not None:
        return ((anchor, arb(distance)) for anchor, distance in float_starts(floats, float(target.mid())))
    everything = _Sums(0, len(poles), poles, range(len(poles)))
    return (_bisected_start(everything, k, target) for k in range(len(poles)))


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


def _bisected_start(sums: _Sums, k: int, target: arb) -> tuple[int, arb]:
    """Bisection of the exponent of the distance, then of its mantissa."""
    poles = sums.poles
    last = k + 1 == len(poles)
    width = 2 * sum((pole * pole for pole in poles), arb(0)) / target if last else poles[k] - poles[k + 1]
    half = (width / 2).mid()
    from_above = last or sums.taylor(k, -half, 1)[0] <= target
    anchor, sign = (k, -1) if from_above else (k + 1, 1)

    def too_far(distance: arb) -> bool:
        value = sums.taylor(anchor, sign * distance, 1)[0] - target
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


def _certified_root(poles: list[arb], k: int, target: arb, sums: _Sums, anchor: int, offset: arb) -> Rate:
    """The root in the gap below pole k: y = poles[anchor] + offset, with a start good to some 44 bits."""
    full, known = ctx.prec, _START_BITS
    for _ in range(_MOST_SWEEPS):
        last = known * (_MOST_TERMS - 1) >= full  # the slope is one order less accurate than the root
        terms = max(3, 1 + math.ceil(full / known)) if last else _MOST_TERMS
        with ctx.workprec(full if last else min(full, _MOST_TERMS * known + 64)):
            model = sums.taylor(anchor, offset, terms)
            step, residual = _newton(model, target)
            radius = 2 * abs(step) + 4 * abs(residual / model[1]).upper()
            other = [abs(poles[j] - poles[anchor] - offset) for j in (k, k + 1) if j != anchor and j < len(poles)]
            ratio = (radius / min([abs(offset), *other], key=lambda distance: distance.mid())).upper()
            gained = _bits_below_one(ratio)
            if last and gained * (terms - 1) >= full - 8:
                if sums.far is not None and not sums.far.holds(poles[anchor] + offset):
                    raise InsufficientPrecisionError("a root lies outside its group")
                shift, slope = _interval_newton(model, step, residual, radius, ratio)
                return Rate(poles[anchor] + (offset + shift), slope)
            if gained < 4:
                raise InsufficientPrecisionError(f"the root below eigenvalue {k + 1} is not resolved")
            offset, known = (offset + step).mid(), max(known, min(gained * terms, full))
    raise InsufficientPrecisionError(f"the root below eigenvalue {k + 1} is not enclosed")


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
