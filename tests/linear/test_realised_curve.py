"""The curve of one given pair exact in eta: two routes, its mean (Eq. 6), its variance, SGD, the matrix exponential."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from flint import ctx
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from symsl import Spectrum, equation
from symsl.erf.state import State
from symsl.errors import ParameterError, UsageError
from symsl.linear import (
    ensemble_mean,
    ensemble_variance,
    exact_coefficients,
    learning_curve,
    mode_distances,
    realised_curve,
    realised_error,
    small_rate_coefficients,
)
from symsl.simulation import diagonal_inputs, initial_weights, simulate
from symsl.simulation.order_parameters import generalisation_error

SPECTRUM = Spectrum.power_law(L=5, beta="1/2")
LAMBDA = np.array([float(value) for value in SPECTRUM.eigenvalues()])
PAIR = [Fraction(1), Fraction(1, 3), Fraction(2), Fraction(0), Fraction(7, 5)]
TIMES = [0, 1, "5/2", 40]


def _exponential(eta, time, start=PAIR):
    generator = np.diag(-2 * eta * LAMBDA) + eta**2 / 5 * np.outer(LAMBDA, LAMBDA)
    return LAMBDA @ expm(generator * time) @ np.array([float(value) for value in start]) / 10


@pytest.mark.parametrize("route", ["eigenbasis", "companion"])
@pytest.mark.parametrize("eta", ["1/20", "1", "19/10"])
def test_against_the_matrix_exponential(route, eta):
    found = realised_curve(SPECTRUM, PAIR, eta=eta, alpha=TIMES, digits=40, route=route)
    expected = [_exponential(float(Fraction(eta)), time) for time in (0, 1, 2.5, 40)]
    np.testing.assert_allclose([float(value) for value in found], expected, rtol=1e-10)
    assert all(value.reached >= 40 and value.route == route for value in found)


@settings(max_examples=25, deadline=None)
@given(
    eigenvalues=st.lists(st.fractions("1/20", 5, max_denominator=40), min_size=1, max_size=6, unique=True),
    eta=st.fractions("1/50", "19/10", max_denominator=50),
    alpha=st.fractions(0, 20, max_denominator=10),
    data=st.data(),
)
def test_both_routes_overlap_on_any_spectrum(eigenvalues, eta, alpha, data):
    spectrum = Spectrum.from_eigenvalues(eigenvalues, normalise=True)
    distances = data.draw(st.lists(st.fractions(0, 9, max_denominator=7), min_size=spectrum.L, max_size=spectrum.L))
    by_route = [
        realised_curve(spectrum, distances, eta=eta, alpha=[alpha], digits=30, route=route)[0]
        for route in ("eigenbasis", "companion")
    ]
    assert by_route[0].overlaps(by_route[1])
    assert all(value.reached >= 30 for value in by_route)
    with ctx.workprec(300):
        coefficients = [
            exact_coefficients(spectrum, eta=eta, alpha=alpha, route=route) for route in ("eigenbasis", "companion")
        ]
        for one, other in zip(*coefficients, strict=True):
            assert one.overlaps(other)
            assert abs(one - other) < 1e-30
        assert realised_error(coefficients[0], distances).overlaps(by_route[0].ball)


def test_unequal_order_of_the_eigenvalues_belongs_to_the_distances():
    shuffled = Spectrum.from_eigenvalues(["1/2", 2, "1/4", "5/4"])
    ordered = Spectrum.from_eigenvalues([2, "5/4", "1/2", "1/4"])
    for route in ("eigenbasis", "companion"):
        one = realised_curve(shuffled, [1, 2, 3, 4], eta="1/2", alpha=[2], digits=30, route=route)[0]
        other = realised_curve(ordered, [2, 4, 1, 3], eta="1/2", alpha=[2], digits=30, route=route)[0]
        assert one.overlaps(other)


def test_the_start_is_the_error_of_the_weights_and_the_mean_is_eq_6():
    J, B = initial_weights(3, 0, N=20, K=2, M=3, sigma_J=0.4)
    found = realised_curve(SPECTRUM, mode_distances(SPECTRUM, J, B), eta="1/3", alpha=[0], K=2, M=3)[0]
    measured = generalisation_error(diagonal_inputs(SPECTRUM, 20), J, B, "linear")
    assert float(found) == pytest.approx(float(measured), rel=1e-12)
    curve = learning_curve(SPECTRUM, eta="3/2", sigma_J="1/3", alpha=[7], digits=40)[0]
    with ctx.workprec(200):
        mean = ensemble_mean(exact_coefficients(SPECTRUM, eta="3/2", alpha=7), sigma_J="1/3")
        assert mean.overlaps(curve.ball)
        assert mean.rel_accuracy_bits() > 150


def test_small_learning_rates_are_the_limit():
    with ctx.workprec(200):
        ratios = []
        for eta in (Fraction(1, 100), Fraction(1, 1000)):
            exact = exact_coefficients(SPECTRUM, eta=eta, alpha=1 / eta)
            first = small_rate_coefficients(SPECTRUM, eta=eta, alpha=1 / eta)
            ratios.append([float(abs(a / b - 1)) for a, b in zip(exact, first, strict=True)])
    assert np.all(np.array(ratios[0]) < 0.1)
    np.testing.assert_allclose(ratios[0], 10 * np.array(ratios[1]), rtol=0.05)  # what is left is of order eta


def test_mean_and_variance_against_monte_carlo():
    samples, width, sigma, eta, time = 40_000, 3, 0.5, 1.2, 2.0
    generator = np.random.default_rng(1)
    difference = sigma * generator.standard_normal((samples, 15)) - generator.standard_normal((samples, 15))
    distances = (difference**2).reshape(samples, 5, width).mean(axis=2)
    motion = expm((np.diag(-2 * eta * LAMBDA) + eta**2 / 5 * np.outer(LAMBDA, LAMBDA)) * time)
    errors = distances @ (LAMBDA @ motion) / 10
    with ctx.workprec(80):
        coefficients = exact_coefficients(SPECTRUM, eta="6/5", alpha=2)
        mean = float(ensemble_mean(coefficients, sigma_J="1/2").mid())
        variance = float(ensemble_variance(coefficients, N=15, sigma_J="1/2").mid())
    assert abs(errors.mean() - mean) < 4 * errors.std() / np.sqrt(samples)
    squares = (errors - mean) ** 2
    assert abs(squares.mean() - variance) < 4 * squares.std() / np.sqrt(samples)
    assert squares.std() / np.sqrt(samples) < 0.02 * variance


def test_the_entry_reads_networks_from_a_file(tmp_path):
    J, B = initial_weights(4, 0, N=20, K=2, M=3, sigma_J=0.4)
    path = tmp_path / "pair.json"
    State.from_weights(SPECTRUM, J, B).save(path)
    entry = equation("given-pair")
    found = entry.evaluate(state=path, eta="1/3", alpha=4, digits=30)
    own = realised_curve(SPECTRUM, mode_distances(SPECTRUM, J, B), eta="1/3", alpha=[4], K=2, M=3, digits=30)[0]
    assert found.overlaps(own)
    State.from_weights(SPECTRUM, J, B, output="mean").save(path)  # eta -> eta/M, eps_g -> M eps_g lead to the paper's
    mean = entry.evaluate(state=path, eta=1, alpha=4, digits=30)
    assert (3 * mean.ball).overlaps(found.ball)
    with pytest.raises(UsageError, match="W and state exclude each other"):
        entry.evaluate(state=path, eta=1, alpha=4, W=1)


def test_one_distance_stands_for_all_modes():
    one = equation("given-pair").evaluate(spectrum=SPECTRUM, W="3/2", eta=1, alpha=2, digits=20)
    all_of_them = equation("given-pair").evaluate(spectrum=SPECTRUM, W="3/2,3/2,3/2,3/2,3/2", eta=1, alpha=2, digits=20)
    assert str(one) == str(all_of_them)


@pytest.mark.slow
@pytest.mark.parametrize("eta", ["1/10", "1", "3/2"])
def test_sgd_from_one_given_pair_has_this_mean(eta):
    """Forty streams of examples from the same weights; the mean at finite N from the exact recursion, its limit here.

    E W obeys W -> W - 2 eta lambda W/N + 2 (eta lambda/N)^2 W + (eta^2 lambda/N) (1/L) sum lambda W at finite N.
    """
    N, alpha = 1000, [1, 5, 10]
    J, B = initial_weights(8, 0, N=N)
    J = J * np.repeat([1, 200, 1, 1, 200], N // 5)  # a pair that is no typical draw: modes 2 and 5 far away
    result = simulate(diagonal_inputs(SPECTRUM, N), eta=eta, alpha=alpha, runs=40, seed=3, J=J, B=B)
    distances, rate = mode_distances(SPECTRUM, J, B), float(Fraction(eta))
    found = np.array([float(value) for value in realised_curve(SPECTRUM, distances, eta=eta, alpha=alpha)])
    step = np.diag(1 - 2 * rate * LAMBDA / N + 2 * (rate * LAMBDA / N) ** 2)
    step += rate**2 / (N * 5) * np.outer(LAMBDA, LAMBDA)
    start = np.array([float(value) for value in distances])
    finite = np.array([LAMBDA @ np.linalg.matrix_power(step, time * N) @ start / 10 for time in alpha])
    assert np.all(np.abs(result.mean() - finite) < 3 * result.standard_error())
    np.testing.assert_allclose(finite, found, rtol=0.06)  # what finite N adds
    typical = np.array([float(v) for v in learning_curve(SPECTRUM, eta=eta, alpha=alpha)])
    assert np.all(np.abs(found / typical - 1) > 1)  # nothing like the average pair
    assert np.all(result.standard_error() < 0.06 * found)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: realised_curve(SPECTRUM, [1, 2], eta=1, alpha=[1]), "W = 2 numbers, but one number or L = 5"),
        (lambda: realised_curve(SPECTRUM, [1, 2, 3, 4, -1], eta=1, alpha=[1]), "W_k >= 0"),
        (lambda: realised_curve(SPECTRUM, [1], eta=0, alpha=[1]), "eta > 0"),
        (lambda: realised_curve(SPECTRUM, [1], eta=1, alpha=[-1]), "alpha >= 0"),
        (lambda: realised_curve(SPECTRUM, [1], eta=1, alpha=[1], M=2), "eta = 2, but eta < 2/u_1"),
        (lambda: realised_curve(SPECTRUM, [1], eta=1, alpha=[1], route="fast"), "one of eigenbasis, companion"),
        (lambda: exact_coefficients(SPECTRUM, eta=1, alpha=1, route="fast"), "one of eigenbasis, companion"),
        (lambda: exact_coefficients(SPECTRUM, eta=2, alpha=1), "eta < 2/u_1"),
    ],
)
def test_bad_parameters_are_refused(call, message):
    with pytest.raises(ParameterError, match=message):
        call()


def test_beyond_the_critical_learning_rate_the_formula_stays_valid():
    found = realised_curve(SPECTRUM, PAIR, eta="5/2", alpha=[1], unstable=True)[0]
    assert float(found) == pytest.approx(_exponential(2.5, 1), rel=1e-9)
