"""Reverse-mode derivatives of power series against series that are moved in one coefficient."""

from __future__ import annotations

from typing import Any

import pytest
from flint import arb, arb_series, ctx

from symsl.erf.series_gradients import Tape, gradient
from symsl.erf.taylor_coefficients import series_of_length


def expression(x: Any, y: Any) -> Any:
    """Every operation that the equations use, some of them twice."""
    product = 2 * x * y - x * x + 1
    angle = ((y - 1) * (1 + x).rsqrt()).asin()
    return angle * product.rsqrt() - (3 - x) / (y + 2) + -x * arb("0.7") + 1


@pytest.mark.parametrize("length", [1, 2, 7])
def test_gradient_is_the_first_order_of_the_expression(length: int) -> None:
    """F(x + e s^n) - F(x) = s^n F'(x) e + O(s^2n): coefficients n .. 2n - 1 are the derivative."""
    with ctx.workprec(120), series_of_length(2 * length):
        x, y = (arb_series([arb(c) / 7 for c in row[:length]], prec=2 * length) for row in ([2, 1, 3] * 3, [5, -1] * 4))
        bump = arb_series([0] * length + [1], prec=2 * length)
        moved = [(expression(x + bump, y) - expression(x, y)), (expression(x, y + bump) - expression(x, y))]
        with series_of_length(length):
            traced = expression(*Tape().inputs([x, y]))
            slopes = gradient(traced, 2)
        assert traced.value[0].overlaps(expression(x, y)[0])
        for slope, difference in zip(slopes, moved, strict=True):
            for i in range(length):
                assert slope[i].overlaps(difference[length + i])
                assert abs(slope[i].rad()) < 1e-30


def test_what_does_not_occur_has_derivative_zero() -> None:
    with series_of_length(3):
        x, y = Tape().inputs([arb_series([1, 2], prec=3), arb_series([2], prec=3)])
        assert gradient(x + 0, 2)[1] == 0
        assert gradient(y * y, 2)[1][0] == 4
