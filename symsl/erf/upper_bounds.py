"""Upper bounds in doubles and balls: every rounding error is covered."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import arb, arb_mat

from symsl.erf.complex_discs import OutsideDomainError
from symsl.erf.exact_matrices import FloatArray

UP = 1 + 1e-9
"""More than the relative rounding error of any sum of non-negative doubles here, and of a conversion to double."""

BITS = 64
"""Precision of the scalar bounds."""


def upper_bounds(matrix: arb_mat, bits: int) -> FloatArray:
    """Upper bounds on the absolute values of the entries, in units of 2^-bits, flattened."""
    unit = arb(2) ** bits
    return np.array([upper(value * unit) for value in matrix.entries()])


def doubles(matrix: arb_mat) -> FloatArray:
    """The midpoints as doubles; what that loses is for the caller to bound."""
    return np.array([[float(value.mid()) for value in row] for row in matrix.tolist()])


def radii(matrix: arb_mat) -> FloatArray:
    """Upper bounds on the radii."""
    return np.array([[upper(value.rad()) for value in row] for row in matrix.tolist()])


def row_sum(matrix: FloatArray) -> float:
    """The largest sum of a row: the maximum norm of a matrix without negative entries, up to rounding."""
    return float(np.max(np.sum(matrix, axis=1)))


def upper(value: arb) -> float:
    """A double above the absolute value."""
    return float(value.abs_upper()) * UP


def up(value: arb) -> arb:
    """An exact ball above the absolute value."""
    return value.abs_upper()


def maximum(values: list[Any]) -> arb:
    """A bound on all absolute values; `OutsideDomainError` where one is not finite."""
    largest = arb(0)
    for value in values:
        upper = value.abs_upper()
        if not upper.is_finite():
            raise OutsideDomainError
        if upper > largest:
            largest = upper
    return largest
