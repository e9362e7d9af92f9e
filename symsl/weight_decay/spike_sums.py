"""sum_k h(s_k/nu; t) and sum_k j(s_k/nu; t) over the eigenvalues of a target, enclosed.

For a power law and t >= 2 these are finitely many Hurwitz zeta functions, at a cost independent of d. For t < 2 the
eigenvalues with m_k >= 1/2 are summed as they are; the others by the power series of h and j in m,

    h = m**2 - (4/pi) sum_{k>=2} (1 - 1/k) S_k m**k,      S_k = int_0^f (2 cos x - t) sin x sin kx dx,
    j = (1/pi) sum_{k>=1} C_{k+1} m**k,                   C_k = int_0^f (2 cos x - t) cos kx dx,

whose coefficients are bounded by 4 and 1, so that the remainder is a geometric series. The signed network (penalty
lam |S|_*, both signs of the second layer) shrinks from both sides: h(m) + h(-m) - m**2 and j(m) + j(-m).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from flint import arb, ctx

from symsl.errors import InsufficientPrecisionError, ParameterError
from symsl.precision import ball
from symsl.weight_decay.rank_one import detection_threshold, spike_active, spike_risk, spike_slope
from symsl.weight_decay.target import ListedTarget, PowerLawTarget, Target

MAX_DETECTED = 200_000
Coefficients = Callable[[int, arb, list[arb]], arb]


def sum_spike_risk(target: Target, nu: arb, t: arb, signed: bool) -> arb:
    """sum_k h(s_k/nu; t)."""
    if isinstance(target, PowerLawTarget) and t >= 2:
        scale, detected = _detected(target, nu, t)
        return (
            (t * t + 2) * detected
            - 4 * t / scale * _powers(target, -1, 1, detected)
            + 3 / (scale * scale) * _powers(target, -2, 1, detected)
            + scale * scale * _powers(target, 2, detected + 1, target.d)
        )

    def one(m: arb) -> arb:
        return spike_risk(m, t) + (spike_risk(-m, t) - m * m if signed and t < 2 else 0)

    return _sum(target, nu, t, one, _risk_coefficient, signed)


def sum_spike_slope(target: Target, nu: arb, t: arb, signed: bool) -> arb:
    """sum_k dh/dt."""
    if isinstance(target, PowerLawTarget) and t >= 2:
        scale, detected = _detected(target, nu, t)
        return 2 * t * detected - 4 / scale * _powers(target, -1, 1, detected)

    def one(m: arb) -> arb:
        return spike_slope(m, t) + (spike_slope(-m, t) if signed and t < 2 else 0)

    return _sum(target, nu, t, one, _slope_coefficient, signed)


def sum_spike_active(target: Target, nu: arb, t: arb, signed: bool) -> arb:
    """sum_k j(s_k/nu; t)."""
    if isinstance(target, PowerLawTarget) and t >= 2:
        scale, detected = _detected(target, nu, t)
        linear, square = _powers(target, -1, 1, detected), _powers(target, -2, 1, detected)
        return detected - t / scale * linear + square / (scale * scale)

    def one(m: arb) -> arb:
        return spike_active(m, t) + (spike_active(-m, t) if signed and t < 2 else 0)

    return _sum(target, nu, t, one, _active_coefficient, signed)


def _sum(target: Target, nu: arb, t: arb, one: Callable[[arb], arb], coefficient: Coefficients, signed: bool) -> arb:
    if isinstance(target, ListedTarget):
        return sum((one(ball(value) / nu) for value in target.values if value != 0), arb(0))
    scale = ball(target.c) / nu
    head = min(target.d, _count(target, 2 * scale))
    if head > MAX_DETECTED:
        raise ParameterError(
            "quadratic",
            "target",
            f"{head} eigenvalues above the noise",
            f"at most {MAX_DETECTED} of them for certified sums at t < 2",
            "use quadratic_float64",
        )
    power = ball(-target.gamma)
    total = sum((one(scale * arb(k) ** power) for k in range(1, head + 1)), arb(0))
    return total + _series(target, scale, t, head, coefficient, signed) if head < target.d else total


def _series(target: PowerLawTarget, scale: arb, t: arb, head: int, coefficient: Coefficients, signed: bool) -> arb:
    """The eigenvalues below 1/2, by power series; terms beyond order K are at most 8 2**(1-K) sum_k m_k**2."""
    largest = scale * arb(head + 1) ** ball(-target.gamma)
    if not largest < 0.75:
        raise InsufficientPrecisionError("the effective noise is not resolved")
    angle = arb(0) if t >= 2 else 2 * ((2 - t).sqrt() / 2).asin()
    order = max(4, int((ctx.prec + 20) / -float(largest.log() / arb(2).log())) + 2)
    cosines = [angle, *((k * angle).sin() / k for k in range(1, order + 4))]
    total, power, squares = arb(0), arb(1), arb(0)
    for k in range(1, order + 1):
        power *= scale
        if signed and k % 2:
            continue
        moment = power * _powers(target, k, head + 1, target.d)
        if k == 2:
            squares = moment
        value = coefficient(k, t, cosines)
        if signed:
            value = 2 * value - (1 if coefficient is _risk_coefficient and k == 2 else 0)
        total += value * moment
    remainder = 8 * largest ** (order - 1) / (1 - largest) * squares
    return total + arb(0, remainder.upper())


def _moment(n: int, t: arb, cosines: list[arb]) -> arb:
    """C_n from int_0^f cos nx dx."""
    return cosines[n + 1] + cosines[abs(n - 1)] - t * cosines[n]


def _risk_coefficient(k: int, t: arb, cosines: list[arb]) -> arb:
    overlap = (_moment(k - 1, t, cosines) - _moment(k + 1, t, cosines)) / 2
    return (1 if k == 2 else 0) - 4 * ball(1 - Fraction(1, k)) * overlap / arb.pi()


def _slope_coefficient(k: int, _: arb, cosines: list[arb]) -> arb:
    return 2 * ball(1 - Fraction(1, k)) * (cosines[k - 1] - cosines[k + 1]) / arb.pi()


def _active_coefficient(k: int, t: arb, cosines: list[arb]) -> arb:
    return _moment(k + 1, t, cosines) / arb.pi()


def _detected(target: PowerLawTarget, nu: arb, t: arb) -> tuple[arb, int]:
    """c/nu and the number of eigenvalues above the detection threshold (h is continuous there: either will do)."""
    scale = ball(target.c) / nu
    return scale, min(target.d, _count(target, scale / detection_threshold(t)))


def _count(target: PowerLawTarget, ratio: arb) -> int:
    """The number of k with k**gamma <= ratio, or one off where the ball straddles an integer."""
    position = ratio ** ball(target.p)
    if not position.is_finite() or position.rad() > 0.5:
        raise InsufficientPrecisionError("the number of detected eigenvalues is not resolved")
    number = position.mid().floor().unique_fmpz()
    if number is None:
        raise InsufficientPrecisionError("the number of detected eigenvalues is not resolved")
    return int(number)


def _powers(target: PowerLawTarget, power: int, first: int, last: int) -> arb:
    """sum_{k=first}^{last} k**(-power gamma), also where the series diverges."""
    if last < first:
        return arb(0)
    exponent = ball(power * target.gamma)
    if exponent == 1:
        return arb(last + 1).digamma() - arb(first).digamma()
    return exponent.zeta(arb(first)) - exponent.zeta(arb(last) + 1)


__all__ = ["MAX_DETECTED", "sum_spike_active", "sum_spike_risk", "sum_spike_slope"]
