"""Eqs. 5, 26, 28-30, 34-39, 41-43, 45: the linear network in the companion basis, solved for any L and eta."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from symsl.equations import equation
from symsl.symbols import (
    A_1,
    A_2,
    A_3,
    L,
    Q_start,
    Q_vector,
    R_start,
    R_vector,
    T_vector,
    U_vector,
    V,
    V_inverse,
    alpha,
    e_1,
    eta,
    k,
    l,
    lam,
    m,
    u,
)
from symsl.verification import Derivation, arrives_at, identity
from symsl.verification.claims import Claim

E_1 = sp.exp(eta * alpha * A_1)
E_3 = sp.exp(alpha * A_3)
TEACHER_NOISE = eta**2 * U_vector * e_1 * T_vector
STUDENT = 2 * eta * A_1 + eta**2 * U_vector * e_1  # A_3
MIXED = 2 * eta * A_1 - 2 * STUDENT  # A_2
IN_FULL = {A_2: MIXED, A_3: STUDENT}
IN_STUDENT = {A_2: 2 * eta * A_1 - 2 * A_3}

# Matrix exponentials as letters with the rule d exp(X t)/dt = X exp(X t); a letter for the integral of Eq. 42.
first_exponential, third_exponential, integral = sp.symbols("E_1 E_3 I", commutative=False)


def letters(expression: Any) -> Any:
    return expression.subs({E_1: first_exponential, E_3: third_exponential})


def velocity(expression: Any) -> Any:
    """d/dalpha of an expression in the letters."""
    moved = {first_exponential: eta * A_1 * first_exponential, third_exponential: A_3 * third_exponential}
    moved[integral] = A_2 * first_exponential * T_vector + A_3 * integral  # Leibniz: integrand at s = alpha, and inside
    terms = sp.Add.make_args(sp.expand(expression))
    return sp.Add(*(term.subs(letter, rate) for term in terms for letter, rate in moved.items() if term.has(letter)))


def system() -> Iterator[Claim]:
    shift = -A_1  # (X^(1), ..., X^(L)) = -A_1 (X^(0), ..., X^(L-1)), Eq. 27
    student_teacher = eta * (shift * T_vector - shift * R_vector)
    difference = Q_vector - 2 * R_vector + T_vector
    student_student = 2 * eta * (shift * R_vector - shift * Q_vector) + eta**2 * U_vector * e_1 * difference
    both = sp.Matrix([student_teacher, student_student])
    yield arrives_at("5", "The hierarchy as vectors: the next order is -A_1 times this one", both)
    yield arrives_at(
        "26", "Sorted by R and Q, with A_3 = 2 eta A_1 + eta^2 U e_1 and A_2 = 2 eta A_1 - 2 A_3", both, given=IN_FULL
    )
    yield arrives_at("28", "Its first row", student_teacher, wrong=-student_teacher)
    yield arrives_at("29", "Its second row", student_student, given=IN_FULL)


def student_teacher_solution() -> Iterator[Claim]:
    solution = (1 - E_1) * T_vector + E_1 * R_start
    yield identity(
        "R = T + exp(eta A_1 alpha)(R_0 - T) obeys Eq. 28",
        velocity(letters(solution)),
        letters(eta * A_1 * (solution - T_vector)),
        wrong=letters(eta * A_1 * (solution + T_vector)),
    )
    yield identity(
        "and starts at R_0",
        letters(solution).subs(first_exponential, 1),
        R_start,
        wrong=T_vector,
    )
    yield arrives_at("30", "So it is the solution (a linear equation has one)", sp.expand(solution))


def limit_and_mean() -> Iterator[Claim]:
    inner = sp.Sum(V[l, k] / lam[k] * V_inverse[k, m], (k, 1, L))
    yield arrives_at(
        "34",
        "All eigenvalues of A_1 are negative: R ends at -A_1^{-1}(u_1, ..., u_L), A_1^{-1} = -V Lambda^{-1} V^{-1}",
        sp.Sum(inner * u[m + 1], (m, 0, L - 1)),
    )
    yield identity(
        "(u_1, ..., u_L) = V (lambda_k / L): its coefficients in the eigenvectors, since V^{-1} V = 1",
        sp.Sum(lam[k] ** m * lam[k] / L, (k, 1, L)),
        sp.Sum(lam[k] ** (m + 1), (k, 1, L)) / L,
        wrong=sp.Sum(lam[k] ** m, (k, 1, L)) / L,
    )
    modes = sp.Sum(lam[k] ** l / lam[k] * (lam[k] / L), (k, 1, L))
    yield arrives_at("35", "Inserted: every mode counts alike", modes)
    moment = sp.Sum(lam[k] ** l, (k, 1, L)) / L
    yield arrives_at("36", "which is the moment u_l of the teacher", modes, given={u[l]: moment})
    share = sp.Symbol("share")
    (solved,) = sp.solve(sp.Eq(share * sp.Sum(lam[k] ** l, (k, 1, L)), moment), share)
    yield arrives_at("37", "V b = (u_0, ..., u_{L-1}) is solved by b_k = 1/L, and V is invertible", solved)
    decayed = sp.Sum(lam[k] ** l * solved * sp.exp(-eta * lam[k] * alpha), (k, 1, L))
    yield arrives_at("38", "exp(eta A_1 alpha) multiplies mode k by exp(-eta lambda_k alpha)", moment - decayed)


def student_student_equation() -> Iterator[Claim]:
    mean = (1 - E_1) * T_vector
    inserted = equation("29").statement.rhs.subs(R_vector, mean)
    yield arrives_at("39", "Eq. 29 with the mean of R", inserted)
    yield identity(
        "A_2 T + eta^2 U T^(1) = -A_3 T",
        sp.expand(MIXED * T_vector + TEACHER_NOISE),
        sp.expand(-STUDENT * T_vector),
        wrong=sp.expand(STUDENT * T_vector),
    )
    simplified = sp.expand(inserted) - sp.expand(A_2 * T_vector + TEACHER_NOISE) - A_3 * T_vector
    yield arrives_at("41", "so the constant source is that of the fixed point Q = T", simplified)


def student_student_solution() -> Iterator[Claim]:
    right_side = equation("41").statement.rhs
    stated = equation("42").statement.rhs
    source = next(iter(stated.atoms(sp.Integral)))
    by_variation = T_vector + third_exponential * (Q_start - T_vector) - integral
    yield identity(
        "Variation of constants obeys Eq. 41",
        velocity(by_variation),
        sp.expand(letters(right_side).subs(Q_vector, by_variation)),
        wrong=sp.expand(letters(right_side).subs(Q_vector, by_variation + T_vector)),
    )
    yield arrives_at(
        "42",
        "The solution of Eq. 41, with I the integral from 0 to alpha of exp(A_3 (alpha-s)) A_2 exp(eta A_1 s) T",
        by_variation.subs(third_exponential, E_3),
        given={source: integral},
    )
    level = A_3**-1 * (A_2 + eta**2 * U_vector * e_1) * T_vector
    particular = -2 * E_1 * T_vector - level
    yield identity(
        "Particular solution of Eq. 39: -2 exp(eta A_1 alpha) T - A_3^{-1}(A_2 T + eta^2 U T^(1)), because "
        "A_2 = 2 eta A_1 - 2 A_3",
        velocity(letters(particular)).subs(IN_STUDENT),
        sp.expand(letters(equation("39").statement.rhs.subs(Q_vector, sp.expand(particular))).subs(IN_STUDENT)),
        wrong=sp.expand(velocity(letters(particular)).subs(IN_STUDENT) + A_3 * T_vector),
    )
    start = particular.subs(alpha, 0).subs(sp.exp(0), 1)
    solution = particular + E_3 * (Q_start - start)
    yield arrives_at("43", "plus exp(A_3 alpha) times what is missing at the start", sp.expand(solution))
    shorter = sp.expand(solution).subs(
        A_3**-1 * A_2 * T_vector, -T_vector - eta**2 * A_3**-1 * U_vector * e_1 * T_vector
    )
    yield arrives_at(
        "45",
        "A_3 has an inverse (Eq. 44), so A_3^{-1}(A_2 T + eta^2 U T^(1)) = -T",
        sp.expand(shorter),
        wrong=sp.expand(shorter + T_vector),
    )


def claims() -> Iterator[Claim]:
    yield from system()
    yield from student_teacher_solution()
    yield from limit_and_mean()
    yield from student_student_equation()
    yield from student_student_solution()


DERIVATION = Derivation(
    "The linear network solved in the companion basis",
    "The moment hierarchy (Eqs. 24, 25), the action of Sigma as -A_1 (Eq. 27), its eigenvectors (Eq. 33). Matrices and "
    "vectors of any size are letters that do not commute.",
    claims,
)

if __name__ == "__main__":
    DERIVATION.main()
