"""The plateau of a teacher whose rows differ, K = M, as the paper approximates it (Eqs. 95, 96), and what follows.

The roots Lambda_m = (1+Q)(1+T_mm) - R_m^2 that tell the teachers apart are replaced by that of the mean teacher. With
the row sums S_n^(l) = T_nn^(l) + D_n^(l), their mean S^(l), and the mean T of the diagonal of T^(1),

    R_n^(l) = c S_n^(l),   Q^(l) = M c^2 S^(l),   c^2 = 1/(M (M (1 + T) - S^(1))),

which is exact where all T_nn^(1) and all D_n^(1) are equal; `symsl.erf.plateau_of_teacher` has the exact fixed point.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from flint import arb, ctx

from symsl.erf.exact_matrices import FloatArray
from symsl.erf.generalisation_error import generalisation_error
from symsl.erf.state import OrderParameters, State, require_state
from symsl.erf.times import positive_rate
from symsl.errors import ParameterError

_BITS = 80


class ApproximatePlateau(NamedTuple):
    """Float64: R_n^(l), shape (M,), the same for all students, and Q^(l), the same for all pairs."""

    R: FloatArray
    Q: float


def approximate_order_parameters(
    diagonal: Sequence[arb], rows: Sequence[arb], rows_l: Sequence[arb]
) -> tuple[list[arb], arb]:
    """R_n^(l) and Q^(l) as balls from T_nn^(1), the row sums S_n^(1), and the row sums S_n^(l), M of each."""
    M = len(diagonal)
    T, S, S_l = (_mean(values) for values in (diagonal, rows, rows_l))
    rest = M * (1 + T) - S
    if not (S > 0 and rest > 0):
        raise ParameterError(
            "approximate_plateau",
            "T",
            f"with mean row sum {S.str(8, radius=False)}",
            "0 < mean row sum of T^(1) < M (1 + mean of its diagonal) (Eq. 95)",
            "take teachers that do not cancel",
        )
    c = 1 / (M * rest).sqrt()
    return [c * row for row in rows_l], S_l / rest


def approximate_plateau(state: State, l: int = 1) -> ApproximatePlateau:
    """Eqs. 95 (l = 1) and 96 for the teacher of `state`."""
    require_state(state, "approximate_plateau")
    with ctx.workprec(_BITS):
        T, T_l = (state.order_parameters(order).T.tolist() for order in (1, l))
        diagonal, rows, rows_l = [T[n][n] for n in range(len(T))], _row_sums(T), _row_sums(T_l)
        R, Q = approximate_order_parameters(diagonal, rows, rows_l)
        return ApproximatePlateau(np.array([float(value.mid()) for value in R]), float(Q.mid()))


def mean_overlaps(state: State, l: int) -> tuple[float, float]:
    """Float64 means over the teachers of `state`: T^(l) of T_nn^(l), D^(l) of the off-diagonal row sums D_n^(l)."""
    T = _overlaps(state, l)
    diagonal = float(np.trace(T)) / len(T)
    return diagonal, float(T.sum()) / len(T) - diagonal


def approximate_height(state: State) -> float:
    """Float64: eps_g of Eq. 94 at the order parameters of Eq. 95, in the convention of `state.output`."""
    R, Q = approximate_plateau(state)
    error = generalisation_error(OrderParameters(np.array([[Q]]), R[None], _overlaps(state, 1)))
    return float(error) * float(state.error_factor)


def approximate_escape_time(state: State, eta: object) -> float:
    """Float64: 1/(2 gamma) with gamma of Eq. 112 at the means of R_n, T_nn^(1), T_nn^(2) and D_n^(2) (Eqs. 95, 116)."""
    where = "approximate_escape_time"
    require_state(state, where)
    M = state.M
    rate = float(state.paper_learning_rate(positive_rate(eta, where)))
    (T, _), (T2, D2) = mean_overlaps(state, 1), mean_overlaps(state, 2)
    R, Q = approximate_plateau(state)
    mean = float(R.mean())
    gamma = 2 * rate / (np.pi * M) * mean * ((1 + Q) * (1 + T) - mean**2) ** -1.5 * (T2 - D2 / (M - 1))
    return float(1 / (2 * gamma))


def _overlaps(state: State, l: int) -> FloatArray:
    with ctx.workprec(_BITS):
        return np.array([[float(value.mid()) for value in row] for row in state.order_parameters(l).T.tolist()])


def _row_sums(T: list[list[arb]]) -> list[arb]:
    return [sum(row, arb(0)) for row in T]


def _mean(values: Sequence[arb]) -> arb:
    return sum(values, arb(0)) / len(values)
