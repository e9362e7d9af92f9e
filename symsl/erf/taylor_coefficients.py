"""Taylor coefficients of the order parameters in time, as balls, in either basis (Eqs. 4, 92, 93).

The unknowns of order l (or of mode k) are the d = K(K+1)/2 + KM entries of Q and R, one row of an L x d matrix X. With
the Gram table G = [[Q, R], [R^T, T]] the equations read, i a student,

    dX_ib/dalpha = sum_a Gamma_ia (S G)_ab  [+ sum_a Gamma_ba (S G)_ai + (source) N_ib  for a student b],

where S multiplies by the covariance (the only thing in which the bases differ), and Gamma, N depend on G^(1) alone:
costly functions of d variables, cheap linear algebra for the rest. They are evaluated as power series in time on the
known coefficients of G^(1). What a further block of coefficients adds to them is linear in it, with the derivatives of
Gamma and N as factors: Newton's method for power series, with a Jacobian shorter than the solution.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import acb, arb, arb_mat, arb_series, ctx

from symsl.erf.state import OrderParameters, State
from symsl.errors import InsufficientPrecisionError
from symsl.precision import ball


class OutsideDomainError(Exception):
    """A root or an arcsine is not certainly analytic on the ball of its argument."""


@contextmanager
def series_of_length(length: int) -> Iterator[None]:
    """Power series keep `length` coefficients inside."""
    before = ctx.cap
    ctx.cap = length
    try:
        yield
    finally:
        ctx.cap = before


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
        """Gamma (row by row), then N, where G^(1) has the entries `one`: power series, complex balls or balls."""
        K, M = self.K, self.M

        def entry(a: int, b: int) -> Any:
            return one[self.number[a, b]] if a < K or b < K else self.first_T[(a - K) * M + (b - K)]

        table = [[entry(a, b) for b in range(K + M)] for a in range(K + M)]
        return self._couplings(table)

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

        f = 2 eta/pi, s_ia = ((1+G_ii)(1+G_aa) - G_ia^2)^(-1/2), w_a = M/K^2 for students and -1/K for teachers,
        N_ij = eta^2 sum_ab w_a w_b E[g'(i) g'(j) g(a) g(b)].
        """
        everyone, students = range(self.K + self.M), range(self.K)
        plus = [_without_zero(1 + table[a][a]) for a in everyone]
        values = []
        for i in students:
            x = table[i]
            pull = [_inverse_root(plus[i] * plus[a] - x[a] * x[a]) * self.pull[a] for a in everyone]
            drag = _sum(pull[a] * x[a] for a in everyone) / plus[i]
            values += [drag - pull[a] if a == i else -pull[a] for a in everyone]
        for i, j in self.noises:
            x, y, c = table[i], table[j], table[i][j]
            Lambda_4 = plus[i] * plus[j] - c * c
            u = [plus[i] * y[a] - c * x[a] for a in everyone]
            v = u if i == j else [plus[j] * x[a] - c * y[a] for a in everyone]
            root = [_inverse_root(Lambda_4 * plus[a] - y[a] * u[a] - x[a] * v[a]) for a in everyone]
            angles = _sum(
                _arcsine((Lambda_4 * table[a][b] - y[b] * u[a] - x[b] * v[a]) * root[a] * root[b])
                * (self.push[a][a] if a == b else 2 * self.push[a][b])
                for a in everyone
                for b in range(a, self.K + self.M)
            )
            values.append(angles * _inverse_root(Lambda_4))
        return values


def _without_zero(value: Any) -> Any:
    """`value`; a complex ball must have positive real part: what holds on a circle then holds inside (harmonic)."""
    if isinstance(value, acb) and not value.real > 0:
        raise OutsideDomainError
    return value


def _inverse_root(value: Any) -> Any:
    return _without_zero(value).rsqrt()


def _arcsine(value: Any) -> Any:
    if isinstance(value, acb):
        _without_zero(1 - value * value)
    return value.asin()


def _sum(values: Iterator[Any]) -> Any:
    total = next(values)
    for value in values:
        total = total + value
    return total


@dataclass(frozen=True)
class Expansion:
    """X = sum_n X_n s^n at time `scale` s after the start, and the first coefficients of the Jacobian of dX/ds.

    The Jacobian maps a perturbation V (L x d) to (S V) A^T + E (first V), A = sum_i A_i s^i (d x d), E = sum_i E_i s^i
    (Ld x d); `scale` is a factor in both and in the velocity.
    """

    scale: arb
    X: list[arb_mat]
    one: list[list[arb]]
    A: list[arb_mat]
    E: list[arb_mat]


