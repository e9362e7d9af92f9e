"""Exact matrices from what a caller writes, their check, and their float64 views."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat

from symsl.errors import ParameterError
from symsl.precision import exact, exact_integer

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IndexArray = np.ndarray[Any, np.dtype[np.intp]]
_MOST_UNITS = 2**11
LARGEST_COUNT = 2**25
"""Weights of a state; about 100 bytes each on the way to exact numbers."""


def weight_matrix(rows: Any, name: str, where: str) -> fmpq_mat:
    """Weights as an exact matrix: floats bit for bit (they are data), all else by `exact`."""
    array = _object_array(rows)
    if array.ndim != 2 or 0 in array.shape:
        raise ParameterError(where, name, f"of shape {array.shape}", "two indices: units, components", "give a matrix")
    entries = []
    for i, row in enumerate(array.tolist()):
        for j, value in enumerate(row):
            if type(value) is float:
                if not math.isfinite(value):
                    raise ParameterError(where, f"{name}[{i}, {j}]", value, "a finite number", "check the weights")
                entries.append(fmpq(*value.as_integer_ratio()))
            else:
                entries.append(rational(exact(value, f"{name}[{i}, {j}]", where)))
    return fmpq_mat(int(array.shape[0]), int(array.shape[1]), entries)


def mode_matrices(value: Any, name: str, L: int, where: str) -> list[fmpq_mat]:
    """L matrices of numbers read by `exact`, from three indices, or from one matrix that all modes share."""
    array = _object_array(value)
    if array.ndim not in (2, 3) or 0 in array.shape or (array.ndim == 3 and len(array) != L):
        raise ParameterError(
            where,
            name,
            f"of shape {array.shape}",
            f"one matrix, or L = {L} of them (Eq. 4)",
            "one row of numbers a unit",
        )

    def matrix(rows: Any) -> fmpq_mat:
        entries = [[rational(exact(entry, name, where)) for entry in row] for row in rows]
        return fmpq_mat(entries)

    return [matrix(array.tolist())] * L if array.ndim == 2 else [matrix(rows) for rows in array.tolist()]


def gram_matrix(Q: fmpq_mat, R: fmpq_mat, T: fmpq_mat) -> fmpq_mat:
    """[[Q, R], [R^T, T]]."""
    K, M = R.nrows(), R.ncols()
    rows = [[Q[i, j] for j in range(K)] + [R[i, n] for n in range(M)] for i in range(K)]
    rows += [[R[i, n] for i in range(K)] + [T[n, m] for m in range(M)] for n in range(M)]
    return fmpq_mat(rows)


def require_gram(gram: fmpq_mat, name: str, where: str) -> None:
    """`ParameterError` unless the order parameters are those of some vectors."""
    if any(gram[a, b] != gram[b, a] for a in range(gram.nrows()) for b in range(a)):
        raise ParameterError(where, name, gram, "symmetric Q and T (Eq. 3)", "make Q_ij = Q_ji and T_nm = T_mn")
    if not is_positive_semidefinite(gram):
        raise ParameterError(
            where,
            name,
            gram,
            "[[Q, R], [R^T, T]] positive semidefinite (Eq. 3; the roots in Eqs. 89-94 need it)",
            "take the order parameters of some vectors: Q - R T^-1 R^T must not be negative",
        )


def is_positive_semidefinite(symmetric: fmpq_mat) -> bool:
    """Exact test by symmetric elimination: no pivot is negative, and a zero pivot has a zero row."""
    size = symmetric.nrows()
    rows = [[symmetric[a, b] for b in range(size)] for a in range(size)]
    for a in range(size):
        pivot = rows[a][a]
        if pivot < 0 or (pivot == 0 and any(rows[a][b] != 0 for b in range(a, size))):
            return False
        if pivot == 0:
            continue
        for b in range(a + 1, size):
            factor = rows[a][b] / pivot
            for c in range(b, size):
                rows[b][c] = rows[c][b] = rows[b][c] - factor * rows[a][c]
    return True


def to_float(matrices: Sequence[fmpq_mat]) -> FloatArray:
    """Float64 array (len, rows, columns), each entry correctly rounded."""
    known: dict[int, list[list[float]]] = {}
    for matrix in matrices:
        if id(matrix) not in known:
            known[id(matrix)] = [[as_double(x) for x in row] for row in matrix.tolist()]
    return np.array([known[id(matrix)] for matrix in matrices])


def as_double(value: fmpq) -> float:
    """The double nearest to a rational; `ParameterError` beyond the range of doubles."""
    try:
        return int(value.p) / int(value.q)
    except OverflowError:
        size = f"{'-' if value < 0 else ''}10^{len(str(abs(value).floor())) - 1}"
        condition = "a size below 1e308 in double precision (Eq. 3)"
        raise ParameterError("State", "order parameter or weight", size, condition, "rescale it") from None


def rational(value: Fraction) -> fmpq:
    """The same number as a FLINT rational."""
    return fmpq(value.numerator, value.denominator)


def unit_count(value: object, name: str, where: str) -> int:
    """K or M: a positive integer."""
    number = exact_integer(value, name, where)
    if number < 1:
        raise ParameterError(where, name, value, f"{name} >= 1 (Eq. 2)", "give the number of hidden units")
    if number > _MOST_UNITS:
        raise ParameterError(where, name, value, f"{name} <= {_MOST_UNITS} in memory", "give fewer hidden units")
    return number


def require_moderate_count(units: int, dimension: int, where: str) -> None:
    """`ParameterError` where so many exact weights do not fit into the memory of a usual machine."""
    if units * dimension > LARGEST_COUNT:
        raise ParameterError(
            where, "(K + M) N", units * dimension, f"at most {LARGEST_COUNT} weights", "lower K, M or N, or average"
        )


def standard_deviation(value: object, where: str) -> Fraction:
    """sigma_J: not negative."""
    spread = exact(value, "sigma_J", where)
    if spread < 0:
        raise ParameterError(where, "sigma_J", value, "sigma_J >= 0 (Eq. 2)", "give the standard deviation of J")
    return spread


def _object_array(value: Any) -> np.ndarray[Any, Any]:
    """An array of the Python objects in `value`; empty where the nesting is ragged."""
    try:
        return np.array(value, dtype=object)
    except ValueError:
        return np.empty(0, dtype=object)
