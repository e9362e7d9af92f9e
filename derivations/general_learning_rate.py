"""Eqs. 54, 55, 57: eigenvectors and characteristic polynomial of A_3 in the companion basis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from symsl.linear.companion import companion_matrix, shifted_coefficients, student_matrix, triangular_similarity
from symsl.symbols import L, S_inverse, V_y_inverse, c, eta, j, l, m, u
from symsl.verification import Case, Derivation, arrives_at, exact_up_to, identity
from symsl.verification.claims import Claim
from symsl.verification.sums import first_apart

LARGEST = 5
y = sp.Symbol("y", positive=True)  # a/(2 eta)
step = sp.Symbol("s", integer=True, nonnegative=True)
shift = sp.IndexedBase("t", real=True)  # first column of the triangular matrix
kappa = eta / (2 - eta * u[1])
SMALL = {eta: (sp.Rational(1, 10), sp.Rational(1, 5))}


def eigenvectors() -> Iterator[Claim]:
    first = sp.Symbol("v_1")
    (solved,) = sp.solve(-2 * eta * first + eta**2 * u[1] * first + 2 * eta * y, first)
    yield identity(
        "Row 0 of A_3 v = -a v with v_0 = 1, a = 2 eta y: v_1 = t_0 y, t_0 = 1 + kappa u_1, kappa = eta/(2 - eta u_1)",
        solved,
        (1 + kappa * u[1]) * y,
        wrong=(1 - kappa * u[1]) * y,
    )
    yield identity(
        "Row l asks v_{l+1} - y v_l = (eta/2) u_{l+1} v_1 = t_l y with t_l = kappa u_{l+1}",
        eta / 2 * u[l + 1] * solved,
        kappa * u[l + 1] * y,
        wrong=-kappa * u[l + 1] * y,
    )

    def component(order: Any) -> sp.Sum:
        return sp.Sum(shift[order - j] * y**j, (j, 1, order))

    yield identity(
        "which is solved by v_l = sum_{j=1}^l t_{l-j} y^j: a triangular matrix times powers of y",
        first_apart(component(l + 1)) - y * component(l),
        shift[l] * y,
        wrong=-shift[l] * y,
        domain={l: [2, 3]},
    )


def collected(size: int) -> Case:
    """The last row, sum_l c_l v_l = 0 with v_L from the recursion, sorted by powers of y."""
    coefficients = [*(c[order] for order in range(size)), 1]
    column = [shift[order] for order in range(size + 1)]
    vector = [sp.Integer(1)]
    vector += [sum(column[order - power] * y**power for power in range(1, order + 1)) for order in range(1, size + 1)]
    row = sum(value * entry for value, entry in zip(coefficients, vector, strict=True))
    sorted_row = coefficients[0] + sum(
        y**power * sum(coefficients[order] * column[order - power] for order in range(power, size + 1))
        for power in range(1, size + 1)
    )
    return Case(sp.expand(row), sp.expand(sorted_row), sp.expand(sorted_row - 2 * coefficients[0]), f"L = {size}")


def polynomial() -> Iterator[Claim]:
    yield exact_up_to(
        LARGEST,
        "The last row, sum_{l=0}^L c_l v_l = 0, is a polynomial in y with the coefficients c'_0 = c_0 and "
        "c'_j = sum_{l=j}^L c_l t_{l-j}",
        collected,
    )
    yield arrives_at("54", "The constant coefficient: only v_0 has no power of y", c[0])
    total = sp.Sum(c[j + step] * (kappa * u[step + 1]), (step, 0, L - j))
    yield arrives_at(
        "55",
        "The others, with t_s = kappa u_{s+1}, and 1 + kappa u_1 for s = 0",
        c[j] + total,
        wrong=c[j] - total,
        domain={L: [4], j: [2], **SMALL},
    )
    yield exact_up_to(LARGEST, "It is the characteristic polynomial of A_3, with the matrices symsl uses", determinant)


def tied_moments(size: int) -> list[object]:
    """u_0..u_L with u_L from Cayley-Hamilton."""
    moments = [u[order] for order in range(size)]
    moments[0] = sp.Integer(1)
    return [*moments, -sum(c[order] * moments[order] for order in range(size))]


def determinant(size: int) -> Case:
    coefficients, moments = [c[order] for order in range(size)], tied_moments(size)
    matrix = sp.Matrix(student_matrix(coefficients, moments, eta)) / (2 * eta)
    shifted = shifted_coefficients(coefficients, moments, eta)
    value = sum(coefficient * y**power for power, coefficient in enumerate(shifted))
    found = (y * sp.eye(size) + matrix).det(method="berkowitz")
    return Case(found * shifted[-1], value, value + 1, f"L = {size}")


def inverse() -> Iterator[Claim]:
    yield exact_up_to(
        LARGEST, "The triangular matrix turns A_3 into companion form with the shifted coefficients", similarity
    )
    triangular, powers = sp.symbols("S V_y", commutative=False)
    yield identity(
        "V_3 = S V_y, so its inverse is V_y^{-1} S^{-1}",
        triangular * powers * (powers**-1 * triangular**-1),
        sp.Integer(1),
        wrong=sp.Integer(2),
    )
    k = sp.Symbol("k", integer=True, positive=True)
    yield arrives_at("57", "entry by entry", sp.Sum(V_y_inverse[k, m] * S_inverse[m, l], (m, 0, L - 1)))


def similarity(size: int) -> Case:
    coefficients, moments = [c[order] for order in range(size)], tied_moments(size)
    column = triangular_similarity(moments, eta, size)
    triangle = sp.Matrix(size, size, lambda r, s: 1 if r == s == 0 else (column[r - s] if 1 <= s <= r else 0))
    shifted = shifted_coefficients(coefficients, moments, eta)
    monic = [coefficient / shifted[-1] for coefficient in shifted[:-1]]
    left = sp.Matrix(student_matrix(coefficients, moments, eta)) * triangle
    right = 2 * eta * triangle * sp.Matrix(companion_matrix(monic))
    return Case(left, right, right + sp.eye(size), f"L = {size}")


def claims() -> Iterator[Claim]:
    yield from eigenvectors()
    yield from polynomial()
    yield from inverse()


DERIVATION = Derivation(
    "The general learning rate in the companion basis",
    "A_3 = 2 eta A_1 + eta^2 U e_1 with A_1 of Eq. 27; c_L = 1; eta u_1 != 2.",
    claims,
)

if __name__ == "__main__":
    DERIVATION.main()
