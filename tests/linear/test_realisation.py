"""Curves of given weights, against the mean path of the weights and against Monte Carlo over the ensemble."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

from symsl.errors import ParameterError, UsageError
from symsl.linear.realisation import (
    ensemble_mean,
    ensemble_variance,
    mode_distances,
    realised_error,
    small_rate_coefficients,
)
from symsl.simulation import diagonal_inputs, initial_weights
from symsl.simulation.order_parameters import generalisation_error
from symsl.spectrum import Spectrum

SPECTRUM = Spectrum.power_law(L=4, beta="1/2")
N = 12


@pytest.mark.parametrize(("K", "M"), [(1, 1), (2, 3), (3, 1)])
def test_mode_distances_are_the_squared_differences(K, M):
    J, B = initial_weights(0, 0, N=N, K=K, M=M, sigma_J=0.7)
    difference = np.sqrt(M) / K * J.sum(axis=0) - B.sum(axis=0) / np.sqrt(M)
    expected = (difference**2).reshape(4, 3).mean(axis=1)
    np.testing.assert_allclose([float(value) for value in mode_distances(SPECTRUM, J, B)], expected, rtol=1e-13)


def test_mode_distances_are_exact_in_the_doubles():
    distances = mode_distances(Spectrum.power_law(2, 1), [0.1, 1.0], [[0.0, 0.25]])
    assert distances == [Fraction(0.1) ** 2, Fraction(9, 16)]
    assert distances[0] != Fraction(1, 100)


@pytest.mark.parametrize(("K", "M"), [(1, 1), (2, 3)])
def test_curve_of_a_realisation_is_the_error_on_the_mean_path_of_its_weights(K, M):
    eta, alpha = 0.2, 3.0
    J, B = initial_weights(5, 1, N=N, K=K, M=M, sigma_J=0.7)
    inputs = diagonal_inputs(SPECTRUM, N)
    # dJ_i/dalpha = -eta (sqrt(M)/K) Sigma d with d = (sqrt(M)/K) sum_j J_j - sum_n B_n/sqrt(M), in small steps
    student, steps = J.copy(), 30_000
    for _ in range(steps):
        d = np.sqrt(M) / K * student.sum(axis=0) - B.sum(axis=0) / np.sqrt(M)
        middle = student - eta * np.sqrt(M) / K * inputs.variances * d * alpha / steps / 2
        d = np.sqrt(M) / K * middle.sum(axis=0) - B.sum(axis=0) / np.sqrt(M)
        student -= eta * np.sqrt(M) / K * inputs.variances * d * alpha / steps
    expected = generalisation_error(inputs, student, B, "linear")
    with ctx.workprec(100):
        coefficients = small_rate_coefficients(SPECTRUM, eta="1/5", alpha=3, K=K, M=M)
        value = realised_error(coefficients, mode_distances(SPECTRUM, J, B))
        assert value.rel_accuracy_bits() > 80
    assert float(value.mid()) == pytest.approx(float(expected), rel=1e-8)


def test_start_of_the_curve_is_the_error_of_the_weights():
    J, B = initial_weights(2, 0, N=N, sigma_J=0.3)
    with ctx.workprec(100):
        value = realised_error(small_rate_coefficients(SPECTRUM, eta=1, alpha=0), mode_distances(SPECTRUM, J, B))
    measured = generalisation_error(diagonal_inputs(SPECTRUM, N), J, B, "linear")
    assert float(value.mid()) == pytest.approx(float(measured), rel=1e-13)


@pytest.mark.parametrize(("K", "M"), [(1, 1), (3, 2)])
def test_mean_and_variance_against_monte_carlo(K, M):
    samples, sigma = 40_000, 0.5
    generator = np.random.default_rng(0)
    students = sigma * generator.standard_normal((samples, K, N))
    teachers = generator.standard_normal((samples, M, N))
    difference = np.sqrt(M) / K * students.sum(axis=1) - teachers.sum(axis=1) / np.sqrt(M)
    distances = (difference**2).reshape(samples, 4, 3).mean(axis=2)
    with ctx.workprec(80):
        coefficients = small_rate_coefficients(SPECTRUM, eta="1/5", alpha=2, K=K, M=M)
        mean = float(ensemble_mean(coefficients, sigma_J="1/2", K=K, M=M).mid())
        variance = float(ensemble_variance(coefficients, N=N, sigma_J="1/2", K=K, M=M).mid())
        weights = np.array([float(c.mid()) for c in coefficients])
    errors = distances @ weights
    assert abs(errors.mean() - mean) < 4 * errors.std() / np.sqrt(samples)
    squares = (errors - mean) ** 2
    assert abs(squares.mean() - variance) < 4 * squares.std() / np.sqrt(samples)
    assert squares.std() / np.sqrt(samples) < 0.02 * variance


def test_mean_is_eq_8():
    with ctx.workprec(100):
        coefficients = small_rate_coefficients(SPECTRUM, eta="1/10", alpha=7)
        expected = sum((v * (arb("-1.4") * v).exp() for v in SPECTRUM.eigenvalues()), arb(0)) * arb("1.25") / 8
        value = ensemble_mean(coefficients, sigma_J="1/2")
        assert value.overlaps(expected)
        assert value.rel_accuracy_bits() > 80


@settings(max_examples=50, deadline=None)
@given(st.lists(st.fractions(-5, 5, max_denominator=9), min_size=1, max_size=6), st.integers(1, 50))
def test_variance_falls_as_1_over_N_and_is_quadratic_in_the_coefficients(values, multiple):
    with ctx.workprec(128):
        coefficients = [arb(value.numerator) / value.denominator for value in values]
        L = len(values)
        once = ensemble_variance(coefficients, N=L, sigma_J="1/3")
        assert (multiple * ensemble_variance(coefficients, N=multiple * L, sigma_J="1/3")).overlaps(once)
        assert ensemble_variance([3 * c for c in coefficients], N=L, sigma_J="1/3").overlaps(9 * once)
        assert once >= 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mode_distances(SPECTRUM, np.ones(12), np.ones(8)), r"B.shape = \(1, 8\), but N = 12"),
        (lambda: mode_distances(SPECTRUM, np.ones(10), np.ones(10)), r"N a positive multiple of L = 4"),
        (lambda: mode_distances(SPECTRUM, np.ones((1, 2, 2)), np.ones(4)), "units x components"),
        (lambda: mode_distances(SPECTRUM, ["a"], np.ones(4)), "real"),
        (lambda: mode_distances(SPECTRUM, [np.nan] * 4, np.ones(4)), "J = not finite"),
        (lambda: small_rate_coefficients(SPECTRUM, eta=0, alpha=1), "eta > 0"),
        (lambda: small_rate_coefficients(SPECTRUM, eta=1, alpha=-1), "alpha >= 0"),
        (lambda: small_rate_coefficients(SPECTRUM, eta=1, alpha=1, K=0), "K >= 1"),
        (lambda: ensemble_mean([arb(1)], sigma_J=-1), "sigma_J >= 0"),
        (lambda: ensemble_variance([arb(1)] * 3, N=7, sigma_J=0), "N a positive multiple of L = 3"),
    ],
)
def test_bad_parameters_are_refused(call, message):
    with pytest.raises(ParameterError, match=message):
        call()


def test_one_coefficient_a_mode():
    with pytest.raises(UsageError, match="2 coefficients for 1 distances"):
        realised_error([arb(1), arb(2)], [Fraction(1)])
