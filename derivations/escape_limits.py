"""The escape time for many units and for many eigenvalues: Eq. 15 with remainders that are bounded."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from symsl.equations import equation
from symsl.symbols import D2, T2, D, L, M, beta, k, theta_1, theta_2, theta_M
from symsl.verification import Claim, Derivation, arrives_at, identity

rho = sp.Symbol("rho", positive=True)  # sqrt(1 - x^2)
y, e_1, a, b, p = sp.symbols("y e_1 a b p", positive=True)
H_1, H_2 = sp.symbols("H_1 H_2", positive=True)
_HALF = (-sp.Rational(1, 2), sp.Rational(1, 2))
DOMAIN = {D: _HALF, D2: _HALF, T2: (1, 2), M: [3, 4, 5], e_1: (sp.Rational(1, 4), sp.Rational(1, 2)), b: _HALF}


def claims() -> Iterator[Claim]:
    yield from _many_units()
    yield from _many_eigenvalues()


def _many_units() -> Iterator[Claim]:
    x = (1 + D) / (2 * M)
    root = sp.sqrt(2 * M - 1 - D) * sp.sqrt(2 * M + 1 + D) / (2 * M)
    yield identity(
        "rho = sqrt(2M - 1 - D) sqrt(2M + 1 + D)/(2M) is sqrt(1 - x^2) with x = (1 + D)/(2M)",
        root**2,
        1 - x**2,
        wrong=1 - x,
        domain=DOMAIN,
    )
    theta = 1 / (1 + rho)
    yield identity(
        "theta = 1/(1 + rho) turns the root into 1 - theta (1 - rho^2)",
        1 - theta * (1 - rho**2),
        rho,
        wrong=rho**2,
    )
    yield identity(
        "and lies between 1/2 and 1, for 0 < rho <= 1: both differences have the sign of 1 - rho or of rho",
        sp.Matrix([theta - sp.Rational(1, 2), 1 - theta]),
        sp.Matrix([(1 - rho) / (2 * (1 + rho)), rho / (1 + rho)]),
        wrong=sp.Matrix([(1 + rho) / (2 * (1 + rho)), rho / (1 - rho)]),
        domain={rho: (sp.Rational(1, 4), sp.Rational(1, 2))},
    )
    yield arrives_at(
        "escape-time-many-units",
        "Eq. 15 with 4 M^2 (1 + x) rho for its roots",
        equation("15").statement.rhs,
        given={theta_M: theta.subs(rho, root)},
        domain=DOMAIN,
    )


def _many_eigenvalues() -> Iterator[Claim]:
    yield identity(
        "x^(-p) falls for p > 0, and its integral from x on is x^(1-p)/(p-1): so the tail of zeta(p) after L terms "
        "is between (L+1)^(1-p)/(p-1) and L^(1-p)/(p-1), and zeta(p) > 1/(p-1)",
        sp.Matrix([(y**-p).diff(y), -(y ** (1 - p) / (p - 1)).diff(y)]),
        sp.Matrix([-p * y ** (-p - 1), y**-p]),
        wrong=sp.Matrix([-p * y ** (-p - 1), y ** (1 - p)]),
        domain={p: (sp.Rational(5, 4), 2)},
    )
    harmonic = sp.Sum(k ** (-2 - 2 * beta), (k, 1, L))
    yield identity(
        "the moment of order 2 of Eq. 1, lambda_k = (L/H_1) k^(-1-beta), is L H_2/H_1^2",
        sp.Sum((L / H_1 * k ** (-1 - beta)) ** 2, (k, 1, L)) / L,
        L * harmonic / H_1**2,
        wrong=harmonic / H_1**2,
        domain={L: [2, 3]},
    )

    def cut(exponent: sp.Expr, theta: sp.Symbol) -> sp.Expr:
        return sp.zeta(exponent) - theta * L ** (1 - exponent) / (exponent - 1)

    escape_time = equation("15").statement.rhs.subs(D2, 0).subs(T2, L * H_2 / H_1**2)
    yield arrives_at(
        "escape-time-many-eigenvalues",
        "Eq. 15 with D2 = 0 and H_1 = zeta(1+beta) - theta_1 L^(-beta)/beta, H_2 = zeta(2+2beta) "
        "- theta_2 L^(-1-2beta)/(1+2beta)",
        escape_time.subs({H_1: cut(1 + beta, theta_1), H_2: cut(2 + 2 * beta, theta_2)}),
        domain=DOMAIN | {L: [3, 4], beta: (sp.Rational(1, 2), 1), theta_1: (0, 1), theta_2: (0, 1)},
    )
    yield identity(
        "the distance from 1 - 2 e_1, with a = theta_1 e_1 and b = theta_2 e_2: at most 2 (e_1 - a) + e_1^2 + e_2, "
        "over 1 - e_2, as 0 < e_1, e_2 < 1",
        (1 - a) ** 2 / (1 - b) - (1 - 2 * e_1),
        (2 * (e_1 - a) + a**2 + b * (1 - 2 * e_1)) / (1 - b),
        wrong=(2 * (e_1 - a) - a**2 + b * (1 - 2 * e_1)) / (1 - b),
        domain=DOMAIN | {a: (sp.Rational(1, 4), sp.Rational(1, 2)), b: (sp.Rational(1, 4), sp.Rational(1, 2))},
    )
    yield identity(
        "(1 + y)^(-beta) - 1 + beta y vanishes at 0 and grows, its slope is beta (1 - (1 + y)^(-beta-1)): for y = "
        "1/L, theta_1 >= 1 - beta/L and e_1 - a <= beta e_1/L",
        sp.Matrix([((1 + y) ** -beta - 1 + beta * y).diff(y), ((1 + y) ** -beta - 1 + beta * y).subs(y, 0)]),
        sp.Matrix([beta * (1 - (1 + y) ** (-beta - 1)), 0]),
        wrong=sp.Matrix([beta * (1 - (1 + y) ** (-beta)), 0]),
    )


DERIVATION = Derivation(
    "Limits of the escape time",
    "Eqs. 1 and 15; the sum of a falling positive function over k > L lies between its integrals from L + 1 and L.",
    claims,
)

if __name__ == "__main__":
    DERIVATION.main()
