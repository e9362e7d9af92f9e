"""What a Taylor step is certainly off by: a bound on the remainder, and the propagation of errors from step to step.

The solution x is compared with its Taylor polynomial p of degree N. The defect p' - f(p) is analytic wherever the
couplings are, and O(s^N); so on a disc of radius rho it is at most (|s|/rho)^N times its maximum over the circle
(Schwarz), and that maximum is enclosed by covering the circle with balls. The same covering, thickened by r, bounds the
derivatives of the couplings (Cauchy) and so what is not known of the Jacobian. Time is in units of `Expansion.scale`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, arb_mat, arb_series, ctx

from symsl.erf.complex_discs import Discs, OutsideDomainError
from symsl.erf.exact_matrices import FloatArray
from symsl.erf.taylor_coefficients import Expansion
from symsl.erf.taylor_equations import Equations
from symsl.errors import InsufficientPrecisionError
from symsl.precision import series_of_length

_ARCS = 256
"""Discs that cover the upper half of the circle; the lower half is its mirror image."""

_THICKNESS = 0.003
"""r: how far around the polynomial the couplings are bounded."""

_MOST_PARTS = 200
"""Of a step, for the derivative of the flow."""

_UP = 1 + 1e-9
"""More than the relative rounding error of any sum of non-negative doubles here, and of a conversion to double."""

_BITS = 64
"""Precision of the scalar bounds."""


class StepTooLongError(Exception):
    """The errors in question are not bounded by the argument over so long a step."""


@dataclass(frozen=True)
class Disc:
    """|s| <= radius, with bounds there: Gamma (row sums), N, dp/ds, and p itself, in the norm of the basis."""

    radius: arb
    Gamma: arb
    noise: arb
    slope: arb
    size: arb


def largest_disc(expansion: Expansion, variation: float) -> float:
    """Radius within which the sum of |coefficients| s^n, n >= 1, of each entry of G^(1) stays below `variation`."""
    rows = [[_upper(value) for value in row] for row in expansion.one[1:]]
    table = np.array(rows)
    powers = np.arange(1, len(rows) + 1)
    low, high = 2.0**-20, 4.5
    for _ in range(40):
        middle = np.sqrt(low * high)
        with np.errstate(all="ignore"):
            inside = np.max(middle**powers @ table) < variation
        low, high = (middle, high) if inside else (low, middle)
    return float(low)


def enclose_on_disc(equations: Equations, expansion: Expansion, radius: float) -> Disc:
    """Bounds on a disc; `OutsideDomainError` where a root or arcsine might not be analytic on it."""
    K, M, weights = equations.K, equations.M, equations.basis.weights
    length, d = len(expansion.X), equations.start.ncols()
    values = equations.coupling_values(_around_circle(expansion, radius))
    largest = [float(np.max(value.upper())) if isinstance(value, Discs) else _upper(value) for value in values]
    with ctx.workprec(_BITS):
        rho, units = arb(radius), K + M
        rows = [sum(map(arb, largest[i * units : (i + 1) * units]), arb(0)) for i in range(K)]
        noise = _maximum([arb(0), *map(arb, largest[K * units :])])
        sizes = [
            _maximum([abs(X[l, x]) / weights[l] for l in range(len(weights)) for x in range(d)]) for X in expansion.X
        ]
        teachers = [abs(value) / weights[l] for l, row in enumerate(equations.T.tolist()) for value in row]
        size, slope = sizes[0], arb(0)
        for n in range(1, length):
            slope += n * sizes[n] * rho ** (n - 1)
            size += sizes[n] * rho**n
        return Disc(rho, _maximum(rows), noise, slope, _maximum([size, *teachers]))


def _around_circle(expansion: Expansion, radius: float) -> list[Discs]:
    """Discs that cover the entries of G^(1) on the circle, thickened."""
    numbers = np.arange(len(expansion.one))
    powers = radius**numbers
    middle = np.array([[float(value.mid()) for value in row] for row in expansion.one]) * powers[:, None]
    spread = np.array([[_upper(value.rad()) for value in row] for row in expansion.one]) * powers[:, None]
    half_angle = np.pi / (2 * _ARCS)
    points = np.exp(1j * np.outer((2 * np.arange(_ARCS) + 1) * half_angle, numbers)) @ middle
    size = np.abs(middle) + spread
    rounding = 2.0**-50 * (20 + 4 * len(numbers)) * np.sum(size, axis=0) + np.sum(spread, axis=0)
    reach = (numbers @ size * half_angle + rounding + _THICKNESS) * _UP
    if not np.all(np.isfinite(reach)):
        raise OutsideDomainError
    return [Discs.around(points[:, x], np.full(_ARCS, reach[x])) for x in range(len(reach))]


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
        shift = _doubles(basis.shift) * weights / weights[:, None]
        spread = np.kron(_doubles(basis.first) * weights, np.eye(d))
        rows = np.repeat(weights, d)[:, None]
        S, first, small = float(self.S) * _UP, float(self.first) * _UP, 2.0**-51 * (d + 4)
        self.J, self.loose = [], []
        for A, E in zip(expansion.A, expansion.E, strict=True):
            a, e = _doubles(A), _doubles(E) / rows
            self.J.append(np.kron(shift, a) + e @ spread)
            loose_a, loose_e = _radii(A) + small * np.abs(a), _radii(E) / rows + small * np.abs(e)
            self.loose.append((S * _row_sum(loose_a) + first * _row_sum(loose_e)) * _UP)
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
        gap = _row_sum(np.abs(np.eye(n) - W @ P)) + n * u * _row_sum(np.abs(W) @ np.abs(P))
        if not gap < 0.01:
            return None
        plain = np.array_equal(P, np.eye(n))
        turned, inexact, rates = [J if plain else W @ J @ P for J in matrices], [], []
        for i, (J, there) in enumerate(zip(matrices, turned, strict=True)):
            rounding = 4 * n * u * _row_sum(np.abs(W) @ np.abs(J) @ np.abs(P))
            size = _row_sum(np.abs(there)) + rounding
            bound = size
            if i == 0:
                diagonal = np.diagonal(there)
                bound = np.max(np.sum(np.abs(there), axis=1) - np.abs(diagonal) + diagonal.real) + rounding
                bound = max(bound, 0.0)
            inexact.append((rounding + 2 * gap * size) * _UP)
            rates.append(float((bound + 2 * gap * size) * _UP))
        condition = float(_row_sum(np.abs(W)) * _row_sum(np.abs(P)) / (1 - gap) * _UP)
        return cls(P, W, gap, turned, inexact, condition, rates)


@dataclass(frozen=True)
class StepBounds:
    """Over a step h: |x(h) - p(h)| <= `remainder` from the same start, and bounds on perturbations.

    Perturbations grow at most by `amplification`; `unknown` bounds the integral of the norm of the part of the
    Jacobian that is not known, for all solutions that start within the given distance.
    """

    remainder: arb
    amplification: arb
    unknown: arb


def largest_defect(expansion: Expansion, line: Linearisation, disc: Disc) -> arb:
    """On the disc, |p' - f(p)| is at most the sum of both: of the slope of p and of the velocity."""
    velocity = 2 * line.S * disc.Gamma * disc.size + line.source * disc.noise
    return disc.slope + abs(expansion.scale) * velocity


