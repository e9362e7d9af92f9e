"""What drives the modes, in float64: the order-parameter equations as a linear drift with few coefficients.

On mode k the weights move as dJ_i = lambda_k (sum_j c_ij J_j + sum_m b_im B_m), and Q_k also gains lambda_k n_ij (the
eta^2 term). c, b and n depend on the order parameters of order 1 only. In terms of delta_i = J_i - B_i (K = M) this
reads d delta_i = lambda_k (sum_j c_ij delta_j + sum_m e_im B_m) with e = b + c. There e and n vanish at the solution:
they are computed here from w = delta delta^T and r = delta B^T without cancellation, so that they keep their relative
accuracy however close the solution is.

All functions work on the last two axes, any number of axes before, and for complex arguments (their derivatives are
taken by complex steps).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from symsl.erf.mixed_difference import arcsine_mixed_difference

Array = np.ndarray[Any, Any]


class Couplings(NamedTuple):
    """c (.., K, K) symmetric, teacher part (.., K, M): b or e, noise (.., K, K) or None."""

    student: Array
    teacher: Array
    noise: Array | None


def plain_couplings(Q: Array, R: Array, T: Array, eta: float, order: int) -> Couplings:
    """c, b and n from Q^(1) (.., K, K), R^(1) (.., K, M), T^(1) (M, M), any K and M."""
    K, M = R.shape[-2:]
    gram = _gram(Q, R, T)
    norm = 1 + np.diagonal(gram, axis1=-2, axis2=-1)
    of_students, to_all = norm[..., :K, None], gram[..., :K, :]
    weight = np.array([M / K**2] * K + [-1 / K] * M)
    pull = weight / np.sqrt(of_students * norm[..., None, :] - to_all * to_all)
    own = np.sum(to_all * pull, axis=-1) / of_students[..., 0]
    factor = -2 * eta / np.pi
    c = factor * (pull[..., :K] - _diagonal(own))
    noise: Array | None = None
    if order == 2:
        Lambda_4, scalar = _pairs(Q)
        X, Y = to_all[..., :, None, :], to_all[..., None, :, :]
        size = _bordered(scalar, Lambda_4, norm[..., None, None, :], X, Y, X, Y)
        cross = _bordered(
            *(scalar, Lambda_4[..., None], gram[..., None, None, :, :]),
            *(X[..., :, None], Y[..., :, None], X[..., None, :], Y[..., None, :]),
        )
        angle = np.arctan(cross / np.sqrt(size[..., :, None] * size[..., None, :] - cross * cross))
        noise = (2 * eta / np.pi) ** 2 * (angle @ weight @ weight) / np.sqrt(Lambda_4[..., 0])
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
    noise = None
    if order == 2:
        noise = (2 * eta / (np.pi * M)) ** 2 * _noise_near_solution(w, r, Q, R, T, toward, own_change)
    return Couplings(factor * (_diagonal(own) - pull), factor * (_diagonal(own) + excess), noise)


def _noise_near_solution(w: Array, r: Array, Q: Array, R: Array, T: Array, toward: Array, own_change: Array) -> Array:
    """sum_ab of the mixed difference of Lambda_4^(-1/2) asin(..) (Eq. 91) between students and teachers a, b."""
    Lambda_4, scalar = _pairs(Q)
    norm = 1 + np.diagonal(T)
    X, Y = R[..., :, None, :], R[..., None, :, :]
    dX, dY = toward[..., :, None, :], toward[..., None, :, :]
    change = own_change[..., None, None, :]
    size = _bordered(scalar, Lambda_4, norm, X, Y, X, Y)
    size_change = (
        _bordered(scalar, Lambda_4, change, dX, dY, X, Y)
        + _bordered(scalar, 0 * Lambda_4, change, X, Y, dX, dY)
        + _bordered(scalar, 0 * Lambda_4, change, dX, dY, dX, dY)
    )
    wide = Lambda_4[..., None]
    Xa, Ya, dXa, dYa = (z[..., :, None] for z in (X, Y, dX, dY))
    Xb, Yb, dXb, dYb = (z[..., None, :] for z in (X, Y, dX, dY))
    r_ab, r_ba, w_ab = (z[..., None, None, :, :] for z in (r, np.swapaxes(r, -1, -2), w))
    angle = arcsine_mixed_difference(
        size,
        size_change,
        _bordered(scalar, wide, T, Xa, Ya, Xb, Yb),
        _bordered(scalar, wide, r_ab, dXa, dYa, Xb, Yb),
        _bordered(scalar, wide, r_ba, Xa, Ya, dXb, dYb),
        _bordered(scalar, wide, w_ab, dXa, dYa, dXb, dYb),
    )
    result: Array = np.sum(angle, axis=(-1, -2)) / np.sqrt(Lambda_4[..., 0])
    return result


def _pairs(Q: Array) -> tuple[Array, tuple[Array, Array, Array]]:
    """Lambda_4 of every pair of students (.., K, K, 1), and 1 + Q_ii, 1 + Q_jj, Q_ij with the same axes."""
    norm = 1 + np.diagonal(Q, axis1=-2, axis2=-1)
    A, B, C = (np.broadcast_to(x, Q.shape)[..., None] for x in (norm[..., :, None], norm[..., None, :], Q))
    return A * B - C * C, (A, B, C)


def _bordered(
    scalar: tuple[Array, Array, Array], Lambda_4: Array, corner: Array, Xa: Array, Ya: Array, Xb: Array, Yb: Array
) -> Array:
    """Lambda_4 C_ab - (1+C_11) Y_a Y_b - (1+C_22) X_a X_b + C_12 (X_a Y_b + X_b Y_a), the Lambda_0 of Eq. 91.

    Bilinear in (X, Y, C)_a and (X, Y, C)_b, where X_a = C_1a, Y_a = C_2a; with a = b it is Lambda_1.
    """
    extra = Xa.ndim - scalar[0].ndim if Xa.ndim > scalar[0].ndim else 0
    A, B, C = (z[(..., *(None,) * extra)] for z in scalar)
    result: Array = Lambda_4 * corner - A * Ya * Yb - B * Xa * Xb + C * (Xa * Yb + Xb * Ya)
    return result


def _gram(Q: Array, R: Array, T: Array) -> Array:
    teacher = np.broadcast_to(T, (*R.shape[:-2], *T.shape))
    upper = np.concatenate([Q, R], axis=-1)
    lower = np.concatenate([np.swapaxes(R, -1, -2), teacher], axis=-1)
    return np.concatenate([upper, lower], axis=-2)


def _diagonal(values: Array) -> Array:
    """Diagonal matrices from the last axis."""
    return values[..., :, None] * np.eye(values.shape[-1])
