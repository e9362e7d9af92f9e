"""Sums over a power law where the threshold is sharp: alpha so large that few coefficients are near it.

For m_i = x i**(-gamma), coefficients with m > alpha + w are saturated, f(m) = f(inf), those with m < alpha - w are not
detected, where the risk is m**2 and the other functions vanish, both up to exp(-w**2/2). The width w is taken such that
this is below the working precision even if d coefficients share it. What is left over is enclosed, not neglected:

    f(m) between f(m_j) and f(inf) for m >= m_j >= alpha,      |f(m) - q m**2| <= (1 + alpha**2) P(m_j) + 2 alpha E(m_j)

for m <= m_j <= alpha - 1, with q = 1 for the risk and 0 for the others (P and E grow with m there).
"""

from __future__ import annotations

import math

from flint import arb, ctx

from symsl.errors import InsufficientPrecisionError, ParameterError
from symsl.precision import ball
from symsl.weight_decay.scalar_risk import RISK, CoordinateFunction, soft_active, soft_edge
from symsl.weight_decay.target import PowerLawTarget

_GUARD = 16
_FEW, _SMOOTH = 2000, 60
MAX_TERMS = 10**6


def threshold_window(target: PowerLawTarget, x: arb, a: arb) -> tuple[int, int] | None:
    """(j, k): all i <= j are saturated and all i > k undetected; None where the smooth summation is the better way."""
    width = _width(target, a)
    if not a > width + 1:
        return None
    low, high = _index(target, x / (a + width), 0), _index(target, x / (a - width), 1)
    if high - low > _FEW and not a > _SMOOTH:
        return None
    if high - low > MAX_TERMS:
        raise ParameterError(
            "lasso",
            "lam",
            "given",
            f"at most {MAX_TERMS} coefficients at the threshold",
            "raise lam, or use lasso_float64",
        )
    return low, high


def sharp_sum(function: CoordinateFunction, target: PowerLawTarget, x: arb, a: arb, window: tuple[int, int]) -> arb:
    """sum_i f(x i**(-gamma), a), i = 1..d, given the window of `threshold_window`."""
    low, high = window
    power = ball(-target.gamma)
    total = sum((function.value(x * arb(i) ** power, a) for i in range(low + 1, high + 1)), arb(0))
    if low:
        total += low * function.value(x * arb(low) ** power, a).union(function.at_infinity(a))
    if high < target.d:
        m, rest = x * arb(high + 1) ** power, target.d - high
        leak = (1 + a * a) * soft_active(m, a) + 2 * a * soft_edge(m, a)
        total += arb(0, (rest * leak).upper())
        if function is RISK:
            exponent = ball(2 * target.gamma)
            total += x * x * (exponent.zeta(arb(high + 1)) - exponent.zeta(arb(target.d) + 1))
    return total


def _width(target: PowerLawTarget, a: arb) -> float:
    bits = ctx.prec + _GUARD + target.d.bit_length() + 4 * max(0.0, float((1 + abs(a)).log().upper()))
    return math.sqrt(2 * math.log(2) * bits)


def _index(target: PowerLawTarget, ratio: arb, up: int) -> int:
    """ratio**p rounded down, or up (`up` = 1), within 0..d."""
    position = ratio ** ball(target.p)
    end = position.upper() if up else position.lower()
    if not end.is_finite():
        raise InsufficientPrecisionError("the effective noise is not resolved")
    if end >= target.d:
        return target.d
    number = end.floor().unique_fmpz()
    if number is None:
        raise InsufficientPrecisionError("the number of detected coefficients is not resolved")
    return max(0, int(number) + up)


__all__ = ["MAX_TERMS", "sharp_sum", "threshold_window"]
