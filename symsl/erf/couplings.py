"""What drives the modes, in float64: the order-parameter equations as a linear drift with few coefficients.

On mode k the weights move as dJ_i = lambda_k (sum_j c_ij J_j + sum_m b_im B_m), and Q_k also gains lambda_k n_ij (the
eta^2 term). c, b and n depend on the order parameters of order 1 only. In terms of delta_i = J_i - B_i (K = M) this
reads d delta_i = lambda_k (sum_j c_ij delta_j + sum_m e_im B_m) with e = b + c. There e and n vanish at the solution:
they are computed here from w = delta delta^T and r = delta B^T without cancellation, so that they keep their relative
accuracy however close the solution is.

All functions work on the last two axes and for complex arguments; with order 1 also with any number of axes before, for
derivatives by complex steps.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from symsl.erf.noise import gram_matrix, noise_near_solution, output_weights, plain_noise

Array = np.ndarray[Any, Any]


class Couplings(NamedTuple):
    """c (.., K, K) symmetric, teacher part (.., K, M): b or e, noise (.., K, K) or None."""

    student: Array
    teacher: Array
    noise: Array | None


def plain_couplings(Q: Array, R: Array, T: Array, eta: float, order: int) -> Couplings:
    """c, b and n from Q^(1) (.., K, K), R^(1) (.., K, M), T^(1) (M, M), any K and M."""
    K, M = R.shape[-2:]
    gram = gram_matrix(Q, R, T)
    norm = 1 + np.diagonal(gram, axis1=-2, axis2=-1)
    of_students, to_all = norm[..., :K, None], gram[..., :K, :]
    weight = output_weights(K, M)
    pull = weight / np.sqrt(of_students * norm[..., None, :] - to_all * to_all)
    own = np.sum(to_all * pull, axis=-1) / of_students[..., 0]
    factor = -2 * eta / np.pi
    c = factor * (pull[..., :K] - _diagonal(own))
    noise = plain_noise(Q, R, T, eta) if order == 2 else None
    return Couplings(c, factor * pull[..., K:], noise)


def deviation_couplings(w: Array, r: Array, T: Array, eta: float, order: int) -> Couplings:
    """c, e and n from w^(1) (.., M, M), r^(1) (.., M, M), T^(1), K = M, to full relative accuracy for any w and r."""
    M = T.shape[-1]
    r_transposed = np.swapaxes(r, -1, -2)
    R, toward = T + r, w + r_transposed  # toward = Q - R: entry (i, m) compares x_m with y_m, seen from x_i
    Q = R + toward
    own_change = np.diagonal(w, axis1=-2, axis2=-1) + 2 * np.diagonal(r, axis1=-2, axis2=-1)  # Q_mm - T_mm
    teacher_norm = 1 + np.diagonal(T)
    norm = (teacher_norm + own_change)[..., :, None]
    at_student = np.sqrt(norm * np.swapaxes(norm, -1, -2) - Q * Q)
    at_teacher = np.sqrt(norm * teacher_norm - R * R)
    change = norm * own_change[..., None, :] - toward * (Q + R)
    pull = 1 / at_student
    excess = change / (at_student * at_teacher * (at_student + at_teacher))  # 1/at_teacher - 1/at_student
    factor = 2 * eta / (np.pi * M)
    own = np.sum(toward * pull - R * excess, axis=-1) / norm[..., 0]
    noise = noise_near_solution(w, r, T, eta) if order == 2 else None
    return Couplings(factor * (_diagonal(own) - pull), factor * (_diagonal(own) + excess), noise)


def _diagonal(values: Array) -> Array:
    """Diagonal matrices from the last axis."""
    return values[..., :, None] * np.eye(values.shape[-1])
