"""The order-parameter equations in the mode basis as a stiff system of structure: velocity and Newton solve in O(L).

The unknowns are, for each mode k, a symmetric K x K matrix w_k and a K x M matrix r_k. In the plain frame they are Q_k
and R_k; in the deviation frame (K = M) they are (J-B) P_k (J-B)^T and (J-B) P_k B^T (times L/N), see
`symsl.erf.couplings`. With the couplings c, e, n, functions of the order-1 sums w^(1), r^(1) alone,

    dr_k/dalpha = lambda_k (c r_k + e T_k),    dw_k/dalpha = lambda_k (c w_k + e r_k^T + transposed + n).

Unknowns are stored as an array (rows, L): the upper triangle of w (so that w stays symmetric), then r by rows, without
those that a symmetry of the state makes equal to others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from symsl.erf.couplings import Couplings, deviation_couplings, plain_couplings
from symsl.erf.exact_matrices import IndexArray
from symsl.erf.exchange_symmetry import Exchange
from symsl.erf.noise import noise_derivatives_near_solution, plain_noise_derivatives

Array = np.ndarray[Any, Any]

_RELATIVE_STEP = 1e-8  # of complex steps: the error is its square, and small scales do not underflow
_TINY = 1e-300
_PLAIN_FLOOR = 1e-4  # in the plain frame |J|^2 below this fraction of |B|^2 needs no relative accuracy
_LATE = 1 / 30  # eps_g falls by hundreds of powers of e in the deviation frame, and each adds to the error
_DIFFERENCE_FLOOR = 1e-6  # students closer than this (in R^(1)) are told apart with absolute accuracy only


class ModeSystem:
    """Velocity, error scales and Newton solves for given eigenvalues (L,), T (M, M, L), K, eta and order.

    Unknowns that `symmetries` make equal are stored once, so that the symmetries are kept exactly.
    """

    def __init__(
        self,
        eigenvalues: Array,
        T: Array,
        K: int,
        eta: float,
        order: int,
        *,
        deviation: bool,
        symmetries: Sequence[Exchange] = (),
    ) -> None:
        M, _, L = T.shape
        self.K, self.M, self.L = K, M, L
        self.eigenvalues, self.T, self.eta, self.order, self.deviation = eigenvalues, T, eta, order, deviation
        self._compute = deviation_couplings if deviation else plain_couplings
        self.measure = eigenvalues / L
        self.T_one = T @ self.measure
        self._square, self._overlap = _orbits(K, M, symmetries)
        self.triangle = int(self._square.max()) + 1
        self.rows = int(self._overlap.max()) + 1
        self.first, self.last = _representatives(self._square, range(self.triangle))
        self.student, self.teacher = _representatives(self._overlap, range(self.triangle, self.rows))
        self._gather = np.concatenate([self._square, self._overlap.T]).ravel()  # (w, r^T) stacked: K + M rows of K
        self._diagonal = np.diagonal(self._square)
        self._slowest_first = np.argsort(eigenvalues, kind="stable")
        self._teacher_size = np.sqrt(np.maximum(np.einsum("nnk->nk", T), _TINY))
        self._student_pairs = np.triu_indices(K, 1)

    def pack(self, w: Array, r: Array) -> Array:
        """(K, K, L) and (K, M, L) to the array of unknowns."""
        return np.concatenate([w[self.first, self.last], r[self.student, self.teacher]])

    def unpack(self, y: Array) -> tuple[Array, Array]:
        """The array of unknowns (rows, ...) to w (K, K, ...) and r (K, M, ...)."""
        return y[self._square], y[self._overlap]

    def couplings(self, w: Array, r: Array) -> Couplings:
        """c, e, n at given order-1 parameters."""
        return self._compute(w, r, self.T_one, self.eta, self.order)

    def velocity(self, y: Array) -> Array:
        """dy/dalpha; holds nan where y is no state (roots of negative numbers)."""
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            c, e, noise = self.couplings(*self.unpack(y @ self.measure))
            return self.apply(c, e, noise, y)

    def apply(self, c: Array, e: Array, noise: Array | None, y: Array) -> Array:
        """The velocity for given couplings: bilinear in (c, e, n) and in (w, r, T, 1)."""
        K, M, L = self.K, self.M, self.L
        result = np.empty_like(y)
        drive = (np.concatenate([c, e], axis=1) @ y[self._gather].reshape(K + M, K * L)).reshape(K, K, L)
        np.add(drive[self.first, self.last], drive[self.last, self.first], out=result[: self.triangle])
        if noise is not None:
            result[: self.triangle] += noise[self.first, self.last][:, None]
        overlap = c @ y[self._overlap].reshape(K, M * L) + e @ self.T.reshape(M, M * L)
        result[self.triangle :] = overlap.reshape(K, M, L)[self.student, self.teacher]
        result *= self.eigenvalues
        return result

    def scale(self, y: Array, tolerance: float) -> tuple[Array, Array]:
        """1 / (error allowed), per unknown (rows, L) and per pair of students at order 1.

        An amplitude a_i,k >= w_ii,k bounds the i-th vector on mode k; w_ij may be wrong by tolerance sqrt(a_i a_j), and
        r_in by tolerance sqrt(a_i T_nn). In the deviation frame a mode needs no more accuracy than the slower modes
        together (weighted as in eps_g), because those outlive it.
        """
        amplitude = np.maximum(y[self._diagonal], 0.0)
        if self.deviation:
            tolerance = tolerance * _LATE
            order = self._slowest_first
            slower = np.cumsum((self.measure * amplitude.mean(axis=0))[order])
            floor = np.empty(self.L)
            floor[order] = slower + _TINY
            amplitude += floor
        else:
            amplitude += _PLAIN_FLOOR * np.mean(self._teacher_size**2, axis=0)
        size = np.sqrt(amplitude)
        weight = np.empty_like(y)
        weight[: self.triangle] = tolerance * size[self.first] * size[self.last]
        weight[self.triangle :] = tolerance * size[self.student] * self._teacher_size[self.teacher]
        np.divide(1.0, weight, out=weight)
        overlap = self.unpack(y @ self.measure)[1] + (self.T_one if self.deviation else 0.0)
        one, other = self._student_pairs
        apart = np.max(np.abs(overlap[one] - overlap[other]), axis=1, initial=0.0)
        return weight, 1 / (tolerance * np.maximum(apart, _DIFFERENCE_FLOOR))

    def norm(self, error: Array, scale: tuple[Array, Array]) -> float:
        """The largest error in units of what is allowed: of any unknown, and of any difference of two students.

        The second matters on plateaus, where small differences between students decide when they part.
        """
        weight, pair_weight = scale
        largest = float(np.max(np.abs(error * weight)))
        if len(pair_weight):
            overlap = (error @ self.measure)[self._overlap]
            one, other = self._student_pairs
            apart = np.max(np.abs(overlap[one] - overlap[other]), axis=1)
            largest = max(largest, float(np.max(apart * pair_weight)))
        return largest

    def linearise(self, y: Array) -> Linearisation:
        """The Jacobian at y, in the form in which it can be inverted."""
        return Linearisation(self, y)

    def coupling_derivatives(self, one: Array, sizes: Array) -> Couplings:
        """Derivatives of c, e, n with respect to the rows of the order-1 unknowns, first axis; c and e by complex steps."""
        steps = _RELATIVE_STEP * sizes
        varied = one + 1j * np.diag(steps)
        with np.errstate(invalid="ignore", divide="ignore", under="ignore"):
            c, e, _ = self._compute(varied[:, self._square], varied[:, self._overlap], self.T_one, self.eta, 1)
            noise = self._noise_derivatives(*self.unpack(one)) if self.order == 2 else None
        return Couplings(c.imag / steps[:, None, None], e.imag / steps[:, None, None], noise)

    def _noise_derivatives(self, w: Array, r: Array) -> Array:
        """(rows, K, K)"""
        compute = noise_derivatives_near_solution if self.deviation else plain_noise_derivatives
        result = np.zeros((self.rows, self.K, self.K))
        for places, slopes in zip((self._square, self._overlap), compute(w, r, self.T_one, self.eta), strict=True):
            np.add.at(result, places, np.moveaxis(slopes, (0, 1), (2, 3)))
        return result


class Linearisation:
    """d velocity / dy = (block diagonal in k) + (rank `rows`, through the order-1 sums), at one state."""

    def __init__(self, system: ModeSystem, y: Array) -> None:
        self.system, self.y = system, y
        one = y @ system.measure
        w, r = system.unpack(one)
        student = np.sqrt(np.maximum(np.diagonal(w), 0.0) + (_TINY if system.deviation else _PLAIN_FLOOR))
        teacher = np.sqrt(np.diagonal(system.T_one))
        self.sizes = np.concatenate(
            [student[system.first] * student[system.last], student[system.student] * teacher[system.teacher]]
        )
        self.c, self.e, _ = system.couplings(w, r)
        self.derivative = system.coupling_derivatives(one, self.sizes)
        self.rates, self.basis = np.linalg.eigh(self.c)

    def factorise(self, h: float) -> Callable[[Array], Array]:
        """The map b -> (1 - h J)^-1 b.

        c is symmetric, so that in its eigenbasis the block of every mode is triangular: r first, then w. The rest has
        rank `rows` and goes by the Woodbury identity; its small matrix needs sums over modes only.
        """
        system, basis = self.system, self.basis
        K, M, L, lam = system.K, system.M, system.L, system.eigenvalues
        resolvent = 1 / (1 - h * self.rates[:, None] * lam)  # (K, L)
        sums = self.rates[:, None] + self.rates
        upper, square = np.triu_indices(K), _orbits(K, M, ())[0]  # no symmetry is visible in the eigenbasis of c
        pair_resolvent = 1 / (1 - h * sums[upper][:, None] * lam)  # (K (K+1)/2, L)
        push = h * (basis.T @ self.e)

        def solve_blocks(b: Array) -> Array:
            w, r = b[system._square], b[system._overlap]
            r = (basis.T @ r.reshape(K, M * L)).reshape(K, M, L) * resolvent[:, None, :]
            half = (basis.T @ w.reshape(K, K * L)).reshape(K, K, L).transpose(1, 0, 2).reshape(K, K * L)
            w = (basis.T @ half).reshape(K, K, L)
            drive = (push @ r.transpose(1, 0, 2).reshape(M, K * L)).reshape(K, K, L)
            rotated = (drive[upper] + drive[upper[::-1]]) * lam
            rotated += w[upper]
            rotated *= pair_resolvent
            half = (basis @ rotated[square].reshape(K, K * L)).reshape(K, K, L)
            full = (basis @ half.transpose(1, 0, 2).reshape(K, K * L)).reshape(K, K, L)
            return np.concatenate(
                [
                    full[system.first, system.last],
                    (basis @ r.reshape(K, M * L)).reshape(K, M, L)[system.student, system.teacher],
                ]
            )

        coupled = self._coupled(resolvent, pair_resolvent[square], push)
        scaled = np.eye(system.rows) - h * coupled * (self.sizes / self.sizes[:, None])
        inverse = np.linalg.inv(scaled)
        c_z, e_z, noise_z = self.derivative

        def solve(b: Array) -> Array:
            direct = solve_blocks(b)
            z = self.sizes * (inverse @ ((direct @ system.measure) / self.sizes))
            change = Couplings(
                np.tensordot(z, c_z, 1),
                np.tensordot(z, e_z, 1),
                None if noise_z is None else np.tensordot(z, noise_z, 1),
            )
            direct += h * solve_blocks(system.apply(*change, self.y))
            return direct

        return solve

    def _coupled(self, resolvent: Array, pair_resolvent: Array, push: Array) -> Array:
        """P (1 - h blocks)^-1 U (rows, rows), with P the order-1 sums and U P the coupling part of the Jacobian."""
        system, basis = self.system, self.basis
        K, M, L, lam = system.K, system.M, system.L, system.eigenvalues
        w, r = system.unpack(self.y)
        r = (basis.T @ r.reshape(K, M * L)).reshape(K, M, L)
        w = (basis.T @ w.reshape(K, K * L)).reshape(K, K, L).swapaxes(0, 1).reshape(K, K * L)
        w = (basis.T @ w).reshape(K, K, L)
        states = np.concatenate([w.reshape(K * K, L), r.reshape(K * M, L), system.T.reshape(M * M, L), np.ones((1, L))])
        single = resolvent * (lam * system.measure)
        pairs = pair_resolvent * (lam * system.measure)
        nested = pairs * (lam * resolvent)
        sums = np.concatenate([single, pairs.reshape(K * K, L), nested.reshape(K * K, L)]) @ states.T
        of_w, of_r, of_T = np.split(sums[:, :-1], [K * K, K * K + K * M], axis=1)
        one, two, three = slice(0, K), slice(K, K + K * K), slice(K + K * K, None)
        r_r, r_T = of_r[one].reshape(K, K, M), of_T[one].reshape(K, M, M)
        w_w, w_r = of_w[two].reshape(K, K, K, K), of_r[two].reshape(K, K, K, M)
        n_r, n_T = of_r[three].reshape(K, K, K, M), of_T[three].reshape(K, K, M, M)
        w_one = sums[two, -1].reshape(K, K)
        c, e = basis.T @ self.derivative.student @ basis, basis.T @ self.derivative.teacher
        overlap = np.einsum("zil,iln->zin", c, r_r) + np.einsum("zip,ipn->zin", e, r_T)
        drive = np.einsum("zil,ijlj->zij", c, w_w) + np.einsum("zim,ijjm->zij", e, w_r)
        drive += np.einsum("zjl,ijl->zij", c, np.einsum("in,ijln->ijl", push, n_r))
        drive += np.einsum("zjp,ijp->zij", e, np.einsum("in,ijpn->ijp", push, n_T))
        square = drive + np.swapaxes(drive, 1, 2)
        if self.derivative.noise is not None:
            square += (basis.T @ self.derivative.noise @ basis) * w_one
        square, overlap = basis @ square @ basis.T, basis @ overlap
        columns = np.concatenate(
            [square[:, system.first, system.last], overlap[:, system.student, system.teacher]], axis=1
        )
        result: Array = columns.T
        return result


def _orbits(K: int, M: int, symmetries: Sequence[Exchange]) -> tuple[IndexArray, IndexArray]:
    """The row where w_ij is stored (K, K), and r_in (K, M): unknowns that the symmetries make equal share a row."""
    square, overlap = np.zeros((K, K), dtype=np.intp), np.arange(K * M).reshape(K, M)
    upper = np.triu_indices(K)
    square[upper] = square[upper[::-1]] = np.arange(len(upper[0]))
    for _ in range(K * (K + M) if symmetries else 0):
        for p, q in symmetries:
            square, overlap = np.minimum(square, square[p][:, p]), np.minimum(overlap, overlap[p][:, q])
    rows = [np.unique(index, return_inverse=True)[1].reshape(index.shape) for index in (square, overlap)]
    return rows[0], rows[1] + rows[0].max() + 1


def _representatives(index: IndexArray, rows: range) -> tuple[IndexArray, IndexArray]:
    """For each row the first place in `index` where it occurs."""
    flat = index.ravel()
    first = np.array([int(np.argmax(flat == row)) for row in rows], dtype=np.intp)
    places = np.unravel_index(first, index.shape)
    return places[0], places[1]
