"""The plateau: where the order-parameter equations with coinciding students stand still, and eps_g there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from symsl.erf.symmetric import Overlaps, Rates, generalisation_error, positive_power, rates, simplest, split_radicals
from symsl.symbols import D, D_l, M, T_l
from symsl.verification import Claim, Derivation, arrives_at, identity

R, Q, R_l, Q_l = sp.symbols("R Q R_l Q_l", positive=True)
_SMALL = (sp.Rational(1, 20), sp.Rational(1, 10))
DOMAIN = {
    D: (-sp.Rational(1, 2), sp.Rational(1, 2)),
    D_l: (-sp.Rational(1, 2), sp.Rational(1, 2)),
    R: _SMALL,
    R_l: _SMALL,
}


def coinciding(R: Any, Q: Any, T: Any, row: Any) -> Overlaps:
    """The order parameters of J_i = J* for a teacher with diagonal T and off-diagonal elements row/(M-1)."""
    return Overlaps(R, R, Q, Q, T, row / (M - 1))


def flow(R: Any, Q: Any, R_l: Any, Q_l: Any) -> Rates:
    """The rates of order l on the coinciding states, radicals written in one way."""
    return Rates(*(split_radicals(rate) for rate in rates(coinciding(R, Q, 1, D), coinciding(R_l, Q_l, T_l, D_l), M)))


def eliminate(flow_1: Rates) -> tuple[Any, Any]:
    """(R^2, Q) where both rates of order 1 vanish.

    Each rate is a/sqrt(Lambda) + b/sqrt(1 + 2Q): both vanish only where the determinant of the coefficients does, which
    is linear in R^2, and where a^2 (1 + 2Q) = b^2 Lambda.
    """
    Lambda, P = 2 * Q + 2 - R**2, 2 * Q + 1
    a, b = sp.symbols("a b")
    coefficients = []
    for rate in (flow_1.R, flow_1.Q):
        linear = sp.Poly(sp.numer(sp.together(rate.subs({1 / sp.sqrt(Lambda): a, 1 / sp.sqrt(P): b}))), a, b)
        coefficients.append((linear.coeff_monomial(a), linear.coeff_monomial(b)))
    (a_R, b_R), (a_Q, b_Q) = coefficients
    square = sp.Symbol("R_squared", positive=True)
    (R_squared,) = sp.solve(sp.numer(sp.factor(a_R * b_Q - b_R * a_Q)).subs(R, sp.sqrt(square)), square)
    remaining = sp.numer(sp.factor((a_Q**2 * P - b_Q**2 * Lambda).subs(R, sp.sqrt(R_squared))))
    (Q_value,) = (root for root in sp.solve(remaining, Q) if root.has(D))
    return R_squared, Q_value


def solve_higher_order(R_1: Any, Q_1: Any) -> tuple[Any, Any]:
    """(R^(l), Q^(l)) where both rates of order l - 1 vanish: two linear equations."""
    rate = flow(R_1, Q_1, R_l, Q_l)
    R_order_l = linear_root(rate.R, R_l)
    return R_order_l, linear_root(rate.Q.subs(R_l, R_order_l), Q_l)


def linear_root(expression: Any, variable: Any) -> Any:
    """Where an expression that is linear in the variable vanishes."""
    return simplest(-simplest(expression.subs(variable, 0)) / simplest(expression.diff(variable)))


def claims() -> Iterator[Claim]:
    """From the rates on coinciding students to the fixed point of every order and its height."""
    generic = flow(R, Q, R_l, Q_l)
    bent = rates(coinciding(R, Q, 1, D), coinciding(R_l, Q_l, T_l, D_l)._replace(T_off=D_l), M)
    yield identity(
        "coinciding students stay so: equal rows of T^(l) give equal rates, diagonal or not, at every order",
        sp.Matrix([generic.R, generic.Q]),
        sp.Matrix([generic.S, generic.C]),
        wrong=sp.Matrix([split_radicals(bent.S), split_radicals(bent.C)]),
        domain=DOMAIN,
    )

    R_squared, Q_value = eliminate(Rates(*(rate.subs({T_l: 1, D_l: D}) for rate in flow(R, Q, R, Q))))
    yield identity(
        "where both rates of order 1 vanish, M R^2 = (1 + D) Q",
        M * R_squared,
        (1 + D) * Q,
        wrong=(1 - D) * Q,
        domain=DOMAIN,
    )
    Q_1 = sp.factor(Q_value)
    R_1 = positive_power(R_squared.subs(Q, Q_1), sp.Rational(1, 2))
    for entry in ("13", "97"):
        yield arrives_at(
            entry,
            "the remaining equation is linear in Q; R* and Q* of order 1",
            sp.Matrix([R_1, Q_1]),
            wrong=sp.Matrix([R_1, M * Q_1]),
            domain=DOMAIN,
        )

    R_order_l, Q_order_l = solve_higher_order(R_1, Q_1)
    yield arrives_at(
        "98",
        "the rates of order l - 1 vanish for one R^(l) and Q^(l)",
        sp.Matrix([R_order_l, Q_order_l]),
        wrong=sp.Matrix([R_order_l, Q_order_l / M]),
        domain=DOMAIN,
    )
    yield identity(
        "all four rates of every order vanish there (the wrong twin forgets a factor M in Q^(l))",
        sp.Matrix(flow(R_1, Q_1, R_order_l, Q_order_l)),
        sp.zeros(4, 1),
        wrong=sp.Matrix(flow(R_1, Q_1, R_order_l, Q_order_l / M)),
        domain=DOMAIN,
    )

    height = generalisation_error(coinciding(R_1, Q_1, 1, D), M)
    height = sp.expand(height.xreplace({node: sp.asin(simplest(node.args[0])) for node in height.atoms(sp.asin)}))
    yield arrives_at(
        "99",
        "eps_g of Eq. 94 at R*, Q*",
        height,
        wrong=height.subs(D, -D),
        domain=DOMAIN,
    )


DERIVATION = Derivation(
    "The plateau of the erf network",
    "K = M, O(eta); students coincide; T^(1) has diagonal 1 and rows 1 + D, T^(l) diagonal T^(l) and rows T^(l) + "
    "D^(l), off-diagonal elements of one order equal; 2M - 1 - D > 0, 1 + D > 0. "
    "Sums over units collapse as derivation symmetric_sums shows.",
    claims,
    rests_on=("symmetric_sums",),
)

if __name__ == "__main__":
    DERIVATION.main()
