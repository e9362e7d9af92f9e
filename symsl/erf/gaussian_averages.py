"""The Gaussian averages of g(x) = erf(x/sqrt 2) that the order-parameter equations are made of (Eqs. 89-91).

Each formula is written once. It is evaluated with the functions that belong to the type of its arguments: floats and
numpy arrays (elementwise), balls and power series of balls, mpmath numbers, SymPy expressions. `C11`, `C12`, ... are
covariances of jointly Gaussian variables of zero mean.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from flint import arb

from symsl.errors import InsufficientPrecisionError, ParameterError

_CONDITION = "a covariance matrix, positive semidefinite"


@dataclass(frozen=True)
class Functions:
    """What the formulas need of a number type: two functions, and pi at the precision of the moment."""

    sqrt: Callable[[Any], Any]
    asin: Callable[[Any], Any]
    pi: Callable[[], Any]


def functions_for(*values: Any) -> Functions:
    """The functions that belong to the most special type among `values`: SymPy, then balls, mpmath, numpy."""
    rooms = {type(value).__module__.partition(".")[0] for value in values}
    if "sympy" in rooms:
        import sympy

        return Functions(sympy.sqrt, sympy.asin, lambda: sympy.pi)
    if "flint" in rooms:
        return Functions(lambda x: x.sqrt(), lambda x: x.asin(), arb.pi)
    if "mpmath" in rooms:
        import mpmath

        return Functions(mpmath.sqrt, mpmath.asin, lambda: +mpmath.pi)
    return Functions(lambda x: np.sqrt(_as_doubles(x)), lambda x: np.arcsin(_as_doubles(x)), lambda: math.pi)


def _as_doubles(value: Any) -> Any:
    """Integers and fractions become doubles here, after exact arithmetic; floats, real or complex, stay as they are."""
    return value if np.asarray(value).dtype.kind in "fc" else np.asarray(value, dtype=np.float64)[()]


def _require_numbers(where: str, *values: Any) -> None:
    """Arrays must fit together, and everything must be a real number of some type."""
    shapes = []
    for value in values:
        if isinstance(value, np.ndarray):
            shapes.append(value.shape)
            real = value.dtype.kind in "fiuO"
        else:
            real = hasattr(value, "__truediv__") and not isinstance(value, (complex, np.complexfloating))
        if not real:
            raise ParameterError(where, "C", value, f"{_CONDITION}: real numbers", "give numbers or arrays of them")
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        raise ParameterError(
            where, "C", f"arrays of shapes {shapes}", "shapes that fit together", "give arrays of one shape"
        ) from None


def two_point_average(C11: Any, C12: Any, C22: Any) -> Any:
    """Eq. 89: E[g(u) g(v)] = (2/pi) asin( C12 / sqrt((1+C11)(1+C22)) ), u = 1, v = 2.

    Raises `ParameterError` where the covariances are not those of any variables (so that the root or the arcsine is not
    real), `InsufficientPrecisionError` where a ball is too wide to tell.

    >>> print(two_point_average(arb(1), arb(1), arb(1)).str(14, radius=False))
    0.33333333333333
    """
    _require_numbers("two_point_average", C11, C12, C22)
    f = functions_for(C11, C12, C22)
    product = (1 + C11) * (1 + C22)
    _require_positive(product - C12 * C12, "two_point_average", "89")
    return 2 / f.pi() * f.asin(C12 / f.sqrt(product))


def three_point_average(C11: Any, C12: Any, C13: Any, C23: Any, C33: Any) -> Any:
    """Eq. 90: E[g'(u) v g(w)] = (2/pi) (C23 (1+C11) - C12 C13) / ((1+C11) sqrt(Lambda_3)), u, v, w = 1, 2, 3.

    Lambda_3 = (1+C11)(1+C33) - C13^2. It is linear in the second variable, so C22 does not occur. Raises as
    `two_point_average`.
    """
    _require_numbers("three_point_average", C11, C12, C13, C23, C33)
    f = functions_for(C11, C12, C13, C23, C33)
    root = (1 + C11) * (1 + C33) - C13 * C13
    _require_positive(root, "three_point_average", "90")
    return 2 / f.pi() * (C23 * (1 + C11) - C12 * C13) / ((1 + C11) * f.sqrt(root))


def four_point_average(
    C11: Any, C12: Any, C13: Any, C14: Any, C22: Any, C23: Any, C24: Any, C33: Any, C34: Any, C44: Any
) -> Any:
    """Eq. 91: E[g'(1) g'(2) g(3) g(4)] = (4/pi^2) Lambda_4^(-1/2) asin( Lambda_0 / sqrt(Lambda_1 Lambda_2) ).

    Lambda_4 = (1+C11)(1+C22) - C12^2 and Lambda_0, Lambda_1, Lambda_2 are the determinants of 1 + C restricted to the
    rows (1, 2, 3), (1, 2, 3), (1, 2, 4) and the columns (1, 2, 4), (1, 2, 3), (1, 2, 4), in this order. Raises as
    `two_point_average`.
    """
    _require_numbers("four_point_average", C11, C12, C13, C14, C22, C23, C24, C33, C34, C44)
    f = functions_for(C11, C12, C13, C14, C22, C23, C24, C33, C34, C44)
    A, B = 1 + C11, 1 + C22
    Lambda_4 = A * B - C12 * C12
    Lambda_0 = Lambda_4 * C34 - A * C23 * C24 - B * C13 * C14 + C12 * (C13 * C24 + C14 * C23)
    Lambda_1 = Lambda_4 * (1 + C33) - A * C23 * C23 - B * C13 * C13 + 2 * C12 * C13 * C23
    Lambda_2 = Lambda_4 * (1 + C44) - A * C24 * C24 - B * C14 * C14 + 2 * C12 * C14 * C24
    product = Lambda_1 * Lambda_2
    for positive in (Lambda_4, product - Lambda_0 * Lambda_0):
        _require_positive(positive, "four_point_average", "91")
    return 4 / (f.pi() * f.pi()) * f.asin(Lambda_0 / f.sqrt(product)) / f.sqrt(Lambda_4)


def _require_positive(value: Any, where: str, equation: str) -> None:
    """What stands under the roots is a principal minor of 1 + C: never below 1 for a covariance matrix C."""
    if isinstance(value, arb):
        if not value > 0:
            if value <= 0:
                raise ParameterError(where, "C", value, f"{_CONDITION} (Eq. {equation})", "check the covariances")
            raise InsufficientPrecisionError(f"{where}: the sign under the root is not decided")
    elif isinstance(value, (Real, np.ndarray)) and not np.all(value > 0):  # type: ignore[operator]
        raise ParameterError(where, "C", value, f"{_CONDITION} (Eq. {equation})", "check the covariances")
