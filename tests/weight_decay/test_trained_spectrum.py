"""Spectra after training: counts against the theory note's experiments, densities, outliers, and fits."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.integrate import quad

from symsl.errors import ParameterError
from symsl.weight_decay import ListedTarget, PowerLawTarget, lasso_float64, quadratic_float64
from symsl.weight_decay.fits import fit_tail_exponent, signal_of
from symsl.weight_decay.trained_spectrum import (
    DiagonalSpectrum,
    QuadraticSpectrum,
    rates_from_tail,
    risk_from_spectrum,
    tail_exponent,
)


def diagonal(lam: str) -> DiagonalSpectrum:
    target = PowerLawTarget(1, 1000)
    return DiagonalSpectrum(target, lasso_float64(target, 300, "1/10", lam=lam))


def matrix(n: int, Delta: str, lam: str, d: int = 80) -> QuadraticSpectrum:
    target = PowerLawTarget(1, d)
    return QuadraticSpectrum(target, quadratic_float64(target, n, Delta, lam=lam))


def test_counts_of_the_diagonal_network() -> None:
    """Theory note, section 5.5, state evolution columns (d = 1000, n = 300, gamma = 1)."""
    for lam, rows in (
        ("0.08", {0.0: 17.85, 0.03: 9.08, 0.1: 5.06}),
        ("0.01", {0.0: 216.5, 0.01: 119.0, 0.03: 34.6, 0.1: 7.2}),
    ):
        spectrum = diagonal(lam)
        for x, expected in rows.items():
            assert spectrum.count(x) == pytest.approx(expected, abs=0.06)


def test_counts_are_what_sampling_gives() -> None:
    spectrum = diagonal("0.02")
    tau, theta = spectrum.state.tau, spectrum.state.theta
    generator = np.random.default_rng(5)
    noisy = np.abs(1 / np.arange(1, 1001) + tau * generator.standard_normal((4000, 1000)))
    for x in (0.0, 0.02, 0.2):
        counts = (noisy > theta + x).sum(axis=1)
        assert abs(counts.mean() - spectrum.count(x)) < 4 * counts.std() / math.sqrt(4000)
    assert spectrum.count(0.0) == pytest.approx(spectrum.state.dof, rel=1e-10)
    assert spectrum.atom + spectrum.count(0.0) == pytest.approx(1000, rel=1e-12)
    assert 0 < spectrum.noise_count(0.0) < spectrum.count(0.0)


def test_outliers_of_the_diagonal_network_are_shifted_coefficients() -> None:
    target = PowerLawTarget(1, 10**12)
    spectrum = DiagonalSpectrum(target, lasso_float64(target, 10**10, 1, lam="1e-3"))
    outliers = spectrum.outliers()
    assert outliers[:3] == pytest.approx([1 - 1e-3, 0.5 - 1e-3, 1 / 3 - 1e-3], rel=1e-6)
    assert len(outliers) == pytest.approx(spectrum.state.dof, rel=2e-3)


def test_sorted_eigenvalues_of_the_quadratic_network() -> None:
    """Theory note, section 5.5 (d = 80): spike formula and sampled state evolution columns.

    The rank-k quantile of the free convolution is the mean k-th eigenvalue up to O(1/d).
    """
    spectrum = matrix(1200, "0.1", "0.1155")
    assert spectrum.state.t == pytest.approx(1.53, abs=0.005)
    outliers, overlaps = spectrum.outliers()
    assert outliers[:4] == pytest.approx([0.831, 0.346, 0.193, 0.124], abs=0.002)
    generator = np.random.default_rng(11)
    noise = generator.standard_normal((400, 80, 80))
    noise = (noise + noise.transpose(0, 2, 1)) / 2 * math.sqrt(2 / 80) * spectrum.state.nu
    levels = np.linalg.eigvalsh(np.diag(1 / np.arange(1, 81)) + noise)[:, ::-1] - spectrum.state.theta
    sampled = np.maximum(levels, 0).mean(axis=0)
    assert sampled[:4] == pytest.approx([0.828, 0.344, 0.197, 0.137], abs=0.008)
    for rank in (1, 2, 3, 4, 8):
        assert abs(spectrum.sorted_eigenvalue(rank) - sampled[rank - 1]) < 1 / 80
    assert spectrum.count(0.0) == pytest.approx((levels > 0).sum(axis=1).mean(), abs=0.3)
    assert np.all(np.diff(overlaps) < 0)
    assert overlaps[0] == pytest.approx(1 - spectrum.state.nu**2, rel=1e-12)


def test_density_is_the_derivative_of_the_count() -> None:
    spectrum = matrix(1200, "0.1", "0.0023")
    for x in (0.02, 0.05, 0.21):
        step = 1e-5
        slope = (spectrum.count(x - step) - spectrum.count(x + step)) / (2 * step)
        assert spectrum.density(x) == pytest.approx(slope, rel=1e-5)
    assert spectrum.atom == pytest.approx(80 - spectrum.count(0.0))
    assert spectrum.sorted_eigenvalue(79) == 0


def test_counts_are_what_sampled_matrices_have() -> None:
    d, spectrum = 80, matrix(1200, "0.1", "0.05")
    generator = np.random.default_rng(3)
    ranks = []
    for _ in range(60):
        noise = generator.standard_normal((d, d))
        noise = (noise + noise.T) / 2 * math.sqrt(2 / d) * spectrum.state.nu
        levels = np.linalg.eigvalsh(np.diag(1 / np.arange(1, d + 1)) + noise)
        ranks.append((levels > spectrum.state.theta + 0.02).sum())
    assert np.mean(ranks) == pytest.approx(spectrum.count(0.02), abs=0.6)


def test_pure_noise_is_a_piece_of_a_semicircle() -> None:
    target = ListedTarget([0] * 500)
    spectrum = QuadraticSpectrum(target, quadratic_float64(target, 5000, 1, lam="0.01"))
    edge = spectrum.bulk_width
    modes = quad(lambda x: float(spectrum.bulk_density(np.array(x))), 0, edge)[0]
    assert spectrum.bulk_modes == pytest.approx(modes, rel=1e-7)
    assert spectrum.count(0.0) == pytest.approx(modes, rel=1e-7)
    assert spectrum.bulk_density(np.array([edge * 1.01]))[0] == 0
    assert spectrum.bulk_risk == pytest.approx(spectrum.state.R, rel=1e-9)
    assert len(spectrum.outliers()[0]) == 0


def test_narrow_bulk_risk_follows_from_its_modes_and_width() -> None:
    """R_bulk = (8/35) N_bulk width**2 for t near 2 (section 4.3)."""
    target = PowerLawTarget(1, 10**8)
    spectrum = QuadraticSpectrum(target, quadratic_float64(target, 10**10, 1, lam=0, method="spiked"))
    assert spectrum.state.t > 1.98
    assert spectrum.bulk_risk == pytest.approx(8 / 35 * spectrum.bulk_modes * spectrum.bulk_width**2, rel=0.01)


def test_risk_is_read_off_the_spectrum() -> None:
    """Over-regularised: R = B_p K theta**2 (section 4.3)."""
    target = PowerLawTarget(1, 10**9)
    state = lasso_float64(target, 10**12, 1, lam="1e-4")
    assert risk_from_spectrum(1, state.dof, state.theta) == pytest.approx(state.R, rel=0.01)


def test_rates_from_the_tail() -> None:
    for gamma in (Fraction(3, 4), Fraction(1), Fraction(5, 2)):
        rates = rates_from_tail(tail_exponent(gamma))
        assert rates.noisy == 1 - 1 / (2 * gamma)
        assert rates.noiseless == 2 * gamma - 1
        assert rates.limited == 2 - 1 / gamma


def test_fits_find_the_exponent_only_in_the_right_variable() -> None:
    for gamma in ("3/4", "3/2"):
        target = PowerLawTarget(gamma, 3000)
        spectrum = QuadraticSpectrum(target, quadratic_float64(target, 10**6, 1, lam="0.06", method="spiked"))
        outliers = spectrum.outliers()[0]
        outliers = outliers[outliers > 0.3 * spectrum.state.theta]
        right = fit_tail_exponent(outliers, spectrum.state.theta, spectrum.state.nu)
        wrong = fit_tail_exponent(outliers, 0.0)
        expected = float(tail_exponent(gamma))
        assert abs(right.A - expected) < 0.3 * abs(wrong.A - expected)
        assert abs(right.A - expected) < 0.1
    back = signal_of([0.5 + 0.01 / 0.5 - 0.1], theta=0.1, nu=0.1)
    assert back[0] == pytest.approx(0.5)


def test_bad_input() -> None:
    with pytest.raises(ParameterError, match="gamma > 1/2"):
        tail_exponent("1/2")
    with pytest.raises(ParameterError, match="1 < A < 3"):
        rates_from_tail(3)
    with pytest.raises(ParameterError, match="x >= 0"):
        diagonal("0.1").count(-1)
    with pytest.raises(ParameterError, match="three or more"):
        fit_tail_exponent([1.0, 0.0, 2.0], 0.1)
