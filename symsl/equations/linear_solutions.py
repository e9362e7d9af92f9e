"""App. B.1, B.1.1: the order parameters at any time, and to first order in eta."""

from __future__ import annotations

from fractions import Fraction

from sympy import Integral, KroneckerDelta, Sum, exp

from symsl.equations.evaluation import Evaluation, Parameter, Route, from_statement
from symsl.equations.linear_terms import (
    ALPHA,
    AVERAGED,
    COLUMN,
    ETA,
    ONE_UNIT,
    ROW,
    SPECTRUM,
    VECTORS,
    asymptotic_moments,
    entry_start,
    short_enough,
    small_rate_moments,
)
from symsl.equations.model import PROVED, Equation, Quantity
from symsl.equations.notation import equal, velocity
from symsl.linear.companion import moments
from symsl.linear.entries import (
    inverse_entry,
    inverse_entry_by_modes,
    student_inverse_entry,
    student_inverse_entry_by_modes,
)
from symsl.symbols import (
    A_1,
    A_2,
    A_3,
    A_1_inverse_entry,
    A_3_inverse_entry,
    L,
    Q_start,
    Q_vector,
    R_limit,
    R_mean,
    T_vector,
    U_vector,
    V,
    V_inverse,
    alpha,
    c,
    e_1,
    eta,
    k,
    l,
    lam,
    m,
    s,
    u,
)

