"""Eq. 94: the plain form against quadrature, the deviation form against 700 digits down to deviations of 1e-150."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

from symsl.erf.generalisation_error import generalisation_error, generalisation_error_from_deviations
from symsl.erf.state import OrderParameters, State
from symsl.errors import ParameterError
from symsl.spectrum import Spectrum


@pytest.mark.parametrize("K", [1, 2, 3])
def test_plain_form_is_half_the_mean_square_difference_of_the_outputs(K: int) -> None:
    """Gauss-Hermite in the (up to five) preactivations, with few nodes: a smooth integrand."""
    M = 2
    state = State.random(Spectrum.power_law(2, 1), K=K, M=M, N=20, seed=K, sigma_J="1/2")
    with ctx.workprec(80):
        value = float(generalisation_error(state.order_parameters(1)))
        blocks = [np.array([[float(x) for x in row] for row in X.tolist()]) for X in state.order_parameters(1)]
    Q, R, T = blocks
    generator = np.random.default_rng(0)
    root = np.linalg.cholesky(np.block([[Q, R], [R.T, T]]))
    from scipy.special import erf

    preactivations = root @ generator.normal(size=(K + M, 10**6))
    outputs = erf(preactivations / np.sqrt(2))
    squares = (np.sqrt(M) / K * outputs[:K].sum(0) - outputs[K:].sum(0) / np.sqrt(M)) ** 2 / 2
    assert abs(value - squares.mean()) < 4 * squares.std() / 1000


@pytest.mark.parametrize("distance", ["3", "1", "1e-2", "1e-8", "1e-50", "1e-150"])
@pytest.mark.parametrize("M", [1, 2, 4])
def test_deviation_form_keeps_its_relative_accuracy(high_precision_gram, M: int, distance: str) -> None:
    for seed in range(5):
        with mpmath.workdps(700):
            exact, (w, r, T) = high_precision_gram(M, distance, seed)
            expected = generalisation_error(exact)
            assert abs(generalisation_error_from_deviations(w, r, T) / expected - 1) < 1e-13


def test_plain_floats_are_noise_where_the_deviation_form_is_not(high_precision_gram) -> None:
    with mpmath.workdps(100):
        exact, (w, r, T) = high_precision_gram(2, "1e-20", 1)
        expected = generalisation_error(exact)
    plain = generalisation_error(OrderParameters(*(block.astype(float) for block in exact)))
    assert abs(plain / float(expected) - 1) > 0.9
    assert generalisation_error_from_deviations(w, r, T) == pytest.approx(float(expected), rel=1e-13)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["0.1", "1", "10", "1000"]))
def test_deviation_form_far_from_the_solution(high_precision_gram, seed: int, distance: str) -> None:
    """Arcsines that differ by more than a quarter turn, where a careless arctangent is off by pi."""
    with mpmath.workdps(40):
        exact, (w, r, T) = high_precision_gram(2, distance, seed)
        expected = float(generalisation_error(exact))
    assert generalisation_error_from_deviations(w, r, T) == pytest.approx(expected, rel=1e-9)


def test_balls_enclose_the_floats() -> None:
    state = State.random(Spectrum.power_law(4, "1/2"), K=3, M=2, N=40, seed=1, sigma_J="1/2")
    with ctx.workprec(120):
        value = generalisation_error(state.order_parameters(1))
        floats = OrderParameters(*(np.array(X.tolist(), dtype=object) for X in state.order_parameters(1)))
        plain = generalisation_error(OrderParameters(*(X.astype(float) for X in floats)))
        assert isinstance(value, arb)
        assert value.rel_accuracy_bits() > 90
        assert plain == pytest.approx(float(value), rel=1e-13)


def test_bad_deviations_are_refused() -> None:
    with pytest.raises(ParameterError, match="shape"):
        generalisation_error_from_deviations(np.eye(3), np.eye(2), np.eye(2))
    with pytest.raises(ParameterError, match="positive semidefinite"):
        generalisation_error_from_deviations(np.diag([-5.0, 1.0]), np.eye(2), np.eye(2))
    with pytest.raises(ParameterError, match="positive semidefinite"):
        generalisation_error_from_deviations(np.full((2, 2), np.nan), np.eye(2), np.eye(2))
