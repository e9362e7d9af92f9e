"""The rates of the linear network at any learning rate: certified roots of the secular equation.

In the eigenbasis A_3 is minus the symmetric matrix 2 eta Lambda - (eta^2/L) lambda lambda^T, diagonal plus rank one.
Its eigenvalues are a_k = 2 eta y_k with

    sum_j lambda_j^2 / (lambda_j - y) = 2 L / eta,        lambda_{k+1} < y_k < lambda_k,   y_L < lambda_L:

the left side rises from -infinity to infinity between neighbouring poles, so there is one root in each gap and one
below the last pole (for lambda_1 > ... > lambda_L): that is the isolation proof. Each y_k is written as its distance
from the nearer pole, so that no digits are lost however close it is. Starts are float64; from there Taylor coefficients
of the left side give the roots to several times as many digits in one sweep over all of them, and interval Newton
proves the enclosures.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

import numpy as np
from flint import arb, arb_poly, ctx

from symsl.arguments import learning_rate
from symsl.errors import InsufficientPrecisionError
from symsl.linear.far_field import Expansion, expansions, is_worthwhile
from symsl.linear.float_starts import Floats, float_starts
from symsl.linear.near_field import BITS_TO_LOSE, NearField, Point
from symsl.precision import ball
from symsl.spectrum import Spectrum, require_spectrum

_START_BITS = 44  # what a float64 start is trusted for: 50 digits then take one sweep
_MOST_TERMS = 6
_MOST_SWEEPS = 60
_GUARD_BITS = 16
_FLOAT_RANGE = (1e-80, 1e80)  # third powers of reciprocal distances stay finite
_FLOAT_GAP = 1e-10


@dataclass(frozen=True, eq=False)
class Rate:
    """One eigenvalue a_k = 2 eta y of -A_3: `y`, and `slope` = sum_j lambda_j^2/(lambda_j - y)^2 there."""

    y: arb
    slope: arb


def rates(spectrum: Spectrum, eta: object) -> tuple[Rate, ...]:
    """The L eigenvalues of -A_3 over 2 eta, largest first, enclosed at the working precision.

    Raises `ParameterError` unless eta > 0, `InsufficientPrecisionError` when two eigenvalues of the spectrum cannot be
    told apart.
    """
    return _rates(require_spectrum(spectrum, "rates"), learning_rate(eta, "rates"), ctx.prec)


@lru_cache(maxsize=8)
def _rates(spectrum: Spectrum, eta: Fraction, bits: int) -> tuple[Rate, ...]:
    full = bits + 20
    with ctx.workprec(full + BITS_TO_LOSE):
        poles = _descending(spectrum.eigenvalues())
        target = ball(Fraction(2 * spectrum.L) / eta)
    with ctx.workprec(full):
        floats = _floats(poles, target)
        if floats is None:
            starts = [_bisected_start(poles, k, target) for k in range(len(poles))]
            return tuple(_Group(poles, target, NearField.of_distances(len(poles))).roots(starts))
        anchors, offsets = float_starts(floats, float(target.mid()))
        found: list[Rate] = []
        for first, last, near, far in _grouped(poles):
            here, there = anchors[first:last], offsets[first:last]
            field = NearField.plan(floats, near, first, here, there)
            starts = [Point(first + i, int(here[i]), arb(float(there[i]))) for i in range(len(here))]
            found += _Group(poles, target, field, far).roots(starts)
        return tuple(found)


def _grouped(poles: list[arb]) -> Iterator[tuple[int, int, Sequence[int], Expansion | None]]:
    """Gaps first..last-1, the poles that are near to them, and the expansion of the others."""
    if not is_worthwhile(len(poles), ctx.prec):
        yield 0, len(poles), range(len(poles)), None
        return
    for first, last, far in expansions(poles, [pole * pole for pole in poles]):
        yield first, last, far.near, far


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


def _left_side(poles: Sequence[arb], anchor: int, offset: arb) -> arb:
    """sum_j lambda_j^2/(lambda_j - y) at y = poles[anchor] + offset, term by term."""
    y = poles[anchor] + offset
    return sum(
        (pole * pole / (pole - y) for j, pole in enumerate(poles) if j != anchor), -(poles[anchor] ** 2) / offset
    )


def _bisected_start(poles: Sequence[arb], k: int, target: arb) -> Point:
    """Bisection of the exponent of the distance, then of its mantissa."""
    last = k + 1 == len(poles)
    width = 2 * sum((pole * pole for pole in poles), arb(0)) / target if last else poles[k] - poles[k + 1]
    half = (width / 2).mid()
    from_above = last or _left_side(poles, k, -half) <= target
    anchor, sign = (k, -1) if from_above else (k + 1, 1)

    def too_far(distance: arb) -> bool:
        value = _left_side(poles, anchor, sign * distance) - target
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
    return Point(k, anchor, sign * near)


@dataclass(frozen=True, eq=False)
class _Group:
    """The left side of the secular equation less its target, at points in neighbouring gaps."""

    poles: Sequence[arb]
    target: arb
    field: NearField
    far: Expansion | None = None

    def models(self, points: Sequence[Point], bits: Sequence[int]) -> list[arb_poly]:
        """For each y the polynomial sum_i c_i z^i with c_i = sum_j lambda_j^2/(lambda_j - y)^(i+1), less the target.

        c_i is found to about bits[i] bits.

        As lambda^2/(lambda - y) = lambda + y + y^2/(lambda - y), m near poles give sum_j lambda_j + m y + y^2 G(y),
        where G = sum_j 1/(lambda_j - y) is minus the logarithmic derivative of prod_j (lambda_j - y).
        """
        near, terms = self.field.near, len(bits)
        constant = sum((self.poles[j] for j in near), -self.target)
        models = []
        for point, product in zip(points, self.field.products(self.poles, points, [bits[0], *bits]), strict=True):
            y = self.poles[point.anchor] + point.offset
            model = arb_poly([y * y, 2 * y, 1]) * arb_poly(_minus_log_derivative(product, terms))
            model += arb_poly([constant + len(near) * y, len(near)])
            if self.far is not None:
                model += arb_poly(self.far.coefficients(y, terms))
            models.append(model.truncate(terms))
        return models

    def roots(self, starts: Sequence[Point]) -> list[Rate]:
        """The root in the gap of each start; these are good to some 44 bits."""
        full, known, pending = ctx.prec, _START_BITS, list(starts)
        found: dict[int, Rate] = {}
        for _ in range(_MOST_SWEEPS):
            last = known * (_MOST_TERMS - 1) >= full  # the slope is one order less accurate than the root
            terms = max(3, 1 + math.ceil(full / known)) if last else _terms_before_last(full, known)
            precision = full if last else min(full, terms * known + 64)
            exact = 1 if last else 0  # the slope is wanted as precisely as the root
            bits = [max(0, precision - max(0, i - exact) * known) + _GUARD_BITS for i in range(terms)]
            with ctx.workprec(precision):
                points, pending, reached = pending, [], full
                for point, model in zip(points, self.models(points, bits), strict=True):
                    step, residual = _newton(model)
                    room = self._room(point)
                    radius = 2 * abs(step) + 4 * abs(residual / model[1]).upper() + room * arb(2) ** -precision
                    ratio = (radius / room).upper()
                    gained = _bits_below_one(ratio)
                    if last and gained * (terms - 1) >= full - 8:
                        found[point.gap] = self._rate(point, *_interval_newton(model, step, residual, radius, ratio))
                        continue
                    if gained < 4:
                        raise InsufficientPrecisionError(f"the root below eigenvalue {point.gap + 1} is not resolved")
                    pending.append(replace(point, offset=(point.offset + step).mid()))
                    reached = min(reached, max(known, gained * terms))
            if not pending:
                return [found[start.gap] for start in starts]
            known = reached
        raise InsufficientPrecisionError(f"the root below eigenvalue {pending[0].gap + 1} is not enclosed")

    def _room(self, point: Point) -> arb:
        """The distance from the point to the nearest pole, to the accuracy of one operation."""
        others = [j for j in (point.gap, point.gap + 1) if j != point.anchor and j < len(self.poles)]
        distances = [abs(self.poles[j] - self.poles[point.anchor] - point.offset) for j in others]
        return min([abs(point.offset), *distances], key=lambda distance: distance.mid())

    def _rate(self, point: Point, shift: arb, slope: arb) -> Rate:
        anchor = self.poles[point.anchor]
        if self.far is not None and not self.far.holds(anchor + point.offset):
            raise InsufficientPrecisionError("a root lies outside its group")
        return Rate(anchor + (point.offset + shift), slope)


def _terms_before_last(full: int, known: int) -> int:
    """No more than it takes to come to the last sweep, where terms of high order need few bits."""
    return min(_MOST_TERMS, 1 + full // ((_MOST_TERMS - 1) * known))


def _minus_log_derivative(product: arb_poly, terms: int) -> list[arb]:
    """The first coefficients of -P'/P."""
    inverse = -1 / product[0]
    quotient: list[arb] = []
    for i in range(terms):
        value = (i + 1) * product[i + 1]
        for m in range(i):
            value += quotient[m] * product[i - m]
        quotient.append(value * inverse)
    return quotient


