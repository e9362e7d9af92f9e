"""Float64 starts for the roots of the secular equation sum_j lambda_j^2/(lambda_j - y) = t, one in each gap."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

_MOST_STEPS = 30
_SETTLED = 1e-5  # the steps converge cubically: what follows a step as small is below the roundings
_BLOCK = 2**16  # entries of the largest temporary array: it stays in the cache


def float_starts(poles: Floats, target: float) -> tuple[Indices, Floats]:
    """For each gap the index of the nearer pole and the root's signed distance from it, in float64, O(L^2).

    Iterates on the model c + p/(lambda_k - y) + q/(lambda_{k+1} - y) of the left side that matches its value and two
    derivatives (Gragg); below the last pole on c + p/(lambda_L - y), which matches one.
    """
    count = len(poles)
    rows = max(1, _BLOCK // count)
    blocks = [_block(poles, target, np.arange(first, min(first + rows, count))) for first in range(0, count, rows)]
    return np.concatenate([anchor for anchor, _ in blocks]), np.concatenate([offset for _, offset in blocks])


@np.errstate(divide="ignore", invalid="ignore")
def _block(poles: Floats, target: float, gaps: Indices) -> tuple[Indices, Floats]:
    squares = poles**2
    is_last = gaps == len(poles) - 1
    below = np.minimum(gaps + 1, len(poles) - 1)
    width = np.where(is_last, 2 * squares.sum() / target, poles[gaps] - poles[below])
    anchor, sign, distance = gaps.copy(), -np.ones(len(gaps)), width / 2
    active = np.arange(len(gaps))
    for step in range(_MOST_STEPS):
        pole, offset, span, last = anchor[active], (sign * distance)[active], width[active], is_last[active]
        reciprocal = poles[None, :] - poles[pole, None] - offset[:, None]
        reciprocal[np.arange(len(active)), pole] = np.inf  # this pole is added exactly
        np.reciprocal(reciprocal, out=reciprocal)
        power = reciprocal * reciprocal
        value, first = reciprocal @ squares - target, power @ squares
        power *= reciprocal
        weight, a = squares[pole], -offset
        b = np.where(a > 0, a - span, a + span)
        here, there, constant = _two_poles(weight, a, b, value, first, power @ squares)
        if step == 0:  # in the middle of the gap: the sign there says which pole is nearer
            from_below = ~last & (value + weight / a > 0)
            anchor[from_below], sign[from_below] = below[from_below], 1.0
            here, there = np.where(from_below, there, here), np.where(from_below, here, there)
        only = (weight + first * a**2) / (first * a - value)
        better = np.where(last, only, _two_pole_root(-sign[active] * constant, here, there, span))
        s = distance[active]
        good = np.isfinite(better) & (better > 0) & (better <= span)
        distance[active] = np.where(good, better, s)
        active = active[good & (np.abs(better - s) > _SETTLED * s)]
        if not len(active):
            break
    return anchor, sign * distance


def _two_poles(
    weight: Floats, a: Floats, b: Floats, value: Floats, first: Floats, second: Floats
) -> tuple[Floats, Floats, Floats]:
    """p, q, c of the model c + p/(a - z) + q/(b - z), where a and b are the poles' signed distances.

    `value`, `first`, `second` are sum_j lambda_j^2/(lambda_j - y)^i for i = 1, 2, 3 without the pole at a, whose
    `weight` is lambda^2; the first one is less t.
    """
    upper = (second - first / b) / (1 / a - 1 / b)
    lower = (first / a - second) / (1 / a - 1 / b)
    return weight + upper * a**2, lower * b**2, value - upper * a - lower * b


def _two_pole_root(c: Floats, near: Floats, far: Floats, width: Floats) -> Floats:
    """The root s in (0, width) of c + near/s - far/(width - s), without cancellation."""
    b = c * width - near - far
    root = np.sqrt(b**2 + 4 * c * near * width)
    return np.where(b > 0, (b + root) / (2 * c), 2 * near * width / (root - b))
