"""Feature scaling against SGD: Eq. 10 with frozen directions, Eq. 88 at stationarity, real images (all slow)."""

from __future__ import annotations

import numpy as np
import pytest
from flint import ctx

from symsl.features import (
    covariance_matrix,
    generalisation_error,
    haar_orthogonal,
    mean_error,
    real_data_curves,
    stationary_errors,
)
from symsl.figures.images import contrast_patches
from symsl.image_patches import photograph_patches
from symsl.simulation import diagonal_inputs, gaussian_inputs, simulate
from symsl.spectrum import Spectrum


@pytest.mark.slow
@pytest.mark.parametrize("N_l", [1, 4, 16])
def test_eq_10_with_frozen_directions(N_l):
    spectrum, alpha = Spectrum.power_law(L=32, beta="1/2"), [0, 1, 10, 100]

    def theory(count):
        with ctx.workprec(64):
            curve = (generalisation_error(spectrum, count, eta="1/50", sigma_J="1/100", alpha=time) for time in alpha)
            return np.array([float(value.mid()) for value in curve])

    result = simulate(diagonal_inputs(spectrum, 256), eta="1/50", alpha=alpha, runs=40, seed=3, trainable=N_l)
    assert np.all(np.abs(result.mean() - theory(N_l)) < 3 * result.standard_error())
    assert np.all(result.standard_error() < 0.06 * theory(N_l))
    assert result.mean()[-1] > theory(32)[-1] + 5 * result.standard_error()[-1]  # not the curve of Eq. 8


@pytest.mark.slow
@pytest.mark.parametrize("beta", ["1/2", "1"])
@pytest.mark.parametrize("N_l", [4, 8])
def test_eq_88_at_stationarity(beta, N_l):
    N, alpha = 96, [2, 500]
    covariance = covariance_matrix(Spectrum.power_law(N, beta), haar_orthogonal(N, seed=2))
    result = simulate(gaussian_inputs(covariance), eta="1/20", alpha=alpha, runs=100, seed=6, trainable=N_l)
    path = mean_error(covariance, N_l, eta="1/20", sigma_J="1/100", alpha=alpha)
    limit = stationary_errors(covariance, sigma_J="1/100")[N_l]
    assert path[0] > 1.2 * limit
    assert path[1] < 1.02 * limit  # stationary to 2 %
    assert np.all(np.abs(result.mean() - path) < 3 * result.standard_error())
    assert abs(result.mean()[1] - limit) < 3 * result.standard_error()[1]
    # each run settles at the Schur complement form of its own frozen weights, much sharper than the average over them
    frozen = (result.J - result.B)[:, 0, N_l:]
    trained, coupling = covariance[:N_l, :N_l], covariance[:N_l, N_l:]
    complement = covariance[N_l:, N_l:] - coupling.T @ np.linalg.solve(trained, coupling)
    own_limit = ((frozen @ complement) * frozen).sum(axis=1) / (2 * N)
    assert (result.eps_g[:, 1] / own_limit).mean() == pytest.approx(1, abs=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("rows", [photograph_patches, contrast_patches], ids=["raw", "without brightness"])
def test_real_images_follow_the_theory_with_their_spectrum(rows):
    patches = rows(8, 40_000, 0)
    data = Spectrum.from_data(patches, fit_range=(1, 64))
    curves = real_data_curves(data, patches, N_l=[1, 4, 16], eta="1/100", alpha=[0, 2, 10, 50, 400], runs=60, seed=1)
    deviation = np.abs(curves.simulated - curves.spectrum_theory)
    assert np.all(deviation < 3 * curves.standard_error)
    late = curves.spectrum_theory[:, -1]
    assert np.all(curves.standard_error[:, -1] < 0.1 * late)
    # the curves for different N_l separate: each theory is refuted by the data of the others
    assert np.all(curves.simulated[:-1, -1] - late[1:] > 5 * curves.standard_error[:-1, -1])
    assert np.all(np.diff(curves.power_law_theory, axis=0)[:, 1:] < 0)
    # Eq. 79 knows the spectrum by its exponent alone: fair without the brightness of the patches, useless with it
    off = curves.power_law_theory / curves.spectrum_theory
    assert np.all(np.abs(off - 1) < 0.3) if rows is contrast_patches else off.max() > 5