EQUATIONS = (
    Equation(
        id="34",
        name="student-teacher-limit-decomposed",
        title="Asymptotic student-teacher order parameters in the eigenbasis of the companion matrix",
        section="B.1",
        build=lambda: equal(R_limit[l], Sum(V[l, k] / lam[k] * V_inverse[k, m] * u[m + 1], (k, 1, L), (m, 0, L - 1))),
        quantities=SPECTRUM,
        assumptions=(AVERAGED, "alpha -> infinity"),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("30", "33"),
    ),
    Equation(
        id="35",
        name="student-teacher-limit-modes",
        title="Asymptotic student-teacher order parameters as a sum over modes",
        section="B.1",
        build=lambda: equal(R_limit[l], Sum(lam[k] ** l, (k, 1, L)) / L),
        quantities=SPECTRUM,
        assumptions=(AVERAGED, "alpha -> infinity"),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("34",),
    ),
    Equation(
        id="36",
        name="student-teacher-limit",
        title="The student-teacher order parameters converge to those of the teacher",
        section="B.1",
        build=lambda: equal(R_limit[l], u[l]),
        quantities=SPECTRUM,
        assumptions=(AVERAGED, "alpha -> infinity"),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("35",),
        evaluation=Evaluation(
            routes=(Route("closed form", lambda g: [moments(g["spectrum"], g["l"])[-1]]),),
            parameters=(Parameter("l", "order", "integer", at_least=Fraction(0)),),
        ),
    ),
    Equation(
        id="37",
        name="mode-coefficients-of-the-teacher",
        title="Coefficients of the averaged teacher in the eigenvectors of the companion matrix",
        section="B.1",
        build=lambda: equal(Sum(V_inverse[k, l] * u[l], (l, 0, L - 1)), 1 / L),
        quantities=SPECTRUM,
        assumptions=(AVERAGED,),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("33",),
    ),
    Equation(
        id="38",
        name="student-teacher-mean",
        title="Mean student-teacher order parameters at any time",
        section="B.1",
        build=lambda: equal(R_mean[l], small_rate_moments()[0]),
        quantities=(*SPECTRUM, *VECTORS[-2:]),
        assumptions=(ONE_UNIT, AVERAGED),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("30", "36", "37"),
        evaluation=Evaluation(
            routes=(
                Route("sum", from_statement(lambda: equal(R_mean[l], small_rate_moments()[0])), suits=short_enough),
                Route("asymptotic", asymptotic_moments(0)),
            ),
            parameters=(ETA, Parameter("l", "order", "integer", default="1", at_least=Fraction(0)), ALPHA),
        ),
        remark="Exact for any eta: the student-teacher order parameters do not see the term in eta^2.",
    ),
    Equation(
        id="39",
        name="student-student-dynamics-inserted",
        title="Equation of motion of the student-student order parameters with the solution for R",
        section="B.1",
        build=lambda: equal(
            velocity(Q_vector),
            A_3 * Q_vector + A_2 * (1 - exp(eta * alpha * A_1)) * T_vector + eta**2 * U_vector * e_1 * T_vector,
        ),
        quantities=VECTORS,
        assumptions=(ONE_UNIT, "R(0) = 0, its average"),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("29", "30"),
    ),
    Equation(
        id="40",
        name="companion-inverse",
        title="Inverse of the companion matrix",
        section="B.1",
        build=lambda: equal(A_1_inverse_entry[l, m], c[m + 1] / c[0] * KroneckerDelta(l, 0) - KroneckerDelta(l, m + 1)),
        quantities=SPECTRUM,
        assumptions=("c_L = 1", "rows l and columns m from 0 to L - 1"),
        evidence=PROVED,
        derivation="companion",
        depends_on=("27",),
        evaluation=Evaluation(
            routes=(
                Route(
                    "companion",
                    lambda g: [inverse_entry(g["spectrum"], g["row"], g["column"])],
                    entry_start,
                ),
                Route(
                    "eigenbasis",
                    lambda g: [inverse_entry_by_modes(g["spectrum"], g["row"], g["column"])],
                    entry_start,
                ),
            ),
            parameters=(ROW, COLUMN),
        ),
    ),
    Equation(
        id="41",
        name="student-student-dynamics-simplified",
        title="The same equation with the fixed point taken out",
        section="B.1",
        build=lambda: equal(
            velocity(Q_vector),
            A_3 * (Q_vector - T_vector) - A_2 * exp(eta * alpha * A_1) * T_vector,
        ),
        quantities=VECTORS,
        assumptions=(ONE_UNIT, "R(0) = 0, its average"),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("39", "40"),
    ),
    Equation(
        id="42",
        name="student-student-solution-integral",
        title="Student-student order parameters by variation of constants",
        section="B.1",
        build=lambda: equal(
            Q_vector,
            T_vector
            + exp(alpha * A_3) * (Q_start - T_vector)
            - Integral(exp((alpha - s) * A_3) * A_2 * exp(eta * s * A_1) * T_vector, (s, 0, alpha)),
        ),
        quantities=(*VECTORS, Quantity(Q_start, "Q at the start", "real vector")),
        assumptions=(ONE_UNIT, "R(0) = 0, its average"),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("41",),
    ),
    Equation(
        id="43",
        name="student-student-solution-matrices",
        title="The integral done: student-student order parameters in matrix exponentials",
        section="B.1",
        build=lambda: equal(
            Q_vector,
            exp(alpha * A_3) * (Q_start + 2 * T_vector + A_3**-1 * (A_2 + eta**2 * U_vector * e_1) * T_vector)
            - 2 * exp(eta * alpha * A_1) * T_vector
            - A_3**-1 * (A_2 + eta**2 * U_vector * e_1) * T_vector,
        ),
        quantities=(*VECTORS, Quantity(Q_start, "Q at the start", "real vector")),
        assumptions=(ONE_UNIT, "R(0) = 0, its average", "eta != 2/u_1"),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("42",),
    ),
    Equation(
        id="44",
        name="student-inverse",
        title="Inverse of the matrix that moves the student-student order parameters",
        section="B.1",
        build=lambda: equal(
            A_3_inverse_entry[l, m],
            A_1_inverse_entry[l, m] / (2 * eta) - u[l] * KroneckerDelta(m, 0) / (2 * (2 - eta * u[1])),
        ),
        quantities=(*SPECTRUM, *VECTORS[-2:-1]),
        assumptions=("eta != 2/u_1", "rows l and columns m from 0 to L - 1"),
        evidence=PROVED,
        derivation="companion",
        depends_on=("40",),
        evaluation=Evaluation(
            routes=(
                Route(
                    "companion",
                    lambda g: [student_inverse_entry(g["spectrum"], g["eta"], g["row"], g["column"])],
                    entry_start,
                ),
                Route(
                    "eigenbasis",
                    lambda g: [student_inverse_entry_by_modes(g["spectrum"], g["eta"], g["row"], g["column"])],
                    entry_start,
                ),
            ),
            parameters=(ETA, ROW, COLUMN),
        ),
    ),
    Equation(
        id="45",
        name="student-student-solution",
        title="Student-student order parameters at any time and learning rate",
        section="B.1",
        build=lambda: equal(
            Q_vector,
            T_vector - 2 * exp(eta * alpha * A_1) * T_vector + exp(alpha * A_3) * (Q_start + T_vector),
        ),
        quantities=(*VECTORS, Quantity(Q_start, "Q at the start", "real vector")),
        assumptions=(ONE_UNIT, "R(0) = 0, its average"),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("43", "44"),
    ),
)
