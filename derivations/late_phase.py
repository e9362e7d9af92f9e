"""The end of training: the equations linearised about the solution, what eps_g sees of them, and its course."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from symsl.equations import equation
from symsl.erf.symmetric import Overlaps, generalisation_error, linearised
from symsl.symbols import (
    A_a,
    A_b,
    L,
    M,
    alpha,
    dev_c,
    dev_q,
    dev_r,
    dev_s,
    eta,
    k,
    l,
    lam,
    u,
    w_d,
    w_d_k,
    w_o,
    w_o_k,
    x_1,
    x_next,
)
from symsl.verification import Claim, Derivation, arrives_at, identity

PREFACTOR = 2 * eta / (sp.pi * M)
U = sp.Symbol("U", positive=True)
HALF = sp.Rational(1, 2)
SOLUTION = Overlaps(1, 0, 1, 0, 1, 0)
DEVIATIONS = sp.Matrix([dev_r, dev_s, dev_q, dev_c])
W = sp.Matrix([[-2, 0, 1, 0], [0, -2, 0, 1]])  # w = (q - 2r, c - 2s)


def claims() -> Iterator[Claim]:
    """From the rates near the solution to the learning curve."""
    by_next, by_first = (sp.expand(jacobian) for jacobian in linearised(SOLUTION, Overlaps(U, 0, U, 0, U, 0), M))
    a, b = -by_next, by_first / U
    yield arrives_at("119", "the rates of order l depend on the deviations of order l + 1 through -A_a", a)
    yield arrives_at("120", "and on those of order 1 through u_(l+1) A_b", b)
    at_next, at_first = (sp.Matrix(sp.symbols(f"r_{i} s_{i} q_{i} c_{i}", real=True)) for i in ("next", "first"))
    yield arrives_at(
        "118",
        "together",
        PREFACTOR * (by_next * at_next + by_first * at_first),
        given={x_next: at_next, x_1: at_first, u[l + 1]: U} | {X: equation(n).statement.rhs for X, n in _MATRICES},
        wrong=PREFACTOR * (by_first * at_first - by_next * at_next),
    )

    H = a[:2, :2]
    x = sp.Symbol("x")
    h_plus, h_minus = 1 / sp.sqrt(3) + (M - 1) / 2, 1 / sp.sqrt(3) - HALF
    yield identity(
        "the eigenvalues of A_a are h_-, h_+, 2 h_-, 2 h_+",
        a.charpoly(x).as_expr(),
        (x - h_minus) * (x - h_plus) * (x - 2 * h_minus) * (x - 2 * h_plus),
        wrong=(x - h_minus) ** 2 * (x - h_plus) ** 2,
    )
    yield identity(
        "w = (q - 2r, c - 2s) obeys an equation of its own: the term of order 1 drops out",
        W * b,
        sp.zeros(2, 4),
        wrong=sp.Matrix([[2, 0, 1, 0], [0, 2, 0, 1]]) * b,
    )
    yield identity("and what is left is 2H on w", W * a, 2 * H * W, wrong=H * W)

    modes = sp.Matrix([w_d[k], w_o[k]])
    yield identity(
        "in the eigenbasis, w^(l) = (1/L) sum_k lambda_k^l w_k, dw_k = -2 lambda_k H w_k gives dw^(l) = -2 H w^(l+1) "
        "at every order l (and as the lambda_k differ, only this does)",
        (-2 * H * modes).applyfunc(lambda entry: sp.Sum(lam[k] ** (l + 1) * sp.expand(entry), (k, 1, L)) / L),
        (-2 * H * modes * lam[k]).applyfunc(lambda entry: sp.Sum(lam[k] ** l * sp.expand(entry), (k, 1, L)) / L),
        wrong=(-2 * H * modes).applyfunc(lambda entry: sp.Sum(lam[k] ** l * sp.expand(entry), (k, 1, L)) / L),
        domain={L: [8], l: [1, 2, 3]},
    )
    yield arrives_at(
        "16",
        "so each mode relaxes by itself",
        PREFACTOR * (-2 * lam[k] * H * modes),
        given={w_d_k(alpha): w_d[k], w_o_k(alpha): w_o[k]},
        wrong=PREFACTOR * (2 * lam[k] * H * modes),
        domain={k: [1, 2, 3]},
    )
    yield from _curve(H, h_plus, h_minus)


def _curve(H: Any, h_plus: Any, h_minus: Any) -> Iterator[Claim]:
    """eps_g along the solution of the mode equations."""
    R_1, S_1, Q_1, C_1 = variables = sp.symbols("R_1 S_1 Q_1 C_1", real=True)
    error = generalisation_error(Overlaps(R_1, S_1, Q_1, C_1, 1, 0), M)
    gradient = sp.Matrix([error]).jacobian(variables).subs(dict(zip(variables, SOLUTION[:4], strict=True)))
    first_order = (gradient * DEVIATIONS)[0]
    yield identity(
        "eps_g vanishes at the solution",
        error.subs(dict(zip(variables, SOLUTION[:4], strict=True))),
        sp.Integer(0),
        wrong=sp.Rational(1, 3),
    )
    yield arrives_at("121", "its first-order change depends on w only", first_order)

    plus, minus = sp.Matrix([[1, M - 1]]), sp.Matrix([[1, -1]])
    yield identity(
        "w_+ = w_d + (M-1) w_o and w_- = w_d - w_o relax with h_+ and h_-",
        sp.Matrix.vstack(plus * H, minus * H),
        sp.Matrix.vstack(h_plus * plus, h_minus * minus),
        wrong=sp.Matrix.vstack(h_minus * plus, h_plus * minus),
    )
    in_groups = (h_plus * plus + (M - 1) * h_minus * minus) / (sp.pi * M)
    yield identity(
        "eps_g of Eq. 121 is (1/(pi M)) [h_+ w_+ + (M-1) h_- w_-]",
        first_order,
        (in_groups * W * DEVIATIONS)[0],
        wrong=((h_plus * plus + h_minus * minus) / (sp.pi * M) * W * DEVIATIONS)[0],
    )
    f, rate = sp.Function("f"), sp.Symbol("rate", positive=True)
    decay = sp.dsolve(f(alpha).diff(alpha) + rate * f(alpha), f(alpha), ics={f(0): 1}).rhs
    start = sp.Matrix([w_d[k], w_o[k]])
    groups = [
        weight * h * (row * start)[0] * decay.subs(rate, 2 * PREFACTOR * h * lam[k])
        for row, h, weight in ((plus, h_plus, 1), (minus, h_minus, M - 1))
    ]
    curve = sp.Sum(lam[k] * sum(groups), (k, 1, L)) / (sp.pi * M * L)
    for entry in ("17", "122"):
        yield arrives_at(
            entry,
            "eps_g = sum over the modes of lambda_k/L times Eq. 121 (order 1)",
            curve,
            wrong=curve.subs(alpha, 2 * alpha),
            domain={L: [8]},
        )


_MATRICES = ((A_a, "119"), (A_b, "120"))

DERIVATION = Derivation(
    "The end of training of the erf network",
    "Eqs. 93 and 94 with K = M, O(eta); T^(l) = u_l delta with u_1 = 1; first order in the deviations from Q = R = T. "
    "Sums over units collapse as derivation symmetric_sums shows.",
    claims,
    rests_on=("symmetric_sums",),
)

if __name__ == "__main__":
    DERIVATION.main()
