"""SGD against the theory of linear activation (Eqs. 6, 8): small and large learning rates, and finite N.

The references are independent of symsl's solvers: the matrix exponential of the mode equations, in which Eq. 6 is
dW_k/dalpha = -2 eta lambda_k W_k + eta^2 lambda_k (1/L) sum_j lambda_j W_j, and the recursion that the mean of W obeys
exactly at finite N (the fourth moment of a Gaussian xi adds 2 (eta lambda_k/N)^2 W_k a step).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from scipy.linalg import expm

from symsl.linear.realisation import mode_distances
from symsl.simulation import diagonal_inputs, initial_weights, simulate
from symsl.spectrum import Spectrum

L = 8
SPECTRUM = Spectrum.power_law(L=L, beta="1/2")
EIGENVALUES = np.array([float(value) for value in SPECTRUM.eigenvalues()])
VARIANCE = 1 + 0.01**2
RUNS_AT = {512: 200, 1024: 60, 4096: 12}
SEED = 5


def _infinite_N(eta, alpha, start):
    generator = np.diag(-2 * eta * EIGENVALUES) + eta**2 / L * np.outer(EIGENVALUES, EIGENVALUES)
    return np.array([EIGENVALUES @ expm(generator * time) @ start / (2 * L) for time in alpha])


def _finite_N(eta, alpha, start, N):
    step = np.diag(1 - 2 * eta * EIGENVALUES / N + 2 * (eta * EIGENVALUES / N) ** 2)
    step += eta**2 / (N * L) * np.outer(EIGENVALUES, EIGENVALUES)
    powers = [np.linalg.matrix_power(step, round(time * N)) for time in alpha]
    return np.array([EIGENVALUES @ power @ start / (2 * L) for power in powers])


def _eq_8(eta, alpha):
    return VARIANCE / (2 * L) * np.array([EIGENVALUES @ np.exp(-2 * eta * EIGENVALUES * time) for time in alpha])


def _average_start():
    return np.full(L, VARIANCE)


@pytest.mark.slow
def test_eq_8_at_a_small_learning_rate():
    result = simulate(diagonal_inputs(SPECTRUM, 1024), eta="1/50", alpha=[0, 1, 5, 20, 50], runs=20, seed=1)
    expected = _eq_8(0.02, result.alpha)
    assert np.all(np.abs(result.mean() - expected) < 3 * result.standard_error())
    assert np.all(result.standard_error() < 0.06 * expected)


@pytest.mark.slow
@pytest.mark.parametrize("eta", [0.1, 0.5])
def test_eq_6_at_moderate_learning_rates(eta):
    result = simulate(diagonal_inputs(SPECTRUM, 1024), eta=eta, alpha=[1, 5, 10, 20], runs=20, seed=2)
    expected = _infinite_N(eta, result.alpha, _average_start())
    assert np.all(np.abs(result.mean() - expected) < 3 * result.standard_error())
    assert np.all(result.standard_error() < 0.08 * expected)


@lru_cache(maxsize=3)
def _fast_learning(N):
    """At eta = 1.5 and alpha = 2, 5, 10: SGD and its mean at finite N, relative to each run's curve at infinite N."""
    alpha, runs = [2, 5, 10], RUNS_AT[N]
    measured = simulate(diagonal_inputs(SPECTRUM, N), eta="3/2", alpha=alpha, runs=runs, seed=SEED).eps_g
    ratios, predictions = [], []
    for run in range(runs):
        start = np.array([float(value) for value in mode_distances(SPECTRUM, *initial_weights(SEED, run, N=N))])
        curve = _infinite_N(1.5, alpha, start)
        ratios.append(measured[run] / curve)
        predictions.append(_finite_N(1.5, alpha, start, N) / curve)
    return measured, np.array(ratios), np.array(predictions)


@pytest.mark.slow
@pytest.mark.parametrize("N", RUNS_AT)
def test_at_a_large_learning_rate_sgd_has_the_bias_of_finite_N(N):
    measured, ratios, predictions = _fast_learning(N)
    error = ratios.std(axis=0, ddof=1) / np.sqrt(len(ratios))
    assert np.all(np.abs((ratios - predictions).mean(axis=0)) < 3 * error)
    assert np.all(error < 0.035)
    assert np.all(measured.mean(axis=0)[1:] > 10 * _eq_8(1.5, [5, 10]))  # the small-rate theory misses altogether


@pytest.mark.slow
def test_the_bias_of_finite_N_shrinks():
    bias = {N: _fast_learning(N)[1][:, -1].mean() - 1 for N in RUNS_AT}
    error = {N: _fast_learning(N)[1][:, -1].std(ddof=1) / np.sqrt(RUNS_AT[N]) for N in RUNS_AT}
    assert bias[512] > 5 * error[512]
    assert bias[512] - bias[4096] > 3 * np.hypot(error[512], error[4096])
    exact = {
        N: _finite_N(1.5, [10], _average_start(), N)[0] / _infinite_N(1.5, [10], _average_start())[0] - 1
        for N in RUNS_AT
    }
    assert exact[512] / exact[1024] == pytest.approx(2, rel=0.1)
    assert exact[1024] / exact[4096] == pytest.approx(4, rel=0.1)
