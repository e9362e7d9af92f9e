"""Appendix C.2: the plateau of a teacher whose rows differ, exact for any K and M, and as the paper approximates it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb
from sympy import Matrix, Sum, sqrt

from symsl.equations.evaluation import Arguments, Evaluation, Parameter, Route
from symsl.equations.model import PROVED, Equation, Quantity
from symsl.equations.notation import equal
from symsl.erf.plateau_approximation import approximate_order_parameters
from symsl.errors import ParameterError
from symsl.precision import ball
from symsl.symbols import T_1, D, D_l, D_rows, M, Q_l_star, Q_star, R_plateau, T_l, T_units, l, m, n

_COINCIDE = (
    "error-function activation, first order in the learning rate eta, N -> infinity",
    "the students coincide: R_in = R_n and Q_ij = Q, at every order",
)
_APPROXIMATE = (
    "K = M",
    *_COINCIDE,
    "(1 + Q)(1 + T_mm) - R_m^2 of every teacher is replaced by its value for the means of R_m and T_mm",
)
_UNIT = Quantity(n, "unit of the teacher", "n = 1, ..., M")
_UNITS = Quantity(M, "number of students and of teachers", "integer, M >= 2")
_OF_ORDER_1 = (
    Quantity(Q_star, "student-student order parameter of order 1 on the plateau, of all pairs", "Q* > 0"),
    Quantity(T_1, "mean of the diagonal elements of T^(1)", "T(1) > 0"),
    Quantity(D, "mean of the sums D_n^(1)", "0 < T(1) + D < M (1 + T(1))"),
)
_REMARK = (
    "Our reading of the lost formula. Exact where all T_nn and all D_n of order 1 are equal; T_nn = 1 and D_n = D then "
    "give Eq. {}. Otherwise R_n is wrong to first order in the spread of the rows, Q to second. Exact: Eq. "
    "plateau-any-teacher."
)
_TEACHER = (
    Parameter("M", "number of students and of teachers", "integer", at_least=Fraction(2)),
    Parameter("n", "unit of the teacher", "integer", default="1", at_least=Fraction(1)),
    Parameter("T", "diagonal elements of T^(1), one for all teachers or M of them", "numbers", default="1"),
    Parameter("D", "sums of the off-diagonal elements of the rows of T^(1), one for all or M", "numbers"),
)
_TEACHER_L = (
    Parameter("T_l", "diagonal elements of T^(l), one for all teachers or M of them", "numbers"),
    Parameter("D_l", "sums of the off-diagonal elements of the rows of T^(l), one for all or M", "numbers"),
)


def _row_quantities(order: Any) -> tuple[Quantity, ...]:
    return (
        Quantity(R_plateau[n, order], f"student-teacher order parameter of order {order}, of all students", "R* > 0"),
        Quantity(T_units[n, n, order], f"diagonal element of T^({order})", "T_nn > 0"),
        Quantity(D_rows[n, order], f"sum of the off-diagonal elements of row n of T^({order})", "real"),
        _UNIT,
        _UNITS,
    )


def _root(unit: Any) -> Any:
    return sqrt((1 + Q_star) * (1 + T_units[unit, unit, 1]) - R_plateau[unit, 1] ** 2)


def _any_teacher() -> Any:
    norm = Sum(R_plateau[m, 1] / _root(m), (m, 1, M)) + M / sqrt(1 + 2 * Q_star)
    pulls = [Sum(T_units[n, m, l] / _root(m), (m, 1, M)), Sum(R_plateau[m, l] / _root(m), (m, 1, M))]
    return equal(Matrix([R_plateau[n, l], Q_l_star]), Matrix([(1 + Q_star) * pull / norm for pull in pulls]))


def _own_rows() -> Any:
    rest = M * (1 + T_1) - T_1 - D
    values = Matrix([(T_units[n, n, 1] + D_rows[n, 1]) / sqrt(M * rest), (T_1 + D) / rest])
    return equal(Matrix([R_plateau[n, 1], Q_star]), values)


def _own_rows_higher() -> Any:
    rest = M * (1 + T_1) - T_1 - D
    values = Matrix([(T_units[n, n, l] + D_rows[n, l]) / sqrt(M * rest), (T_l + D_l) / rest])
    return equal(Matrix([R_plateau[n, l], Q_l_star]), values)


def _approximation(given: Arguments, diagonal: str, row: str) -> list[arb]:
    """R_n^(l) and Q^(l); the parameters `diagonal` and `row` hold T^(l)."""
    M, unit = int(given["M"]), int(given["n"])
    if unit > M:
        raise ParameterError("equation 95", "n", unit, f"n <= M = {M} (Eq. 95)", "choose one of the teachers")

    def of_all(name: str) -> list[arb]:
        numbers: tuple[Fraction, ...] = given[name]
        if len(numbers) not in (1, M):
            condition = f"one number or M = {M} of them (Eq. 95)"
            raise ParameterError("equation 95", name, f"{len(numbers)} numbers", condition, "one for each teacher")
        return [ball(number) for number in (numbers if len(numbers) == M else numbers * M)]

    def sums(diagonal: str, row: str) -> list[arb]:
        return [a + b for a, b in zip(of_all(diagonal), of_all(row), strict=True)]

    R, Q = approximate_order_parameters(of_all("T"), sums("T", "D"), sums(diagonal, row))
    return [R[unit - 1], Q]


def _evaluation(diagonal: str, row: str, parameters: tuple[Parameter, ...]) -> Evaluation:
    return Evaluation(
        routes=(Route("closed form", lambda given: _approximation(given, diagonal, row)),),
        parameters=parameters,
        spectrum=False,
        outputs=("R", "Q"),
    )


EQUATIONS = (
    Equation(
        id="plateau-any-teacher",
        name="plateau-any-teacher",
        title="The plateau of any teacher, for any numbers of units",
        section="C.2",
        build=_any_teacher,
        quantities=(
            Quantity(R_plateau[n, l], "student-teacher order parameter of order l, of all students", "real"),
            Quantity(Q_l_star, "student-student order parameter of order l, of all pairs", "Q*(l) > 0"),
            _OF_ORDER_1[0],
            Quantity(T_units[n, m, l], "teacher-teacher order parameter of order l", "real"),
            _UNIT,
            Quantity(M, "number of teachers; that of students is any", "integer, M >= 1"),
            Quantity(l, "order", "l >= 1"),
        ),
        assumptions=_COINCIDE,
        evidence=PROVED,
        derivation="plateau_of_teacher",
        depends_on=("92", "93"),
        remark="Beyond the paper. At l = 1 a fixed-point problem for R_1, ..., R_M and Q, which "
        "`symsl.erf.plateau_of_teacher` encloses for a given teacher; `escape_rates`, `stability` say how it is left.",
    ),
    Equation(
        id="95",
        name="plateau-own-rows",
        title="Approximate plateau of a general teacher, order 1",
        section="C.2",
        build=_own_rows,
        quantities=(*_row_quantities(1), *_OF_ORDER_1),
        assumptions=_APPROXIMATE,
        evidence=PROVED,
        derivation="plateau_of_teacher",
        depends_on=("plateau-any-teacher",),
        evaluation=_evaluation("T", "D", _TEACHER),
        remark=_REMARK.format("97"),
    ),
    Equation(
        id="96",
        name="plateau-own-rows-higher-orders",
        title="Approximate plateau of a general teacher, every order",
        section="C.2",
        build=_own_rows_higher,
        quantities=(
            *_row_quantities(l),
            Quantity(Q_l_star, "student-student order parameter of order l on the plateau, of all pairs", "Q*(l) > 0"),
            *_OF_ORDER_1[1:],
            Quantity(T_l, "mean of the diagonal elements of T^(l)", "T(l) > 0"),
            Quantity(D_l, "mean of the sums D_n^(l)", "T(l) + D(l) > 0"),
            Quantity(l, "order", "l >= 1"),
        ),
        assumptions=_APPROXIMATE,
        evidence=PROVED,
        derivation="plateau_of_teacher",
        depends_on=("plateau-any-teacher", "95"),
        evaluation=_evaluation("T_l", "D_l", (*_TEACHER, *_TEACHER_L)),
        remark=_REMARK.format("98"),
    ),
)
