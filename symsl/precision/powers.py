"""Powers of balls that may hold 0."""

from __future__ import annotations

from flint import arb


def integer_power(base: arb, exponent: int) -> arb:
    """base**exponent by multiplication: `arb ** int` is nan when the ball holds 0."""
    if exponent < 0:
        return 1 / integer_power(base, -exponent)
    result, square = arb(1), base
    while exponent:
        if exponent & 1:
            result = result * square
        exponent >>= 1
        if exponent:
            square = square * square
    return result
