"""From certified balls to the doubles that are drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from flint import arb

from symsl.figures.plan import Array
from symsl.precision import certify_all

DIGITS = 8


def doubles(compute: Callable[[], Sequence[arb]], digits: int = DIGITS) -> Array:
    """Balls computed to `digits` certified digits, rounded to doubles (0 where they are smaller than any)."""
    return np.array([float(value) for value in certify_all(compute, digits, route="figure", where="symsl figure")])


def times(low: float, high: float, count: int = 81) -> list[float]:
    """A logarithmic grid of times, rounded to six digits so that they read well as exact numbers."""
    return [float(f"{time:.6g}") for time in np.geomspace(low, high, count)]
