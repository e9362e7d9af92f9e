"""Appendix C.3, first part: all deviations from the plateau for two units, and the directions that matter."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Matrix, pi, sqrt, zeros

from symsl.equations.model import PROVED, Equation, Quantity
from symsl.equations.plateau import ASSUMPTIONS
from symsl.symbols import (
    A_u,
    A_u_reduced,
    A_v,
    A_v_reduced,
    eta,
    l,
    u,
    x_1,
    x_l_rate,
    x_next,
    y_1,
    y_l_rate,
    y_next,
)

_TWO_UNITS = (
    *ASSUMPTIONS,
    "M = K = 2; D^(l) = 0 and T^(l) = u_l at every order, u_1 = 1",
    "first order in the deviations",
)
_RATE = Quantity(eta, "learning rate", "eta > 0")
_MATRIX_U = Quantity(A_u, "what deviations of order l + 1 do to those of order l, times -1 and over eta/pi", "4 x 4")
_MATRIX_V = Quantity(A_v, "what deviations of order 1 do to those of order l, over u_(l+1) eta/pi", "4 x 4")
_REDUCED_U = Quantity(A_u_reduced, "A_u on (r, s)", "2 x 2")
_REDUCED_V = Quantity(A_v_reduced, "A_v on (r, s)", "2 x 2")
_ORDERS = (
    Quantity(l, "order", "l = 0, ..., L - 1"),
    Quantity(u[l + 1], "moment (1/L) sum_k lambda_k^(l+1) of the spectrum", "u > 0"),
)
_NORMALISATION = (
    "Deviations are (r, s, q, c): of R_ii, of R_in, of Q_ii, of Q_ij; our reading takes the prefactor 2 eta/(pi M) = "
    "eta/pi out of the matrices. "
)

COMMON = Matrix([sqrt(6) / 4, sqrt(6) / 4, 1, 1])  # all students move alike
STUDENTS = Matrix([0, 0, 1, 1])
TEACHERS = Matrix([1, -1, 0, 0])  # one teacher is told from the other
STUDENT_PAIR = Matrix([0, 0, 1, -1])


def _matrix_u() -> Eq:
    a, b = sqrt(15) / 5, -2 * sqrt(10) / 5
    rows = [[a, a, 0, 0], [a, a, 0, 0], [b, b, 2 * a, 2 * a], [b, b, 2 * a, 2 * a]]
    return Eq(A_u, Matrix(rows), evaluate=False)


def _matrix_v() -> Eq:
    a, b, c = -2 * sqrt(15) / 75, 3 * sqrt(10) / 50, -2 * sqrt(10) / 25
    d = 2 * sqrt(15) / 25
    rows = [[a, 2 * a, 2 * b, b], [2 * a, a, 2 * b, b], [c, c, 2 * d, d], [c, c, 2 * d, d]]
    return Eq(A_v, Matrix(rows), evaluate=False)


def _eigenvectors(matrix: Any, vectors: Any, image: Any) -> Eq:
    return Eq(matrix * vectors, image, evaluate=False)


def _entry(id: str, name: str, title: str, build: Any, quantities: Any, depends_on: Any, remark: str = "") -> Equation:
    return Equation(
        id=id,
        name=name,
        title=title,
        section="C.3",
        build=build,
        quantities=quantities,
        assumptions=_TWO_UNITS,
        evidence=PROVED,
        derivation="escape_modes",
        depends_on=depends_on,
        remark=_NORMALISATION + remark,
    )


EQUATIONS = (
    _entry(
        "100",
        "plateau-deviations",
        "The linear system of all deviations from the plateau",
        lambda: Eq(x_l_rate, eta / pi * (u[l + 1] * A_v * x_1 - A_u * x_next), evaluate=False),
        (
            Quantity(x_l_rate, "rate of the deviations (r, s, q, c) of order l", "l = 0, ..., L - 1"),
            Quantity(x_next, "deviations (r, s, q, c) of order l + 1", "closed at l = L - 1 by Cayley-Hamilton"),
            Quantity(x_1, "deviations (r, s, q, c) of order 1", "small"),
            *_ORDERS,
            _MATRIX_U,
            _MATRIX_V,
            _RATE,
        ),
        ("92", "93", "97", "98"),
        "All orders together: (eta/pi) [A_u (x) A_1 + A_v (x) u e_1^T] with the companion matrix A_1, u = (u_1, ..., "
        "u_L) and e_1 selecting order 1.",
    ),
    _entry(
        "101",
        "plateau-matrix-u",
        "How deviations of order l + 1 move those of order l on the plateau",
        _matrix_u,
        (_MATRIX_U,),
        ("92", "93", "97"),
    ),
    _entry(
        "102",
        "plateau-matrix-v",
        "How deviations of order 1 move those of all orders on the plateau",
        _matrix_v,
        (_MATRIX_V,),
        ("92", "93", "97", "98"),
    ),
    _entry(
        "103",
        "plateau-common-mode",
        "First eigenvector of A_u: all order parameters back to the plateau",
        lambda: _eigenvectors(A_u, COMMON, 2 * sqrt(15) / 5 * COMMON),
        (_MATRIX_U,),
        ("101",),
        "The eigenvalue, 2/sqrt(1 + 2Q*) (M/sqrt(1 + 2Q*) for M units), multiplies the eigenvalues -lambda_k of A_1: "
        "the plateau attracts in this direction.",
    ),
    _entry(
        "104",
        "plateau-student-mode",
        "Second eigenvector of A_u: the student overlaps back to the plateau",
        lambda: _eigenvectors(A_u, STUDENTS, 4 * sqrt(15) / 5 * STUDENTS),
        (_MATRIX_U,),
        ("101",),
        "The eigenvalue is 2M/sqrt(1 + 2Q*) for M units; the plateau attracts here too.",
    ),
    _entry(
        "105",
        "plateau-neutral-modes",
        "Third and fourth eigenvector of A_u: broken symmetry, eigenvalue zero",
        lambda: _eigenvectors(A_u, TEACHERS.row_join(STUDENT_PAIR), zeros(4, 2)),
        (_MATRIX_U,),
        ("101",),
    ),
    _entry(
        "106",
        "plateau-kernel",
        "First and second eigenvector of A_v, eigenvalue zero",
        lambda: _eigenvectors(A_v, Matrix([[sqrt(6) / 2, sqrt(6) / 4]] * 2 + [[1, 0], [0, 1]]), zeros(4, 2)),
        (_MATRIX_V,),
        ("102",),
    ),
    _entry(
        "107",
        "plateau-escape-mode",
        "Third eigenvector of A_v: one teacher told from the other",
        lambda: _eigenvectors(A_v, TEACHERS, 2 * sqrt(15) / 75 * TEACHERS),
        (_MATRIX_V,),
        ("102",),
        "A_u vanishes on it (Eq. 105), so that (eta/pi) u_2 times the eigenvalue is the rate of Eq. 113 for M = 2.",
    ),
    _entry(
        "108",
        "plateau-common-mode-drive",
        "Fourth eigenvector of A_v: all order parameters",
        lambda: _eigenvectors(A_v, COMMON, 4 * sqrt(15) / 25 * COMMON),
        (_MATRIX_V,),
        ("102",),
        "The vector is that of Eq. 103; the attraction there is stronger.",
    ),
    _entry(
        "109",
        "plateau-reduced-deviations",
        "The linear system with the student overlaps tied to r and s",
        lambda: Eq(y_l_rate, eta / pi * (u[l + 1] * A_v_reduced * y_1 - A_u_reduced * y_next), evaluate=False),
        (
            Quantity(y_l_rate, "rate of the deviations (r, s) of order l", "l = 0, ..., L - 1"),
            Quantity(y_next, "deviations (r, s) of order l + 1", "closed at l = L - 1 by Cayley-Hamilton"),
            Quantity(y_1, "deviations (r, s) of order 1", "small"),
            *_ORDERS,
            _REDUCED_U,
            _REDUCED_V,
            _RATE,
        ),
        ("100", "103", "105", "107", "108"),
        "The tie q = c = (sqrt(6)/3) (r + s) holds for the two directions that matter, (1, -1, 0, 0) and that of Eq. "
        "103, and is kept by the dynamics.",
    ),
    _entry(
        "110",
        "plateau-reduced-matrix-u",
        "A_u on the deviations r and s",
        lambda: Eq(A_u_reduced, sqrt(15) / 5 * Matrix([[1, 1], [1, 1]]), evaluate=False),
        (_REDUCED_U,),
        ("101", "109"),
        "Eigenvalues 2 sqrt(15)/5 on (1, 1) and 0 on (1, -1), as in the larger system.",
    ),
    _entry(
        "111",
        "plateau-reduced-matrix-v",
        "A_v on the deviations r and s",
        lambda: Eq(A_v_reduced, sqrt(15) / 75 * Matrix([[7, 5], [5, 7]]), evaluate=False),
        (_REDUCED_V,),
        ("102", "109"),
        "Eigenvalues 4 sqrt(15)/25 on (1, 1) and 2 sqrt(15)/75 on (1, -1), as in the larger system.",
    ),
)
