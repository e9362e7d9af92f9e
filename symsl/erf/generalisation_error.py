"""The generalisation error eps_g of the erf network (Eq. 94), plain and in deviation variables."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from symsl.arguments import as_array
from symsl.erf.equations_of_motion import shape_of
from symsl.erf.gaussian_averages import two_point_average
from symsl.erf.mixed_difference import arcsine_mixed_difference
from symsl.erf.state import OrderParameters
from symsl.errors import ParameterError

Array = np.ndarray[Any, Any]


def generalisation_error(parameters: OrderParameters) -> Any:
    """Eq. 94: (1/pi) [ (M/K^2) sum_ij asin(..Q_ij..) + (1/M) sum_nm asin(..T_nm..) - (2/K) sum_in asin(..R_in..) ].

    `parameters` are Q^(1), R^(1), T^(1), indexed as X[i, j], of any number type; the arcsines are those of Eq. 89.
    Cancels near the solution: use balls and `certify`, or `generalisation_error_from_deviations`.

    >>> print(f"{generalisation_error(OrderParameters(np.eye(2), np.zeros((2, 2)), np.eye(2))):.14f}")
    0.33333333333333
    """
    Q, R, T = parameters
    K, M = shape_of(parameters)
    total: Any = 0
    for factor, rows, columns, entry, row_norm, column_norm in (
        (Fraction(M, K * K), K, K, Q, Q, Q),
        (Fraction(1, M), M, M, T, T, T),
        (Fraction(-2, K), K, M, R, Q, T),
    ):
        block: Any = 0
        for a in range(rows):
            for b in range(columns):
                block = block + two_point_average(row_norm[a, a], entry[a, b], column_norm[b, b])
        total = total + block * factor.numerator / (2 * factor.denominator)
    return total


def generalisation_error_from_deviations(w: Array, r: Array, T: Array) -> Any:
    """Eq. 94 for K = M in float64 from w^(1) = Q - R - R^T + T, r^(1) = R - T and T^(1), last two axes (M, M).

    eps_g = 1/(2M) sum_ij E[(g(x_i) - g(y_i)) (g(x_j) - g(y_j))] is a sum of mixed differences of arcsines; they are
    formed by exact identities, to all orders, so that the result keeps its relative accuracy as long as w itself is a
    normal double (down to about 1e-300), where the plain form is noise below 1e-15. Raises `ParameterError` for shapes
    that do not fit and values that are not finite or leave the domain of the roots.

    >>> print(f"{generalisation_error_from_deviations(np.array([[3e-200]]), np.array([[0.0]]), np.eye(1)):.13e}")
    5.5132889542179e-201
    """
    where = "generalisation_error_from_deviations"
    w, r, T = (as_array(value, name, where, np.float64) for name, value in (("w", w), ("r", r), ("T", T)))
    if T.ndim != 2 or T.shape[0] != T.shape[1]:
        raise ParameterError(where, "T", f"of shape {T.shape}", "a square matrix (Eq. 94)", "give T^(1)")
    M = T.shape[-1]
    for name, value in (("w", w), ("r", r)):
        if value.shape[-2:] != (M, M):
            raise ParameterError(where, name, f"of shape {value.shape}", f"shape (.., {M}, {M}) (Eq. 94)", "take K = M")
    change = np.diagonal(w, axis1=-2, axis2=-1) + 2 * np.diagonal(r, axis1=-2, axis2=-1)
    with np.errstate(invalid="ignore"):
        angles = arcsine_mixed_difference(1 + np.diagonal(T), change, T, r, np.swapaxes(r, -1, -2), w)
        result = np.sum(angles, axis=(-1, -2)) / (np.pi * M)
    if not np.all(np.isfinite(result)):
        raise ParameterError(where, "w", w, "deviations of a positive semidefinite state (Eq. 94)", "check w, r and T")
    return result
