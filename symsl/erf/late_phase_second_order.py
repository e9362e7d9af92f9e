"""The late phase complete to second order in J - B, to first order in eta or exact in it, in float64.

K = M, T_k = 1, states that do not change when students and teachers are permuted together. Unknowns by mode: r, s
(diagonal and off-diagonal of R - T) and w_d, w_o (of w = Q - R - R^T + T). Order 1 means (1/L) sum_k lambda_k X_k.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np

from symsl.erf.exact_matrices import FloatArray as Array


@dataclass(frozen=True)
class LatePhase:
    """The terms of Eq. 17 and those of second order in R - T; with `exact_in_eta` also the eta^2 term of both."""

    eigenvalues: Array
    M: int
    eta: float
    exact_in_eta: bool

    def error(self, start: Array, alpha: Array) -> Array:
        """eps_g at `alpha` from r, s, w_d, w_o at alpha = 0: four numbers for all modes, or shape (4, L)."""
        from scipy.integrate import solve_ivp

        L = len(self.eigenvalues)
        begun = np.broadcast_to(start if start.ndim == 2 else start[:, None], (4, L)).ravel()
        solved = solve_ivp(
            lambda _, y: self.velocity(y.reshape(4, L)).ravel(),
            (0, float(alpha[-1])), begun, method="LSODA", t_eval=alpha, rtol=1e-9, atol=1e-30,
        )  # fmt: skip
        return np.array([self.eps_g(y.reshape(4, L) @ self.eigenvalues / L) for y in solved.y.T])

    def eps_g(self, first: Array) -> float:
        """(1/pi) [w_d/sqrt 3 + (M-1) w_o/2 - (2/(3 sqrt 3)) r^2 - (M-1) r s/2]."""
        r, s, w_d, w_o = first
        root = np.sqrt(3)
        return float((w_d / root + (self.M - 1) * w_o / 2 - 2 / (3 * root) * r**2 - (self.M - 1) * r * s / 2) / np.pi)

    def velocity(self, modes: Array) -> Array:
        """d(r, s, w_d, w_o)_k/dalpha, shape (4, L)."""
        r, s, w_d, w_o = modes
        M, first = self.M, modes @ self.eigenvalues / len(self.eigenvalues)
        r1, s1 = first[:2]
        rate, root = 2 * self.eta / (np.pi * M) * self.eigenvalues, np.sqrt(3)
        velocity = np.empty_like(modes)
        velocity[0] = -rate * (r / root + (M - 1) * s / 2 - 2 * r1 / (3 * root) - (M - 1) * s1 / 4)
        velocity[1] = -rate * (r / 2 + (1 / root + (M - 2) / 2) * s - r1 / 4)
        diagonal = w_d / root + (M - 1) * w_o / 2 - 2 / (3 * root) * r1 * r - (M - 1) * (s1 * r + r1 * s) / 4
        off_diagonal = w_d / 2 + (1 / root + (M - 2) / 2) * w_o - 2 / (3 * root) * r1 * s
        off_diagonal -= (s1 * s + r1 * r) / 4 + (M - 2) * (s1 * s + r1 * s) / 4
        velocity[2], velocity[3] = -2 * rate * diagonal, -2 * rate * off_diagonal
        if self.exact_in_eta:
            scale = (self.eta / M) ** 2 * self.eigenvalues
            velocity[2] += scale * noise(first, M, 0, 0)
            velocity[3] += scale * noise(first, M, 0, 1) if M > 1 else 0
        return velocity


def noise(first: Array, M: int, i: int, j: int) -> float:
    """sum_ab mu(n) [w_ab - sum_m rho_am rho_bm n_m/(1+n_m)], n the multiplicities of units among i, j, a, b.

    `first` = r, s, w_d, w_o of order 1; mu(n) = (2/pi)^2 / sqrt(prod (1+n_m)); rho = r on the diagonal, s off it.
    """
    r, s, w_d, w_o = first
    total = sum(
        weight * ((w_d if equal else w_o) - both * r * r - one * r * s - neither * s * s)
        for weight, equal, both, one, neither in _noise_terms(M, i, j)
    )
    return float(total)


@lru_cache
def _noise_terms(M: int, i: int, j: int) -> tuple[tuple[float, bool, float, float, float], ...]:
    """For all a, b: mu(n), whether a = b, and the sums of n_m/(1+n_m) over m that equal both, one, none of a and b."""
    terms = []
    for a, b in product(range(M), repeat=2):
        counts, sums = Counter((i, j, a, b)), [0.0, 0.0, 0.0]
        for m, n in counts.items():
            sums[2 - (a == m) - (b == m)] += n / (1 + n)
        weight = (2 / np.pi) ** 2 / float(np.sqrt(np.prod([1.0 + n for n in counts.values()])))
        terms.append((weight, a == b, sums[0], sums[1], sums[2]))
    return tuple(terms)
