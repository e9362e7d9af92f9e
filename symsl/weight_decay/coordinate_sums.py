"""sum_{i <= d} f(v_i / tau, a) over the coefficients of a target, enclosed; for a power law at a cost independent of d.

With m_i = x i**(-gamma), x = c/tau, p = 1/gamma it is a head of N - 1 terms and an Euler-Maclaurin sum from N to d:

    sum_{i=N}^d f(m_i) = int_N^d f + (f(m_N) + f(m_d))/2 + sum_{k<=K} B_2k/(2k)! [d^(2k-1) f]_N^d + remainder.

The integral is a Mellin transform in closed form (parabolic cylinder functions) minus two incomplete ends, which are
convergent Taylor series or saturated tails. The remainder is bounded by |B_2K| M rho**(-2K) N**(1-2K)/(2K-1): f is
analytic and |f - f(inf)| <= M in the disc of radius rho u about every u >= N, so Cauchy bounds its derivatives. All
of this is rigorous; the route "continuum" keeps the integral from 0 to infinity only, the leading order at large x.
"""

from __future__ import annotations

import math
from itertools import islice

from flint import arb, arb_series, ctx, fmpq

from symsl.errors import InsufficientPrecisionError
from symsl.precision import ball, series_of_length
from symsl.weight_decay.scalar_risk import CoordinateFunction
from symsl.weight_decay.sharp_sums import sharp_sum, threshold_window
from symsl.weight_decay.target import ListedTarget, PowerLawTarget, Target

_GUARD = 16


def coordinate_sum(function: CoordinateFunction, target: Target, tau: arb, a: arb, route: str = "sum") -> arb:
    """sum_i f(|v_i| / tau, a), enclosed (route "sum"), or its continuum limit for a power law (route "continuum")."""
    if isinstance(target, ListedTarget):
        return sum((function.value(abs(value) / tau, a) for value in target.coefficients()), arb(0))
    if route == "continuum":
        return target.d * function.at_zero(a) + (ball(target.c) / tau) ** ball(target.p) * function.mellin(target.p, a)
    x = ball(target.c) / tau
    window = threshold_window(target, x, a)
    if window is not None:
        return sharp_sum(function, target, x, a, window)
    head, order = _split(function, target, a)
    first = min(head, target.d + 1)
    total = _head(function, target, x, a, first - 1)
    if first > target.d:
        return total
    return total + _tail(function, target, x, a, first, order)


def _head(function: CoordinateFunction, target: PowerLawTarget, x: arb, a: arb, count: int) -> arb:
    """The first `count` terms, smallest m first; from where f(m) = f(inf) to the working precision, all at once."""
    total, power = arb(0), ball(-target.gamma)
    for i in range(count, 0, -1):
        m = x * arb(i) ** power
        term = function.value(m, a)
        if _is_saturated(m, a):
            return total + i * term.union(function.at_infinity(a))
        total += term
    return total


def _split(function: CoordinateFunction, target: PowerLawTarget, a: arb) -> tuple[int, int]:
    """N, where the Euler-Maclaurin sum begins, and its order K, for a remainder below the working precision.

    At N = K/rho the remainder is M N (pi e)**(-2K) up to a constant: 3.1 bits a term.
    """
    bits = ctx.prec + _GUARD + 1.45 * float((1 + function.sector_bound(a)).log().mid())
    rho = _disc(target)
    order = max(4, math.ceil((bits + math.log2(bits / rho)) / 6.18))
    return math.ceil(order / rho), order


def _disc(target: PowerLawTarget) -> float:
    """rho, rounded down, such that |arg u**(-gamma)| <= arctan(1/sqrt 8) where |u - u_0| <= rho u_0."""
    return 0.999 * math.sin(math.atan(8**-0.5) / float(target.gamma))


def _tail(function: CoordinateFunction, target: PowerLawTarget, x: arb, a: arb, first: int, order: int) -> arb:
    start = _boundary_terms(function, target, x, a, first, order)
    stop = _boundary_terms(function, target, x, a, target.d, order)
    halves = (function.value(x * arb(first) ** ball(-target.gamma), a), function.value(_last(target, x), a))
    rho = arb(_disc(target))
    bound = abs(arb.bernoulli(2 * order)) * function.sector_bound(a) * rho ** (-2 * order)
    bound *= arb(first) ** (1 - 2 * order) / (2 * order - 1)
    total = _integral(function, target, x, a, first) + (halves[0] + halves[1]) / 2 + stop - start
    return total + arb(0, bound.upper())


def _last(target: PowerLawTarget, x: arb) -> arb:
    return x * arb(target.d) ** ball(-target.gamma)


def _boundary_terms(
    function: CoordinateFunction, target: PowerLawTarget, x: arb, a: arb, position: int, order: int
) -> arb:
    """sum_{k=1}^K B_2k/(2k)! d^(2k-1) f at u = position.

    Terms that Cauchy's bound |d^(j) f| <= j! M (rho u)**(-j) shows to be below the working precision are enclosed.
    """
    reach = arb(_disc(target)) * position
    largest = _largest_on_disc(function, target, x * arb(position) ** ball(-target.gamma), a)
    negligible = arb(2) ** -(ctx.prec + _GUARD)
    bounds = [abs(arb.bernoulli(2 * k)) / (2 * k) * largest * reach ** (1 - 2 * k) for k in range(1, order + 1)]
    kept = next((k for k, bound in enumerate(bounds) if bound < negligible), order)
    total = arb(0, sum(bounds[kept:], arb(0)).upper())
    if kept:
        coefficients = _expansion(function, target, x, a, position, 2 * kept)
        for k in range(1, kept + 1):
            total += arb.bernoulli(2 * k) / (2 * k) * coefficients[2 * k - 1]
    return total


