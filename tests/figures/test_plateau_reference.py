"""The plateau of a concrete teacher against the certified one."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from symsl.erf import escape, plateau
from symsl.erf.state import State
from symsl.figures import plateau_of_teacher
from symsl.spectrum import Spectrum


@pytest.mark.parametrize("M", [2, 3])
def test_equal_teachers_have_the_certified_plateau(M):
    spectrum, D = Spectrum.power_law(3, 1), Fraction(1, 4)
    T = [[Fraction(1) if n == m else D / (M - 1) for m in range(M)] for n in range(M)]
    zero = [[0] * M for _ in range(M)]
    state = State.from_modes(spectrum, zero, zero, T)
    found = plateau_of_teacher.plateau(state)
    assert np.allclose(found.R, float(plateau.R_star(M, D).mid()))
    assert pytest.approx(float(plateau.Q_star(M, D).mid())) == found.Q
    assert plateau_of_teacher.height(state) == pytest.approx(float(plateau.plateau_height(M, D).mid()), rel=1e-12)
    u2 = spectrum.moment(2)
    D2 = Fraction(float(u2.mid())) * D
    expected = escape.escape_time(M, Fraction(1, 3), u2, D, D2)
    assert plateau_of_teacher.escape_time(state, Fraction(1, 3)) == pytest.approx(float(expected.mid()), rel=1e-12)


def test_spread_is_that_of_the_students():
    R = np.array([[1.0, 2.0], [3.0, 2.0]])
    assert plateau_of_teacher.student_spread(R) == pytest.approx(np.sqrt(0.5))
    assert plateau_of_teacher.student_spread(np.ones((5, 2, 2))).tolist() == [0] * 5
