"""Float64 starts for the roots of the secular equation sum_j lambda_j^2/(lambda_j - y) = t, one in each gap."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_MOST_STEPS = 30
_BLOCK = 2**22  # entries of the largest temporary array


def float_starts(poles: Floats, target: float) -> Iterator[tuple[int, float]]:
    """For each gap the index of the nearer pole and the root's signed distance from it, in float64, O(L^2).

    Iterates on the two-pole model of the left side that matches value and slope of the parts from above and from below.
    """
    count = len(poles)
    rows = max(1, _BLOCK // count)
    for first in range(0, count, rows):
        yield from _float_block(poles, target, np.arange(first, min(first + rows, count)))


def _float_block(poles: Floats, target: float, gaps: NDArray[np.intp]) -> Iterator[tuple[int, float]]:
    squares, index = poles**2, np.arange(len(poles))
    is_last = gaps == len(poles) - 1
    below = np.minimum(gaps + 1, len(poles) - 1)
    width = np.where(is_last, 2 * squares.sum() / target, poles[gaps] - poles[below])
    above_root = index[None, :] <= gaps[:, None]

    def parts(anchor: NDArray[np.intp], offset: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        reciprocal = 1 / (poles[None, :] - poles[anchor][:, None] - offset[:, None])
        terms = squares * reciprocal
        slopes = terms * reciprocal
        upper, lower = np.where(above_root, terms, 0).sum(1), np.where(above_root, 0, terms).sum(1)
        return upper, lower, np.where(above_root, slopes, 0).sum(1), np.where(above_root, 0, slopes).sum(1)

    upper, lower, *_ = parts(gaps, -width / 2)
    from_above = is_last | (upper + lower <= target)
    anchor = np.where(from_above, gaps, below)
    sign = np.where(from_above, -1.0, 1.0)
    distance = width / 2
    for _ in range(_MOST_STEPS):
        upper, lower, upper_slope, lower_slope = parts(anchor, sign * distance)
        to_upper = np.where(from_above, distance, width - distance)
        to_lower = np.where(is_last, 0.0, width - to_upper)
        p, q = upper_slope * to_upper**2, lower_slope * to_lower**2
        with np.errstate(divide="ignore", invalid="ignore"):
            constant = upper - p / to_upper + np.where(is_last, 0.0, lower + q / to_lower) - target
        near, far = np.where(from_above, p, q), np.where(from_above, q, p)
        better = _two_pole_root(np.where(from_above, constant, -constant), near, far, width)
        better = np.where(is_last, -p / constant, better)
        good = np.isfinite(better) & (better > 0) & (better <= width)
        settled = np.abs(better - distance) <= 1e-15 * distance
        distance = np.where(good, better, distance)
        if np.all(settled | ~good):
            break
    return zip(anchor.tolist(), (sign * distance).tolist(), strict=True)


def _two_pole_root(c: Floats, near: Floats, far: Floats, width: Floats) -> Floats:
    """The root s in (0, width) of c + near/s - far/(width - s), without cancellation."""
    b = c * width - near - far
    root = np.sqrt(b**2 + 4 * c * near * width)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(b > 0, (b + root) / (2 * c), 2 * near * width / (root - b))
