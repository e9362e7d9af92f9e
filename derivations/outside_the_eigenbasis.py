"""Eqs. 83-88: a student that trains some input components, not eigendirections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from symsl.equations import equation
from symsl.symbols import (
    B_a,
    B_a_row,
    B_b,
    B_b_row,
    J_a,
    J_a_start,
    J_b,
    J_b_row,
    N,
    Q,
    R,
    S_aa,
    S_ab,
    S_ba,
    S_bb,
    T,
    alpha,
    eta,
    sigma_J,
    trace_aa,
    trace_bb,
    trace_explained,
)
from symsl.verification import Derivation, arrives_at, identity
from symsl.verification.claims import Claim

relaxation = sp.Symbol("E", commutative=False)  # exp(-eta S_aa alpha): d E/dalpha = -eta S_aa E
EXPLAINED = S_ba * S_aa**-1 * S_ab


def dynamics() -> Iterator[Claim]:
    blocks = equation("82").statement.rhs
    deviation = sp.Matrix([J_a - B_a, J_b - B_b])
    drift = -eta * blocks * deviation
    yield arrives_at(
        "83",
        "Eq. 60 in blocks; the frozen components do not move",
        sp.Matrix([drift[0], 0]),
        wrong=sp.Matrix([-drift[0], 0]),
    )
    limit = B_a + S_aa**-1 * S_ab * (B_b - J_b)
    path = limit + relaxation * (J_a_start - limit)
    yield identity(
        "J_a = limit + E (J_a(0) - limit) obeys it, with limit = B_a + S_aa^{-1} S_ab (B_b - J_b)",
        sp.expand(-eta * S_aa * relaxation * (J_a_start - limit)),
        sp.expand(drift[0].subs(J_a, path)),
        wrong=sp.expand(drift[0].subs(J_a, path) + S_ab * B_b),
    )
    yield arrives_at("84", "and starts at J_a(0)", sp.expand(path).subs(relaxation, sp.exp(-eta * alpha * S_aa)))
    yield arrives_at("85", "S_aa is positive definite, so E -> 0", path.subs(relaxation, 0))


def overlap(first: tuple[Any, Any], second: tuple[Any, Any]) -> Any:
    """(row_a, row_b) Sigma (column_a, column_b) / N."""
    (row_a, row_b), (column_a, column_b) = first, second
    return sp.expand(row_a * (S_aa * column_a + S_ab * column_b) + row_b * (S_ba * column_a + S_bb * column_b)) / N


def order_parameters() -> list[Any]:
    """R^(1) and Q^(1) with the stationary J_a."""
    column = (B_a + S_aa**-1 * S_ab * (B_b - J_b), J_b)
    row = (B_a_row + (B_b_row - J_b_row) * S_ba * S_aa**-1, J_b_row)
    return [overlap(row, (B_a, B_b)), overlap(row, column)]


def average(expression: Any) -> Any:
    """Over B ~ N(0, 1) and J_b ~ N(0, sigma_J^2), independent: B^T X B becomes tr X, mixed terms vanish."""
    teacher_a, teacher_b, frozen = (B_a_row, B_a, 1), (B_b_row, B_b, 1), (J_b_row, J_b, sigma_J**2)
    traces = {S_aa: trace_aa, S_bb: trace_bb, EXPLAINED: trace_explained}
    total = sp.Integer(0)
    for term in sp.Add.make_args(sp.expand(expression)):
        coefficient, factors = term.args_cnc()
        row, *middle, column = sp.Mul(*factors).args_cnc()[1]
        variance = next((v for r, c, v in (teacher_a, teacher_b, frozen) if (r, c) == (row, column)), 0)
        if variance:
            total += sp.Mul(*coefficient) * variance * traces[sp.Mul(*middle)]
    return total


def stationary_error() -> Iterator[Claim]:
    derived = sp.Matrix(order_parameters())
    yield arrives_at("86", "J.Sigma B/N and J.Sigma J/N in blocks, with Eq. 85 inserted", derived)
    means = [average(value) for value in order_parameters()]
    yield arrives_at("87", "E[B^T X B] = tr X, E[J_b^T X J_b] = sigma_J^2 tr X, mixed terms vanish", sp.Matrix(means))
    teacher = average(overlap((B_a_row, B_b_row), (B_a, B_b)))
    error = equation("23").statement.rhs.subs({R[1]: means[0], Q[1]: means[1], T[1]: teacher})
    yield arrives_at(
        "88",
        "Inserted in Eq. 23: the trace of the Schur complement",
        error,
        wrong=(1 + sigma_J**2) / (2 * N) * (trace_bb + trace_explained),
    )


def claims() -> Iterator[Claim]:
    yield from dynamics()
    yield from stationary_error()


DERIVATION = Derivation(
    "Training outside the eigenbasis",
    "The mean path (Eq. 60) with the covariance in blocks (Eq. 82), S_aa positive definite; vectors and matrices of "
    "any size are letters that do not commute; averages over B ~ N(0, 1) and J ~ N(0, sigma_J^2); Eq. 23.",
    claims,
)

if __name__ == "__main__":
    DERIVATION.main()
