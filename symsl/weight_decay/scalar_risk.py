"""One coefficient seen through Gaussian noise and a soft threshold: its risk, and whether it survives.

For m + Z with Z ~ N(0, 1), soft-thresholded at a >= 0, the functions of (m, a)

    risk r = E(soft(m + Z; a) - m)**2,    active P = Prob(|m + Z| > a),    edge E = phi(a - m) + phi(a + m) = -dP/da

are all that the state evolution of the diagonal network (LASSO) consists of; dr/da = 2 a P - 2 E. Each is even and
entire in m, and comes with what an exact sum over a power law needs: its limits, its Taylor coefficients at m = 0, its
Mellin transform in closed form, and a bound in a sector of the complex plane. Balls at the working precision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from flint import arb, arb_series, fmpq

from symsl.precision import ball

Number = TypeVar("Number", arb, arb_series)


@dataclass(frozen=True)
class CoordinateFunction:
    """A function f(m, a), even in m, and the data by which sum_i f(x i**(-gamma), a) is enclosed at any d.

    `mellin(p, a)` is p int_0^inf m**(-p-1) [f(m, a) - f(0, a)] dm for 0 < p < 2. `taylor(a)` yields the coefficients of
    m**2, m**4, ...; the one of m**(2j) is at most 2 / sqrt((2j)!) in absolute value. `sector_bound(a)` bounds
    |f - f(inf)| where |arg m| <= arctan(1/sqrt 8). For m >= a, f(m) - f(inf) keeps its sign and shrinks as m grows.
    """

    name: str
    value: Callable[[arb, arb], arb]
    series: Callable[[arb_series, arb], arb_series]
    at_zero: Callable[[arb], arb]
    at_infinity: Callable[[arb], arb]
    mellin: Callable[[Fraction, arb], arb]
    taylor: Callable[[arb], Iterator[arb]]
    sector_bound: Callable[[arb], arb]


def soft_risk(m: arb, a: arb) -> arb:
    """r(m, a) = m**2 [Phi(a-m) - Phi(-a-m)] + (1+a**2) P(m, a) - (a+m) phi(a-m) - (a-m) phi(a+m).

    >>> print(soft_risk(arb(0), arb(1)).str(10, radius=False))
    0.1506795667
    """
    return _risk(m, a)


def soft_active(m: arb, a: arb) -> arb:
    """P(m, a) = Phi(m-a) + Phi(-m-a), the probability that the coefficient survives the threshold."""
    return (_upper_tail(a - m) + _upper_tail(a + m)) / 2


def soft_edge(m: arb, a: arb) -> arb:
    """E(m, a) = phi(a-m) + phi(a+m), the density with which it sits at the threshold."""
    return _density(a - m) + _density(a + m)


def noise_risk(a: arb) -> arb:
    """g(a) = r(0, a) = 2 [(1+a**2) Phi(-a) - a phi(a)], the noise that leaks through the threshold; ~ 4 phi(a)/a**3."""
    return (1 + a * a) * _upper_tail(a) - 2 * a * _density(a)


def mellin_risk(p: Fraction, a: arb) -> arb:
    """F_p(a) = p int_0^inf m**(-p-1) [r(m,a) - g(a)] dm = (2/(2-p)) [M_{2-p}(a) - M_{2-p}(-a)], M_s(a) = E(a+Z)_+**s.

    The odd part of the parabolic cylinder function M_s is a Kummer function:
    F_p(a) = 2**((3-p)/2) Gamma(1-p/2)/sqrt(pi) a 1F1((p-1)/2; 3/2; -a**2/2). For example F_1(a) = 2 a.
    """
    return _risk_factor(p) * a * _kummer((p - 1) / 2, 3, a)


def mellin_active(p: Fraction, a: arb) -> arb:
    """G_p(a) = p int_0^inf m**(-p-1) [P(m,a) - P(0,a)] dm
    = 2**((1-p)/2) Gamma(1-p/2)/sqrt(pi) a 1F1((1+p)/2; 3/2; -a**2/2), regular at p = 1.
    """
    return _active_factor(p) * a * _kummer((p + 1) / 2, 3, a)


def mellin_edge(p: Fraction, a: arb) -> arb:
    """p int_0^inf m**(-p-1) [E(m,a) - E(0,a)] dm = -dG_p/da."""
    return -_active_factor(p) * _kummer((p + 1) / 2, 1, a)


def _risk_factor(p: Fraction) -> arb:
    return arb(2) ** ball((3 - p) / 2) * ball(1 - p / 2).gamma() / arb.pi().sqrt()


def _active_factor(p: Fraction) -> arb:
    return arb(2) ** ball((1 - p) / 2) * ball(1 - p / 2).gamma() / arb.pi().sqrt()


def _kummer(upper: Fraction, twice_lower: int, a: arb) -> arb:
    return (-a * a / 2).hypgeom_1f1(ball(upper), arb(fmpq(twice_lower, 2)))


def _upper_tail(z: Number) -> Number:
    """2 Phi(-z)."""
    return type(z).erfc(z / arb(2).sqrt())


def _density(z: Number) -> Number:
    return type(z).exp(-(z * z) / 2) / (2 * arb.pi()).sqrt()


def _risk(m: Number, a: arb) -> Number:
    above, below = a - m, a + m
    active = (_upper_tail(above) + _upper_tail(below)) / 2
    inside = (_upper_tail(m - a) - _upper_tail(below)) / 2
    return m * m * inside + (1 + a * a) * active - below * _density(above) - above * _density(below)


def _active_series(m: arb_series, a: arb) -> arb_series:
    return (_upper_tail(a - m) + _upper_tail(a + m)) / 2


def _edge_series(m: arb_series, a: arb) -> arb_series:
    return _density(a - m) + _density(a + m)


def _hermite(a: arb) -> Iterator[arb]:
    """phi(a) He_k(a) / k! for k = 0, 1, ...: the Taylor coefficients of phi(a - m) in m."""
    previous, current, k = arb(0), _density(a), 0
    while True:
        yield current
        k += 1
        previous, current = current, (a * current - previous) / k


def _taylor_edge(a: arb) -> Iterator[arb]:
    terms = _hermite(a)
    next(terms)
    while True:
        next(terms)
        yield 2 * next(terms)


def _taylor_active(a: arb) -> Iterator[arb]:
    for k, term in enumerate(_hermite(a)):
        if k % 2:
            yield 2 * term / (k + 1)


def _taylor_risk(a: arb) -> Iterator[arb]:
    yield 1 - _upper_tail(a)
    for j, term in enumerate(_taylor_active(a), start=2):
        yield -term / j


def _growth(a: arb) -> arb:
    """exp(a**2/6), the largest exp(X**2/8 - (X-a)_+**2/2): what Gaussians reach where |Im m|**2 <= |Re m|**2/8."""
    return (a * a / 6).exp()


RISK = CoordinateFunction(
    "risk",
    soft_risk,
    _risk,
    noise_risk,
    lambda a: 1 + a * a,
    mellin_risk,
    _taylor_risk,
    lambda a: (14 + a + a * a) * _growth(a),
)
ACTIVE = CoordinateFunction(
    "active", soft_active, _active_series, _upper_tail, lambda _: arb(1), mellin_active, _taylor_active, _growth
)
EDGE = CoordinateFunction(
    "edge", soft_edge, _edge_series, lambda a: 2 * _density(a), lambda _: arb(0), mellin_edge, _taylor_edge, _growth
)

__all__ = [
    "ACTIVE",
    "EDGE",
    "RISK",
    "CoordinateFunction",
    "mellin_active",
    "mellin_edge",
    "mellin_risk",
    "noise_risk",
    "soft_active",
    "soft_edge",
    "soft_risk",
]
