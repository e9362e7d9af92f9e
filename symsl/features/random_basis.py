"""A power law seen in a random basis: Haar-random rotations, and how much is lost by training in them (Sec. B.3.1)."""

from __future__ import annotations

import numpy as np
from flint import arb
from numpy.typing import NDArray
from scipy.linalg import qr
from scipy.optimize import brentq

from symsl.arguments import fits_in_memory, positive_integer, seed_number
from symsl.errors import ParameterError
from symsl.features.arguments import trained_components, variance_factor_float64
from symsl.precision import ball, exact
from symsl.simulation.inputs import diagonal_inputs, rotated_inputs
from symsl.spectrum import Spectrum

Array = NDArray[np.float64]

_ROOM = "features."


def haar_orthogonal(N: object, seed: object) -> Array:
    """An orthogonal N x N matrix drawn from the Haar measure, as a function of `seed`.

    The factor Q of the QR decomposition of a Gaussian matrix, with the signs that make the diagonal of R positive.
    """
    where = _ROOM + "haar_orthogonal"
    dimension, entropy = positive_integer(N, "N", where), seed_number(seed, where)
    fits_in_memory(dimension**2, "N", N, where)
    gaussian = np.random.default_rng(entropy).standard_normal((dimension, dimension))
    orthogonal, triangle = qr(gaussian, overwrite_a=True, check_finite=False)
    return np.asarray(orthogonal * np.where(np.diagonal(triangle) < 0, -1.0, 1.0))


def covariance_matrix(spectrum: Spectrum, orthogonal: Array) -> Array:
    """Sigma = O^T Lambda O (Eq. 80), exactly symmetric; Lambda holds each eigenvalue of `spectrum` N/L times."""
    root = rotated_inputs(spectrum, orthogonal).factor
    return np.asarray(root.T @ root)


def large_N_stationary_error(spectrum: Spectrum, N: object, N_l: object, *, sigma_J: object) -> float:
    """The mean of Eq. 88 over Haar-random bases for large N: (1+sigma_J^2)/(2N) kappa N_l, float64.

    kappa > 0 solves (N/L) sum_k lambda_k/(lambda_k + kappa) = N_l. In the mean, the projector onto the N_l random rows
    seen through Sigma^(1/2) is Sigma (Sigma + kappa)^-1, and what it leaves of tr Sigma is kappa N_l. Beyond the paper;
    averages over bases lie above it by about 0.4/N_l (beta = 1/2) to 0.6/N_l (beta = 1), relatively, whatever N.
    For a power law and 1 << N_l << N the sum becomes an integral, which gives `asymptotic_ratio`.
    """
    where = _ROOM + "large_N_stationary_error"
    variances = diagonal_inputs(spectrum, N).variances
    count = trained_components(N_l, len(variances), where)
    if count == len(variances):
        return 0.0

    def excess(logarithm: float) -> float:
        return float((variances / (variances + np.exp(logarithm))).sum() - count)

    # sum_i v_i/(v_i + kappa) lies between N v_min/(v_min + kappa) and N v_max/(v_max + kappa)
    odds = len(variances) / count - 1
    low, high = (float(np.log(value * odds)) for value in (variances.min(), variances.max()))
    kappa = float(np.exp(brentq(excess, low - 1, high + 1, xtol=1e-14)))
    return variance_factor_float64(sigma_J, where) * kappa * count / len(variances)


def asymptotic_ratio(beta: object) -> arb:
    """Eq. 88 over Eq. 74 for a power law in a Haar-random basis, 1 << N_l << N: how much the eigenbasis is better.

    beta [ (pi/(1+beta)) / sin(pi/(1+beta)) ]^(1+beta), a ball at the working precision of `flint.ctx`.
    """
    where = _ROOM + "asymptotic_ratio"
    exponent = exact(beta, "beta", where)
    if exponent <= 0:
        raise ParameterError(where, "beta", beta, "beta > 0 (Eq. 1)", "choose a positive exponent, such as 1/2")
    angle = arb.pi() / ball(1 + exponent)
    return ball(exponent) * (angle / angle.sin()) ** ball(1 + exponent)
