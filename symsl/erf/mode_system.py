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
from symsl.erf.exchange_symmetry import Exchange, orbits, representatives
from symsl.erf.noise import noise_derivatives_near_solution, plain_noise_derivatives

Array = np.ndarray[Any, Any]

_RELATIVE_STEP = 1e-8  # of complex steps: the error is its square, and small scales do not underflow
_TINY = 1e-290
_PLAIN_FLOOR = 1e-2  # in the plain frame |J|^2 below this fraction of |B|^2 needs no relative accuracy
_PLAIN = 0.3  # tolerance, in units of that asked for: eps_g falls to about 1e-5 in the plain frame if K > M
_FIRST_DECAY = 5.0  # tolerance, in units of that asked for, before eps_g has fallen by the first power of e
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
        self._square, self._overlap = orbits(K, M, symmetries)
        self.triangle = int(self._square.max()) + 1
        self.rows = int(self._overlap.max()) + 1
        self.first, self.last = representatives(self._square, range(self.triangle))
        self.student, self.teacher = representatives(self._overlap, range(self.triangle, self.rows))
        self._gather = np.concatenate([self._square, self._overlap.T]).ravel()  # (w, r^T) stacked: K + M rows of K
        self._diagonal = np.diagonal(self._square)
        self._slowest_first = np.argsort(eigenvalues, kind="stable")
        self._teacher_amplitude = np.einsum("nnk->k", T) / M
        self._teacher_share = self._sum_of_slower(self._teacher_amplitude)
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

    def scale(self, y: Array, tolerance: float) -> tuple[Array, Array, Array]:
        """1 / (error allowed): of w and of r per mode (L,), and per pair of students at order 1.

        Errors count by what they add to the order-1 sums, relative to what the modes that are not faster hold of them,
        S_k of the squared amplitudes of the students and T_k of the teachers, because those modes outlive mode k: w_k
        may be wrong by tolerance S_k L/lambda_k and r_k by tolerance sqrt(S_k T_k) L/lambda_k, summed over k.

        In the deviation frame eps_g falls by up to hundreds of powers of e, and each adds to the error: the tolerance
        falls with their number, so that those added last do not spoil what is left.
        """
        amplitude = np.maximum(y[self._diagonal], 0.0).mean(axis=0)
        if self.deviation:
            share = self._sum_of_slower(amplitude)
            decay = np.log(self._teacher_share.max() / share.max())
            tolerance *= _FIRST_DECAY / (1 + max(decay, 0.0))
        else:
            share = self._sum_of_slower(amplitude + _PLAIN_FLOOR * self._teacher_amplitude)
            tolerance *= _PLAIN
        overlap = self.unpack(y @ self.measure)[1] + (self.T_one if self.deviation else 0.0)
        return (
            self.measure / (tolerance * share),
            self.measure / (tolerance * np.sqrt(share) * np.sqrt(self._teacher_share)),
            1 / (tolerance * np.maximum(self._apart(overlap), _DIFFERENCE_FLOOR)),
        )

    def norm(self, error: Array, scale: tuple[Array, Array, Array]) -> float:
        """The largest error in units of what is allowed: of any unknown, and of any difference of two students.

        The second matters on plateaus, where small differences between students decide when they part.
        """
        of_w, of_r, of_pairs = scale
        size = np.abs(error)
        largest = max(np.max(size[: self.triangle] @ of_w), np.max(size[self.triangle :] @ of_r))
        if len(of_pairs):
            largest = max(largest, np.max(self._apart((error @ self.measure)[self._overlap]) * of_pairs))
        return float(largest)

    def _apart(self, overlap: Array) -> Array:
        """How far the students of each pair are apart in R^(1) (K, M)."""
        one, other = self._student_pairs
        result: Array = np.max(np.abs(overlap[one] - overlap[other]), axis=1, initial=0.0)
        return result

    def _sum_of_slower(self, amplitude: Array) -> Array:
        """sum_j (lambda_j / L) amplitude_j over the modes j that are not faster than k, (L,)."""
        result = np.empty(self.L)
        result[self._slowest_first] = np.cumsum((self.measure * amplitude)[self._slowest_first]) + _TINY
        return result

    def linearise(self, y: Array) -> Linearisation:
        """The Jacobian at y, in the form in which it can be inverted."""
        return Linearisation(self, y)

    def coupling_derivatives(self, one: Array, sizes: Array) -> Couplings:
        """Derivatives of c, e, n by the rows of the order-1 unknowns, first axis; of c and e by complex steps."""
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
        drift, self.e, _ = system.couplings(w, r)
        self.rates, self.basis = np.linalg.eigh(drift)
        c, e, noise = system.coupling_derivatives(one, self.sizes)
        basis = self.basis
        self.derivative = Couplings(
            basis.T @ c @ basis, basis.T @ e, None if noise is None else basis.T @ noise @ basis
        )
        self._rotate()

    def _rotate(self) -> None:
        """The state and the maps of w into and out of the eigenbasis of c, where upper triangles are kept."""
        system, basis = self.system, self.basis
        K, M, L = system.K, system.M, system.L
        one, other = self.upper = np.triu_indices(K)
        places = np.eye(system.triangle)[system._square]  # (K, K, triangle): where w_ij is stored
        self.into = np.einsum("ip,jp,ijs->ps", basis[:, one], basis[:, other], places)
        i, j = system.first, system.last
        self.out = basis[i][:, one] * basis[j][:, other]
        self.out += np.where(one == other, 0.0, basis[i][:, other] * basis[j][:, one])
        square = orbits(K, M, ())[0]  # no symmetry is visible in the eigenbasis
        self.w = (self.into @ self.y[: system.triangle])[square]
        self.r = basis.T @ self.y[system._overlap.T]  # transposed: (M, K, L)
        self.square = square
        self.drives_w = np.concatenate([self.w, self.r]).reshape(K + M, K * L)
        self.drives_r = np.concatenate([self.r, system.T], axis=1)  # (M, K + M, L)

    def factorise(self, h: float) -> Callable[[Array], Array]:
        """The map b -> (1 - h J)^-1 b.

        c is symmetric, so that in its eigenbasis the block of every mode is triangular: r first, then w. The rest has
        rank `rows` and goes by the Woodbury identity; its small matrix needs sums over modes only.
        """
        system, basis, triangle = self.system, self.basis, self.system.triangle
        K, M, L, lam = system.K, system.M, system.L, system.eigenvalues
        one, other = self.upper
        resolvent = 1 / (1 - h * self.rates[:, None] * lam)  # (K, L)
        sums = self.rates[one] + self.rates[other]
        pair_resolvent = 1 / (1 - h * sums[:, None] * lam)  # (K (K+1)/2, L)
        push = h * (basis.T @ self.e)
        coupled = self._coupled(resolvent, pair_resolvent[self.square], push)
        inverse = np.linalg.inv(np.eye(system.rows) - h * coupled * (self.sizes / self.sizes[:, None]))

        def both(drive: Array) -> Array:
            """The upper triangle of lambda_k (drive + transposed)."""
            drive = drive.reshape(K, K, L)
            return (drive[one, other] + drive[other, one]) * lam

        def stored(w: Array, r: Array) -> Array:
            """Upper triangle and transposed r in the eigenbasis to rows of unknowns."""
            rows = np.empty((system.rows, *w.shape[1:]))
            np.matmul(self.out, w, out=rows[:triangle])
            rows[triangle:] = (basis @ r)[system.teacher, system.student]
            return rows

        def solve(b: Array) -> Array:
            r = (basis.T @ b[system._overlap.T]) * resolvent
            w = (self.into @ b[:triangle] + both(push @ r.reshape(M, K * L))) * pair_resolvent
            sums = stored((w @ system.measure)[:, None], (r @ system.measure)[:, :, None])[:, 0]
            z = h * self.sizes * (inverse @ (sums / self.sizes))
            c, e, noise = (None if x is None else np.tensordot(z, x, 1) for x in self.derivative)
            change = np.concatenate([c, e], axis=1)
            more = change @ self.drives_r
            more *= lam * resolvent
            drive = both(change @ self.drives_w + push @ more.reshape(M, K * L))
            if noise is not None:
                drive += noise[one, other][:, None] * lam
            drive *= pair_resolvent
            w += drive
            r += more
            return stored(w, r)

        return solve

    def _coupled(self, resolvent: Array, pair_resolvent: Array, push: Array) -> Array:
        """P (1 - h blocks)^-1 U (rows, rows), with P the order-1 sums and U P the coupling part of the Jacobian."""
        system, basis = self.system, self.basis
        K, M, L, lam = system.K, system.M, system.L, system.eigenvalues
        r = self.r.swapaxes(0, 1)
        states = np.concatenate(
            [self.w.reshape(K * K, L), r.reshape(K * M, L), system.T.reshape(M * M, L), np.ones((1, L))]
        )
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
        c, e, noise = self.derivative
        overlap = np.einsum("zil,iln->zin", c, r_r) + np.einsum("zip,ipn->zin", e, r_T)
        drive = np.einsum("zil,ijlj->zij", c, w_w) + np.einsum("zim,ijjm->zij", e, w_r)
        drive += np.einsum("zjl,ijl->zij", c, np.einsum("in,ijln->ijl", push, n_r))
        drive += np.einsum("zjp,ijp->zij", e, np.einsum("in,ijpn->ijp", push, n_T))
        square = drive + np.swapaxes(drive, 1, 2)
        if noise is not None:
            square += noise * w_one
        square, overlap = basis @ square @ basis.T, basis @ overlap
        columns = np.concatenate(
            [square[:, system.first, system.last], overlap[:, system.student, system.teacher]], axis=1
        )
        result: Array = columns.T
        return result
