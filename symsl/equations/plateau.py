"""Sec. 5.1.1 and Appendix C.2: the plateau of the erf network."""

from __future__ import annotations

from fractions import Fraction

from sympy import Eq, Matrix, asin, pi, sqrt

from symsl.equations.evaluation import Evaluation, Parameter, Route
from symsl.equations.model import PROVED, Equation, Quantity
from symsl.erf.plateau import Q_star as certified_Q_star
from symsl.erf.plateau import R_star as certified_R_star
from symsl.erf.plateau import plateau_height
from symsl.symbols import D, D_l, M, Q_l_star, Q_star, R_l_star, R_star, T_l, eps_star

TEACHER = (
    Parameter("M", "number of students and of teachers", "integer", at_least=Fraction(2)),
    Parameter("D", "sum of the off-diagonal elements of a row of T^(1)", default="0"),
)
_UNITS = Quantity(M, "number of students and of teachers", "integer, M >= 2")
_ROW = Quantity(D, "sum of the off-diagonal elements of a row of the teacher's T^(1)", "-1 < D <= M - 1")
_FIRST_ORDER = (
    Quantity(R_star, "student-teacher order parameter of order 1 on the plateau, the same for all pairs", "R* > 0"),
    Quantity(Q_star, "student-student order parameter of order 1 on the plateau, the same for all pairs", "Q* > 0"),
    _UNITS,
    _ROW,
)
ASSUMPTIONS = (
    "K = M, error-function activation",
    "first order in the learning rate eta, N -> infinity",
    "the students coincide: R_in and Q_ij do not depend on i, j, n",
    "T^(1)_nn = 1, and at every order l the rows of T^(l) have equal sums, their off-diagonal elements are equal",
)
_FIXED_POINT = Evaluation(
    routes=(
        Route("closed form", lambda given: [f(given["M"], given["D"]) for f in (certified_R_star, certified_Q_star)]),
    ),
    parameters=TEACHER,
    spectrum=False,
    outputs=("R", "Q"),
)
_REMARK = (
    "The fixed point is the same for every spectrum; the spectrum enters through T^(1) only, whose D is of order "
    "sqrt(u_2/N) for a random teacher. R* needs equal row sums only; equal off-diagonal elements are needed for Eq. 99."
)


def _fixed_point() -> Eq:
    values = Matrix([(1 + D) / sqrt(M * (2 * M - 1 - D)), (1 + D) / (2 * M - 1 - D)])
    return Eq(Matrix([R_star, Q_star]), values, evaluate=False)


def _higher_orders() -> Eq:
    row = T_l + D_l
    values = Matrix([row / sqrt(M * (2 * M - 1 - D)), row / (2 * M - 1 - D)])
    return Eq(Matrix([R_l_star, Q_l_star]), values, evaluate=False)


EQUATIONS = (
    Equation(
        id="13",
        name="plateau-order-parameters",
        title="Order parameters of order 1 on the plateau",
        section="5.1.1",
        build=_fixed_point,
        quantities=_FIRST_ORDER,
        assumptions=ASSUMPTIONS,
        evidence=PROVED,
        derivation="plateau",
        depends_on=(
            "92",
            "93",
        ),
        evaluation=_FIXED_POINT,
        remark=_REMARK,
    ),
    Equation(
        id="97",
        name="plateau-fixed-point",
        title="Stationary point of the order-parameter equations of order 1 (Eq. 13)",
        section="C.2",
        build=_fixed_point,
        quantities=_FIRST_ORDER,
        assumptions=ASSUMPTIONS,
        evidence=PROVED,
        derivation="plateau",
        depends_on=(
            "92",
            "93",
        ),
        evaluation=_FIXED_POINT,
        remark=_REMARK,
    ),
    Equation(
        id="98",
        name="plateau-higher-orders",
        title="Order parameters of every order on the plateau",
        section="C.2",
        build=_higher_orders,
        quantities=(
            Quantity(R_l_star, "student-teacher order parameter of order l on the plateau", "R*(l) > 0"),
            Quantity(Q_l_star, "student-student order parameter of order l on the plateau", "Q*(l) > 0"),
            Quantity(T_l, "diagonal element of the teacher's T^(l)", "T(l) > 0"),
            Quantity(D_l, "sum of the off-diagonal elements of a row of T^(l)", "T(l) + D(l) > 0"),
            _UNITS,
            _ROW,
        ),
        assumptions=ASSUMPTIONS,
        evidence=PROVED,
        derivation="plateau",
        depends_on=("92", "93", "97"),
        remark="R^(l) = c S^(l) and Q^(l) = M c^2 S^(l) with S^(l) = T^(l) + D^(l) and one c for all orders.",
    ),
    Equation(
        id="99",
        name="plateau-height",
        title="Generalisation error on the plateau",
        section="C.2",
        build=lambda: Eq(
            eps_star,
            (pi / 6 + (M - 1) * asin(D / (2 * (M - 1))) - M * asin((1 + D) / (2 * M))) / pi,
        ),
        quantities=(Quantity(eps_star, "generalisation error on the plateau", "eps_g* > 0"), _UNITS, _ROW),
        assumptions=ASSUMPTIONS,
        evidence=PROVED,
        derivation="plateau",
        depends_on=("94", "97"),
        evaluation=Evaluation(
            routes=(Route("closed form", lambda given: [plateau_height(given["M"], given["D"])]),),
            parameters=TEACHER,
            spectrum=False,
        ),
        remark="For D = 0 and one eigenvalue this is the plateau of Saad and Solla (1995) for isotropic inputs.",
    ),
)
