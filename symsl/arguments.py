"""What callers pass, checked at the door: each argument becomes what is computed with, or a sentence on what to change.

Numbers become exact ones (`symsl.precision.exact`), sequences lists, arrays numpy arrays. `where` is the function that
was called, as its users know it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flint import arb

from symsl.errors import ParameterError, UsageError
from symsl.precision import exact, exact_integer

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST_ARRAY = 2**28
"""Numbers in one float64 array: 2 GiB."""
_LARGEST_DOUBLE = Fraction(10) ** 150


def learning_rate(eta: object, where: str) -> Fraction:
    """eta > 0 (Eq. 3)."""
    rate = exact(eta, "eta", where)
    if rate <= 0:
        raise ParameterError(where, "eta", eta, "eta > 0 (Eq. 3)", "choose a positive learning rate")
    return rate


def standard_deviation(sigma_J: object, where: str) -> Fraction:
    """sigma_J >= 0, of the initial student (Sec. 3)."""
    deviation = exact(sigma_J, "sigma_J", where)
    if deviation < 0:
        raise ParameterError(where, "sigma_J", sigma_J, "sigma_J >= 0 (Sec. 3)", "give a standard deviation")
    return deviation


def one_time(alpha: object, where: str, argument: str = "alpha") -> Fraction:
    """One time alpha = p/N >= 0."""
    moment = exact(alpha, argument, where)
    if moment < 0:
        raise ParameterError(where, argument, alpha, "alpha >= 0", "training starts at alpha = 0")
    return moment


def many_times(alpha: object, where: str) -> list[Fraction]:
    """A sequence of times alpha >= 0, in any order."""
    return [one_time(value, where, f"alpha[{i}]") for i, value in enumerate(sequence(alpha, "alpha", where))]


def positive_integer(value: object, argument: str, where: str) -> int:
    """An integer >= 1."""
    number = exact_integer(value, argument, where)
    if number < 1:
        raise ParameterError(where, argument, value, f"{argument} >= 1", "give a positive integer")
    return number


def seed_number(seed: object, where: str) -> int:
    """An integer >= 0: what numpy's SeedSequence takes."""
    number = exact_integer(seed, "seed", where)
    if number < 0:
        raise ParameterError(where, "seed", seed, "seed >= 0", "give a non-negative integer")
    return number


def one_of(value: object, names: Collection[str], argument: str, where: str) -> str:
    """`value`, which must be one of `names`."""
    if not isinstance(value, str) or value not in names:
        raise ParameterError(where, argument, value, f"one of {', '.join(names)}", f"choose another {argument}")
    return value


def sequence(values: object, argument: str, where: str) -> list[Any]:
    """The values as a list: text and single numbers are none."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable) or getattr(values, "ndim", 1) == 0:
        raise ParameterError(where, argument, values, "a sequence", f"write {argument}=[{values}]")
    return list(values)


def require_number(value: object, argument: str, where: str) -> None:
    """What can be added, multiplied and divided: exact numbers, balls, SymPy expressions; no nan, array or text."""
    arithmetic = hasattr(type(value), "__truediv__") and not hasattr(type(value), "__len__")
    if not arithmetic or isinstance(value, complex | Path) or (isinstance(value, float) and not math.isfinite(value)):
        raise ParameterError(where, argument, value, "a number, a ball or a SymPy expression", "convert it")


def numbers(values: object, argument: str, where: str) -> list[Any]:
    """A sequence of them."""
    listed = sequence(values, argument, where)
    for i, value in enumerate(listed):
        require_number(value, f"{argument}[{i}]", where)
    return listed


def expression(value: object, argument: str, where: str) -> Any:
    """A SymPy expression, equation or matrix. Text is none: its symbols would not be those of the catalogue."""
    import sympy as sp

    try:
        made = sp.sympify(value, strict=True)
    except (sp.SympifyError, AttributeError, TypeError, ValueError):
        made = None
    if not isinstance(made, sp.Expr | sp.MatrixBase | sp.logic.boolalg.Boolean):
        raise ParameterError(
            where, argument, value, "a SymPy expression", "build it from symsl.symbols and equation(...).statement"
        )
    return made


def mapping(value: object, argument: str, where: str) -> dict[Any, Any]:
    """A dictionary, empty for None."""
    if value is not None and not isinstance(value, Mapping):
        raise ParameterError(where, argument, value, "a dictionary", f"write {argument}={{symbol: ...}}")
    return dict(value or {})


def require_balls(values: object, argument: str, where: str) -> list[arb]:
    """A sequence of finite balls."""
    balls = sequence(values, argument, where)
    for i, value in enumerate(balls):
        if not (isinstance(value, arb) and value.is_finite()):
            raise ParameterError(where, f"{argument}[{i}]", value, "a finite ball", "write arb(...)")
    return balls


def require_path(path: object, argument: str, where: str) -> None:
    """None, or the name of a file."""
    if path is not None and not isinstance(path, str | Path):
        raise ParameterError(where, argument, path, "the name of a file", "pass text or a pathlib.Path")


def as_array(value: Any, argument: str, where: str, dtype: type | None = None) -> NDArray[Any]:
    """`value` as a numpy array of `dtype`; `UsageError` where its rows differ in length or it does not convert."""
    import numpy as np

    try:
        return np.asarray(value, dtype=dtype)
    except (TypeError, ValueError, OverflowError):
        raise UsageError(
            f"{where}: {argument} must be an array of real numbers, with rows of the same length"
        ) from None


def double(value: Fraction, argument: str, where: str) -> float:
    """An exact number in float64, where its square is finite too."""
    if abs(value) > _LARGEST_DOUBLE:
        raise ParameterError(where, argument, value, f"|{argument}| <= 1e150 in float64", "choose a moderate number")
    return float(value)


def fits_in_memory(count: int, argument: str, value: object, where: str) -> None:
    """`ParameterError` where `value` makes an array of more than `LARGEST_ARRAY` numbers."""
    if count > LARGEST_ARRAY:
        raise ParameterError(
            where, argument, value, f"an array of at most {LARGEST_ARRAY} numbers (memory)", f"lower {argument}"
        )


__all__ = [
    "LARGEST_ARRAY",
    "as_array",
    "double",
    "expression",
    "fits_in_memory",
    "learning_rate",
    "many_times",
    "mapping",
    "numbers",
    "one_of",
    "one_time",
    "positive_integer",
    "require_balls",
    "require_number",
    "require_path",
    "seed_number",
    "sequence",
    "standard_deviation",
]
