"""The scaling laws with their constants, as SymPy expressions: leading order of the state evolution in each regime.

Symbols: d dimension, n samples, Delta label noise, lam weight decay, target c i**(-gamma); K detected components,
nu, t, m as in `rank_one`. Evidence: asymptotics of the state evolution by hand, compared with it numerically; the state
evolution is itself a theorem in the proportional limit only. p = 1/gamma throughout.
"""

from __future__ import annotations

from sympy import Expr, Rational, Symbol, acos, log, pi, sin, sqrt

from symsl.weight_decay.phase_regions import gamma

d = Symbol("d", positive=True)
n = Symbol("n", positive=True)
Delta = Symbol("Delta", positive=True)
lam = Symbol("lam", positive=True)
c = Symbol("c", positive=True)
K = Symbol("K", positive=True)
nu = Symbol("nu", positive=True)
t = Symbol("t", nonnegative=True)
m = Symbol("m", positive=True)

_p = 1 / gamma
_q = 1 - 1 / (2 * gamma)


def regularised_risk() -> Expr:
    """L1, Q1: B_p c**p lam**(2-p), B_p = 2 gamma/(2 gamma - 1); (c/lam)**p components, each lam too small."""
    return 2 * gamma / (2 * gamma - 1) * c**_p * lam ** (2 - _p)


def diagonal_optimal_risk() -> Expr:
    """L*: B_p c**p (2 Delta log(d/K)/n)**(1 - 1/(2 gamma)), at lam = sqrt(2 Delta log(d/K)/n)."""
    return regularised_risk().subs(lam, sqrt(2 * Delta * log(d / K) / n))


def diagonal_noise_plateau() -> Expr:
    """L3: Delta/log(d/n), the interpolator's plateau for n << d."""
    return Delta / log(d / n)


def diagonal_peak() -> Expr:
    """L4, n = d: (Delta/2) sqrt(pi/2) (2 d lam**2 sqrt(pi/2)/Delta)**(-1/3)."""
    return Delta / 2 * sqrt(pi / 2) * (2 * d * lam**2 * sqrt(pi / 2) / Delta) ** Rational(-1, 3)


def spike_sum_constant(threshold: Expr | int = 2) -> Expr:
    """H_p(t), t >= 2: sum of the spikes' risks over (c/nu)**p (see `rank_one.power_law_risk`)."""
    least = _least_detected(threshold)
    return least ** (-_p) * (
        _p / (2 - _p) * least**2
        + threshold**2
        + 2
        - 4 * threshold * _p / (_p + 1) / least
        + 3 * _p / (_p + 2) / least**2
    )


def spike_count_constant(threshold: Expr | int = 2) -> Expr:
    """J_p(t), t >= 2: the same for the degrees of freedom."""
    least = _least_detected(threshold)
    return least ** (-_p) * (1 - threshold * _p / (_p + 1) / least + _p / (_p + 2) / least**2)


def quadratic_optimal_risk() -> Expr:
    """Q*, Q3a: c**p H_p(2) (d Delta/(2n))**(1 - 1/(2 gamma)), at lam = sqrt(2 d Delta/n)."""
    return c**_p * spike_sum_constant() * (d * Delta / (2 * n)) ** _q


def quadratic_noiseless_risk() -> Expr:
    """Q3n: c**2 H_p(2)**(2 gamma) (2n/d)**(1 - 2 gamma)."""
    return c**2 * spike_sum_constant() ** (2 * gamma) * (2 * n / d) ** (1 - 2 * gamma)


def quadratic_noise_leak() -> Expr:
    """Q3b: (2/7) (15 pi n/(4 d**2))**(2/5) Delta, the cost of interpolating noise for n << d**2."""
    return Rational(2, 7) * (15 * pi * n / (4 * d**2)) ** Rational(2, 5) * Delta


def quadratic_peak() -> Expr:
    """Q4, n = d**2/4: (3 pi Delta/16) (3 pi d lam**2/(8 Delta))**(-1/3)."""
    return 3 * pi * Delta / 16 * (3 * pi * d * lam**2 / (8 * Delta)) ** Rational(-1, 3)


def optimal_edge_distance() -> Expr:
    """2 - t at the optimum of the quadratic network: (15 pi (c/nu)**p/(2 (p+1) d))**(2/5)."""
    return (15 * pi * (c / nu) ** _p / (2 * (_p + 1) * d)) ** Rational(2, 5)


def bulk_risk() -> Expr:
    """V(t) for 0 <= t <= 2, with cos f = t/2."""
    first, second, third = _bulk_moments()
    return third - 2 * t * second + t**2 * first


def bulk_active() -> Expr:
    """D2(t) for 0 <= t <= 2."""
    _, second, third = _bulk_moments()
    return (third - t * second) / 2


def learned_eigenvalue() -> Expr:
    """Where a target eigenvalue m nu is learned, in units of nu: m + 1/m - t (if m > 1 and this is positive)."""
    return m + 1 / m - t


def eigenvector_overlap() -> Expr:
    """Squared overlap of the learned eigenvector with that of the target: 1 - 1/m**2."""
    return 1 - 1 / m**2


def _least_detected(threshold: Expr | int) -> Expr:
    return (threshold + sqrt(threshold**2 - 4)) / 2


def _bulk_moments() -> tuple[Expr, Expr, Expr]:
    angle = acos(t / 2)
    return (
        (angle - sin(2 * angle) / 2) / pi,
        4 * sin(angle) ** 3 / (3 * pi),
        (angle - sin(4 * angle) / 4) / pi,
    )


__all__ = [
    "bulk_active",
    "bulk_risk",
    "diagonal_noise_plateau",
    "diagonal_optimal_risk",
    "diagonal_peak",
    "eigenvector_overlap",
    "learned_eigenvalue",
    "optimal_edge_distance",
    "quadratic_noise_leak",
    "quadratic_noiseless_risk",
    "quadratic_optimal_risk",
    "quadratic_peak",
    "regularised_risk",
    "spike_count_constant",
    "spike_sum_constant",
]
