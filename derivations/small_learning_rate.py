"""Eqs. 7, 8, 46, 47: order parameters and generalisation error to first order in the learning rate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from symsl.equations import equation
from symsl.symbols import L, Q, R, T, alpha, eta, k, l, lam, sigma_J
from symsl.verification import Derivation, arrives_at, identity
from symsl.verification.claims import Claim


def moment(mode: Any, order: Any = l) -> Any:
    """X^(order) = (1/L) sum_k lambda_k^order X_k."""
    return sp.Sum(lam[k] ** order * mode, (k, 1, L)) / L


def claims() -> Iterator[Claim]:
    decay = sp.exp(-eta * lam[k] * alpha)
    teacher, first_student = sp.Integer(1), sigma_J**2
    student_teacher = teacher * (1 - decay)
    student_student = teacher - 2 * decay * teacher + decay**2 * (first_student + teacher)
    yield identity(
        "Without eta^2, A_3 = 2 eta A_1: mode k of Eq. 45 obeys dQ_k = 2 eta lambda_k (R_k - Q_k)",
        moment(sp.diff(student_student, alpha)),
        2 * eta * moment(student_teacher - student_student, l + 1),
        wrong=2 * eta * moment(student_teacher - student_student, l),
    )
    yield identity(
        "and starts at Q_k = sigma_J^2, the mean of J^2",
        moment(student_student.subs(alpha, 0)),
        moment(first_student),
        wrong=moment(first_student + 1),
    )
    yield arrives_at("46", "So Q^(l) on average", moment(student_student))
    first_orders = [moment(student_teacher, 1), moment(student_student, 1)]
    yield arrives_at("7", "Order 1 of R (Eq. 38) and of Q", sp.Matrix(first_orders))
    error = equation("23").statement.rhs.subs({R[1]: first_orders[0], Q[1]: first_orders[1], T[1]: moment(teacher, 1)})
    plus = equation("23").statement.rhs.subs({R[1]: -first_orders[0], Q[1]: first_orders[1], T[1]: moment(teacher, 1)})
    yield arrives_at("47", "Inserted in Eq. 23", error, wrong=plus)
    yield arrives_at("8", "which is the statement of the main text", error, wrong=plus)


DERIVATION = Derivation(
    "The linear network at small learning rate",
    "Eq. 45 without the term in eta^2, averaged over B_a ~ N(0, 1) and J_a(0) ~ N(0, sigma_J^2): mode by mode T_k = 1, "
    "R_k(0) = 0, Q_k(0) = sigma_J^2; Eq. 38; Eq. 23.",
    claims,
)

if __name__ == "__main__":
    DERIVATION.main()