def step_bounds(
    equations: Equations, expansion: Expansion, line: Linearisation, disc: Disc, h: arb, distance: arb
) -> StepBounds:
    """Bounds for solutions that start within `distance` (in the norm of the basis) of the start of the expansion.

    Gronwall: a deviation from p grows at most like condition * exp(integral of the rates), the Jacobian near p differs
    from that on p by second derivatives, bounded on the thickened disc. Raises `StepTooLongError` unless
    the deviation certainly stays within half the thickness.
    """
    d, N = equations.start.ncols(), len(expansion.X) - 1
    with ctx.workprec(_BITS):
        S, first, source = line.S, line.first, line.source
        ratio, scale, r = h / disc.radius, abs(expansion.scale), arb(_THICKNESS)
        defect = largest_defect(expansion, line, disc)
        rounding, on_circle = arb(0), arb(0)
        for n, error in enumerate(expansion.rounding[1:], 1):
            rounding += error * h**n
            on_circle += n * error * disc.radius ** (n - 1)
        remainder = h * ratio**N * (defect + on_circle) + rounding
        Gamma_1, noise_1 = d * disc.Gamma / r, d * disc.noise / r
        whole = scale * (2 * S * disc.Gamma + 2 * S * Gamma_1 * disc.size * first + source * noise_1 * first)
        tail = h * whole * ratio ** len(line.J) / (1 - ratio)
        left_out = tail + sum((arb(loose) * h ** (i + 1) for i, loose in enumerate(line.loose)), arb(0))
        condition = arb(line.condition)
        growth = sum((arb(rate) * h ** (i + 1) / (i + 1) for i, rate in enumerate(line.rates)), arb(0))
        deviation = 2 * condition * (growth + condition * left_out).exp() * (distance + remainder)
        near = first * deviation
        Gamma_2, noise_2 = 8 * d * d * disc.Gamma / r**2, 8 * d * d * disc.noise / r**2
        bend = 8 * S * Gamma_1 + 2 * S * Gamma_2 * first * (disc.size + deviation) + source * noise_2 * first
        nearby = h * scale * near * bend
        if not (near < r / 2 and condition * nearby < 0.5 and ratio < 1):
            raise StepTooLongError
        unknown = left_out + nearby
        amplification = _up(condition * (growth + condition * unknown).exp())
        return StepBounds(_up(amplification * remainder), amplification, _up(unknown))


