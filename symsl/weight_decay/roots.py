"""A root of a real function, enclosed: secant steps from a double, then a certified change of sign."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from flint import arb, ctx

from symsl.errors import InsufficientPrecisionError

_MAX_STEPS = 100
_START_ERROR = 2.0**-26


@dataclass(frozen=True)
class Root:
    """A ball in which a function changes sign, and its slope there (an estimate, to start the next search from)."""

    ball: arb
    slope: arb


def enclose_root(function: Callable[[arb], arb], start: float | arb, slope: arb | None = None) -> Root:
    """A ball around `start` in which the continuous `function` certainly changes sign.

    `start` is positive and good to about half of double precision; a known `slope` spares one evaluation. The function
    may return wide balls; the enclosure is then as wide as they make it. Raises `InsufficientPrecisionError` where no
    change of sign can be certified.
    """
    root, slope, value = _secant(function, start.mid() if isinstance(start, arb) else arb(start), slope)
    radius = 4 * abs(value).upper() / abs(slope) + abs(root) * arb(2) ** (4 - ctx.prec)
    while radius < abs(root) * _START_ERROR:
        radius = radius.mid()
        below, above = function((root - radius).mid()), function((root + radius).mid())
        if below * above < 0:
            return Root(root + arb(0, radius * (1 + arb(2) ** (2 - ctx.prec))), slope)
        radius *= 16
    raise InsufficientPrecisionError("no change of sign is certain near the solution in double precision")


def _secant(function: Callable[[arb], arb], here: arb, slope: arb | None) -> tuple[arb, arb, arb]:
    """The last point, the slope there and the value there; midpoints, but for the value."""
    value = function(here)
    if slope is None:
        beside = (here * (1 + arb(_START_ERROR))).mid()
        slope = ((function(beside).mid() - value.mid()) / (beside - here)).mid()
    size = arb(math.inf)
    for _ in range(_MAX_STEPS):
        step = (value.mid() / slope).mid()
        if not step.is_finite():
            raise InsufficientPrecisionError("the function is flat near the solution in double precision")
        if value.contains(0) or abs(step) < abs(here) * arb(2) ** (2 - ctx.prec) or not abs(step) < size:
            break
        size = abs(step)
        before, value_before, here = here, value, (here - step).mid()
        value = function(here)
        change = value.mid() - value_before.mid()
        if not change.is_zero():
            slope = (change / (here - before)).mid()
    return here, slope, value


__all__ = ["Root", "enclose_root"]
