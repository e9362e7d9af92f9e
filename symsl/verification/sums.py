"""Elementary steps with finite sums that derivations use."""

from __future__ import annotations

from typing import Any

import sympy as sp


def first_apart(total: sp.Sum) -> Any:
    """f(low) + sum_{low+1}^{high} f."""
    index, low, high = total.limits[0]
    return total.function.subs(index, low) + sp.Sum(total.function, (index, low + 1, high))


def last_apart(total: sp.Sum) -> Any:
    """sum_{low}^{high-1} f + f(high)."""
    index, low, high = total.limits[0]
    return sp.Sum(total.function, (index, low, high - 1)) + total.function.subs(index, high)


def sifted(expression: Any) -> Any:
    """Sums over a Kronecker delta, done; the other index of the delta is taken to lie in the range of the sum."""

    def in_range(pieces: sp.Piecewise) -> Any:
        (branch,) = [value for value, _ in pieces.args if value != 0]
        return branch

    return expression.doit().replace(sp.Piecewise, lambda *pieces: in_range(sp.Piecewise(*pieces)))