def norms(equations: Equations) -> tuple[arb, arb, arb]:
    """Norms of S, of G -> G^(1), and of the source, in the weighted maximum norm."""
    basis = equations.basis
    weights, L = basis.weights, len(basis.weights)
    S = _maximum([sum((abs(basis.shift[l, j]) * weights[j] for j in range(L)), arb(0)) / weights[l] for l in range(L)])
    first = sum((abs(basis.first[0, l]) * weights[l] for l in range(L)), arb(0))
    return S, _up(first), _maximum([abs(basis.source[l, 0]) / weights[l] for l in range(L)])


@dataclass(frozen=True)
class ErrorBox:
    """The true solution minus the computed one lies in {`axes` c: |c_i| <= `extent_i` * 2^-bits}, axes near orthogonal.

    Doubles throughout, all bounds enlarged by more than their rounding errors.
    """

    axes: FloatArray
    extent: FloatArray
    bits: int

    @classmethod
    def around(cls, radii: FloatArray, bits: int) -> ErrorBox:
        """The box of the given radii, in units of 2^-bits."""
        return cls(np.eye(len(radii)), radii, bits)

    def hull(self) -> FloatArray:
        """Bounds on the components, in units of 2^-bits."""
        bound: FloatArray = np.abs(self.axes) @ self.extent * _UP
        return bound

    def advance(self, flow: FloatArray, flow_error: float, local: FloatArray) -> ErrorBox:
        """The box after a step: the derivative of the flow is `flow` up to `flow_error` in the maximum norm.

        New axes are those of the columns that matter most (QR of the scaled image, largest first).
        """
        n, u = len(local), 2.0**-52
        image = flow @ self.axes
        scaled = image * (self.extent / (np.max(self.extent) or 1.0))
        order = np.argsort(-np.linalg.norm(scaled, axis=0))
        axes = np.linalg.qr(scaled[:, order])[0]
        back = np.abs(axes.T)
        rounding = 4 * n * u * (np.abs(flow) @ np.abs(self.axes))
        product = np.abs(axes.T @ image) + back @ (rounding + 4 * n * u * np.abs(image))
        rest = local + flow_error * np.max(self.hull())
        extent = (product @ self.extent + back @ rest) * _UP
        gap = np.max(np.sum(np.abs(axes.T @ axes - np.eye(n)), axis=1)) + 8 * n * n * u
        if not (gap < 0.01 and np.all(np.isfinite(extent))):
            raise InsufficientPrecisionError("the error box is not finite")
        return ErrorBox(axes, (extent + 2 * gap * np.max(extent)) * _UP, self.bits)


