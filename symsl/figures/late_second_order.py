"""The late phase beyond Eq. 17, in float64: exact in eta, and complete to second order in J - B (Figure d).

K = M, T_k = 1, states that do not change when students and teachers are permuted together. Unknowns by mode: r, s
(diagonal and off-diagonal of R - T) and w_d, w_o (of w = Q - R - R^T + T). Order 1 means (1/L) sum_k lambda_k X_k.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.integrate import solve_ivp

from symsl.figures.plan import Array


@dataclass(frozen=True)
class LatePhase:
    """What is kept besides Eq. 17: the terms of second order in R - T, the eta^2 term, or both."""

    eigenvalues: Array
    M: int
    eta: float
    second_order: bool
    exact_in_eta: bool

    def error(self, start: tuple[float, float, float, float], alpha: Array) -> Array:
        """eps_g at `alpha` from the same r, s, w_d, w_o in all modes at alpha = 0."""
        L = len(self.eigenvalues)
        solved = solve_ivp(
            lambda _, y: self.velocity(y.reshape(4, L)).ravel(),
            (0, float(alpha[-1])), np.repeat(start, L), method="LSODA", t_eval=alpha, rtol=1e-9, atol=1e-30,
        )  # fmt: skip
        return np.array([self.eps_g(y.reshape(4, L) @ self.eigenvalues / L) for y in solved.y.T])

    def eps_g(self, first: Array) -> float:
        """(1/pi) [w_d/sqrt 3 + (M-1) w_o/2 - (2/(3 sqrt 3)) r^2 - (M-1) r s/2]; without the last two to first order."""
        r, s, w_d, w_o = first
        error = w_d / np.sqrt(3) + (self.M - 1) * w_o / 2
        if self.second_order:
            error -= 2 / (3 * np.sqrt(3)) * r**2 + (self.M - 1) * r * s / 2
        return float(error / np.pi)

    def velocity(self, modes: Array) -> Array:
        """d(r, s, w_d, w_o)_k/dalpha, shape (4, L)."""
        r, s, w_d, w_o = modes
        M, first = self.M, modes @ self.eigenvalues / len(self.eigenvalues)
        r1, s1 = first[:2]
        rate, root = 2 * self.eta / (np.pi * M) * self.eigenvalues, np.sqrt(3)
        velocity = np.empty_like(modes)
        velocity[0] = -rate * (r / root + (M - 1) * s / 2 - 2 * r1 / (3 * root) - (M - 1) * s1 / 4)
        velocity[1] = -rate * (r / 2 + (1 / root + (M - 2) / 2) * s - r1 / 4)
        diagonal = w_d / root + (M - 1) * w_o / 2
        off_diagonal = w_d / 2 + (1 / root + (M - 2) / 2) * w_o
        if self.second_order:
            diagonal = diagonal - 2 / (3 * root) * r1 * r - (M - 1) * (s1 * r + r1 * s) / 4
            off_diagonal = (
                off_diagonal - 2 / (3 * root) * r1 * s - (s1 * s + r1 * r) / 4 - (M - 2) * (s1 * s + r1 * s) / 4
            )
        velocity[2], velocity[3] = -2 * rate * diagonal, -2 * rate * off_diagonal
        if self.exact_in_eta:
            scale = (self.eta / M) ** 2 * self.eigenvalues
            velocity[2] += scale * self.noise(0, 0, first)
            velocity[3] += scale * self.noise(0, 1, first) if M > 1 else 0
        return velocity

    def noise(self, i: int, j: int, first: Array) -> float:
        """sum_ab mu(n) [w_ab - sum_m rho_am rho_bm n_m/(1+n_m)], n the multiplicities of units among i, j, a, b.

        mu(n) = (2/pi)^2 / sqrt(prod (1+n_m)); rho = r on the diagonal, s off it; the part in rho is of second order.
        """
        r, s, w_d, w_o = first
        total = 0.0
        for a, b in product(range(self.M), repeat=2):
            counts = Counter((i, j, a, b))
            weight = (2 / np.pi) ** 2 / np.sqrt(np.prod([1.0 + n for n in counts.values()]))
            deviation = w_d if a == b else w_o
            if self.second_order:
                deviation -= sum((r if a == m else s) * (r if b == m else s) * n / (1 + n) for m, n in counts.items())
            total += weight * deviation
        return float(total)
