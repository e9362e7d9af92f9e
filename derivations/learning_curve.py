"""Eqs. 6 and 56: the learning curve at any learning rate, the secular equation and the critical learning rate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp
from symsl.derivations.companion import from_nodes

from symsl.equations import equation
from symsl.linear.companion import student_matrix
from symsl.linear.vandermonde import vandermonde_inverse, vandermonde_matrix
from symsl.symbols import (
    A_1,
    A_2,
    A_3,
    L,
    Q_vector,
    R_vector,
    T_vector,
    U_vector,
    V_3_inverse,
    a,
    alpha,
    b_mode,
    e_1,
    eta,
    j,
    k,
    l,
    lam,
    sigma_J,
    u,
    v,
    x,
)
from symsl.verification import Case, Derivation, arrives_at, exact_up_to, identity
from symsl.verification.claims import Claim
from symsl.verification.sums import sifted

mode = sp.IndexedBase("W", real=True)
STUDENT = 2 * eta * A_1 + eta**2 * U_vector * e_1
START = 1 + sigma_J**2


def moment(order: Any, amplitude: Any) -> Any:
    """W^(order) = (1/L) sum_k lambda_k^order W_k."""
    return sp.Sum(lam[k] ** order * amplitude, (k, 1, L)) / L


def one_vector() -> Iterator[Claim]:
    moved = equation("29").statement.rhs - 2 * equation("28").statement.rhs
    in_full = moved.subs({A_2: 2 * eta * A_1 - 2 * STUDENT, A_3: STUDENT})
    difference = Q_vector - 2 * R_vector + T_vector
    yield identity(
        "W = Q - 2R + T closes on itself: dW/dalpha = A_3 W, and eps_g = W^(1)/2",
        sp.expand(in_full),
        sp.expand(STUDENT * difference),
        wrong=sp.expand(STUDENT * (Q_vector - R_vector)),
    )


def eigenvectors_of_the_companion_basis() -> Iterator[Claim]:
    solution = sp.Sum(b_mode[k] * v[k, l] * sp.exp(-a[k] * alpha), (k, 1, L))
    row = (2 * eta * v[k, l + 1] - eta**2 * u[l + 1] * v[k, 1]) / a[k]  # row l of A_3 v_k = -a_k v_k
    right = -2 * eta * solution.subs(l, l + 1) + eta**2 * u[l + 1] * solution.subs(l, 1)
    yield identity(
        "W^(l) = sum_k b_k v_{k,l} exp(-a_k alpha) obeys dW^(l) = -2 eta W^(l+1) + eta^2 u_{l+1} W^(1), row by row",
        sp.diff(sp.Sum(b_mode[k] * row * sp.exp(-a[k] * alpha), (k, 1, L)), alpha),
        right,
        wrong=-right,
    )
    error = START / 2 * solution.subs(l, 1)
    yield arrives_at(
        "6",
        "On average W(0) = (1 + sigma_J^2) (u_0, ..., u_{L-1}), and sum_k b_k v_k is that vector by the choice of b",
        error,
        wrong=START * solution.subs(l, 2) / 2,
    )
    coefficients = sp.Sum(V_3_inverse[k, l] * u[l], (l, 0, L - 1))
    yield arrives_at(
        "56",
        "With the inverse of the eigenvector matrix the choice is b = V_3^{-1} (u_0, ..., u_{L-1})",
        START / 2 * sp.Sum(coefficients * v[k, 1] * sp.exp(-a[k] * alpha), (k, 1, L)),
    )


def eigenbasis() -> Iterator[Claim]:
    other = sp.Symbol("r", integer=True, positive=True)
    total = sp.Sum(lam[other] * mode[other], (other, 1, L)) / L  # W^(1)
    velocity = -2 * eta * lam[k] * mode[k] + eta**2 * lam[k] * total
    yield identity(
        "With W^(l) = (1/L) sum_k lambda_k^l W_k the hierarchy holds at every order if each mode "
        "moves on its own but for W^(1)",
        moment(l, velocity),
        -2 * eta * moment(l + 1, mode[k]) + eta**2 * moment(l + 1, 1) * total,
        wrong=-2 * eta * moment(l + 1, mode[k]) - eta**2 * moment(l + 1, 1) * total,
    )
    entry = sifted(sp.diff(velocity, mode[j]))
    yield arrives_at(
        "eigenbasis-matrix",
        "dW_k/dalpha holds W_j with this weight: a symmetric matrix",
        entry,
        domain={L: [3], j: [2], k: [2]},
        wrong=entry - eta,
    )
    yield exact_up_to(3, "It is V^{-1} A_3 V with the matrices symsl computes with", similar)


def similar(size: int) -> Case:
    nodes, coefficients = from_nodes(size)
    moments = [sum(node**order for node in nodes) / sp.Integer(size) for order in range(size + 1)]
    matrix = sp.Matrix(vandermonde_matrix(nodes))
    inverse = sp.Matrix(vandermonde_inverse(nodes, coefficients))
    moved = sp.Matrix(student_matrix(coefficients, moments, eta)) * matrix
    expected = sp.Matrix(
        size,
        size,
        lambda r, s: -2 * eta * nodes[r] * (1 if r == s else 0) + eta**2 / size * nodes[r] * nodes[s],
    )
    return Case(inverse * moved, expected, expected + sp.eye(size), f"L = {size}")


def secular_sum(rate: Any, power: int = 1) -> Any:
    """sum_j lambda_j^2 / (2 eta lambda_j - rate)^power."""
    return sp.Sum(lam[j] ** 2 / (2 * eta * lam[j] - rate) ** power, (j, 1, L))


def secular_equation() -> Iterator[Claim]:
    unknown = sp.Symbol("S")
    component = lam[k] / (2 * eta * lam[k] - x)
    row = -2 * eta * lam[k] * component + eta**2 / L * lam[k] * unknown
    (solved,) = sp.solve(sp.Eq(row, -x * component), unknown)
    yield identity(
        "w_j = lambda_j/(2 eta lambda_j - a) is an eigenvector to -a if sum_j lambda_j w_j = L/eta^2, in every row",
        row.subs(unknown, L / eta**2),
        -x * component,
        wrong=x * component,
    )
    yield arrives_at("secular-equation", "so the rates solve this equation", sp.simplify(solved))
    f = secular_sum(x)
    yield identity(
        "f(a) = sum_j lambda_j^2/(2 eta lambda_j - a) has the derivative sum_j lambda_j^2/(2 eta lambda_j - a)^2 > 0: "
        "between two poles it rises from -infinity to infinity, below the last from 0 (a -> -infinity) to infinity",
        sp.diff(f, x),
        secular_sum(x, 2),
        wrong=-secular_sum(x, 2),
    )
    yield identity(
        "The pole at 2 eta lambda_k has the positive weight lambda_k^2, so there is exactly one root in each gap "
        "2 eta lambda_{k+1} < a < 2 eta lambda_k and one below 2 eta lambda_L: L roots, all",
        (2 * eta * lam[k] - x) * (lam[k] ** 2 / (2 * eta * lam[k] - x)),
        lam[k] ** 2,
        wrong=-(lam[k] ** 2),
    )
    mean = sp.Symbol("mean", positive=True)
    gap = L * (eta * mean - 2) / (2 * eta**2)
    in_full = gap.subs(mean, sp.Sum(lam[j], (j, 1, L)) / L)
    yield identity(
        "The lowest root is positive exactly if f(0) < L/eta^2, since f rises; and f(0) - L/eta^2 has the sign of "
        "eta u_1 - 2",
        f.subs(x, 0) - L / eta**2,
        in_full,
        wrong=-in_full,
    )
    (solved,) = sp.solve(gap, eta)
    yield arrives_at(
        "critical-learning-rate", "which changes at eta = 2/u_1, for every spectrum", solved.subs(mean, u[1])
    )


def closed_form() -> Iterator[Claim]:
    mean = sp.Sum(lam[j], (j, 1, L)) / L
    overlap = sp.Sum(lam[j] / (2 * eta * lam[j] - x), (j, 1, L))  # w . (1, ..., 1)
    yield identity(
        "Overlap with the start, (1, ..., 1): a sum_j lambda_j/(2 eta lambda_j - a) = 2 eta f(a) - L u_1",
        x * overlap,
        2 * eta * secular_sum(x) - L * mean,
        wrong=2 * eta * secular_sum(x) + L * mean,
    )
    with_start = (2 * eta * L / eta**2 - L * u[1]) / a[k]
    with_error = L / eta**2
    length = secular_sum(a[k], 2)
    term = with_error * with_start / length * sp.exp(-a[k] * alpha)
    yield arrives_at(
        "learning-curve-modes",
        "The matrix is symmetric, so its eigenvectors are orthogonal: eps_g = (1 + sigma_J^2)/(2L) sum_k (lambda.w_k) "
        "(w_k.1)/(w_k.w_k) exp(-a_k alpha), with lambda.w_k = L/eta^2",
        START / (2 * L) * sp.Sum(term, (k, 1, L)),
        wrong=START / L * sp.Sum(term * a[k], (k, 1, L)),
    )


def claims() -> Iterator[Claim]:
    yield from one_vector()
    yield from eigenvectors_of_the_companion_basis()
    yield from eigenbasis()
    yield from secular_equation()
    yield from closed_form()


DERIVATION = Derivation(
    "The learning curve of the linear network at any learning rate",
    "Eqs. 23, 28 and 29 with A_3 = 2 eta A_1 + eta^2 U e_1; averages T^(l) = u_l, R(0) = 0, Q^(l)(0) = sigma_J^2 u_l; "
    "A_3 is similar to a symmetric matrix with distinct eigenvalues.",
    claims,
)

if __name__ == "__main__":
    DERIVATION.main()
