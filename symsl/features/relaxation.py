"""How do N_l trained components approach what they can learn? Training outside the eigenbasis, Eqs. 83-87. Float64.

dJ_a/dalpha = -eta [S_aa (J_a - B_a) + S_ab (J_b - B_b)] (Eq. 83): linear activation, K = M = 1, small learning rate.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import eigh

from symsl.arguments import double, learning_rate, standard_deviation
from symsl.features.arguments import (
    blocks,
    component_vector,
    symmetric,
    times,
    trained_components,
    variance_factor_float64,
)

Array = NDArray[np.float64]

_ROOM = "features."


def stationary_order_parameters(covariance: Array, N_l: object, *, sigma_J: object) -> tuple[float, float, float]:
    """Eq. 87: the expectations of Q^(1), R^(1), T^(1) at stationarity, over J_b(0) and B. Float64.

    With t = tr(S_ba S_aa^-1 S_ab): N Q = tr S_aa + (1-sigma_J^2) t + sigma_J^2 tr S_bb, N R = tr S_aa + t,
    N T = tr Sigma.
    """
    where = _ROOM + "stationary_order_parameters"
    matrix = symmetric(covariance, where)
    count = trained_components(N_l, len(matrix), where)
    _, coupling, response = blocks(matrix, count, where)
    variance = double(standard_deviation(sigma_J, where), "sigma_J", where) ** 2
    explained = float((coupling * response).sum())
    trained, frozen = float(np.trace(matrix[:count, :count])), float(np.trace(matrix[count:, count:]))
    student = trained + (1 - variance) * explained + variance * frozen
    return student / len(matrix), (trained + explained) / len(matrix), (trained + frozen) / len(matrix)


def student_path(covariance: Array, N_l: object, *, J: Array, B: Array, eta: object, alpha: ArrayLike) -> Array:
    """Eqs. 84, 85: J_a(alpha) = J_a(inf) + e^{-eta S_aa alpha}(J_a(0) - J_a(inf)), shape (times, N_l).

    J_a(inf) = B_a + S_aa^-1 S_ab (B_b - J_b). `J` = J(0) and `B` have shape (N,). Float64.
    """
    where = _ROOM + "student_path"
    matrix = symmetric(covariance, where)
    count, alphas = trained_components(N_l, len(matrix), where), times(alpha, where)
    student, teacher = component_vector(J, "J", len(matrix), where), component_vector(B, "B", len(matrix), where)
    trained, _, response = blocks(matrix, count, where)
    limit = teacher[:count] + response @ (teacher[count:] - student[count:])
    eigenvalues, basis = eigh(trained)
    decay = np.exp(-double(learning_rate(eta, where), "eta", where) * alphas[:, None] * eigenvalues)
    return np.asarray(limit + (decay * (basis.T @ (student[:count] - limit))) @ basis.T)


def mean_error(covariance: Array, N_l: object, *, eta: object, sigma_J: object, alpha: ArrayLike) -> Array:
    """eps_g(alpha) averaged over J(0) and B on the path of Eq. 84, shape (times,); tends to Eq. 88. Float64.

    (1+sigma_J^2)/(2N) {tr(S_bb - S_ba S_aa^-1 S_ab) + tr[S_aa e^{-2 eta S_aa alpha} (1 + S_aa^-1 S_ab S_ba S_aa^-1)]},
    for at the start the distance of J_a from its limit has the covariance (1+sigma_J^2)(1 + S_aa^-1 S_ab S_ba S_aa^-1).
    """
    where = _ROOM + "mean_error"
    matrix = symmetric(covariance, where)
    count, alphas = trained_components(N_l, len(matrix), where), times(alpha, where)
    trained, coupling, response = blocks(matrix, count, where)
    eigenvalues, basis = eigh(trained)
    spread = 1 + ((basis.T @ response) ** 2).sum(axis=1)
    rate = double(learning_rate(eta, where), "eta", where)
    transient = np.exp(-2 * rate * alphas[:, None] * eigenvalues) @ (eigenvalues * spread)
    stationary = float(np.trace(matrix[count:, count:]) - (coupling * response).sum())
    return np.asarray(variance_factor_float64(sigma_J, where) * (stationary + transient) / len(matrix))
