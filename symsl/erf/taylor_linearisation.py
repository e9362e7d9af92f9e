"""The known part of the Jacobian along a Taylor step, and how fast it lets perturbations grow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb

from symsl.erf.exact_matrices import FloatArray
from symsl.erf.taylor_coefficients import Expansion
from symsl.erf.taylor_equations import Equations
from symsl.erf.upper_bounds import UP, doubles, maximum, radii, row_sum, up


class Linearisation:
    """The known part of the Jacobian of dX/ds, sum_i J_i s^i, in doubles, and how fast it lets perturbations grow.

    Rows are weighted as in the norm of the basis. `loose[i]` bounds what doubles leave out of J_i. In the coordinates
    that diagonalise J_0 the logarithmic norm of J_0 is near its largest eigenvalue, far below its norm: perturbations
    grow at most like condition * exp(integral of `rates`). Where they are too ill conditioned, the plain ones are used.
    """

    def __init__(self, equations: Equations, expansion: Expansion) -> None:
        basis, d = equations.basis, equations.start.ncols()
        self.S, self.first, self.source = norms(equations)
        weights = np.array([float(weight.mid()) for weight in basis.weights])
        shift = doubles(basis.shift) * weights / weights[:, None]
        spread = np.kron(doubles(basis.first) * weights, np.eye(d))
        rows = np.repeat(weights, d)[:, None]
        S, first, small = float(self.S) * UP, float(self.first) * UP, 2.0**-51 * (d + 4)
        self.J, self.loose = [], []
        for A, E in zip(expansion.A, expansion.E, strict=True):
            a, e = doubles(A), doubles(E) / rows
            self.J.append(np.kron(shift, a) + e @ spread)
            loose_a, loose_e = radii(A) + small * np.abs(a), radii(E) / rows + small * np.abs(e)
            self.loose.append((S * row_sum(loose_a) + first * row_sum(loose_e)) * UP)
        choices = [Coordinates.of(self.J, P) for P in (*_eigenvectors(self.J[0]), np.eye(len(self.J[0])))]
        found = [choice for choice in choices if choice is not None]
        self.coordinates = min(found, key=lambda choice: math.log(choice.condition) + choice.rates[0])
        self.condition, self.rates = self.coordinates.condition, self.coordinates.rates


def _eigenvectors(matrix: FloatArray) -> list[Any]:
    """Of the matrix, and of the matrix rounded: near a symmetric state its small differences mix equal eigenvalues into
    vectors that are nearly parallel."""
    units = [float(np.max(np.abs(matrix))) * part for part in (2.0**-20, 2.0**-12)]
    return [np.linalg.eig(M)[1] for M in (matrix, *(np.round(matrix / unit) * unit for unit in units if unit > 0))]


@dataclass(frozen=True)
class Coordinates:
    """y = P^-1 v, in doubles: the J_i there, up to `inexact[i]` in norm, and how fast they let perturbations grow.

    `W` is P^-1 up to the relative error `gap`, `condition` bounds |P| |P^-1|, and `rates` the logarithmic norm of J_0
    and the norms of the others.
    """

    P: Any
    W: Any
    gap: float
    J: list[Any]
    inexact: list[float]
    condition: float
    rates: list[float]

    @classmethod
    def of(cls, matrices: list[FloatArray], P: Any) -> Coordinates | None:
        """None where P is too ill conditioned."""
        n, u = len(P), 2.0**-50
        try:
            W = np.linalg.inv(P)
        except np.linalg.LinAlgError:
            return None
        gap = row_sum(np.abs(np.eye(n) - W @ P)) + n * u * row_sum(np.abs(W) @ np.abs(P))
        if not gap < 0.01:
            return None
        plain = np.array_equal(P, np.eye(n))
        turned, inexact, rates = [J if plain else W @ J @ P for J in matrices], [], []
        for i, (J, there) in enumerate(zip(matrices, turned, strict=True)):
            rounding = 4 * n * u * row_sum(np.abs(W) @ np.abs(J) @ np.abs(P))
            size = row_sum(np.abs(there)) + rounding
            bound = size
            if i == 0:
                diagonal = np.diagonal(there)
                bound = np.max(np.sum(np.abs(there), axis=1) - np.abs(diagonal) + diagonal.real) + rounding
                bound = max(bound, 0.0)
            inexact.append((rounding + 2 * gap * size) * UP)
            rates.append(float((bound + 2 * gap * size) * UP))
        condition = float(row_sum(np.abs(W)) * row_sum(np.abs(P)) / (1 - gap) * UP)
        return cls(P, W, gap, turned, inexact, condition, rates)


def norms(equations: Equations) -> tuple[arb, arb, arb]:
    """Norms of S, of G -> G^(1), and of the source, in the weighted maximum norm."""
    basis = equations.basis
    weights, L = basis.weights, len(basis.weights)
    S = maximum([sum((abs(basis.shift[l, j]) * weights[j] for j in range(L)), arb(0)) / weights[l] for l in range(L)])
    first = sum((abs(basis.first[0, l]) * weights[l] for l in range(L)), arb(0))
    return S, up(first), maximum([abs(basis.source[l, 0]) / weights[l] for l in range(L)])
