"""The escape time for many units and for many eigenvalues: its limit with the first correction, and how far off it is.

With x = (1 + D)/(2M) <= 1/2 Eq. 15 is

    tau_esc = (pi M^2/(eta (1+D) (T2 - D2/(M-1)))) (1 + x) (1 - theta x^2),    1/2 <= theta <= 1,

and for a power law with D2 = 0, e_1 = L^(-beta)/(beta zeta(1+beta)), e_2 = L^(-1-2 beta)/((1+2 beta) zeta(2+2 beta)),

    tau_esc = (A zeta(1+beta)^2/(eta L zeta(2+2 beta))) (1 - theta_1 e_1)^2/(1 - theta_2 e_2),
    A = pi sqrt(2M-1-D) (2M+1+D)^(3/2)/(4 (1+D)),   (1+1/L)^(-beta) <= theta_1 <= 1,   0 < theta_2 <= 1.
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb

from symsl.erf.escape import require_escape
from symsl.precision import ball


def escape_time_of_many_units(
    M: int, eta: Fraction, T2: arb, D: Fraction | int = 0, D2: Fraction | int = 0
) -> tuple[arb, arb]:
    """(pi M^2/(eta (1+D) (T2 - D2/(M-1)))) (1 + x), and a bound on its distance from tau_esc: x^2 times it.

    The distance is between one half of the bound and the bound.
    """
    require_escape(M, T2, D, D2)
    x = ball(Fraction(1 + D) / (2 * M))
    contrast = T2 - ball(Fraction(D2) / (M - 1))
    limit = arb.pi() * M**2 * (1 + x) / (ball(eta * (1 + D)) * contrast)
    return limit, limit * x * x


def escape_time_of_many_eigenvalues(
    M: int, L: int, beta: Fraction, eta: Fraction, D: Fraction | int = 0
) -> tuple[arb, arb]:
    """(A zeta(1+beta)^2/(eta L zeta(2+2 beta))) (1 - 2 e_1), and a bound on its distance from tau_esc at D2 = 0.

    The bound is (2 beta e_1/L + e_1^2 + e_2)/(1 - e_2) times the factor in front.
    """
    require_escape(M, arb(1), D, 0)
    first, second = (ball(exponent).zeta() for exponent in (1 + beta, 2 + 2 * beta))
    e_1 = arb(L) ** ball(-beta) / (ball(beta) * first)
    e_2 = arb(L) ** ball(-1 - 2 * beta) / (ball(1 + 2 * beta) * second)
    root = ball(2 * M + 1 + D).sqrt()
    A = arb.pi() * ball(2 * M - 1 - D).sqrt() * root * root * root / ball(4 * (1 + D))
    leading = A * first * first / (ball(eta) * L * second)
    return leading * (1 - 2 * e_1), leading * (ball(2 * beta / L) * e_1 + e_1 * e_1 + e_2) / (1 - e_2)
