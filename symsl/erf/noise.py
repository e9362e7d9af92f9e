"""The eta^2 term in float64 and its derivatives: sums of the four-point averages (Eq. 91) over pairs of units.

For the pair p = (i, j) of students, i <= j, with A = 1 + Q_ii, B = 1 + Q_jj, C = Q_ij and Lambda_4 = A B - C^2, the
determinants of Eq. 91 are the bilinear forms

    Lambda_4 C_ab - U_a^T E U_b,    U_a = (C_ia, C_ja),    E = ((B, -C), (-C, A)),

plus Lambda_4 where a = b stands under the root. One number costs (K+M)^2 arcsines; its derivatives with respect to all
order parameters are propagated backwards through the same steps, for about three times the cost.

Inside, the pairs (upper triangle, by rows) are on the first axis.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from symsl.erf.exact_matrices import IndexArray
from symsl.erf.mixed_difference import arcsine_mixed_derivatives, arcsine_mixed_difference

Array = np.ndarray[Any, Any]


def plain_noise(Q: Array, R: Array, T: Array, eta: float) -> Array:
    """n (K, K): eta^2 (M/K^2) E[(sigma - zeta)^2 g'(x_i) g'(x_j)] from Q, R, T of order 1, any K and M."""
    gram, weight, pairs = gram_matrix(Q, R, T), output_weights(*R.shape), _Pairs.of(Q)
    form, slope, _ = _plain_angles(pairs, gram)
    total = np.arctan(form * slope) @ weight @ weight
    return pairs.matrix((2 * eta / np.pi) ** 2 * total / np.sqrt(pairs.Lambda_4))


def plain_noise_derivatives(Q: Array, R: Array, T: Array, eta: float) -> tuple[Array, Array]:
    """Derivatives of n (K, K, K, K) and (K, K, K, M), first two axes those of n, with respect to Q and R.

    All entries of Q count as independent: for a symmetric Q those of Q_ij and Q_ji add up.
    """
    K, M = R.shape
    gram, weight, pairs = gram_matrix(Q, R, T), output_weights(K, M), _Pairs.of(Q)
    rows = pairs.rows(gram)
    form, slope, size = _plain_angles(pairs, gram)
    total = np.arctan(form * slope) @ weight @ weight
    slope = slope * np.multiply.outer(weight, weight) / pairs.root
    of_size = -np.sum(form * slope, axis=2) / size
    gathered = _Gathered(pairs, total)
    corner, left, right = gathered.pull(_add_to_diagonal(slope, of_size), gram, rows, rows)
    gathered.Lambda_4 += of_size.sum(axis=1)
    pairs.add_rows(corner, left + right)
    of_Q, of_R = corner[:, :K, :K] + gathered.of_Q(K), corner[:, :K, K:] + corner[:, K:, :K].swapaxes(1, 2)
    factor = (2 * eta / np.pi) ** 2
    return pairs.matrix(factor * of_Q), pairs.matrix(factor * of_R)


def noise_near_solution(w: Array, r: Array, T: Array, eta: float) -> Array:
    """n (M, M) of K = M from w = Q - R - R^T + T and r = R - T of order 1, to full relative accuracy for any w and r.

    A sum of mixed differences between students and teachers.
    """
    M = len(T)
    pairs = _Pairs.of(T + r + r.T + w)
    total = np.sum(arcsine_mixed_difference(*_deviation_forms(pairs, w, r, T)), axis=(1, 2))
    return pairs.matrix((2 * eta / (np.pi * M)) ** 2 * total / np.sqrt(pairs.Lambda_4))


def noise_derivatives_near_solution(w: Array, r: Array, T: Array, eta: float) -> tuple[Array, Array]:
    """As `plain_noise_derivatives`, with respect to w and r, to full relative accuracy."""
    M = len(T)
    pairs = _Pairs.of(T + r + r.T + w)
    teacher, change = pairs.rows(T + r), pairs.rows(w + r.T)
    forms = _deviation_forms(pairs, w, r, T)
    gathered = _Gathered(pairs, np.sum(arcsine_mixed_difference(*forms), axis=(1, 2)))
    of_size, of_change, of_base, of_first, of_mixed = (
        (x.T / np.sqrt(pairs.Lambda_4)).T for x in arcsine_mixed_derivatives(*forms)
    )
    gathered.Lambda_4 += of_size.sum(axis=1)
    _, left, right = gathered.pull(_add_to_diagonal(of_base, of_size), T, teacher, teacher)
    of_teacher = left + right
    of_r, of_toward, right = gathered.pull(_add_to_diagonal(of_first, 2 * of_change), r, change, teacher)
    of_teacher += right
    of_w, left, right = gathered.pull(_add_to_diagonal(of_mixed, of_change), w, change, change)
    of_toward += left + right
    through_Q = gathered.of_Q(M)  # Q = T + r + r^T + w
    pairs.add_rows(through_Q, of_toward)  # Q - R = w + r^T
    pairs.add_rows(of_r, of_teacher)  # R = T + r
    factor = (2 * eta / (np.pi * M)) ** 2
    of_r += through_Q.swapaxes(1, 2) + gathered.of_Q(M)
    return pairs.matrix(factor * (of_w + through_Q)), pairs.matrix(factor * of_r)


def output_weights(K: int, M: int) -> Array:
    """(sqrt(M)/K) w_a: M/K^2 for a student, -1/K for a teacher."""
    return np.array([M / K**2] * K + [-1 / K] * M)


def gram_matrix(Q: Array, R: Array, T: Array) -> Array:
    """[[Q, R], [R^T, T]], any number of axes in front of Q and R."""
    teacher = np.broadcast_to(T, (*R.shape[:-2], *T.shape))
    upper = np.concatenate([Q, R], axis=-1)
    lower = np.concatenate([np.swapaxes(R, -1, -2), teacher], axis=-1)
    return np.concatenate([upper, lower], axis=-2)


@dataclass(frozen=True)
class _Pairs:
    """The pairs i <= j of students; E (pairs, 2, 2), Lambda_4 (pairs,) and its root (pairs, 1, 1)."""

    first: IndexArray
    second: IndexArray
    E: Array
    Lambda_4: Array

    @classmethod
    def of(cls, Q: Array) -> _Pairs:
        first, second = np.triu_indices(len(Q))
        norm = 1 + np.diagonal(Q)
        A, B, C = norm[first], norm[second], Q[first, second]
        E = np.moveaxis(np.array([[B, -C], [-C, A]]), -1, 0)
        return cls(first, second, E, A * B - C * C)

    @property
    def root(self) -> Array:
        return np.sqrt(self.Lambda_4)[:, None, None]

    def rows(self, matrix: Array) -> Array:
        """U (pairs, 2, n): the rows i and j of a matrix."""
        return np.stack([matrix[self.first], matrix[self.second]], axis=1)

    def form(self, corner: Array, left: Array, right: Array) -> Array:
        """Lambda_4 C_ab - U_a^T E V_b, (pairs, n, n)."""
        result: Array = self.Lambda_4[:, None, None] * corner - left.swapaxes(1, 2) @ (self.E @ right)
        return result

    def matrix(self, values: Array) -> Array:
        """(pairs, ..) to symmetric matrices (K, K, ..)."""
        K = int(self.second[-1]) + 1
        index = np.empty((K, K), dtype=np.intp)
        index[self.first, self.second] = index[self.second, self.first] = np.arange(len(self.first))
        result: Array = values[index]
        return result

    def add_rows(self, target: Array, rows: Array) -> None:
        """The transpose of `rows`: target (pairs, K, n) += rows (pairs, 2, n) at i and j."""
        every = np.arange(len(self.first))
        target[every, self.first] += rows[:, 0]
        target[every, self.second] += rows[:, 1]


class _Gathered:
    """Derivatives of S / sqrt(Lambda_4) with respect to E and Lambda_4, gathered from the forms they occur in."""

    def __init__(self, pairs: _Pairs, total: Array) -> None:
        self.pairs = pairs
        self.E = np.zeros_like(pairs.E)
        self.Lambda_4 = -total / (2 * pairs.Lambda_4 * np.sqrt(pairs.Lambda_4))

    def pull(self, of_form: Array, corner: Array, left: Array, right: Array) -> tuple[Array, Array, Array]:
        """From derivatives with respect to `_Pairs.form` to those with respect to corner, left and right."""
        pairs = self.pairs
        self.Lambda_4 += np.sum(of_form * corner, axis=(1, 2))
        of_left = -(pairs.E @ right) @ of_form.swapaxes(1, 2)
        half = left @ of_form
        self.E -= half @ right.swapaxes(1, 2)
        return pairs.Lambda_4[:, None, None] * of_form, of_left, -pairs.E @ half

    def of_Q(self, K: int) -> Array:
        """(pairs, K, K): through A = 1 + Q_ii, B = 1 + Q_jj and C = Q_ij."""
        pairs = self.pairs
        result = np.zeros((len(pairs.first), K, K), dtype=self.E.dtype)
        every, i, j = np.arange(len(pairs.first)), pairs.first, pairs.second
        result[every, i, i] += self.E[:, 1, 1] + self.Lambda_4 * pairs.E[:, 0, 0]
        result[every, j, j] += self.E[:, 0, 0] + self.Lambda_4 * pairs.E[:, 1, 1]
        result[every, i, j] += 2 * self.Lambda_4 * pairs.E[:, 0, 1] - self.E[:, 0, 1] - self.E[:, 1, 0]
        return result


def _plain_angles(pairs: _Pairs, gram: Array) -> tuple[Array, Array, Array]:
    """C_ab, 1/sqrt(n_a n_b - C_ab^2), n_a: the angles are asin(C_ab / sqrt(n_a n_b)), with tangents C_ab / sqrt(..)."""
    rows = pairs.rows(gram)
    form = pairs.form(gram, rows, rows)
    size = pairs.Lambda_4[:, None] + np.diagonal(form, axis1=1, axis2=2)
    return form, 1 / np.sqrt(size[:, :, None] * size[:, None, :] - form * form), size


def _deviation_forms(pairs: _Pairs, w: Array, r: Array, T: Array) -> tuple[Array, Array, Array, Array, Array, Array]:
    """The arguments of `arcsine_mixed_difference`."""
    teacher, change = pairs.rows(T + r), pairs.rows(w + r.T)
    base, mixed = pairs.form(T, teacher, teacher), pairs.form(w, change, change)
    first = pairs.form(r, change, teacher)
    size = pairs.Lambda_4[:, None] + np.diagonal(base, axis1=1, axis2=2)
    size_change = np.diagonal(2 * first + mixed, axis1=1, axis2=2)
    return size, size_change, base, first, first.swapaxes(1, 2), mixed


def _add_to_diagonal(matrices: Array, diagonal: Array) -> Array:
    """Matrices (pairs, n, n) with (pairs, n) added on the diagonals."""
    return matrices + diagonal[:, :, None] * np.eye(diagonal.shape[1])