def _largest_on_disc(function: CoordinateFunction, target: PowerLawTarget, m: arb, a: arb) -> arb:
    """A bound of |f - f(inf)| on the disc of radius rho u about u, where m = x u**(-gamma).

    There |m| shrinks at most by (1+rho)**(-gamma), so that X = Re m is at least `least`; for X >= 4 a the sector bound
    decays, |f - f(inf)| <= 2 (1+X)**2 exp(X**2/16 - (X-a)**2/2) <= 2 (1+X)**2 exp(-7 X**2/32).
    """
    least = m * (1 + arb(_disc(target))) ** ball(-target.gamma) * arb(fmpq(8, 9)).sqrt()
    if least > 4 * a and least > 4:
        return 2 * (1 + least) ** 2 * (-7 * least * least / 32).exp()
    return function.sector_bound(a)


def _expansion(
    function: CoordinateFunction, target: PowerLawTarget, x: arb, a: arb, position: int, length: int
) -> list[arb]:
    """Taylor coefficients of u -> f(x u**(-gamma), a) at u = position."""
    with series_of_length(length):
        m = x * arb_series([arb(position), arb(1)], length) ** ball(-target.gamma)
        coefficients: list[arb] = function.series(m, a).coeffs()
    return coefficients + [arb(0)] * (length - len(coefficients))


def _integral(function: CoordinateFunction, target: PowerLawTarget, x: arb, a: arb, first: int) -> arb:
    """int_first^d f(x u**(-gamma), a) du; each end is measured from m = 0 or from m = infinity, whichever is near."""
    zero, jump = function.at_zero(a), function.at_infinity(a) - function.at_zero(a)
    total = (target.d - first) * zero
    measured_from_zero = 0
    for position, sign in ((target.d, 1), (first, -1)):
        m = x * arb(position) ** ball(-target.gamma)
        if _is_saturated(m, a):
            gap = function.value(m, a) - function.at_infinity(a)
            total += sign * position * (jump + gap.union(arb(0)))
        else:
            total -= sign * position * _from_zero(function, target, m, a)
            measured_from_zero += sign
    if measured_from_zero:
        total += measured_from_zero * x ** ball(target.p) * function.mellin(target.p, a)
    return total


def _is_saturated(m: arb, a: arb) -> bool:
    """Whether m**2 exp(-(m-a)**2/2), the distance from f(inf), is below the working precision."""
    distance = m - a
    needed = math.log(2) * (ctx.prec + _GUARD) + 4 * math.log(1 + float(abs(a).upper())) + 20
    return bool(distance > 0 and distance * distance > 2 * needed)


def _from_zero(function: CoordinateFunction, target: PowerLawTarget, m: arb, a: arb) -> arb:
    """Q(m, a) = m**p times p int_0^m s**(-p-1) [f(s) - f(0)] ds.

    Its Taylor series cancels like exp(m**2/2) at large m, so that there it is summed at the midpoints of m and a. The
    balls' radii then enter by the mean value theorem, with |f(m) - f(0)| <= 2 + a**2 and
    |d/da [f(s) - f(0)]| <= 4 (1+a) min(s**2, 1), which all three functions satisfy.
    """
    size = float(m.upper())
    if not math.isfinite(size) or size > 1e4:
        raise InsufficientPrecisionError("the effective noise is not resolved")
    if size < 1:
        return _taylor_sum(function, target, m, a, size)
    p = ball(target.p)
    value = _taylor_sum(function, target, m.mid(), a.mid(), size)
    in_m = m.rad() / m * p * (p / (2 - p) * m * m + 2 + a * a)
    in_a = a.rad() * 4 * (1 + a) * m**p * (p / (2 - p) + 1)
    return value + arb(0, (in_m + in_a).upper())


def _taylor_sum(function: CoordinateFunction, target: PowerLawTarget, m: arb, a: arb, size: float) -> arb:
    """sum_j f_2j p/(2j-p) m**(2j), with its tail enclosed: beyond j = m**2 the bound of the terms at least halves."""
    bits = ctx.prec + _GUARD
    terms = max(2, math.ceil(size * size))
    while _log2_term(size, terms) > -bits:
        terms += max(1, terms // 8)
    lost = size * (size / 2 + float(abs(a).upper())) / math.log(2)  # the recurrence of the coefficients loses exp(a m)
    with ctx.workprec(bits + math.ceil(lost)):
        p, total, square, power = target.p, arb(0), m * m, arb(1)
        for j, coefficient in enumerate(islice(function.taylor(a), terms), start=1):
            power *= square
            total += coefficient * power * fmpq(p.numerator, (2 * j - p).numerator)
        tail = 4 * power * square / arb(2 * terms + 3).gamma().sqrt()
        total += arb(0, tail.upper())
    return +total


def _log2_term(size: float, j: int) -> float:
    if size == 0:
        return -math.inf
    return 2 * j * math.log2(size) - math.lgamma(2 * j + 1) / math.log(4)


__all__ = ["coordinate_sum"]