class _Build:
    """The expansion in the making: X_n for n < len(X)."""

    def __init__(self, equations: Equations, start: arb_mat, scale: arb) -> None:
        self.equations, self.scale = equations, scale
        self.L, self.d = equations.start.nrows(), equations.start.ncols()
        self.X: list[arb_mat] = []
        self.shifted: list[arb_mat] = []
        self.one: list[list[arb]] = []
        self.A: list[arb_mat] = []
        self.E: list[arb_mat] = []
        self.append(start)

    def append(self, coefficient: arb_mat) -> None:
        basis = self.equations.basis
        self.X.append(coefficient)
        self.shifted.append(basis.shift * coefficient)
        self.one.append((basis.first * coefficient).entries())

    def first_parameters(self, length: int) -> list[arb_series]:
        known = self.one[:length]
        return [arb_series([row[x] for row in known], prec=ctx.cap) for x in range(self.d)]

    def extend(self) -> None:
        """From n known coefficients to n + 1 + len(A): the Jacobian is known so far."""
        equations, L, d = self.equations, self.L, self.d
        known, gain = len(self.X), min(len(self.A), len(self.X))
        with series_of_length(known + gain):
            velocity = self.velocity(equations.coupling_values(self.first_parameters(known)))
        for j in range(known - 1, known + gain):
            total = velocity[j]
            for i in range(j - known + 1):
                total = total + self.shifted[j - i] * self.A[i].transpose()
                total = total + arb_mat(L, d, (self.E[i] * arb_mat(d, 1, self.one[j - i])).entries())
            self.append(total * (1 / arb(j + 1)))

    def velocity(self, values: list[arb_series]) -> list[arb_mat]:
        """Coefficients of dX/ds for the known coefficients of X and the couplings `values`."""
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
        return [arb_mat(L, d, [rows[l][x][j] for l in range(L) for x in range(d)]) for j in range(length)]

    def differentiate(self, n: int) -> None:
        """The first n coefficients of the Jacobian, from as many of X.

        F(p + e s^n) - F(p) = s^n F'(p) e + O(s^2n): the couplings themselves give their derivatives.
        """
        equations, L, d = self.equations, self.L, self.d
        scale, source = self.scale, equations.basis.source
        with series_of_length(2 * n):
            one = self.first_parameters(n)
            base = equations.coupling_values(one)
            values = [_padded(value * scale, n) for value in base]
            slopes = []
            for x in range(d):
                bump = arb_series([0] * n + [1], prec=2 * n)
                moved = equations.coupling_values([p + bump if y == x else p for y, p in enumerate(one)])
                slopes.append([_padded((a - b) * scale, 2 * n)[n:] for a, b in zip(moved, base, strict=True)])
        derivative = [
            arb_mat(equations.couplings, d, [slopes[x][g][i] for g in range(equations.couplings) for x in range(d)])
            for i in range(n)
        ]
        factors = [self.coupling_factors(i) for i in range(n)]
        self.A, self.E = [], []
        for i in range(n):
            A = arb_mat(d, d)
            for x, g, y, _ in equations.terms:
                if y is not None:
                    A[x, y] = A[x, y] + values[g][i]
            self.A.append(A)
            E = factors[0] * derivative[i]
            for j in range(1, i + 1):
                E = E + factors[j] * derivative[i - j]
            for m in range(len(equations.noises)):
                x, g = equations.number[equations.noises[m]], m - len(equations.noises) + equations.couplings
                for l in range(L):
                    for y in range(d):
                        E[l * d + x, y] = E[l * d + x, y] + source[l, 0] * derivative[i][g, y]
            self.E.append(E)

    def coupling_factors(self, i: int) -> arb_mat:
        """Coefficient i of what stands beside Gamma in the velocities: Ld x (number of couplings)."""
        equations, d = self.equations, self.d
        factors = arb_mat(self.L * d, equations.couplings)
        for l in range(self.L):
            for x, g, y, teacher in equations.terms:
                if y is not None:
                    factors[l * d + x, g] = factors[l * d + x, g] + self.shifted[i][l, y]
                elif i == 0:
                    factors[l * d + x, g] = factors[l * d + x, g] + equations.shifted_T[l, teacher]
        return factors


def expand(equations: Equations, start: arb_mat, scale: arb, length: int, jacobian: int) -> Expansion:
    """At least `length` coefficients of X from X = `start`, and `jacobian` coefficients of the Jacobian."""
    build = _Build(equations, start, scale)
    for known, target in ((min(5, jacobian), jacobian), (jacobian, length)):
        while len(build.X) < known:
            build.extend()
        build.differentiate(known)
        while len(build.X) < target:
            build.extend()
    return Expansion(scale, build.X, build.one, build.A, build.E)


def _padded(series: arb_series, length: int) -> list[arb]:
    coefficients: list[arb] = series.coeffs()[:length]
    if not all(value.is_finite() for value in coefficients):
        raise InsufficientPrecisionError("a root in the order-parameter equations is not certainly real")
    return coefficients + [arb(0)] * (length - len(coefficients))
