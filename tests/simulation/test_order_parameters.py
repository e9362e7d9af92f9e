"""Measured quantities against their definitions: matrix products, and averages over the inputs by quadrature."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import erf

from symsl.simulation import data_inputs, diagonal_inputs, gaussian_inputs, order_parameters
from symsl.simulation.order_parameters import generalisation_error
from symsl.spectrum import Spectrum

N = 12


def _setting(K, M):
    generator = np.random.default_rng(K + 10 * M)
    root = generator.standard_normal((N, 3 * N)) / np.sqrt(3 * N)
    return gaussian_inputs(root @ root.T), root @ root.T, generator.normal(size=(K, N)), generator.normal(size=(M, N))


@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_order_parameters_are_the_matrix_products(order):
    inputs, covariance, J, B = _setting(3, 2)
    power = np.linalg.matrix_power(covariance, order)
    overlaps = order_parameters(inputs, J, B, order)
    np.testing.assert_allclose(overlaps.Q, J @ power @ J.T / N, rtol=1e-12)
    np.testing.assert_allclose(overlaps.R, J @ power @ B.T / N, rtol=1e-12)
    np.testing.assert_allclose(overlaps.T, B @ power @ B.T / N, rtol=1e-12)


@pytest.mark.parametrize(("K", "M"), [(1, 1), (3, 2), (2, 3)])
def test_linear_error_is_the_combination_of_order_parameters(K, M):
    inputs, covariance, J, B = _setting(K, M)
    Q, R, T = (a @ covariance @ b.T / N for a, b in ((J, J), (J, B), (B, B)))
    expected = (M / K**2 * Q.sum() + T.sum() / M - 2 / K * R.sum()) / 2  # the expectation of (sigma - zeta)^2/2
    np.testing.assert_allclose(generalisation_error(inputs, J, B, "linear"), expected, rtol=1e-12)


def test_erf_error_against_quadrature_over_the_two_preactivations():
    inputs, covariance, J, B = _setting(1, 1)
    joint = np.vstack([J, B]) @ covariance @ np.vstack([J, B]).T / N
    root = np.linalg.cholesky(joint)
    nodes, weights = np.polynomial.hermite_e.hermegauss(120)
    x = root[0, 0] * nodes[:, None] + 0 * nodes
    y = root[1, 0] * nodes[:, None] + root[1, 1] * nodes
    loss = (erf(x / np.sqrt(2)) - erf(y / np.sqrt(2))) ** 2 / 2
    expected = weights @ loss @ weights / (2 * np.pi)
    assert generalisation_error(inputs, J, B, "erf") == pytest.approx(expected, rel=1e-10)


def test_erf_error_of_several_units_against_an_average_over_examples():
    inputs, _, J, B = _setting(2, 3)
    examples = np.empty((400_000, N))
    inputs.fill(np.random.default_rng(8), examples)
    student = np.sqrt(3) / 2 * erf(examples @ J.T / np.sqrt(2 * N)).sum(axis=1)
    loss = (student - erf(examples @ B.T / np.sqrt(2 * N)).sum(axis=1) / np.sqrt(3)) ** 2 / 2
    deviation = loss.std() / np.sqrt(len(loss))
    assert abs(generalisation_error(inputs, J, B, "erf") - loss.mean()) < 4 * deviation
    assert deviation < 0.003 * loss.mean()


@pytest.mark.parametrize("activation", ["linear", "erf"])
def test_error_on_data_is_the_average_over_the_rows(activation):
    generator = np.random.default_rng(4)
    rows = generator.exponential(size=(9000, N)) - 1
    J, B = generator.normal(size=(2, 2, N)), generator.normal(size=(2, 1, N))
    g = (lambda x: x) if activation == "linear" else (lambda x: erf(x / np.sqrt(2)))
    measured = generalisation_error(data_inputs(rows), J, B, activation)
    for run in range(2):
        student = g(rows @ J[run].T / np.sqrt(N)).sum(axis=1) / 2
        loss = (student - g(rows @ B[run].T / np.sqrt(N)).sum(axis=1)) ** 2 / 2
        assert measured[run] == pytest.approx(loss.mean(), rel=1e-12)


def test_components_belong_to_directions_in_order():
    inputs = diagonal_inputs(Spectrum.from_eigenvalues([3, 2, 1]), 12)
    np.testing.assert_array_equal(inputs.covariance_times(np.ones(12)), [3] * 4 + [2] * 4 + [1] * 4)
