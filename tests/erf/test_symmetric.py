"""The collapsed right-hand sides against Eq. 93 typed out with explicit sums, and the algebra of radicals."""

from __future__ import annotations

import math

import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symsl.erf.symmetric import (
    Overlaps,
    generalisation_error,
    linearised,
    positive_power,
    rates,
    split_radicals,
    sum_over_units,
)

small = st.fractions(-1, 1, max_denominator=50).map(lambda x: x / 10)
diagonal = st.fractions(0, 1, max_denominator=50).map(lambda x: x + 1)
overlaps = st.builds(Overlaps, small, small, diagonal, small, diagonal, small)


def eq_93(first: Overlaps, raised: Overlaps, M: int) -> list[float]:
    """Elements (1,1), (1,2) of dR and dQ over 2 eta/(pi M): the displayed formula, in floats."""

    def matrix(a: object, b: object) -> list[list[float]]:
        return [[float(a if i == j else b) for j in range(M)] for i in range(M)]  # type: ignore[arg-type]

    R, Q, T = matrix(first.R, first.S), matrix(first.Q, first.C), matrix(first.T, first.T_off)
    r, q, t = matrix(raised.R, raised.S), matrix(raised.Q, raised.C), matrix(raised.T, raised.T_off)
    units = range(M)

    def dR(i: int, n: int) -> float:
        teachers = sum(
            (t[n][m] * (1 + Q[i][i]) - r[i][n] * R[i][m])
            / ((1 + Q[i][i]) * math.sqrt((1 + Q[i][i]) * (1 + T[m][m]) - R[i][m] ** 2))
            for m in units
        )
        students = sum(
            (r[j][n] * (1 + Q[i][i]) - r[i][n] * Q[i][j])
            / ((1 + Q[i][i]) * math.sqrt((1 + Q[i][i]) * (1 + Q[j][j]) - Q[i][j] ** 2))
            for j in units
        )
        return teachers - students

    def half(i: int, j: int) -> float:
        teachers = sum(
            (r[j][m] * (1 + Q[i][i]) - q[i][j] * R[i][m])
            / ((1 + Q[i][i]) * math.sqrt((1 + Q[i][i]) * (1 + T[m][m]) - R[i][m] ** 2))
            for m in units
        )
        students = sum(
            (q[j][k] * (1 + Q[i][i]) - q[i][j] * Q[i][k])
            / ((1 + Q[i][i]) * math.sqrt((1 + Q[i][i]) * (1 + Q[k][k]) - Q[i][k] ** 2))
            for k in units
        )
        return teachers - students

    return [dR(0, 0), dR(0, 1), half(0, 0) + half(0, 0), half(0, 1) + half(1, 0)]


@settings(deadline=None, max_examples=40)
@given(overlaps, overlaps, st.integers(2, 5))
def test_collapsed_rates_are_eq_93(first: Overlaps, raised: Overlaps, M: int) -> None:
    collapsed = rates(Overlaps(*map(sp.Rational, first)), Overlaps(*map(sp.Rational, raised)), M)
    for value, expected in zip(collapsed, eq_93(first, raised, M), strict=True):
        assert math.isclose(float(value), expected, rel_tol=1e-11, abs_tol=1e-12)


def test_collapsed_error_is_eq_94() -> None:
    M, R, S, Q, C, T, off = 4, 0.3, 0.05, 0.7, -0.04, 1.1, 0.02
    units = range(M)
    students = sum(math.asin((Q if i == j else C) / (1 + Q)) for i in units for j in units)
    teachers = sum(math.asin((T if i == j else off) / (1 + T)) for i in units for j in units)
    mixed = sum(math.asin((R if i == j else S) / math.sqrt((1 + Q) * (1 + T))) for i in units for j in units)
    expected = (students + teachers - 2 * mixed) / (math.pi * M)
    exact = generalisation_error(Overlaps(*(sp.Rational(str(x)) for x in (R, S, Q, C, T, off))), M)
    assert math.isclose(float(exact), expected, rel_tol=1e-13)


def test_linearised_is_the_derivative_of_the_rates() -> None:
    first = Overlaps(*map(sp.Rational, ("2/5", "1/20", "4/5", "-1/30", "1", "1/50")))
    raised = Overlaps(*map(sp.Rational, ("3/5", "1/10", "1", "1/40", "3/2", "1/9")))
    by_raised, by_first = linearised(first, raised, 3)
    step = 1e-6
    for column in range(4):
        for jacobian, shifts in ((by_raised, (0.0, step)), (by_first, (step, 0.0))):
            ahead, behind = (
                eq_93(
                    first._replace(**{first._fields[column]: float(first[column]) + sign * shifts[0]}),
                    raised._replace(**{raised._fields[column]: float(raised[column]) + sign * shifts[1]}),
                    3,
                )
                for sign in (1, -1)
            )
            for row in range(4):
                slope = (ahead[row] - behind[row]) / (2 * step)
                assert math.isclose(float(jacobian[row, column]), slope, rel_tol=1e-7, abs_tol=1e-8)


@given(st.integers(1, 9), st.lists(st.integers(1, 3), max_size=4))
def test_sum_over_units_counts_each_unit_once(extra: int, named: list[int]) -> None:
    M = 3 + extra
    assert sum_over_units(lambda m: 10**m if m in named else 1, named, M) == sum(
        10**m if m in named else 1 for m in range(1, M + 1)
    )


def test_radicals_of_equal_value_look_alike() -> None:
    M, D = sp.Symbol("M", integer=True, positive=True), sp.Symbol("D", real=True)
    a = split_radicals(sp.sqrt((2 * M - 1 - D) / (M * (1 + D) ** 2)))
    b = positive_power(M * (D + 1) ** 2 / (2 * M - D - 1), -sp.Rational(1, 2))
    assert a == b
    point = {M: 3, D: sp.Rational(1, 3)}
    assert sp.simplify(a.subs(point) - sp.sqrt(sp.Rational(14, 3) / 3 * sp.Rational(9, 16))) == 0
