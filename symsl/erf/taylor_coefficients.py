"""Taylor coefficients of the order parameters in time, as balls, in either basis (Eqs. 4, 92, 93).

The couplings Gamma, N (see `symsl.erf.taylor_equations`) are evaluated as power series in time on the known
coefficients of G^(1). What a further block of coefficients adds to them is linear in it, with the derivatives of Gamma
and N as factors: Newton's method for power series, with a Jacobian shorter than the solution.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from flint import arb, arb_mat, arb_series, ctx

from symsl.erf.series_gradients import Tape, gradient
from symsl.erf.taylor_equations import Equations
from symsl.errors import InsufficientPrecisionError
from symsl.precision import series_of_length

_GUARD_BITS = 40
"""Beyond what the size of a coefficient asks for."""


@dataclass(frozen=True)
class Expansion:
    """X = sum_n X_n s^n at time `scale` s after the start, and the first coefficients of the Jacobian of dX/ds.

    The Jacobian maps a perturbation V (L x d) to (S V) A^T + E (first V), A = sum_i A_i s^i (d x d), E = sum_i E_i s^i
    (Ld x d); `scale` is a factor in both and in the velocity. `one` holds the entries of G^(1).

    From an exact start the X_n are exact as well: midpoints, each chosen after those before it, so that rounding errors
    do not pile up. Coefficient n - 1 of the velocity at this polynomial is n X_n up to n `rounding[n]`, in the norm of
    the basis. Otherwise the X_n are balls, and `rounding` is 0.
    """

    scale: arb
    X: list[arb_mat]
    one: list[list[arb]]
    A: list[arb_mat]
    E: list[arb_mat]
    rounding: list[arb]

    def in_unit(self, factor: arb) -> Expansion:
        """The same with time in units `factor` times as long; exact where `factor` is a power of two."""
        powers = [arb(1)]
        while len(powers) <= len(self.X):
            powers.append(powers[-1] * factor)
        return Expansion(
            scale=self.scale * factor,
            X=[X * power for X, power in zip(self.X, powers, strict=False)],
            one=[[x * power for x in row] for row, power in zip(self.one, powers, strict=False)],
            A=[A * power for A, power in zip(self.A, powers[1:], strict=False)],
            E=[E * power for E, power in zip(self.E, powers[1:], strict=False)],
            rounding=[error * power for error, power in zip(self.rounding, powers, strict=False)],
        )


class _Build:
    """The expansion in the making: X_n for n < len(X)."""

    def __init__(self, equations: Equations, start: arb_mat, scale: arb, length: int) -> None:
        self.equations, self.scale, self.length = equations, scale, length
        self.L, self.d = equations.start.nrows(), equations.start.ncols()
        self.X: list[arb_mat] = []
        self.shifted: list[arb_mat] = []
        self.one: list[list[arb]] = []
        self.A: list[arb_mat] = []
        self.E: list[arb_mat] = []
        self.rounding: list[arb] = []
        self.exact = all(value.is_exact() for value in start.entries())
        self.append(start)

    def append(self, coefficient: arb_mat) -> None:
        basis = self.equations.basis
        radii = [value.rad() / basis.weights[x // self.d] for x, value in enumerate(coefficient.entries())]
        self.rounding.append(max_upper(radii) if self.exact else arb(0))
        coefficient = coefficient.mid() if self.exact else coefficient
        self.X.append(coefficient)
        self.shifted.append(basis.shift * coefficient)
        self.one.append((basis.first * coefficient).entries())

    def first_parameters(self, length: int) -> list[arb_series]:
        known = self.one[:length]
        return [arb_series([+row[x] for row in known], prec=ctx.cap) for x in range(self.d)]

    def precision(self) -> AbstractContextManager[None]:
        """Coefficient n is multiplied by h^n, about 2^(-bits n / length): late ones need fewer bits."""
        bits = ctx.prec
        if self.exact:
            bits = min(bits, math.ceil(bits * (1 - len(self.X) / self.length)) + _GUARD_BITS)
        context: AbstractContextManager[None] = ctx.workprec(max(bits, _GUARD_BITS))
        return context

    def extend(self) -> None:
        """From n known coefficients to n + 1 + len(A), as far as the Jacobian is known, or to those asked for."""
        L, d, known = self.L, self.d, len(self.X)
        q = min(len(self.A), self.length - known - 1)
        with series_of_length(known + q):
            velocity = self.velocity(self.equations.coupling_values(self.first_parameters(known)), known - 1)
        A = arb_mat(q * d, d, [x for A in self.A[:q] for x in A.transpose().entries()])
        beside = zip(*(E.tolist() for E in self.E[:q]), strict=True)
        E = arb_mat(L * d, q * d, [x for row in beside for part in row for x in part])
        shifted, one = [[arb(0)] * (q * d) for _ in range(L)], [arb(0)] * (q * d)  # new coefficients, latest first
        for j, total in enumerate(velocity, known):
            if j > known:
                total = total + arb_mat(L, q * d, [x for row in shifted for x in row]) * A
                total = total + arb_mat(L, d, (E * arb_mat(q * d, 1, one)).entries())
            self.append(total * (1 / arb(j)))
            shifted = [new + old[:-d] for new, old in zip(self.shifted[-1].tolist(), shifted, strict=True)]
            one = self.one[-1] + one[:-d]

    def reach(self, length: int) -> None:
        """`length` coefficients of X, or up to the end of a block more."""
        while len(self.X) < length:
            with self.precision():
                self.extend()

    def velocity(self, values: list[arb_series], first: int) -> list[arb_mat]:
        """Coefficients of dX/ds, from number `first` on, for the known coefficients of X and the couplings `values`."""
        equations, L, d = self.equations, self.L, self.d
        length, source = ctx.cap, equations.basis.source
        rows = []
        for l in range(L):
            X = [arb_series([matrix[l, y] for matrix in self.shifted], prec=length) for y in range(d)]
            entries: list[Any] = [arb_series([], prec=length)] * d
            for x, g, y, teacher in equations.terms:
                entries[x] = entries[x] + values[g] * (equations.shifted_T[l, teacher] if y is None else X[y])
            for n, pair in enumerate(equations.noises):
                x = equations.number[pair]
                entries[x] = entries[x] + values[n - len(equations.noises)] * source[l, 0]
            rows.append([_padded(entry * self.scale, length) for entry in entries])
        return [arb_mat(L, d, [rows[l][x][j] for l in range(L) for x in range(d)]) for j in range(first, length)]

    def differentiate(self, length: int) -> None:
        """`length` coefficients of the Jacobian, no more than are known of X."""
        equations, L, d = self.equations, self.L, self.d
        with series_of_length(length):
            couplings = equations.coupling_values(Tape().inputs(self.first_parameters(length)))
            values = [_padded(coupling.value * self.scale, length) for coupling in couplings]
            slopes = [[slope * self.scale for slope in gradient(coupling, d)] for coupling in couplings]
            by_row = [[_padded(entry, length) for row in self._slopes_of(l, slopes) for entry in row] for l in range(L)]
        self.A, self.E = [], []
        for i in range(length):
            A = arb_mat(d, d)
            for x, g, y, _ in equations.terms:
                if y is not None:
                    A[x, y] = A[x, y] + values[g][i]
            self.A.append(A)
            self.E.append(arb_mat(L * d, d, [entry[i] for entries in by_row for entry in entries]))

    def _slopes_of(self, l: int, slopes: list[list[Any]]) -> list[list[Any]]:
        """Derivatives of the velocity of row l with respect to G^(1), through the couplings alone: series, d x d."""
        equations, d, length = self.equations, self.d, ctx.cap
        shifted = [arb_series([matrix[l, y] for matrix in self.shifted[:length]], prec=length) for y in range(d)]
        factors: dict[tuple[int, int], Any] = {}
        for x, g, y, teacher in equations.terms:
            term = equations.shifted_T[l, teacher] if y is None else shifted[y]
            factors[x, g] = factors[x, g] + term if (x, g) in factors else term
        for m, pair in enumerate(equations.noises, -len(equations.noises)):
            factors[equations.number[pair], equations.couplings + m] = equations.basis.source[l, 0]
        rows: list[list[Any]] = [[arb_series([], prec=length)] * d for _ in range(d)]
        for (x, g), factor in factors.items():
            rows[x] = [entry + slope * factor for entry, slope in zip(rows[x], slopes[g], strict=True)]
        return rows


def expand(equations: Equations, start: arb_mat, scale: arb, length: int, jacobian: int) -> Expansion:
    """`length` coefficients of X from X = `start`, and `jacobian` coefficients of the Jacobian."""
    build = _Build(equations, start, scale, length)
    stages = [jacobian]
    while stages[0] > 3:
        stages.insert(0, (stages[0] + 1) // 2)
    for stage in stages:
        build.reach(stage)
        with build.precision():
            build.differentiate(stage)
    build.reach(length)
    return Expansion(scale, build.X, build.one, build.A, build.E, build.rounding)


def max_upper(values: Sequence[arb]) -> arb:
    """An upper bound on the absolute values."""
    largest = arb(0)
    for value in values:
        upper = value.abs_upper()
        if not upper.is_finite():
            raise InsufficientPrecisionError("a coefficient is not finite")
        if upper > largest:
            largest = upper
    return largest


def _padded(series: Any, length: int) -> list[arb]:
    if not isinstance(series, arb_series):
        series = arb_series([series], prec=length)
    coefficients: list[arb] = series.coeffs()[:length]
    if not all(value.is_finite() for value in coefficients):
        raise InsufficientPrecisionError("a root in the order-parameter equations is not certainly real")
    return coefficients + [arb(0)] * (length - len(coefficients))
