"""The late phase at any learning rate: the full equations to second order in eta, and where they stop converging."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from flint import ctx
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

import symsl
from symsl import Spectrum
from symsl.equations.late_phase import relaxation_matrix as stated_relaxation_matrix
from symsl.equations.late_phase_exact import noise_matrix as stated_noise_matrix
from symsl.erf.equations_of_motion import velocity_of_modes
from symsl.erf.generalisation_error import generalisation_error_from_deviations
from symsl.erf.late_phase import Deviations
from symsl.erf.late_phase_exact import critical_learning_rate, exact_error, noise_matrix, relaxation_matrix
from symsl.erf.state import OrderParameters
from symsl.errors import ParameterError
from symsl.precision.evaluate import evaluate
from symsl.symbols import M as UNITS


@pytest.mark.parametrize("M", [2, 3])
def test_the_full_equations_follow(M: int) -> None:
    """J = B plus something orthogonal to it, w of order 1e-7, all terms of Eq. 92 at eta = 1.4."""
    spectrum, eta, size = Spectrum.power_law(2, 1), 1.4, 1e-7
    eigenvalues, one = [1.6, 0.4], np.eye(M)
    w_d, w_o = [2 * size, size], [0.5 * size, -0.3 * size]
    w = np.array([d * one + o * (np.ones((M, M)) - one) for d, o in zip(w_d, w_o, strict=True)])

    def velocity(_: float, x: np.ndarray) -> np.ndarray:
        w, r = x.reshape(2, 2, M, M)
        modes = [OrderParameters(one + w[k] + r[k] + r[k].T, one + r[k], one) for k in range(2)]
        rates = velocity_of_modes(modes, eigenvalues, eta, order=2)
        dR = np.array([rate.R for rate in rates], dtype=float)
        dQ = np.array([rate.Q for rate in rates], dtype=float)
        return np.concatenate([(dQ - dR - dR.swapaxes(1, 2)).ravel(), dR.ravel()])

    times = [0, 1, 4]
    start = np.concatenate([w.ravel(), np.zeros(w.size)])
    run = solve_ivp(velocity, (0, 4), start, t_eval=times, rtol=1e-7, atol=1e-15, method="DOP853")
    exact_w = [tuple(Fraction(str(x)) for x in values) for values in (w_d, w_o)]
    with ctx.workprec(100):
        predicted = exact_error(Deviations(spectrum, M, *exact_w), Fraction("1.4"), [Fraction(t) for t in times])
    for i, value in enumerate(predicted):
        w, r = run.y[:, i].reshape(2, 2, M, M)
        first = [np.tensordot(eigenvalues, x, 1) / 2 for x in (w, r)]
        assert math.isclose(float(value), generalisation_error_from_deviations(*first, one), rel_tol=2e-5)


@pytest.mark.parametrize("M", [1, 2, 3, 6])
def test_certified_matrices_are_the_stated_ones(M: int) -> None:
    with ctx.workprec(100):
        for certified, stated in (
            (relaxation_matrix(M), stated_relaxation_matrix()),
            (noise_matrix(M), stated_noise_matrix()),
        ):
            for a in range(2):
                for b in range(2):
                    assert certified[a][b].overlaps(evaluate(stated[a, b], {UNITS: M}))


@pytest.mark.parametrize(("M", "expected"), [(2, 4.613655), (3, 4.862024)])
def test_critical_learning_rate(M: int, expected: float) -> None:
    """Zero crossings of the Jacobian of the full equations, to six decimals."""
    assert math.isclose(float(symsl.equation("late-phase-stability").evaluate(M=M)), expected, rel_tol=2e-7)


@settings(deadline=None, max_examples=10)
@given(st.integers(2, 4), st.lists(st.integers(1, 30), min_size=1, max_size=4, unique=True))
def test_the_flow_is_stable_just_below_and_not_above(M: int, values: list[int]) -> None:
    """Whatever the spectrum, by the eigenvalues of the float64 matrix."""
    lam = np.array(values) / np.mean(values)
    with ctx.workprec(80):
        critical = float(critical_learning_rate(M))
        H = np.array([[float(x) for x in row] for row in relaxation_matrix(M)])
        G = np.array([[float(x) for x in row] for row in noise_matrix(M)])
    for eta, stable in ((critical * 0.999, True), (critical * 1.001, False)):
        flow = (eta / M) ** 2 * np.kron(G, np.outer(lam, lam) / len(lam))
        flow -= 4 * eta / (np.pi * M) * np.kron(H, np.diag(lam))
        assert bool(np.max(np.linalg.eigvals(flow).real) < 0) is stable


def test_small_learning_rates_give_eq_17() -> None:
    arguments = {"M": 2, "L": 4, "beta": 1, "w_d": "1/100", "w_o": "-1/900", "digits": 20}
    fast, slow = Fraction(1, 10**6), Fraction(10**6)
    exact = symsl.equation("late-phase-exact-eta").evaluate(eta=fast, alpha=slow, **arguments)
    first = symsl.equation(17).evaluate(eta=fast, alpha=slow, **arguments)
    assert not exact.overlaps(first)
    assert math.isclose(float(exact), float(first), rel_tol=1e-5)


def test_too_many_modes_are_refused() -> None:
    with pytest.raises(ParameterError, match="L <= 128"):
        symsl.equation("late-phase-exact-eta").evaluate(M=2, L=129, beta=1, eta=1, alpha=1, w_d=1, w_o=0)
