"""Input streams: their second moments, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from symsl.errors import ParameterError
from symsl.simulation import data_inputs, diagonal_inputs, gaussian_inputs, rotated_inputs
from symsl.spectrum import Spectrum

N = 8
SPECTRUM = Spectrum.power_law(L=4, beta="1/2")
ROTATION = np.linalg.qr(np.random.default_rng(0).standard_normal((N, N)))[0]
VARIANCES = np.repeat([float(value) for value in SPECTRUM.eigenvalues()], 2)
ROWS = np.random.default_rng(1).integers(0, 255, size=(300, N)).astype(np.uint8)
CASES = {
    "diagonal": (diagonal_inputs(SPECTRUM, N), np.diag(VARIANCES)),
    "rotated": (rotated_inputs(SPECTRUM, ROTATION), ROTATION.T @ np.diag(VARIANCES) @ ROTATION),
    "gaussian": (gaussian_inputs(np.eye(N) + 0.5), np.eye(N) + 0.5),
    "data": (data_inputs(ROWS), ROWS.astype(float).T @ ROWS.astype(float) / len(ROWS)),
}


@pytest.mark.parametrize("kind", CASES)
def test_examples_have_the_second_moment_they_claim(kind):
    inputs, expected = CASES[kind]
    np.testing.assert_allclose(inputs.covariance_times(np.eye(N)), expected, rtol=1e-12, atol=1e-14)
    examples = np.empty((200_000, N))
    inputs.fill(np.random.default_rng(2), examples)
    products = examples[:, :, None] * examples[:, None, :]
    error = products.std(axis=0) / np.sqrt(len(examples))
    assert np.all(np.abs(products.mean(axis=0) - expected) < 5 * error)


@pytest.mark.parametrize("kind", CASES)
def test_the_stream_does_not_depend_on_how_it_is_cut(kind):
    inputs, _ = CASES[kind]
    whole, parts, generator = np.empty((11, N)), np.empty((11, N)), np.random.default_rng(6)
    inputs.fill(np.random.default_rng(6), whole)
    for cut in (slice(0, 3), slice(3, 10), slice(10, 11)):
        inputs.fill(generator, parts[cut])
    np.testing.assert_allclose(parts, whole, rtol=1e-12, atol=1e-14)


def test_equal_descriptions_mean_equal_inputs():
    assert diagonal_inputs(SPECTRUM, N).describe() == diagonal_inputs(Spectrum.power_law(4, "1/2"), N).describe()
    assert data_inputs(ROWS).describe() != data_inputs(ROWS[::-1]).describe()
    assert gaussian_inputs(np.eye(N)).describe() != gaussian_inputs(2 * np.eye(N)).describe()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: diagonal_inputs(SPECTRUM, 10), r"N = 10, but N a positive multiple of L = 4 \(Eq. 1\)"),
        (lambda: rotated_inputs(SPECTRUM, 2 * ROTATION), r"max \|O O\^T - 1\| = 3, but at most 1e-08"),
        (lambda: rotated_inputs(SPECTRUM, np.eye(6)), r"N = 6"),
        (lambda: rotated_inputs(SPECTRUM, np.ones((2, 3))), r"orthogonal.shape = \(2, 3\), but a square matrix"),
        (lambda: gaussian_inputs(np.diag([1.0, -1.0])), r"smallest eigenvalue = -1, but a positive definite"),
        (lambda: gaussian_inputs(np.array([[1.0, 0.5], [0.0, 1.0]])), r"symmetric"),
        (lambda: gaussian_inputs(np.full((2, 2), np.nan)), r"covariance = not finite"),
        (lambda: gaussian_inputs(np.empty((0, 0))), r"square"),
        (lambda: data_inputs(np.ones(5)), r"rows.shape = \(5,\), but two dimensions"),
        (lambda: data_inputs(np.array([["a", "b"]])), r"rows.dtype = <U1, but real numbers"),
        (lambda: data_inputs(np.array([[1.0, 2.0], [np.inf, 0.0]])), r"rows\[1\] = not finite"),
    ],
)
def test_bad_inputs_are_refused(make, message):
    with pytest.raises(ParameterError, match=message):
        make()
