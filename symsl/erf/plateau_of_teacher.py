"""The plateau of any teacher, to first order in the learning rate: where it is, its height, how fast it is left.

All students coincide, J_i = J*, for any K. The velocity of J* vanishes where

    J* = sum_m s_m B_m,   s_m = (1+Q) a_m / ( sum_n R_n a_n + M/sqrt(1+2Q) ),   a_m = ((1+Q)(1+T_mm) - R_m^2)^(-1/2),

with R_m = sum_n T_mn s_n and Q = sum_m s_m R_m (unlabelled: order 1): a fixed-point problem in the M + 1 numbers R_m
and Q. Order l follows from R_m^(l) = sum_n T^(l)_mn s_n, Q^(l) = sum_mn s_m T^(l)_mn s_n. The
paper's approximation, `symsl.erf.plateau_approximation`, agrees for teachers with equal row sums. Everything is
dimensionless.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from flint import acb_mat, arb, arb_mat, arb_series, ctx

from symsl.erf.exact_matrices import FloatArray
from symsl.erf.gaussian_averages import functions_for
from symsl.erf.generalisation_error import generalisation_error
from symsl.erf.mode_system import ModeSystem
from symsl.erf.state import OrderParameters, State, require_state
from symsl.erf.times import positive_rate
from symsl.errors import InsufficientPrecisionError, ParameterError
from symsl.precision import Certified, ball, certify_all

MAX_UNKNOWNS = 2000
"""Of the dense Jacobian."""

_NEWTON_STEPS = 60
_COMPLEX_STEP = 1e-30


@dataclass(frozen=True, eq=False)
class TeacherPlateau:
    """Certified: `R` (M numbers) and `Q` of order 1, `weights` s_m of J* = sum_m s_m B_m, and eps_g in `height`.

    There is exactly one fixed point in the box that the enclosures come from (Krawczyk's test); that there is no other
    elsewhere is not claimed.
    """

    state: State = field(repr=False)
    R: tuple[Certified, ...]
    Q: Certified
    weights: tuple[Certified, ...]
    height: Certified

    def order_parameters(self, l: int) -> OrderParameters:
        """Q^(l) (1 x 1) and R^(l) (1 x M), the same for all students, and T^(l), as balls."""
        with ctx.workprec(self.Q.bits):
            T = self.state.order_parameters(l).T
            s = [weight.ball for weight in self.weights]
            R = [_dot(s, T.tolist()[m]) for m in range(len(s))]
            return OrderParameters(arb_mat([[_dot(s, R)]]), arb_mat([R]), T)

    def float_modes(self) -> OrderParameters:
        """Float64 Q (L, K, K), R (L, K, M), T (L, M, M) of all modes with K coinciding students."""
        T, s = self.state.float_modes().T, np.array([float(weight) for weight in self.weights])
        K, R = self.state.K, T @ s
        Q = R @ s
        return OrderParameters(np.tile(Q[:, None, None], (1, K, K)), np.tile(R[:, None, :], (1, K, 1)), T)


def plateau_of_teacher(state: State, *, digits: int = 15) -> TeacherPlateau:
    """The plateau of the teacher of `state`, certified; its students and their weights play no part.

    `ParameterError` where no fixed point is found (teachers that cancel), `PrecisionError` where it cannot be enclosed.
    """
    require_state(state, "plateau_of_teacher")
    M = state.M

    def compute() -> list[arb]:
        T = state.order_parameters(1).T
        *R, Q = fixed_point(T)
        height = generalisation_error(OrderParameters(arb_mat([[Q]]), arb_mat([R]), T)) * ball(state.error_factor)
        return [*R, Q, *_weights(R, Q, T), height]

    found = certify_all(compute, digits, route="fixed point", where="plateau_of_teacher")
    return TeacherPlateau(state, tuple(found[:M]), found[M], tuple(found[M + 1 : 2 * M + 1]), found[-1])


def fixed_point(T: arb_mat) -> list[arb]:
    """Balls for R_1 .. R_M, Q at the working precision, from T^(1): Newton's method, then Krawczyk's test."""
    try:
        return _enclosed_fixed_point(T)
    except (ValueError, ZeroDivisionError):  # a division by a ball that holds 0
        raise InsufficientPrecisionError("the fixed point is not enclosed") from None


def _enclosed_fixed_point(T: arb_mat) -> list[arb]:
    size = T.nrows() + 1
    equations = _equations([[T[m, n] for n in range(size - 1)] for m in range(size - 1)])
    x = arb_mat(size, 1, [arb(value) for value in _float_fixed_point(T)])
    identity = arb_mat(size, size, [int(i == j) for i in range(size) for j in range(size)])
    for _ in range(ctx.prec.bit_length()):
        x = (x - _jacobian(equations, x).mid().inv() * _values(equations, x)).mid()
    inverse = _jacobian(equations, x).mid().inv().mid()
    step = inverse * _values(equations, x)
    radius = max((abs(step[i, 0]).upper() for i in range(size)), key=float) * 2 + arb(2) ** (8 - ctx.prec)
    box = arb_mat(size, 1, [x[i, 0] + radius * arb(0, 1) for i in range(size)])
    image = x - step + (identity - inverse * _jacobian(equations, box)) * (box - x)
    if not all(box[i, 0].contains_interior(image[i, 0]) for i in range(size)):
        raise InsufficientPrecisionError("the fixed point is not enclosed")
    return [image[i, 0] for i in range(size)]


def escape_rates(state: State, eta: object, *, digits: int = 15) -> list[Certified]:
    """The M - 1 rates at which the students part, largest first: that of Eq. 113 for any teacher, K, M >= 2.

    Where sum_i J_i stays, deviations r_in = R_in - R_n obey dr_in/da = sum_m G_nm r_im with an M x M matrix G (see
    `_escape_matrix`); all other rates of such deviations vanish. The last eigenvalue of G, left out here, vanishes for
    teachers with equal row sums and was found below 0 otherwise. Each rate belongs to K - 1 directions; a positive one
    means that the plateau is left. `eta` > 0 in the convention `state.output`.
    """
    where = "escape_rates"
    require_state(state, where)
    for name, value in (("K", state.K), ("M", state.M)):
        if value < 2:
            condition = f"{name} >= 2 (Eq. 113: students part to follow different teachers)"
            raise ParameterError(where, name, value, condition, f"raise {name}")
    rate = state.paper_learning_rate(positive_rate(eta, where))

    def compute() -> list[arb]:
        T, T_next = state.order_parameters(1).T, state.order_parameters(2).T
        *R, Q = fixed_point(T)
        G = T_next * _escape_matrix(R, Q, T) * (2 * ball(rate) / (arb.pi() * state.K))
        try:
            values = [value.real for value in acb_mat(G).eig(multiple=True)]
        except ValueError:
            raise InsufficientPrecisionError("the rates are not isolated") from None
        return sorted(values, key=lambda value: -float(value.mid()))[: state.M - 1]

    return certify_all(compute, digits, route="fixed point", where=where)


def stability(plateau: TeacherPlateau, eta: object, *, order: int = 1) -> FloatArray:
    """Float64, not certified: real parts of the eigenvalues of the full Jacobian at the plateau, largest first.

    Unknowns are Q_k (i <= j) and R_k of every mode k; nothing is assumed of the deviations. With `order=2` the eta^2
    term is added at the same point, which is then no longer exactly stationary.
    """
    state, where = plateau.state, "stability"
    rate = float(state.paper_learning_rate(positive_rate(eta, where)))
    Q, R, T = (np.ascontiguousarray(np.moveaxis(X, 0, -1)) for X in plateau.float_modes())
    with ctx.workprec(80):
        eigenvalues = np.array([float(value.mid()) for value in state.spectrum.eigenvalues()])
    system = ModeSystem(eigenvalues, T, state.K, rate, order, deviation=False)
    point = system.pack(Q, R)
    if point.size > MAX_UNKNOWNS:
        condition = f"at most {MAX_UNKNOWNS} unknowns L (K (K+1)/2 + K M) for a dense Jacobian"
        raise ParameterError(where, "L", state.L, condition, "use escape_rates, which needs M of them")
    columns = []
    for index in range(point.size):
        moved = point.astype(complex)
        moved.flat[index] += 1j * _COMPLEX_STEP
        columns.append(system.velocity(moved).imag.ravel() / _COMPLEX_STEP)
    result: FloatArray = np.sort(np.linalg.eigvals(np.array(columns).T).real)[::-1]
    return result


def _equations(T: Sequence[Sequence[Any]]) -> Callable[[Sequence[Any]], list[Any]]:
    """What vanishes at the fixed point, for numbers of any type."""
    M = len(T)

    def equations(x: Sequence[Any]) -> list[Any]:
        *R, Q = x
        f = functions_for(Q, T[0][0])
        a = [1 / f.sqrt((1 + Q) * (1 + T[m][m]) - R[m] * R[m]) for m in range(M)]
        pull = _dot(R, a)
        norm = pull + M / f.sqrt(1 + 2 * Q)
        return [*(R[m] * norm - (1 + Q) * _dot(a, T[m]) for m in range(M)), Q * norm - (1 + Q) * pull]

    return equations


def _weights(R: Sequence[arb], Q: arb, T: arb_mat) -> list[arb]:
    """s_m."""
    M = len(R)
    a = [1 / ((1 + Q) * (1 + T[m, m]) - R[m] * R[m]).sqrt() for m in range(M)]
    norm = _dot(R, a) + M / (1 + 2 * Q).sqrt()
    return [(1 + Q) * value / norm for value in a]


def _escape_matrix(R: Sequence[arb], Q: arb, T: arb_mat) -> arb_mat:
    """F with dJ_i/da = (2 eta/(pi K)) Sigma sum_m (F r_i)_m B_m, to first order and with sum_i dJ_i = 0.

    On the plateau the diagonal of c_ij = -const + delta_ij d vanishes, d = 0, for every teacher, so that the deviations
    of J do not pull on themselves: only the changes of the coefficients do. With p_i = J*.Sigma dJ_i/N = sum s_m r_im,
    d(Q_ii) = 2 p_i, d(Q_ij) = p_i + p_j and d(R_in) = r_in.
    """
    M, size = len(R), range(len(R))
    a = [1 / ((1 + Q) * (1 + T[m, m]) - R[m] * R[m]).sqrt() for m in size]
    s = _weights(R, Q, T)
    root = (1 + 2 * Q).sqrt()
    towards = _dot(R, a) / (1 + Q)
    p_factor = M * (1 / (root * root * root) - (Q - 1) / (root * (1 + Q))) / (1 + Q) + 2 * towards / (1 + Q)
    F = arb_mat(M, M)
    for n in size:
        change = [-(a[m] * a[m] * a[m]) * ((1 + T[m, m]) * s[n] - (R[m] if m == n else 0)) for m in size]
        total = p_factor * s[n] - (a[n] + _dot(R, change)) / (1 + Q)
        for m in size:
            F[m, n] = change[m] + total * s[m]
    return F


def _float_fixed_point(T: arb_mat) -> FloatArray:
    """Newton's method in doubles, started at the mean teacher, with steps that keep the roots real."""
    matrix = np.array([[float(x.mid()) for x in row] for row in T.tolist()])
    M = len(matrix)
    equations = _equations(matrix.tolist())
    S, size = max(float(matrix.sum()) / M, 1e-3), float(np.trace(matrix)) / M
    c = 1 / np.sqrt(M * max(M * (1 + size) - S, 1e-3))
    x = np.array([*np.clip(c * matrix.sum(axis=1), 0, None), M * c**2 * S])

    def real(x: FloatArray) -> bool:
        *R, Q = x
        return Q > 0 and all((1 + Q) * (1 + matrix[m, m]) > R[m] ** 2 for m in range(M))

    def values(x: Any) -> Any:
        return np.array(equations(list(x)))

    for _ in range(_NEWTON_STEPS):
        jacobian = np.array([values(x + 1j * _COMPLEX_STEP * e).imag / _COMPLEX_STEP for e in np.eye(M + 1)]).T
        try:
            step = np.linalg.solve(jacobian, values(x))
        except np.linalg.LinAlgError:
            break
        scale = 1.0
        while not real(x - scale * step) and scale > 1e-6:
            scale /= 2
        x = x - scale * step
        if scale == 1.0 and np.max(np.abs(step)) < 1e-10:
            return x
    raise ParameterError(
        "plateau_of_teacher",
        "T",
        f"with row sums {', '.join(f'{row:.4g}' for row in matrix.sum(axis=1))}",
        "a fixed point with coinciding students (Eq. 95)",
        "take teachers that do not cancel",
    )


def _values(equations: Callable[[Sequence[Any]], list[Any]], x: arb_mat) -> arb_mat:
    return arb_mat(x.nrows(), 1, equations(x.entries()))


def _jacobian(equations: Callable[[Sequence[Any]], list[Any]], x: arb_mat) -> arb_mat:
    """Enclosures of all derivatives over the box x: power series of length 2 in each direction."""
    entries, size = x.entries(), x.nrows()
    columns = []
    for direction in range(size):
        moved = [arb_series([value, 1 if index == direction else 0], prec=2) for index, value in enumerate(entries)]
        columns.append([value[1] for value in equations(moved)])
    return arb_mat([[columns[j][i] for j in range(size)] for i in range(size)])


def _dot(a: Sequence[Any], b: Sequence[Any]) -> Any:
    total = a[0] * b[0]
    for x, y in zip(a[1:], b[1:], strict=True):
        total = total + x * y
    return total
