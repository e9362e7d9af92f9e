"""How many bits beyond the digits asked for a solution needs at what time: a guess that saves work, not a claim.

eps_g (Eq. 94) is the small difference of numbers of order one, and on a plateau what matters is the small differences
between units that are about to part: errors must stay below both. An error made while they are moderate shrinks and
grows with them, so that early steps need fewer bits than late ones.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np
from flint import fmpq

from symsl.erf.exact_matrices import FloatArray, as_double
from symsl.erf.solve import solve
from symsl.erf.state import State
from symsl.errors import ParameterError

_EQUAL = 1e-14
"""Differences below this are not seen in float64."""


@dataclass(frozen=True)
class PrecisionOutlook:
    """`bits` by which eps_g and the differences between units stay below 1 around the rising `times`."""

    times: FloatArray
    bits: FloatArray

    @classmethod
    def of(cls, state: State, rate: Fraction, times: Sequence[Fraction], order: int) -> PrecisionOutlook:
        """From a float64 solution; where float64 cannot follow it, from the start alone."""
        end = float(times[-1]) or 1.0
        grid = np.unique([*np.linspace(0, end, 200), *np.geomspace(1e-3 * end, end, 50), *map(float, times)])
        start = _below_one(_smallest_difference(state))
        blind = cls(grid, np.full(len(grid), start))
        if start > -math.log2(_EQUAL):
            return blind
        try:
            rough = solve(state, rate, grid, order=order, rtol=1e-3)
        except ParameterError:
            return blind
        units = np.concatenate([_apart(rough.R), _apart(rough.R.swapaxes(1, 2))], axis=1)
        smallest = [
            min([error, *row[row > _EQUAL]]) if error > 0 else 1.0
            for error, row in zip(rough.eps_g, units, strict=True)
        ]
        bits = np.array([_below_one(float(value)) for value in smallest])
        bits[0] = max(bits[0], start)
        return cls(grid, bits)

    def at(self, time: Fraction) -> int:
        """Around `time`."""
        place = int(np.searchsorted(self.times, float(time)))
        return math.ceil(np.max(self.bits[max(place - 1, 0) : place + 2]))

    def most(self) -> int:
        """The largest number at any time."""
        return math.ceil(np.max(self.bits))


def _below_one(value: float) -> float:
    return max(0.0, -math.log2(value))


def _apart(rows: FloatArray) -> FloatArray:
    """How much every two rows differ, at all times (first axis)."""
    one, other = np.triu_indices(rows.shape[1], 1)
    difference: FloatArray = np.max(np.abs(rows[:, one] - rows[:, other]), axis=-1)
    return difference


def _smallest_difference(state: State) -> float:
    """Of the overlaps R_k of two units that are not equal; exact. 1 where all are."""
    overlaps = {id(gram): state.mode(k + 1).R for k, gram in enumerate(state.grams)}.values()
    sizes = [
        max(abs(a - b) for R in tables for a, b in zip(R[i], R[j], strict=True))
        for tables in ([R.tolist() for R in overlaps], [R.transpose().tolist() for R in overlaps])
        for i, j in combinations(range(len(tables[0])), 2)
    ]
    smallest: fmpq = min((size for size in sizes if size > 0), default=fmpq(1))
    return as_double(smallest)
