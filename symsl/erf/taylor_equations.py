"""The order-parameter equations for balls, power series and discs, in either basis (Eqs. 4, 92, 93).

The unknowns of order l (or of mode k) are the d = K(K+1)/2 + KM entries of Q and R, one row of an L x d matrix X. With
the Gram table G = [[Q, R], [R^T, T]] the equations read, i a student,

    dX_ib/dalpha = sum_a Gamma_ia (S G)_ab  [+ sum_a Gamma_ba (S G)_ai + (source) N_ib  for a student b],

where S multiplies by the covariance (the only thing in which the bases differ), and Gamma, N depend on G^(1) alone:
costly functions of d variables, cheap linear algebra for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, arb_mat

from symsl.erf.state import OrderParameters, State
from symsl.precision import ball


@dataclass(frozen=True)
class Basis:
    """Multiplication by the covariance, G^(1), u_{l+1} (or lambda_k), and the weights of the maximum norm over rows."""

    name: str
    shift: arb_mat
    first: arb_mat
    source: arb_mat
    weights: list[arb]

    @classmethod
    def modes(cls, state: State) -> Basis:
        """S is diagonal, G^(1) = (1/L) sum_k lambda_k G_k."""
        L, eigenvalues = state.L, state.spectrum.eigenvalues()
        shift = arb_mat(L, L)
        for k, value in enumerate(eigenvalues):
            shift[k, k] = value
        first = arb_mat(1, L, [value / L for value in eigenvalues])
        return cls("modes", shift, first, arb_mat(L, 1, eigenvalues), [arb(1)] * L)

    @classmethod
    def moments(cls, state: State) -> Basis:
        """S moves order l+1 to l, closed by X^(L) = -sum_l c_l X^(l) (Cayley-Hamilton).

        With the weights s^l, s = sum_k lambda_k / ln 2, the norm of S is s, since sum_l |c_l| s^l <= s^L.
        """
        L, spectrum = state.L, state.spectrum
        shift, first = arb_mat(L, L), arb_mat(1, L)
        for l in range(L - 1):
            shift[l, l + 1] = arb(1)
        for l, c in enumerate(spectrum.characteristic_polynomial().coeffs()[:-1]):
            shift[L - 1, l] = -c
        first[0, min(1, L - 1)] = shift[0, 0] if L == 1 else arb(1)
        scale = L * spectrum.moment(1) / arb.const_log2()
        weights = [arb(1)]
        for _ in range(L - 1):
            weights.append(weights[-1] * scale)
        return cls("moments", shift, first, arb_mat(L, 1, [spectrum.moment(l) for l in range(1, L + 1)]), weights)


class Equations:
    """The equations for one state, learning rate, order and basis, at the working precision of the moment."""

    def __init__(self, state: State, eta: arb, order: int, basis: Basis) -> None:
        K, M = state.K, state.M
        self.K, self.M, self.eta, self.order, self.basis = K, M, eta, order, basis
        self.unknowns = [(i, j) for i in range(K) for j in range(i, K)] + [
            (i, K + n) for i in range(K) for n in range(M)
        ]
        self.number = {pair: x for x, pair in enumerate(self.unknowns)} | {
            (b, a): x for x, (a, b) in enumerate(self.unknowns)
        }
        tables = state.moments() if basis.name == "moments" else [state.mode(k + 1) for k in range(state.L)]
        teachers = [(n, m) for n in range(M) for m in range(M)]
        self.T = arb_mat(state.L, M * M, [arb(X.T[pair]) for X in tables for pair in teachers])
        self.start = arb_mat(
            state.L,
            len(self.unknowns),
            [arb(X.Q[i, b] if b < K else X.R[i, b - K]) for X in tables for i, b in self.unknowns],
        )
        self.shifted_T, self.first_T = basis.shift * self.T, (basis.first * self.T).entries()
        self.terms = list(self._terms())
        self.noises = [(i, j) for i in range(K) for j in range(i, K)] if order == 2 else []
        self.couplings = K * (K + M) + len(self.noises)
        weight = [Fraction(M, K * K)] * K + [Fraction(-1, K)] * M
        drift, noise = 2 * eta / arb.pi(), 4 * eta * eta / (arb.pi() * arb.pi())
        self.pull = [drift * ball(w) for w in weight]
        self.push = [[noise * ball(v * w) for w in weight] for v in weight]

    def _terms(self) -> Iterator[tuple[int, int, int | None, int]]:
        """All products (velocity x, coupling g, unknown y or None, teacher entry): dX_x gets Gamma_g (S G)_y."""
        K, M = self.K, self.M
        for x, (i, b) in enumerate(self.unknowns):
            for row, column in ((i, b), (b, i)) if b < K else ((i, b),):
                for a in range(K + M):
                    g = row * (K + M) + a
                    if a < K or column < K:
                        yield x, g, self.number[a, column], 0
                    else:
                        yield x, g, None, (a - K) * M + (column - K)

    def coupling_values(self, one: Sequence[Any]) -> list[Any]:
        """Gamma (row by row), then N, where G^(1) has the entries `one`: balls, power series, `Discs` or `Traced`."""
        K, M = self.K, self.M

        def entry(a: int, b: int) -> Any:
            return one[self.number[a, b]] if a < K or b < K else self.first_T[(a - K) * M + (b - K)]

        table = [[entry(a, b) for b in range(K + M)] for a in range(K + M)]
        return self._couplings(table)

    def table(self, one: Sequence[Any]) -> OrderParameters:
        """Q^(1), R^(1), T^(1) where G^(1) has the entries `one`, of any type of number."""
        K, M = self.K, self.M
        Q, R, T = (np.empty(shape, dtype=object) for shape in ((K, K), (K, M), (M, M)))
        for i in range(K):
            Q[i] = [one[self.number[i, j]] for j in range(K)]
            R[i] = [one[self.number[i, K + n]] for n in range(M)]
        for n in range(M):
            T[n] = self.first_T[n * M : (n + 1) * M]
        return OrderParameters(Q, R, T)

    def parameters(self, X: arb_mat, l: int = 1) -> OrderParameters:
        """Q^(l), R^(l), T^(l) of the unknowns X."""
        K, M, basis = self.K, self.M, self.basis
        if l == 1:
            row = basis.first
        elif basis.name == "moments":
            row = arb_mat(1, len(basis.weights))
            row[0, l] = arb(1)
        else:
            row = arb_mat(1, len(basis.weights), [value**l / len(basis.weights) for value in basis.source.entries()])
        entries = (row * X).entries()
        Q = arb_mat(K, K, [entries[self.number[i, j]] for i in range(K) for j in range(K)])
        R = arb_mat(K, M, [entries[self.number[i, K + n]] for i in range(K) for n in range(M)])
        return OrderParameters(Q, R, arb_mat(M, M, (row * self.T).entries()))

    def _couplings(self, table: Sequence[Sequence[Any]]) -> list[Any]:
        """Gamma_ia = -f w_a s_ia + delta_ia (f sum_b w_b s_ib G_ib)/(1+G_ii) and N_ij, from Eqs. 90, 91.

        f = 2 eta/pi, s_ia = Lambda_ia^(-1/2), Lambda_ia = (1+G_ii)(1+G_aa) - G_ia^2, w_a = M/K^2 for students and -1/K
        for teachers, N_ij = eta^2 sum_ab w_a w_b E[g'(i) g'(j) g(a) g(b)].
        """
        everyone, students = range(self.K + self.M), range(self.K)
        plus = [1 + table[a][a] for a in everyone]
        Lambda: dict[tuple[int, int], Any] = {}
        root: dict[tuple[int, int], Any] = {}
        for i in students:
            for a in range(i, self.K + self.M):
                product = 2 * plus[i] - 1 if a == i else plus[i] * plus[a] - table[i][a] * table[i][a]
                Lambda[i, a], root[i, a] = product, product.rsqrt()
        values = []
        for i in students:
            pull = [root[min(i, a), max(i, a)] * self.pull[a] for a in everyone]
            drag = _sum(pull[a] * table[i][a] for a in everyone) / plus[i]
            values += [drag - pull[a] if a == i else -pull[a] for a in everyone]
        return values + [self._noise(table, plus, i, j, Lambda[i, j]) * root[i, j] for i, j in self.noises]

    def _noise(self, table: Sequence[Sequence[Any]], plus: Sequence[Any], i: int, j: int, Lambda_4: Any) -> Any:
        """sum_ab of the arcsines of Eq. 91, times (2 eta/pi)^2 w_a w_b.

        Lambda_0 = Lambda_4 C_ab - Y_b u_a - X_b v_a, where X = C_1., Y = C_2., u = (1+C_11) Y - C_12 X and
        v = (1+C_22) X - C_12 Y; Lambda_1 = Lambda_0 + Lambda_4 at a = b. All of it is linear where a or b is i or j.
        """
        everyone, (x, y, c) = range(self.K + self.M), (table[i], table[j], table[i][j])
        u, v, size = [], [], []
        for a in everyone:
            if a in (i, j):
                u.append(c if a == i else Lambda_4 - plus[i])
                v.append(c if a == j else Lambda_4 - plus[j])
                size.append(2 * Lambda_4 - plus[j if a == i else i])
            else:
                u.append(x[a] if i == j else plus[i] * y[a] - c * x[a])
                v.append(u[a] if i == j else plus[j] * x[a] - c * y[a])
                bend = 2 * (x[a] * x[a]) if i == j else y[a] * u[a] + x[a] * v[a]
                size.append(Lambda_4 * plus[a] - bend)
        root = [value.rsqrt() for value in size]

        def angle(a: int, b: int) -> Any:
            if a == b:
                cross = size[a] - Lambda_4
            elif a in (i, j):
                cross = v[b] if a == i else u[b]
            elif b in (i, j):
                cross = v[a] if b == i else u[a]
            else:
                cross = Lambda_4 * table[a][b] - (2 * (x[a] * x[b]) if i == j else y[b] * u[a] + x[b] * v[a])
            return (cross * (root[a] * root[b])).asin()

        pairs = [(a, b) for a in everyone for b in range(a, self.K + self.M)]
        return _sum(angle(a, b) * (self.push[a][a] if a == b else 2 * self.push[a][b]) for a, b in pairs)


def _sum(values: Iterator[Any]) -> Any:
    total = next(values)
    for value in values:
        total = total + value
    return total