def _newton(model: arb_poly) -> tuple[arb, arb]:
    """An exact approximate zero z of the model, and the ball of the model there."""
    z, slope = arb(0), model.derivative()
    for _ in range(1 + model.length().bit_length()):
        z = (z - model(z) / slope(z)).mid()
    return z, model(z)


def _interval_newton(model: arb_poly, step: arb, residual: arb, radius: arb, ratio: arb) -> tuple[arb, arb]:
    """The root as a ball around the centre, and the slope there; proved by N(Z) inside Z = [-radius, radius].

    With q = radius / (distance of the nearest pole) the terms left out of the model are at most
    c_1 radius q^(n-1)/(1-q), and those of its derivative c_1 n q^(n-1)/(1-q)^2.
    """
    terms, derivative = model.length(), model.derivative()
    tail = model[1].upper() * ratio ** (terms - 1) / (1 - ratio)
    error = arb(0, radius.upper() * tail)
    slope_error = arb(0, tail * terms / (1 - ratio))
    zone = arb(0, radius.upper())
    newton = step - (residual + error) / (derivative(zone) + slope_error)
    if not (newton.is_finite() and zone.contains_interior(newton)):
        raise InsufficientPrecisionError("interval Newton does not contract")
    return newton, derivative(newton) + slope_error


def _bits_below_one(ratio: arb) -> int:
    """floor(-log2 ratio) for a ratio below 1 of any exponent, else 0."""
    if not ratio < 1:
        return 0
    if ratio.is_zero():
        return ctx.prec
    man, exp = ratio.mid().man_exp()
    return -int(exp) - int(man.bit_length())
