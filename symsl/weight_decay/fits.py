"""The tail exponent of a trained spectrum, fitted in the variable in which the law is a straight line.

The threshold bends it: learned weights are x = s + nu**2/s - theta (nu = 0 for the diagonal network), so that a power
law of the target is straight in s(x) = [x + theta + sqrt((x+theta)**2 - 4 nu**2)]/2, while -dlog N/dlog x is
p x/(x + theta). Risks are fitted by `symsl.power_law_fit`; those of the optimal diagonal network are straight in
n/log(d/K), not in n.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from symsl.errors import ParameterError
from symsl.power_law_fit import fit_power_law
from symsl.weight_decay.target import Floats


@dataclass(frozen=True)
class TailFit:
    """`A` of the density s**(-A), and the standard error of the slope it comes from."""

    A: float
    error: float


def signal_of(x: ArrayLike, theta: float, nu: float = 0.0) -> Floats:
    """s(x) = [x + theta + sqrt((x+theta)**2 - 4 nu**2)]/2: the target eigenvalue behind a learned one."""
    shifted = np.asarray(x, dtype=float) + theta
    return np.asarray((shifted + np.sqrt(np.maximum(shifted**2 - 4 * nu**2, 0.0))) / 2)


def fit_tail_exponent(learned: Sequence[float] | Floats, theta: float, nu: float = 0.0) -> TailFit:
    """A of the density s**(-A) of what was learned: rank k against s(x_k), `learned` being the positive weights x.

    Bulk eigenvalues must have been removed. Raises `ParameterError` for fewer than three values, or any not positive.
    """
    values = np.sort(np.asarray(learned, dtype=float))[::-1]
    if len(values) < 3 or values[-1] <= 0:
        raise ParameterError(
            "fit_tail_exponent", "learned", values.tolist(), "three or more positive values", "drop zeros, learn more"
        )
    line = fit_power_law(signal_of(values, theta, nu), np.arange(1.0, len(values) + 1))
    return TailFit(1 - line.exponent, line.exponent_error)


__all__ = ["TailFit", "fit_tail_exponent", "signal_of"]
