"""The late phase complete to second order in J - B, certified: exponentials in single rates and in pairs of rates.

K = M, T_k = 1. With x = (r, s) of all modes (diagonal and off-diagonal of R - T) and w = (w_d, w_o) of all modes (of
Q - R - R^T + T), x is of first and w of second order, and

    dx/da = A x,    dw/da = C w + f(x, x),    eps_g = (c.w + q(x, x))/pi

with quadratic f and q that see one factor x at order 1 only. In the eigenvectors of A and C, with eigenvalues mu_a and
nu_i, x = sum_a x_a e^(mu_a alpha), and f a sum of e^((mu_a + mu_b) alpha): so w is one of these and of e^(nu_i alpha).
C has no term of second order in eta in `second_order_error`, and all there is in `complete_error`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from flint import acb_mat, arb, arb_mat

from symsl.erf.late_phase import Deviations, in_every_mode
from symsl.erf.late_phase_exact import Matrix2, noise_matrix, relaxation_matrix
from symsl.errors import InsufficientPrecisionError, ParameterError
from symsl.precision import ball

MAX_L = 64
"""(2L)^3 amplitudes of pairs, in balls: 0.3 s at L = 16, 2 s at L = 32, 13 s at L = 64."""

MAX_L_EXPONENTIAL = 5
"""The exponential of a matrix of 4 L^2 + 2 L rows."""

Form = tuple[arb, arb, arb]
"""A quadratic form in (r, s) of order 1: the coefficients of r^2, r s, s^2."""


def second_order_error(start: Deviations, eta: Fraction, alpha: Sequence[Fraction]) -> list[arb]:
    """eps_g to second order in J - B and first order in eta, at each time after the start."""
    return _System.of(start, eta, exact_in_eta=False).by_pairs_of_rates(alpha)


def complete_error(start: Deviations, eta: Fraction, alpha: Sequence[Fraction]) -> list[arb]:
    """eps_g to second order in J - B and exact in eta."""
    return _System.of(start, eta, exact_in_eta=True).by_pairs_of_rates(alpha)


def second_order_error_by_exponential(start: Deviations, eta: Fraction, alpha: Sequence[Fraction]) -> list[arb]:
    """The same as `second_order_error` from the exponential of one matrix: for small L, also where rates coincide."""
    return _System.of(start, eta, exact_in_eta=False).by_exponential(alpha)


def complete_error_by_exponential(start: Deviations, eta: Fraction, alpha: Sequence[Fraction]) -> list[arb]:
    """The same as `complete_error` from the exponential of one matrix."""
    return _System.of(start, eta, exact_in_eta=True).by_exponential(alpha)


def overlap_matrix(M: int) -> Matrix2:
    """P + 2 S = [[2/(3 sqrt 3), (M-1)/4], [1/4, 0]]: what (r, s) of order 1 take from the relaxation of (r, s)."""
    return (2 / (3 * arb(3).sqrt()), ball(Fraction(M - 1, 4))), (ball(Fraction(1, 4)), arb(0))


def drift_forms(M: int) -> tuple[Matrix2, Matrix2]:
    """k_d and k_o with sum k_ab x_a^(1) x_b of mode k, times 2 (2 eta/(pi M)) lambda_k, in dw_d and dw_o."""
    curvature, quarter = 2 / (3 * arb(3).sqrt()), ball(Fraction(1, 4))
    return (
        (curvature, ball(Fraction(M - 1, 4))),
        (ball(Fraction(M - 1, 4)), arb(0)),
    ), (
        (quarter, curvature + (M - 2) * quarter),
        (arb(0), quarter + (M - 2) * quarter),
    )


def noise_forms(M: int) -> tuple[Form, Form]:
    """n_d and n_o: what the slopes at second order in (r, s) take from (eta/M)^2 lambda_k G w in dw_d and dw_o.

    sum_ab mu(n) sum_m rho_am rho_bm n_m/(1+n_m), summed over units: n the multiplicities among (i, j, a, b), rho = r on
    the diagonal and s off it, mu as in `noise_matrix`.
    """
    slopes = (2 / arb.pi()) ** 2
    mu4, mu31, mu22, mu211, mu1111 = (slopes / arb(product).sqrt() for product in (5, 8, 9, 12, 16))
    two, three = (M - 1) * (M - 2), (M - 2) * (M - 3)
    diagonal = (
        4 * mu4 / 5 + 2 * (M - 1) * mu22 / 3,
        5 * (M - 1) * mu31 / 2 + two * mu211,
        2 * (M - 1) * mu22 / 3 + 2 * two * mu211 / 3,
    )
    off_diagonal = (
        3 * mu31 / 2 + 2 * (M - 2) * mu211 / 3,
        8 * mu22 / 3 + 14 * (M - 2) * mu211 / 3 + three * mu1111,
        mu31 + 3 * (M - 2) * mu211 + three * mu1111,
    )
    return diagonal, off_diagonal


class _System(NamedTuple):
    """A, C (2L x 2L, component by component; L x L for M = 1), and what f, q and the start are made of."""

    start: Deviations
    eigenvalues: list[arb]
    drift: arb  # 4 eta/(pi M)
    noise: arb  # (eta/M)^2, or 0
    A: arb_mat
    C: arb_mat

    @classmethod
    def of(cls, start: Deviations, eta: Fraction, *, exact_in_eta: bool) -> _System:
        M, lam, rate = start.M, start.spectrum.eigenvalues(), eta * start.eta_factor
        if M < 1:
            raise ParameterError("late_phase", "M", M, "M >= 1 (Eq. 16)", "give the number of units")
        drift, noise = 4 * ball(rate) / (arb.pi() * M), ball(rate**2 / M**2) if exact_in_eta else arb(0)
        H = relaxation_matrix(M)
        A = _coupled(lam, min(M, 2), H, -drift / 2, overlap_matrix(M), drift / 2)
        C = _coupled(lam, min(M, 2), H, -drift, noise_matrix(M), noise)
        return cls(start, lam, drift, noise, A, C)

    @property
    def components(self) -> int:
        """2, or 1 where a single unit has no off-diagonal elements."""
        return min(self.start.M, 2)

    def by_pairs_of_rates(self, alpha: Sequence[Fraction]) -> list[arb]:
        """The closed form; `ParameterError` above L = `MAX_L`."""
        L = len(self.eigenvalues)
        self._require(L, MAX_L, "amplitudes of all pairs of rates", "symsl.erf.late_phase_second_order in float64")
        mu, X = _eigenvectors(self.A)
        nu, Y = _eigenvectors(self.C)
        size = range(self.components * L)
        at_start = X.solve(self._initial("r", "s"))
        X = arb_mat(len(size), len(size), [X[row, a] * at_start[a, 0] for row in size for a in size])
        order_1 = _order_1(self.eigenvalues, self.components) * X
        first = [(order_1[0, a], order_1[1, a]) for a in size]
        seen = self._seen() * Y
        of_w = Y.solve(self._initial("w_d", "w_o"))
        pulls, noises = self._forces(Y, X)
        single = [of_w[i, 0] * seen[0, i] for i in size]
        pairs: list[tuple[arb, arb]] = []
        forms, quadratic = noise_forms(self.start.M), self._seen_form()
        for a in size:
            for b in range(a + 1):
                weight = 1 if a == b else 2
                (r, s), (r_b, s_b) = first[a], first[b]
                products = r * r_b, (r * s_b + r_b * s) / 2, s * s_b
                taken = [_value(form, products) for form in forms[: self.components]]
                amplitude, rate = _value(quadratic, products), mu[a] + mu[b]
                for i in size:
                    pull = r * pulls[0][i][b] + s * pulls[1][i][b] + r_b * pulls[0][i][a] + s_b * pulls[1][i][a]
                    force = pull / 2 - sum((part[i] * value for part, value in zip(noises, taken, strict=True)), arb(0))
                    part = seen[0, i] * force / (rate - nu[i])
                    amplitude = amplitude + part
                    single[i] = single[i] - weight * part
                pairs.append((weight * amplitude, rate))
        terms = [*zip(single, nu, strict=True), *pairs]
        factor = ball(self.start.error_factor) / arb.pi()
        return [
            factor * sum((amplitude * (rate * ball(time)).exp() for amplitude, rate in terms), arb(0)) for time in alpha
        ]

    def by_exponential(self, alpha: Sequence[Fraction]) -> list[arb]:
        """(x (x) x, w) obeys a linear system of 4 L^2 + 2 L equations; `ParameterError` above `MAX_L_EXPONENTIAL`."""
        L, M = len(self.eigenvalues), self.start.M
        self._require(L, MAX_L_EXPONENTIAL, "an exponential of a matrix of 4 L^2 + 2 L rows", "the other route")
        lam, size = self.eigenvalues, self.components * L
        pairs = [(a, b) for a in range(self.components) for b in range(self.components)]
        squares = size * size
        total = squares + size
        flow = [[arb(0)] * total for _ in range(total)]
        for i in range(size):
            for j in range(size):
                flow[squares + i][squares + j] = self.C[i, j]
                for other in range(size):
                    flow[i * size + other][j * size + other] += self.A[i, j]
                    flow[other * size + i][other * size + j] += self.A[i, j]
        for component in range(self.components):
            drift, square = drift_forms(M)[component], _matrix(noise_forms(M)[component])
            for k in range(L):
                row = flow[squares + component * L + k]
                for a, b in pairs:
                    for j in range(L):
                        row[(a * L + j) * size + b * L + k] += self.drift * lam[k] * drift[a][b] * lam[j] / L
                        for j_b in range(L):
                            taken = self.noise * lam[k] * square[a][b] * lam[j] * lam[j_b] / L**2
                            row[(a * L + j) * size + b * L + j_b] -= taken
        x, w = self._initial("r", "s"), self._initial("w_d", "w_o")
        square, order_1 = _matrix(self._seen_form()), [value / L for value in lam]
        components = range(self.components)
        seen = [square[a][b] * v * w for a in components for v in order_1 for b in components for w in order_1]
        seen += self._seen().entries()
        begun = arb_mat(total, 1, [x[i, 0] * x[j, 0] for i in range(size) for j in range(size)] + w.entries())
        matrix, factor = arb_mat(flow), ball(self.start.error_factor) / arb.pi()
        return [factor * (arb_mat(1, total, seen) * ((matrix * ball(time)).exp() * begun))[0, 0] for time in alpha]

    def _forces(self, Y: arb_mat, X: arb_mat) -> tuple[list[list[list[arb]]], list[list[arb]]]:
        """f in the eigenvectors of C: `pulls[a][i][b]` times x^(1)_a of one factor, minus `noises[c][i]` times n_c."""
        L, lam, size, components = len(self.eigenvalues), self.eigenvalues, X.nrows(), range(self.components)
        inverse, forms = Y.inv(), drift_forms(self.start.M)
        left = [
            arb_mat(size, L, [inverse[i, c * L + k] * lam[k] for i in range(size) for k in range(L)])
            for c in components
        ]
        right = [arb_mat(L, size, [X[b * L + k, j] for k in range(L) for j in range(size)]) for b in components]
        pulls = []
        for a in range(2):
            total = arb_mat(size, size)
            for c in components:
                for b in components:
                    total = total + left[c] * right[b] * (self.drift * forms[c][a][b])
            pulls.append(total.tolist())
        noises = [[self.noise * sum(row, arb(0)) for row in part.tolist()] for part in left]
        return pulls, noises

    def _seen(self) -> arb_mat:
        """c: the row that takes pi eps_g from w."""
        L, M = len(self.eigenvalues), self.start.M
        weights = (1 / arb(3).sqrt(), ball(Fraction(M - 1, 2)))
        seen = [weight * value / L for weight in weights[: self.components] for value in self.eigenvalues]
        return arb_mat(1, len(seen), seen)

    def _seen_form(self) -> Form:
        """q."""
        return -2 / (3 * arb(3).sqrt()), -ball(Fraction(self.start.M - 1, 2)), arb(0)

    def _initial(self, *names: str) -> arb_mat:
        L = len(self.eigenvalues)
        parts = [in_every_mode(getattr(self.start, name), L, name) for name in names]
        values = [value for part in parts[: self.components] for value in part]
        return arb_mat(len(values), 1, values)

    def _require(self, L: int, largest: int, why: str, instead: str) -> None:
        if largest < L:
            raise ParameterError("late_phase_second_order", "L", L, f"L <= {largest} ({why})", f"use {instead}")


def _coupled(lam: list[arb], components: int, own: Matrix2, rate: arb, common: Matrix2, strength: arb) -> arb_mat:
    """rate own (x) Lambda + (strength/L) common (x) lambda lambda^T, as many rows and columns as `components`."""
    L = len(lam)
    return arb_mat(
        components * L,
        components * L,
        [
            strength * lam[k] * lam[j] * common[a][b] / L + (rate * lam[k] * own[a][b] if j == k else 0)
            for a in range(components)
            for k in range(L)
            for b in range(components)
            for j in range(L)
        ],
    )


def _order_1(lam: list[arb], components: int) -> arb_mat:
    """(1/L) sum_k lambda_k of each component, in two rows (the second is zero for one component)."""
    L = len(lam)
    entries = [lam[k] / L if a == b else 0 for a in range(2) for b in range(components) for k in range(L)]
    return arb_mat(2, components * L, entries)


def _matrix(form: Form) -> Matrix2:
    """The symmetric matrix of a quadratic form."""
    return (form[0], form[1] / 2), (form[1] / 2, form[2])


def _eigenvectors(matrix: arb_mat) -> tuple[list[arb], arb_mat]:
    """Eigenvalues and right eigenvectors, all real: diag(1, M-1) makes the blocks of A and C symmetric."""
    size = matrix.nrows()
    try:
        values, vectors = acb_mat(matrix).eig(right=True)
    except (ValueError, ZeroDivisionError):
        raise InsufficientPrecisionError("the rates are not yet isolated") from None
    columns = []
    for index in range(size):
        column = [vectors[row, index] for row in range(size)]
        largest = max(column, key=lambda value: float(abs(value).mid()))
        columns.append([(value / largest).real for value in column])
    real = arb_mat([[columns[j][i] for j in range(size)] for i in range(size)])
    return [value.real for value in values], real


def _value(form: Form, products: tuple[arb, arb, arb]) -> arb:
    return form[0] * products[0] + form[1] * products[1] + form[2] * products[2]
