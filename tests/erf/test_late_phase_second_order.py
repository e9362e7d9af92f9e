"""The complete second order of the late phase against Eq. 17, its extension in eta, and the actual equations."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from flint import ctx

from symsl.erf.late_phase import Deviations, error_from_modes
from symsl.erf.late_phase_exact import exact_error, noise_matrix
from symsl.erf.late_phase_second_order import LatePhase, noise
from symsl.erf.solve import solve
from symsl.figures.figure_d import deviating_state
from symsl.spectrum import Spectrum


def _eigenvalues(spectrum: Spectrum) -> np.ndarray:
    return np.array([float(value.mid()) for value in spectrum.eigenvalues()])


@pytest.mark.parametrize("M", [1, 2, 3, 4])
def test_eta_squared_term_without_overlap_is_that_of_the_library(M):
    for column in range(2):
        first = np.zeros(4)
        first[2 + column] = 1
        for row in range(2 if M > 1 else 1):
            expected = float(noise_matrix(M)[row][column].mid())
            if M > 1 or column == 0:
                assert noise(first, M, 0, row) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("M", [2, 3])
def test_without_overlap_it_is_the_certified_linear_theory(M):
    spectrum, times = Spectrum.power_law(4, 1), [0, 1, 10, 100]
    start = Deviations(spectrum, M, (Fraction(1, 50),), (Fraction(-1, 300),))
    for exact_in_eta, theory in ((False, error_from_modes), (True, exact_error)):
        found = LatePhase(_eigenvalues(spectrum), M, 0.7, exact_in_eta).error(
            np.array([0, 0, 1 / 50, -1 / 300]), np.array(times)
        )
        with ctx.workprec(200):
            expected = [float(value) for value in theory(start, Fraction("0.7"), [Fraction(t) for t in times])]
        assert np.allclose(found, expected, rtol=1e-6)


@pytest.mark.parametrize("eta", [0.1, 1.5])
def test_error_against_the_full_equations_is_of_third_order(eta):
    """Half the deviation, half the relative error: what is left is one order higher than what is kept."""
    spectrum, M = Spectrum.power_law(2, 1), 2
    times = np.array([0.0, 3.0, 30.0]) / eta
    errors = []
    for size in (0.02, 0.01):
        full = solve(deviating_state(spectrum, M, size, size), str(eta), times, order=2, rtol=1e-10).eps_g
        theory = LatePhase(_eigenvalues(spectrum), M, eta, True).error(np.array([-size, 0, 2 * size**2, 0]), times)
        errors.append(np.abs(theory / full - 1).max())
    assert errors[0] < 0.05
    assert errors[1] == pytest.approx(errors[0] / 2, rel=0.15)
