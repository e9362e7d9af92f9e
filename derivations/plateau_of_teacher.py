"""The plateau of a teacher whose rows differ: the fixed point for any K and M, and the paper's approximation of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from symsl.equations import equation
from symsl.erf.symmetric import positive_power, simplest
from symsl.symbols import (
    T_1,
    D,
    D_l,
    D_rows,
    K,
    M,
    Q_l_star,
    Q_star,
    Q_units,
    R_l_star,
    R_plateau,
    R_star,
    R_units,
    T_l,
    T_units,
    eta,
    l,
    m,
    n,
)
from symsl.verification import Claim, Derivation, arrives_at, identity

a = sp.Symbol("a", positive=True)  # the common 1/sqrt(Lambda)
S, R_squared = sp.symbols("S R_squared", positive=True)
_SMALL = (sp.Rational(1, 20), sp.Rational(1, 10))
DOMAIN = {D: _SMALL, D_l: _SMALL, n: [1, 2], M: [3, 4], K: [2, 3], l: [1, 2], R_star: _SMALL, Q_star: _SMALL}


def coinciding(expression: Any) -> Any:
    """R_in^(l) = R_n^(l) and Q_ij^(l) = Q^(l): the order l + 1 that occurs is called l."""

    def order_parameter(node: Any) -> Any:
        if node.base == R_units:
            return R_plateau[node.indices[1], _lowered(node.indices[2])]
        if node.base == T_units:
            return T_units[node.indices[0], node.indices[1], _lowered(node.indices[2])]
        return Q_star if node.indices[2] == 1 else Q_l_star

    return expression.replace(
        lambda node: isinstance(node, sp.Indexed) and node.base in (R_units, Q_units, T_units), order_parameter
    )


def _lowered(order: Any) -> Any:
    return l if order == l + 1 else order


def pull(summand: Callable[[Any], Any]) -> Any:
    """sum_m summand(m)/sqrt(Lambda_m)."""
    root = sp.sqrt((1 + Q_star) * (1 + T_units[m, m, 1]) - R_plateau[m, 1] ** 2)
    return sp.Sum(summand(m) / root, (m, 1, M))


def claims() -> Iterator[Claim]:
    """From Eqs. 92 and 93 on coinciding students to Eqs. 95 and 96."""
    norm = pull(lambda unit: R_plateau[unit, 1]) + M / sp.sqrt(1 + 2 * Q_star)
    towards = [pull(lambda unit: T_units[n, unit, l]), pull(lambda unit: R_plateau[unit, l])]
    unit_of_time = 2 * eta / (sp.pi * K * (1 + Q_star))
    forces = [(1 + Q_star) * towards[0] - R_plateau[n, l] * norm, (1 + Q_star) * towards[1] - Q_l_star * norm]
    for entry, what, force, factor in (("92", "R_n", forces[0], 1), ("93", "Q", forces[1], 2)):
        velocity = coinciding(equation(entry).statement.rhs)
        yield identity(
            f"Eq. {entry} on coinciding students: the velocity of {what}^(l-1), the same for all of them and for any K",
            velocity,
            factor * unit_of_time * force,
            wrong=factor * unit_of_time * force.subs(M, K),
            domain=DOMAIN | {M: [3], K: [2]},
        )
    yield arrives_at(
        "plateau-any-teacher",
        "where both velocities vanish (each is linear in the order parameter of order l)",
        sp.Matrix(
            [
                -force.subs(unknown, 0) / sp.expand(force).coeff(unknown, 1)
                for force, unknown in zip(forces, (R_plateau[n, l], Q_l_star), strict=True)
            ]
        ),
        domain=DOMAIN,
    )
    yield from _approximation()


def with_one_root(expression: Any) -> Any:
    """The exact fixed point with all Lambda_m equal, a = Lambda^(-1/2), and the sums over units named.

    sum_m T_nm^(l) = T_nn^(l) + D_n^(l), sum_m R_m = M R, sum_m R_m^(l) = M R^(l) with the means R and R^(l).
    """

    def named(total: Any) -> Any:
        (body,) = {factor for factor in total.function.args if isinstance(factor, sp.Indexed)}
        if body.base == T_units:
            return a * (T_units[n, n, l] + D_rows[n, l])
        return a * M * (R_star if body.indices[1] == 1 else R_l_star)

    return expression.replace(lambda node: isinstance(node, sp.Sum), named)


def _approximation() -> Iterator[Claim]:
    R_n, Q_l = with_one_root(equation("plateau-any-teacher").statement.rhs)
    means = {T_units[n, n, l]: S, D_rows[n, l]: 0}  # of order 1, over the teachers
    (a_value,) = sp.solve(Q_l.subs(R_l_star, R_star) - Q_star, a)
    of_mean = sp.factor((R_n.subs(means).subs(a, a_value) / R_star).subs(R_star, sp.sqrt(R_squared)))
    (square,) = sp.solve(of_mean - 1, R_squared)
    yield identity(
        "with one root a for all teachers the mean rows of order 1 have M R^2 = Q S",
        M * square,
        Q_star * S,
        wrong=Q_star * S * M,
        domain=DOMAIN,
    )
    remaining = a_value.subs(R_star, sp.sqrt(square)) ** 2 * ((1 + Q_star) * (1 + T_1) - square) - 1
    (Q_value,) = [root for root in sp.solve(sp.numer(sp.together(remaining)), Q_star) if root.has(T_1)]
    yield identity(
        "and a^2 Lambda = 1 for the mean teacher, Lambda = (1 + Q)(1 + T) - R^2, leaves one Q > 0",
        Q_value,
        S / (M * (1 + T_1) - S),
        wrong=S / (M * T_1 - S),
        domain={S: _SMALL, T_1: (1, 2)},
    )
    at_Q = {Q_star: sp.factor(Q_value)}
    R_mean = sp.sqrt(sp.factor(square.subs(at_Q)))
    weight = R_n.subs({T_units[n, n, l]: 1, D_rows[n, l]: 0}).subs(a, a_value).subs(at_Q).subs(R_star, R_mean)
    weight = positive_power(sp.simplify(weight**2).subs(S, T_1 + D), sp.Rational(1, 2))
    rows = T_units[n, n, l] + D_rows[n, l]
    first = sp.Matrix([weight * rows.subs(l, 1), at_Q[Q_star].subs(S, T_1 + D)])
    higher = sp.Matrix([weight * rows, M * weight**2 * (T_l + D_l)])
    sample = DOMAIN | {T_1: (1, 2), T_l: (1, 2)}
    yield arrives_at("95", "so R_n is c times its own row sum, Q follows from the mean", first, domain=sample)
    yield arrives_at("96", "and so at every order, with the same c", higher, domain=sample)
    root = sp.sqrt((1 + Q_star) * (1 + T_1) - R_star**2)
    exact = sp.Matrix([R_n, Q_l]).subs(a, 1 / root).subs({T_units[n, n, l]: T_1, D_rows[n, l]: D, R_l_star: R_star})
    fixed = first.subs({T_units[n, n, 1]: T_1, D_rows[n, 1]: D})
    at_fixed = {R_star: fixed[0], Q_star: fixed[1]}
    yield identity(
        "exact where all T_nn and all D_n of order 1 are equal: all Lambda_m are then equal too, and Eq. 95 is a fixed "
        "point of Eq. plateau-any-teacher",
        simplest(exact.subs(at_fixed)),
        simplest(fixed),
        wrong=simplest(fixed.subs(M, M + 1)),
        domain=sample,
    )


DERIVATION = Derivation(
    "The plateau of any teacher",
    "Eqs. 92 and 93 with coinciding students, O(eta), any K, M and teacher; from Eq. 95 on all Lambda_m equal.",
    claims,
)

if __name__ == "__main__":
    DERIVATION.main()
