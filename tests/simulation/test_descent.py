"""The block form of SGD against Eq. 3 written out, one example after the other."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import erf

from symsl.errors import ParameterError
from symsl.simulation import data_inputs, diagonal_inputs, gaussian_inputs, initial_weights, rotated_inputs, simulate
from symsl.simulation.start import example_stream
from symsl.spectrum import Spectrum

N = 24
SPECTRUM = Spectrum.power_law(L=6, beta=1)


def _orthogonal(seed=5):
    return np.linalg.qr(np.random.default_rng(seed).standard_normal((N, N)))[0]


def _inputs(kind):
    generator = np.random.default_rng(3)
    if kind == "diagonal":
        return diagonal_inputs(SPECTRUM, N)
    if kind == "rotated":
        return rotated_inputs(SPECTRUM, _orthogonal())
    if kind == "covariance":
        root = generator.standard_normal((N, 2 * N)) / np.sqrt(2 * N)
        return gaussian_inputs(root @ root.T)
    return data_inputs(generator.uniform(-1, 1, size=(500, N)))


def _one_by_one(inputs, stream, J, B, eta, steps, trained, activation):
    """Eq. 3, a literal transcription."""
    K, M = len(J), len(B)
    J = J.copy()
    g = (lambda x: x) if activation == "linear" else (lambda x: erf(x / np.sqrt(2)))
    slope = np.ones_like if activation == "linear" else (lambda x: np.sqrt(2 / np.pi) * np.exp(-(x**2) / 2))
    for _ in range(steps):
        example = np.empty((1, N))
        inputs.fill(stream, example)
        xi = example[0]
        x, y = J @ xi / np.sqrt(N), B @ xi / np.sqrt(N)
        difference = np.sqrt(M) / K * g(x).sum() - g(y).sum() / np.sqrt(M)
        change = eta * np.sqrt(M) / K * difference * np.outer(slope(x), xi) / np.sqrt(N)
        J[:, :trained] -= change[:, :trained]
    return J


@pytest.mark.parametrize("activation", ["linear", "erf"])
@pytest.mark.parametrize("kind", ["diagonal", "rotated", "covariance", "data"])
@pytest.mark.parametrize(("K", "M", "trainable"), [(1, 1, None), (3, 2, 5), (2, 3, None)])
def test_blocks_repeat_single_steps(activation, kind, K, M, trainable):
    inputs = _inputs(kind)
    steps = 101  # no multiple of the block
    result = simulate(
        inputs,
        eta="7/10",
        alpha=[1, f"{steps}/{N}"],
        activation=activation,
        K=K,
        M=M,
        sigma_J="1/2",
        runs=2,
        seed=11,
        trainable=trainable,
    )
    trained = N if trainable is None else trainable * inputs.multiplicity
    for run in range(2):
        J, B = initial_weights(11, run, N=N, K=K, M=M, sigma_J=0.5)
        expected = _one_by_one(inputs, example_stream(11, run), J, B, 0.7, steps, trained, activation)
        assert not np.allclose(expected, J)
        np.testing.assert_allclose(result.J[run], expected, rtol=1e-11, atol=1e-12)
        np.testing.assert_array_equal(result.B[run], B)
        np.testing.assert_array_equal(result.J[run][:, trained:], J[:, trained:])


def test_a_run_does_not_depend_on_its_companions():
    together = simulate(diagonal_inputs(SPECTRUM, N), eta="1/2", alpha=[0, 3, 7], runs=5, seed=2)
    alone = simulate(diagonal_inputs(SPECTRUM, N), eta="1/2", alpha=[0, 3, 7], runs=[3], seed=2)
    np.testing.assert_allclose(alone.eps_g[0], together.eps_g[3], rtol=1e-12)
    other_seed = simulate(diagonal_inputs(SPECTRUM, N), eta="1/2", alpha=[0, 3, 7], runs=[3], seed=3)
    assert not np.allclose(other_seed.eps_g, alone.eps_g)


def test_given_weights_are_used_for_all_runs_or_for_each():
    generator = np.random.default_rng(0)
    J, B = generator.standard_normal((1, N)), generator.standard_normal((2, 1, N))
    result = simulate(diagonal_inputs(SPECTRUM, N), eta="1/2", alpha=[0], runs=2, J=J, B=B)
    np.testing.assert_array_equal(result.J, np.broadcast_to(J, (2, 1, N)))
    np.testing.assert_array_equal(result.B, B)


def test_student_equal_to_its_teacher_stays():
    B = np.random.default_rng(1).standard_normal((2, N))
    result = simulate(diagonal_inputs(SPECTRUM, N), eta=1, alpha=[0, 5], K=2, M=2, activation="erf", J=B, B=B)
    np.testing.assert_allclose(result.J[0], B, rtol=1e-12)
    assert np.all(np.abs(result.eps_g) < 1e-15)


def test_divergence_is_an_error_and_not_a_nan():
    with pytest.raises(ParameterError, match=r"eta = 5, but a learning rate below the critical one"):
        simulate(diagonal_inputs(SPECTRUM, N), eta=5, alpha=[400])
