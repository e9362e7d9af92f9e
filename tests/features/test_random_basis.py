"""Haar-random bases, the Schur complement of Eq. 88 and the relaxation towards it, against plain linear algebra."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import ctx, fmpq, fmpq_mat
from scipy.integrate import solve_ivp

from symsl.errors import ParameterError
from symsl.features import (
    asymptotic_ratio,
    certified_stationary_error,
    covariance_matrix,
    haar_orthogonal,
    large_N_stationary_error,
    mean_error,
    stationary_approximation,
    stationary_error,
    stationary_errors,
    stationary_order_parameters,
    student_path,
)
from symsl.power_law_fit import fit_power_law
from symsl.precision import certify
from symsl.simulation import gaussian_inputs, order_parameters, rotated_inputs
from symsl.spectrum import Spectrum

N = 24
SPECTRUM = Spectrum.power_law(L=12, beta="1/2")
COVARIANCE = covariance_matrix(SPECTRUM, haar_orthogonal(N, seed=7))


def _schur(covariance, n):
    trained, coupling = covariance[:n, :n], covariance[:n, n:]
    return covariance[n:, n:] - coupling.T @ np.linalg.inv(trained) @ coupling


def test_haar_matrix_is_orthogonal_and_a_function_of_the_seed():
    rotation = haar_orthogonal(N, seed=7)
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(N), atol=1e-13)
    np.testing.assert_array_equal(rotation, haar_orthogonal(N, seed=7))
    assert not np.allclose(rotation, haar_orthogonal(N, seed=8))


def test_haar_matrices_have_the_moments_of_the_haar_measure():
    entries = np.array([haar_orthogonal(4, seed)[:2, :2] for seed in range(4000)])
    first, other, below = entries[:, 0, 0], entries[:, 0, 1], entries[:, 1, 1]
    error = 5 / np.sqrt(4000)
    assert abs(first.mean()) < error  # fails for the Q of LAPACK, whose diagonal has a preferred sign
    assert abs((first**2).mean() - 1 / 4) < error
    assert abs((first**4).mean() - 3 / (4 * 6)) < error  # E[O_11^4] = 3/(N(N+2))
    assert abs((first**2 * other**2).mean() - 1 / (4 * 6)) < error
    assert abs((first**2 * below**2).mean() - 5 / (3 * 4 * 6)) < error  # (N+1)/((N-1)N(N+2))


def test_covariance_is_the_one_simulated():
    rotation = haar_orthogonal(N, seed=7)
    np.testing.assert_allclose(
        rotated_inputs(SPECTRUM, rotation).covariance_times(np.eye(N)), COVARIANCE, rtol=1e-12, atol=1e-14
    )
    np.testing.assert_array_equal(COVARIANCE, COVARIANCE.T)


def test_eq_88_for_all_N_l_against_explicit_inverses():
    errors = stationary_errors(COVARIANCE, sigma_J="1/2")
    expected = [np.trace(_schur(COVARIANCE, n)) for n in range(1, N)]
    np.testing.assert_allclose(errors[1:N], 1.25 / (2 * N) * np.array(expected), rtol=1e-11)
    assert errors[0] == pytest.approx(1.25 / 2)  # nothing is learned and u_1 = 1
    assert errors[N] == 0
    assert np.all(np.diff(errors) < 0)


def test_eq_88_in_the_eigenbasis_is_eq_72():
    spectrum = Spectrum.power_law(L=N, beta=1)
    errors = stationary_errors(covariance_matrix(spectrum, np.eye(N)), sigma_J="1/10")
    with ctx.workprec(64):
        closed = [float(stationary_error(spectrum, n, sigma_J="1/10").mid()) for n in range(1, N + 1)]
    np.testing.assert_allclose(errors[1:], closed, rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("n", [1, 5, 12, 23])
def test_certified_eq_88_against_exact_rational_algebra(n):
    exact = fmpq_mat(N, N, [fmpq(*Fraction(float(x)).as_integer_ratio()) for x in COVARIANCE.flat])

    def block(rows, columns):
        return fmpq_mat([[exact[i, j] for j in columns] for i in rows])

    a, b = range(n), range(n, N)
    complement = block(b, b) - block(b, a) * block(a, a).solve(block(a, b))
    trace = sum((complement[i, i] for i in range(N - n)), fmpq(0)) * fmpq(5, 4) / (2 * N)
    with ctx.workprec(200):
        value = certified_stationary_error(COVARIANCE, n, sigma_J="1/2")
        assert value.contains(trace)
        assert value.rel_accuracy_bits() > 150
    assert float(value.mid()) == pytest.approx(stationary_errors(COVARIANCE, sigma_J="1/2")[n], rel=1e-11)


def test_certified_eq_88_symmetrises_exactly_and_vanishes_when_all_learn():
    tilted = COVARIANCE.copy()
    tilted[0, 5] += 1e-12
    halved = COVARIANCE.copy()
    halved[0, 5] += 5e-13
    halved[5, 0] += 5e-13
    with ctx.workprec(200):
        assert certified_stationary_error(COVARIANCE, N, sigma_J=0).is_zero()
        difference = abs(
            certified_stationary_error(tilted, 3, sigma_J=0) - certified_stationary_error(halved, 3, sigma_J=0)
        )
        assert difference < 1e-15
    certified = certify(lambda: certified_stationary_error(tilted, 3, sigma_J=0), 60, route="dense")
    assert certified.reached >= 60


def test_eq_87_against_an_average_over_weights():
    n, sigma = 5, 0.5
    generator = np.random.default_rng(0)
    response = np.linalg.solve(COVARIANCE[:n, :n], COVARIANCE[:n, n:])
    teacher = generator.standard_normal((200_000, N))
    frozen = sigma * generator.standard_normal((200_000, N - n))
    student = np.hstack([teacher[:, :n] + (teacher[:, n:] - frozen) @ response.T, frozen])
    samples = np.stack([((a @ COVARIANCE) * b).sum(axis=1) / N for a, b in ((student, student), (student, teacher))])
    Q, R, T = stationary_order_parameters(COVARIANCE, n, sigma_J="1/2")
    assert np.all(np.abs(samples.mean(axis=1) - [Q, R]) < 4 * samples.std(axis=1) / np.sqrt(200_000))
    np.testing.assert_allclose(
        [T, (Q - 2 * R + T) / 2], [1, stationary_errors(COVARIANCE, sigma_J="1/2")[n]], rtol=1e-12
    )


def test_eqs_84_85_solve_the_differential_equation_83():
    n, eta = 7, 0.3
    generator = np.random.default_rng(1)
    J, B = 0.4 * generator.standard_normal(N), generator.standard_normal(N)

    def drift(_, moving):
        difference = np.append(moving, J[n:]) - B
        return -eta * (COVARIANCE @ difference)[:n]

    alpha = [0, 1, 5, 40]
    solution = solve_ivp(drift, (0, 40), J[:n], method="DOP853", t_eval=alpha, rtol=1e-12, atol=1e-13)
    path = student_path(COVARIANCE, n, J=J, B=B, eta="3/10", alpha=alpha)
    np.testing.assert_allclose(path, solution.y.T, atol=1e-9)
    np.testing.assert_allclose(path[0], J[:n], atol=1e-13)


def test_mean_error_is_the_average_over_the_paths():
    n, alpha = 7, np.array([0.0, 1.0, 5.0, 1e5])
    generator = np.random.default_rng(2)
    inputs, errors = gaussian_inputs(COVARIANCE), []
    for _ in range(4000):
        J, B = 0.5 * generator.standard_normal(N), generator.standard_normal(N)
        path = student_path(COVARIANCE, n, J=J, B=B, eta="3/10", alpha=alpha)
        student = np.hstack([path, np.broadcast_to(J[n:], (len(alpha), N - n))])
        overlaps = order_parameters(inputs, student[:, None], np.broadcast_to(B, (len(alpha), 1, N)))
        errors.append(((overlaps.Q - 2 * overlaps.R + overlaps.T) / 2).ravel())
    mean = mean_error(COVARIANCE, n, eta="3/10", sigma_J="1/2", alpha=alpha)
    sampled = np.array(errors)
    assert np.all(np.abs(sampled.mean(axis=0) - mean) < 4 * sampled.std(axis=0) / np.sqrt(len(sampled)))
    assert mean[0] == pytest.approx(1.25 / 2)
    assert mean[-1] == pytest.approx(stationary_errors(COVARIANCE, sigma_J="1/2")[n], rel=1e-12)


@pytest.mark.parametrize(("beta", "expected"), [("1", 2.467), ("1/2", 1.880)])
def test_ratio_is_the_known_value_and_the_limit_of_the_large_N_equation(beta, expected):
    with ctx.workprec(64):
        ratio = float(asymptotic_ratio(beta).mid())
        spectrum = Spectrum.power_law(10**6, beta)
        random_basis = large_N_stationary_error(spectrum, 10**6, 1000, sigma_J=0)
        eigenbasis = float(stationary_approximation(spectrum, 1000, sigma_J=0).mid())
    assert ratio == pytest.approx(expected, abs=5e-4)
    # the cut-off of the spectrum is a relative correction of order (N_l/L)^beta
    assert random_basis / eigenbasis == pytest.approx(ratio, rel=2 * (1000 / 10**6) ** float(Fraction(beta)))


def test_ratio_at_beta_1_is_pi_squared_over_4():
    with ctx.workprec(100), mpmath.workprec(100):
        assert abs(certify(lambda: asymptotic_ratio(1), 25, route="closed form").mpf() - mpmath.pi**2 / 4) < 1e-25


@pytest.mark.parametrize("beta", ["1/2", "1"])
def test_large_N_equation_is_the_mean_over_random_bases(beta):
    spectrum = Spectrum.power_law(200, beta)
    samples = np.array(
        [stationary_errors(covariance_matrix(spectrum, haar_orthogonal(200, s)), sigma_J=0) for s in range(20)]
    )
    for n in (20, 60, 150):
        expected = large_N_stationary_error(spectrum, 200, n, sigma_J=0)
        assert samples[:, n].mean() == pytest.approx(expected, rel=1 / n)
        assert samples[:, n].mean() > 1.2 * stationary_errors(np.diag(_eigenvalues(spectrum)), sigma_J=0)[n]
    assert large_N_stationary_error(spectrum, 200, 200, sigma_J=0) == 0


def _eigenvalues(spectrum):
    return [float(value) for value in spectrum.eigenvalues()]


def test_fitted_exponent_of_feature_scaling_is_minus_beta_in_both_bases():
    spectrum = Spectrum.power_law(1000, 1)
    counts = np.arange(1, 1000)
    rotated = stationary_errors(covariance_matrix(spectrum, haar_orthogonal(1000, seed=1)), sigma_J="1/100")[1:1000]
    with ctx.workprec(64):
        eigenbasis = [float(stationary_error(spectrum, int(n), sigma_J="1/100").mid()) for n in counts[:60]]
    assert fit_power_law(counts, rotated, between=(8, 60)).exponent == pytest.approx(-1, abs=0.08)
    assert fit_power_law(counts[:60], eigenbasis, between=(8, 60)).exponent == pytest.approx(-1, abs=0.08)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: haar_orthogonal(0, 1), "N >= 1"),
        (lambda: haar_orthogonal(3, -1), "seed >= 0"),
        (lambda: covariance_matrix(SPECTRUM, np.eye(13)), r"N a positive multiple of L = 12"),
        (lambda: stationary_errors(np.ones((2, 3)), sigma_J=0), "square"),
        (lambda: stationary_errors(np.array([["a"]]), sigma_J=0), "square real matrix"),
        (lambda: stationary_errors(np.array([[1, 2], [0, 1]]), sigma_J=0), "not symmetric"),
        (lambda: stationary_errors(np.full((2, 2), np.nan), sigma_J=0), "not finite"),
        (lambda: stationary_errors(np.ones((2, 2)), sigma_J=0), "not positive definite"),
        (lambda: stationary_errors(np.eye(2), sigma_J=-1), "sigma_J >= 0"),
        (lambda: certified_stationary_error(np.eye(2), 3, sigma_J=0), r"1 <= N_l <= N = 2 \(Eq. 82\)"),
        (lambda: certified_stationary_error(np.eye(300), 3, sigma_J=0), "N <= 256 in ball arithmetic"),
        (lambda: mean_error(np.eye(2), 1, eta=0, sigma_J=0, alpha=1), "eta > 0"),
        (lambda: mean_error(np.eye(2), 1, eta=1, sigma_J=0, alpha=[-1]), "a list of times"),
        (lambda: mean_error(np.zeros((2, 2)), 1, eta=1, sigma_J=0, alpha=[1]), "S_aa invertible"),
        (lambda: student_path(np.eye(2), 1, J=[0], B=[1, 1], eta=1, alpha=1), r"J.shape = \(1,\)"),
        (lambda: asymptotic_ratio(0), "beta > 0"),
        (lambda: large_N_stationary_error(SPECTRUM, N, 0, sigma_J=0), "N_l = 0"),
    ],
)
def test_bad_parameters_are_refused(call, message):
    with pytest.raises(ParameterError, match=message):
        call()
