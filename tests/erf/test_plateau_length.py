"""Eq. 117 with b from one ensemble of solutions against the lengths of another."""

from __future__ import annotations

import numpy as np
import pytest

from symsl.erf.plateau_length import (
    MeasuredPlateau,
    estimated_length,
    fluctuation_ratio,
    measured_plateau,
    student_spread,
)
from symsl.erf.plateau_of_teacher import escape_rates
from symsl.erf.solve import solve
from symsl.erf.state import State
from symsl.errors import ParameterError
from symsl.spectrum import Spectrum

ETA, N = "1/10", 400


def measured(seed: int, sigma_J: str) -> tuple[State, MeasuredPlateau]:
    state = State.random(Spectrum.power_law(2, 1), K=2, M=2, N=N, seed=seed, sigma_J=sigma_J)
    return state, measured_plateau(solve(state, ETA, np.linspace(0, 8000, 801)))


@pytest.mark.slow
def test_lengths_of_another_ensemble() -> None:
    first = [measured(seed, "1/100")[1] for seed in range(12)]
    ratio = fluctuation_ratio(first, sigma_J="1/100", N=N)
    assert ratio.error < 0.5
    second = [measured(seed, "1/1000") for seed in range(100, 112)]
    lengths = np.array([plateau.length for _, plateau in second])
    estimates = [estimated_length(state, ETA, b=ratio.b, sigma_J="1/1000", N=N) for state, _ in second]
    difference = np.mean(lengths - estimates)
    spread = np.std(lengths - estimates, ddof=1) / np.sqrt(len(lengths))
    from_b = ratio.error / np.mean([plateau.rate for _, plateau in second])
    assert abs(difference) < 3 * np.hypot(spread, from_b)
    assert 3 * np.hypot(spread, from_b) < np.mean(lengths) / 2


def test_a_hundred_times_smaller_start_adds_ln_100_over_gamma() -> None:
    """The same weights, scaled: all else in Eq. 117 stays."""
    state, near = measured(3, "1/1000")
    _, far = measured(3, "1/100000")
    assert far.length - near.length == pytest.approx(np.log(100) / float(escape_rates(state, ETA)[0]), rel=0.02)


def test_spread_of_known_matrices() -> None:
    """Common parts of students, or of teachers, do not count."""
    assert student_spread(np.array([[1.0, 2.0], [1.0, 2.0]])) == 0
    assert student_spread(np.array([[1.0, 1.0], [2.0, 2.0]])) == 0
    assert student_spread(np.array([[[0.3, 0.1], [0.1, 0.3]]])) == pytest.approx([0.1])


def test_bad_input() -> None:
    state = State.random(Spectrum.power_law(1, 1), K=2, M=2, N=200, seed=1)
    early = solve(state, ETA, [0, 1, 2])
    with pytest.raises(ParameterError, match="within a tenth"):
        measured_plateau(early)
    on_plateau = solve(state, ETA, np.linspace(0, 300, 31))
    with pytest.raises(ParameterError, match="Delta_P <="):
        measured_plateau(on_plateau)
    with pytest.raises(ParameterError, match="Delta_P >"):
        estimated_length(state, ETA, b=1.0, sigma_J=1, N=1)
    with pytest.raises(ParameterError, match="sigma_J > 0"):
        estimated_length(state, ETA, b=1.0, sigma_J=0, N=100)
    with pytest.raises(ParameterError, match="at least one solution"):
        fluctuation_ratio([], sigma_J=1, N=100)
