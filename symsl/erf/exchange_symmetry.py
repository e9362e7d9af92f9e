"""Students and teachers that cannot be told apart: symmetries that the solution keeps and rounding must not break.

If the order parameters stay the same when two students, two teachers, or two of each are exchanged, they do so for
ever. On a plateau such a symmetry is unstable: in floating point the rounding errors would grow and end in a
specialisation that the equations do not have. So exact symmetries are imposed, and where a difference that rounding has
swallowed grows again, the solution is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product
from typing import NamedTuple

import numpy as np

from symsl.erf.exact_matrices import FloatArray, IndexArray
from symsl.erf.state import OrderParameters
from symsl.errors import ParameterError

_SWALLOWED, _GROWN = 1e-11, 1e-4


class Exchange(NamedTuple):
    """Permutations of the students and of the teachers; one of them may be the identity."""

    students: IndexArray
    teachers: IndexArray


def exchange_symmetries(modes: OrderParameters) -> list[Exchange]:
    """The exchanges of two students, two teachers or two of each that leave all modes (first axis L) as they are."""
    K, M = modes.R.shape[1:]
    swaps_K, swaps_M = _swaps(K), _swaps(M)
    candidates = [*product(swaps_K, [np.arange(M)]), *product([np.arange(K)], swaps_M), *product(swaps_K, swaps_M)]
    return [Exchange(p, q) for p, q in candidates if _invariant(modes, p, q)]


def keeps_from_specialising(symmetries: Sequence[Exchange], T: FloatArray) -> bool:
    """Whether students alone or teachers alone are exchanged, so that no student can find a teacher of its own.

    T is T^(1); two teachers that are the same vector are no obstacle.
    """
    one_sided = any(np.array_equal(p, np.arange(len(p))) for exchange in symmetries for p in exchange)
    if not one_sided:
        return False
    size = np.diagonal(T)
    apart = size[:, None] + size - 2 * T
    return bool(np.all(apart[np.triu_indices(len(T), 1)] > _SWALLOWED * np.max(size)))


def _swaps(count: int) -> list[IndexArray]:
    result = []
    for i, j in combinations(range(count), 2):
        swap = np.arange(count)
        swap[[i, j]] = j, i
        result.append(swap)
    return result


def _invariant(modes: OrderParameters, p: IndexArray, q: IndexArray) -> bool:
    pairs = ((modes.R, p, q), (modes.Q, p, p), (modes.T, q, q))
    first = all(np.array_equal(X[0][rows][:, columns], X[0]) for X, rows, columns in pairs)
    return first and all(np.array_equal(X[:, rows][:, :, columns], X) for X, rows, columns in pairs)


def orbits(K: int, M: int, symmetries: Sequence[Exchange]) -> tuple[IndexArray, IndexArray]:
    """The row where w_ij is stored (K, K), and r_in (K, M): unknowns that the symmetries make equal share a row."""
    square, overlap = np.zeros((K, K), dtype=np.intp), np.arange(K * M).reshape(K, M)
    upper = np.triu_indices(K)
    square[upper] = square[upper[::-1]] = np.arange(len(upper[0]))
    for _ in range(K * (K + M) if symmetries else 0):
        for p, q in symmetries:
            square, overlap = np.minimum(square, square[p][:, p]), np.minimum(overlap, overlap[p][:, q])
    rows = [np.unique(index, return_inverse=True)[1].reshape(index.shape) for index in (square, overlap)]
    return rows[0], rows[1] + rows[0].max() + 1


def representatives(index: IndexArray, rows: range) -> tuple[IndexArray, IndexArray]:
    """For each row the first place in `index` where it occurs."""
    flat = index.ravel()
    first = np.array([int(np.argmax(flat == row)) for row in rows], dtype=np.intp)
    places = np.unravel_index(first, index.shape)
    return places[0], places[1]


class RoundingGuard:
    """Watches R^(1) for differences between students, or teachers, that fall below rounding and then grow."""

    def __init__(self, K: int, M: int) -> None:
        self._smallest = [np.full((size, size), np.inf) for size in (K, M)]

    def check(self, R: FloatArray, alpha: float) -> None:
        """`ParameterError` if the specialisation at hand has grown out of rounding errors."""
        largest = float(np.max(np.abs(R)))
        if largest == 0:
            return
        for which, (rows, smallest) in enumerate(zip((R, R.T), self._smallest, strict=True)):
            apart = np.max(np.abs(rows[:, None] - rows[None, :]), axis=-1) / largest
            np.minimum(smallest, apart, out=smallest)
            if np.any((smallest < _SWALLOWED) & (apart > _GROWN)):
                name = ("students", "teachers")[which]
                raise ParameterError(
                    *("solve", "state", f"one whose {name} agree to less than {_SWALLOWED} before alpha = {alpha:.4g}"),
                    "differences that float64 can carry through the plateau (Sec. 4.2)",
                    "start from a larger difference, or solve in arbitrary precision",
                )
