"""App. B.1: the equations of motion of the linear order parameters as one linear system."""

from __future__ import annotations

from sympy import KroneckerDelta, Matrix, Sum, exp

from symsl.equations.evaluation import Evaluation, Route
from symsl.equations.linear_terms import COLUMN, CURVE_QUANTITIES, ETA, ONE_UNIT, ROW, SPECTRUM, VECTORS, entry_start
from symsl.equations.model import PROVED, Equation, Quantity
from symsl.equations.notation import equal, velocity
from symsl.linear.entries import companion_entry, companion_entry_by_modes, order_parameter_entry
from symsl.symbols import (
    A_1,
    A_2,
    A_3,
    A_1_entry,
    L,
    Q,
    Q_vector,
    R,
    R_start,
    R_vector,
    T,
    T_vector,
    U_vector,
    alpha,
    c,
    e_1,
    eps_g,
    eta,
    l,
    m,
    u,
)

EQUATIONS = (
    Equation(
        id="23",
        name="linear-generalisation-error",
        title="Generalisation error of the linear network in order parameters",
        section="B.1",
        build=lambda: equal(eps_g, (Q[1] - 2 * R[1] + T[1]) / 2),
        quantities=CURVE_QUANTITIES[:1],
        assumptions=(ONE_UNIT,),
        evidence=PROVED,
        derivation="order_parameters",
        depends_on=("19", "20"),
    ),
    Equation(
        id="24",
        name="linear-moment-hierarchy",
        title="The hierarchy of equations of motion, order by order",
        section="B.1",
        build=lambda: equal(
            Matrix([velocity(R[l]), velocity(Q[l])]),
            Matrix(
                [
                    eta * (T[l + 1] - R[l + 1]),
                    2 * eta * (R[l + 1] - Q[l + 1]) + eta**2 * u[l + 1] * (Q[1] - 2 * R[1] + T[1]),
                ]
            ),
        ),
        quantities=(*VECTORS[-2:], *SPECTRUM[1:2]),
        assumptions=(ONE_UNIT, "l < L - 1; the last order is closed by Eq. 25"),
        evidence=PROVED,
        derivation="order_parameters",
        depends_on=("18", "20", "21"),
    ),
    Equation(
        id="25",
        name="linear-closure",
        title="The last order, closed by the Cayley-Hamilton theorem",
        section="B.1",
        build=lambda: equal(
            Matrix([velocity(R[L - 1]), velocity(Q[L - 1])]),
            Matrix(
                [
                    eta * (Sum(c[l] * R[l], (l, 0, L - 1)) - Sum(c[l] * T[l], (l, 0, L - 1))),
                    2 * eta * (Sum(c[l] * Q[l], (l, 0, L - 1)) - Sum(c[l] * R[l], (l, 0, L - 1)))
                    + eta**2 * u[L] * (Q[1] - 2 * R[1] + T[1]),
                ]
            ),
        ),
        quantities=(*VECTORS[-2:], *SPECTRUM[1:]),
        assumptions=(ONE_UNIT,),
        evidence=PROVED,
        derivation="order_parameters",
        depends_on=("24",),
    ),
    Equation(
        id="26",
        name="order-parameter-matrix",
        title="The equations of motion as one linear system",
        section="B.1",
        build=lambda: equal(
            Matrix([velocity(R_vector), velocity(Q_vector)]),
            Matrix(
                [
                    eta * A_1 * R_vector - eta * A_1 * T_vector,
                    A_2 * R_vector + A_3 * Q_vector + eta**2 * U_vector * e_1 * T_vector,
                ]
            ),
        ),
        quantities=VECTORS,
        assumptions=(ONE_UNIT,),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("5",),
        evaluation=Evaluation(
            routes=(
                Route(
                    "companion",
                    lambda g: [order_parameter_entry(g["spectrum"], g["eta"], g["row"], g["column"])],
                    entry_start,
                ),
            ),
            parameters=(ETA, ROW, COLUMN),
        ),
        remark="The value is an entry of the 2L x 2L matrix [[eta A_1, 0], [A_2, A_3]], row and column from 0.",
    ),
    Equation(
        id="27",
        name="companion-matrix",
        title="Minus the action of Sigma on the vector of moments",
        section="B.1",
        build=lambda: equal(A_1_entry[l, m], c[m] * KroneckerDelta(l, L - 1) - KroneckerDelta(l + 1, m)),
        quantities=SPECTRUM,
        assumptions=("rows l and columns m from 0 to L - 1",),
        evidence=PROVED,
        derivation="companion",
        depends_on=("24", "25"),
        evaluation=Evaluation(
            routes=(
                Route(
                    "companion",
                    lambda g: [companion_entry(g["spectrum"], g["row"], g["column"])],
                    entry_start,
                ),
                Route(
                    "eigenbasis",
                    lambda g: [companion_entry_by_modes(g["spectrum"], g["row"], g["column"])],
                    entry_start,
                ),
            ),
            parameters=(ROW, COLUMN),
        ),
    ),
    Equation(
        id="28",
        name="student-teacher-dynamics",
        title="Equation of motion of the student-teacher order parameters",
        section="B.1",
        build=lambda: equal(velocity(R_vector), eta * A_1 * (R_vector - T_vector)),
        quantities=VECTORS,
        assumptions=(ONE_UNIT,),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("26",),
    ),
    Equation(
        id="29",
        name="student-student-dynamics",
        title="Equation of motion of the student-student order parameters",
        section="B.1",
        build=lambda: equal(velocity(Q_vector), A_3 * Q_vector + A_2 * R_vector + eta**2 * U_vector * e_1 * T_vector),
        quantities=VECTORS,
        assumptions=(ONE_UNIT,),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("26",),
    ),
    Equation(
        id="30",
        name="student-teacher-solution",
        title="Student-teacher order parameters at any time",
        section="B.1",
        build=lambda: equal(R_vector, (1 - exp(eta * alpha * A_1)) * T_vector + exp(eta * alpha * A_1) * R_start),
        quantities=(*VECTORS, Quantity(R_start, "R at the start, zero on average", "real vector")),
        assumptions=(ONE_UNIT,),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("28",),
    ),
)
