"""The plateau of a concrete teacher (Eqs. 95-99) and the rate of escape from it (Eq. 113), in float64.

A teacher drawn at random has T^(l)_nm = u_l delta_nm only on average. Eqs. 95 and 96 keep the row sums of the actual
T^(l); the escape rate takes the means of its diagonal and off-diagonal elements, as Appendix C.4 does.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from symsl.erf.generalisation_error import generalisation_error
from symsl.erf.state import OrderParameters, State
from symsl.figures.plan import Array


class PlateauOfTeacher(NamedTuple):
    """R_n^(l) (the same for all students) and Q^(l) (the same for all pairs) on the plateau."""

    R: Array
    Q: float


def teacher_overlaps(state: State, l: int) -> Array:
    """T^(l), shape (M, M)."""
    T = state.order_parameters(l).T
    return np.array([[float(T[n, m].mid()) for m in range(state.M)] for n in range(state.M)])


def row_sums(state: State, l: int) -> tuple[float, float]:
    """The mean diagonal element of T^(l), and D^(l): the mean sum of the off-diagonal elements of a row."""
    T = teacher_overlaps(state, l)
    diagonal = float(np.trace(T)) / state.M
    return diagonal, float(T.sum()) / state.M - diagonal


def plateau(state: State, l: int = 1) -> PlateauOfTeacher:
    """Eqs. 95, 96: R_n^(l) = c S_n^(l), Q^(l) = M c^2 S^(l) with S_n^(l) the row sums of T^(l) and S^(l) their mean,
    c^2 = 1/(M (M (1 + T^(1)) - S^(1))).
    """
    diagonal, off_diagonal = row_sums(state, 1)
    square = 1 / (state.M * (state.M * (1 + diagonal) - diagonal - off_diagonal))
    sums = teacher_overlaps(state, l).sum(axis=1)
    return PlateauOfTeacher(np.sqrt(square) * sums, float(state.M * square * sums.mean()))


def height(state: State) -> float:
    """eps_g of Eq. 94 at the order parameters of Eq. 95."""
    R, Q = plateau(state)
    full = np.full((state.M, state.M), Q)
    return float(generalisation_error(OrderParameters(full, np.tile(R, (state.M, 1)), teacher_overlaps(state, 1))))


def escape_time(state: State, eta: Fraction) -> float:
    """Eqs. 113, 116 for any mean diagonal: 1/(2 gamma), gamma = (2 eta/(pi M)) R* Lambda^(-3/2) (T2 - D2/(M-1))."""
    M = state.M
    (T, _), (T2, D2) = row_sums(state, 1), row_sums(state, 2)
    R, Q = plateau(state)
    mean = float(R.mean())
    rate = 2 * float(eta) / (np.pi * M) * mean * ((1 + Q) * (1 + T) - mean**2) ** -1.5 * (T2 - D2 / (M - 1))
    return float(1 / (2 * rate))


def student_spread(R: Array) -> Array:
    """How much the students differ: the root mean square of R_in - mean_i R_in, for R of shape (..., K, M)."""
    spread: Array = np.sqrt(((R - R.mean(axis=-2, keepdims=True)) ** 2).mean(axis=(-2, -1)))
    return spread