def flow_derivative(line: Linearisation, h: float, bounds: StepBounds) -> tuple[FloatArray, float]:
    """The derivative of x(h) with respect to x(0), in double precision, and a bound on its error (maximum norm).

    V' = J V is solved over equal parts of the step, short enough for power series without cancellation, in the
    coordinates in which the solution hardly grows; the parts are multiplied. Raises `StepTooLongError` where the error
    is too large.
    """
    there = line.coordinates
    n, q = len(line.J[0]), len(line.J)
    powers = h ** np.arange(1.0, q + 1)
    wide = np.stack(there.J).reshape(q, -1) * powers[:, None]
    size = np.array([_row_sum(np.abs(J)) for J in there.J]) * powers * _UP
    parts = max(1, math.ceil(0.25 * np.sum(size)))
    if not parts <= _MOST_PARTS:
        raise StepTooLongError
    binomials = np.array([[math.comb(j, i) for j in range(q)] for i in range(q)], dtype=float)
    exponents = np.subtract.outer(np.arange(q), np.arange(q)).T.clip(0)
    rounding, total, error = 2 * n * 2.0**-51, np.eye(n), 0.0
    for part in range(parts):
        weights = binomials * (part / parts) ** exponents * float(parts) ** -np.arange(1.0, q + 1)[:, None]
        inexact = weights @ ((q + 8) * 2.0**-50 * size + np.array(there.inexact) * powers) * _UP
        left_out = np.cumsum((weights @ size + inexact)[::-1])[::-1] * _UP
        kept = max(1, int(np.sum(left_out > 2.0**-60)))
        inexact[0] += left_out[kept] if kept < q else 0.0
        V, wrong = _flow_of_part((weights[:kept] @ wide).reshape(kept, n, n), inexact[:kept])
        norm, before = _row_sum(np.abs(V)) * _UP, _row_sum(np.abs(total)) * _UP
        error = ((norm + wrong) * error + (wrong + rounding * norm) * before) * _UP
        total = V @ total
    flow = (there.P @ total @ there.W).real
    error = there.condition * (2 * error + (3 * there.gap + 4 * rounding) * _row_sum(np.abs(total))) * _UP
    with ctx.workprec(_BITS):
        error += _upper(bounds.amplification * line.condition * bounds.unknown)
    if not error < 0.1:
        raise StepTooLongError
    return flow, error


def _flow_of_part(J: FloatArray, inexact: FloatArray) -> tuple[FloatArray, float]:
    """V(1) for V' = sum_i J_i s^i V, V(0) = 1, and a bound on its error; J_i is wrong by `inexact[i]` at most.

    The terms left out and the rounding are majorised: V is bounded, coefficient by coefficient, by exp of the integral
    of the norm of J.
    """
    q, n = len(J), len(J[0])
    wide, terms = np.concatenate(list(J), axis=1), 0
    V, total, stack = np.eye(n), np.eye(n), np.eye(n)
    while terms < q + 40 and (terms < q or np.max(np.abs(V)) > 2.0**-60):
        terms += 1
        V = wide[:, : len(stack)] @ stack / terms
        total = total + V
        stack = np.concatenate([V, stack])[: n * q]
    with ctx.workprec(_BITS):
        uncertain = 2.0**-50 * (n * q + 4 * n + 4 * q + 40 + terms)
        sizes = [_row_sum(np.abs(one)) + float(extra) for one, extra in zip(J, inexact, strict=True)]
        integral = [arb(size * _UP) / (i + 1) for i, size in enumerate(sizes)]
        with series_of_length(terms + 1):
            majorant = arb_series([0, *integral], prec=terms + 1).exp()
        known = sum(majorant.coeffs(), arb(0))
        wrong = sum((arb(float(extra)) * _UP / (i + 1) for i, extra in enumerate(inexact)), arb(0))
        all_of_it = (sum(integral, arb(0)) * (1 + uncertain) + wrong).exp() * (1 + uncertain)
        return total, _upper(all_of_it - known)


def upper_bounds(matrix: arb_mat, bits: int) -> FloatArray:
    """Upper bounds on the absolute values of the entries, in units of 2^-bits, flattened."""
    unit = arb(2) ** bits
    return np.array([_upper(value * unit) for value in matrix.entries()])


def _doubles(matrix: arb_mat) -> FloatArray:
    return np.array([[float(value.mid()) for value in row] for row in matrix.tolist()])


def _radii(matrix: arb_mat) -> FloatArray:
    return np.array([[_upper(value.rad()) for value in row] for row in matrix.tolist()])


def _row_sum(matrix: FloatArray) -> float:
    return float(np.max(np.sum(matrix, axis=1)))


def _upper(value: arb) -> float:
    return float(value.abs_upper()) * _UP


def _up(value: arb) -> arb:
    return value.abs_upper()


def _maximum(values: list[Any]) -> arb:
    largest = arb(0)
    for value in values:
        upper = value.abs_upper()
        if not upper.is_finite():
            raise OutsideDomainError
        if upper > largest:
            largest = upper
    return largest
