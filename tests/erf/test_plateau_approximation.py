"""Eqs. 95, 96 on teachers: the certified plateau where rows are equal, the right order of the error where not."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx

from symsl.erf import escape, plateau
from symsl.erf.plateau_approximation import (
    approximate_escape_time,
    approximate_height,
    approximate_order_parameters,
    approximate_plateau,
)
from symsl.erf.plateau_length import spread_over_students, student_spread
from symsl.erf.plateau_of_teacher import plateau_of_teacher
from symsl.erf.state import State
from symsl.errors import ParameterError
from symsl.spectrum import Spectrum


def teacher(spectrum: Spectrum, T: list[list[object]]) -> State:
    zero = [[0] * len(T) for _ in T]
    return State.from_modes(spectrum, zero, zero, T)


@pytest.mark.parametrize("M", [2, 3])
def test_equal_rows_have_the_certified_plateau(M: int) -> None:
    spectrum, D = Spectrum.power_law(3, 1), Fraction(1, 4)
    state = teacher(spectrum, [[Fraction(1) if n == m else D / (M - 1) for m in range(M)] for n in range(M)])
    found = approximate_plateau(state)
    assert np.allclose(found.R, float(plateau.R_star(M, D).mid()))
    assert pytest.approx(float(plateau.Q_star(M, D).mid())) == found.Q
    assert approximate_height(state) == pytest.approx(float(plateau.plateau_height(M, D).mid()), rel=1e-12)
    u2 = spectrum.moment(2)
    expected = escape.escape_time(M, Fraction(1, 3), u2, D, Fraction(float(u2.mid())) * D)
    assert approximate_escape_time(state, Fraction(1, 3)) == pytest.approx(float(expected.mid()), rel=1e-12)
    exact = plateau_of_teacher(state, digits=20).order_parameters(2)
    second = approximate_plateau(state, 2)
    assert np.allclose(second.R, float(exact.R[0, 0].mid()), rtol=1e-13)
    assert pytest.approx(float(exact.Q[0, 0].mid()), rel=1e-13) == second.Q


@pytest.mark.parametrize("l", [1, 2])
def test_where_rows_differ_Q_is_wrong_to_second_order_and_R_to_first(l: int) -> None:
    """Teacher 1 turned towards 2 by x: halving x halves the error of R_n and quarters that of Q."""
    spectrum, errors = Spectrum.power_law(2, 1), []
    for x in (Fraction(1, 1000), Fraction(1, 2000)):
        state = teacher(spectrum, [[1, x, -x], [x, 1, 0], [-x, 0, 1]])
        exact, found = plateau_of_teacher(state, digits=25).order_parameters(l), approximate_plateau(state, l)
        R = np.array([float(exact.R[0, n].mid()) for n in range(3)])
        errors.append((np.abs(found.R - R).max(), abs(found.Q - float(exact.Q[0, 0].mid()))))
    assert errors[1][0] == pytest.approx(errors[0][0] / 2, rel=1e-2)
    assert errors[1][1] == pytest.approx(errors[0][1] / 4, rel=1e-2)
    assert errors[0][0] < 0.1 * float(abs(R[1] - R[2]))  # far less than what it resolves


def test_teachers_that_cancel_are_refused() -> None:
    with pytest.raises(ParameterError, match=r"Eq\. 95"):
        approximate_plateau(teacher(Spectrum.power_law(1, 1), [[1, -1], [-1, 1]]))
    with ctx.workprec(80), pytest.raises(ParameterError, match=r"Eq\. 95"):
        approximate_order_parameters([arb(1)] * 2, [arb(5)] * 2, [arb(1)] * 2)
    with pytest.raises(ParameterError, match="eta > 0"):
        approximate_escape_time(State.average(Spectrum.power_law(1, 1), K=2, M=2), 0)


def test_spread_is_that_of_the_students() -> None:
    R = np.array([[1.0, 2.0], [3.0, 2.0]])
    assert spread_over_students(R) == pytest.approx(np.sqrt(0.5))
    assert spread_over_students(np.ones((5, 2, 2))).tolist() == [0] * 5
    assert student_spread(R) == pytest.approx(0.5)
    assert student_spread(R + np.array([[10.0], [0.0]])) == pytest.approx(0.5)
