"""Checks of the arguments that all solvers share."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from symsl.arguments import learning_rate
from symsl.erf.exact_matrices import FloatArray
from symsl.errors import ParameterError


def increasing_times(alpha: Any, where: str) -> FloatArray:
    """`alpha` as an array of floats; `ParameterError` unless finite, from 0 on and increasing."""
    condition = "increasing finite times from 0 on"
    try:
        times = np.array(alpha, dtype=float, ndmin=1)
    except (TypeError, ValueError, OverflowError):
        raise ParameterError(where, "alpha", alpha, condition, "give a list of numbers") from None
    if times.ndim != 1 or not len(times) or not np.all(np.isfinite(times)):
        raise ParameterError(where, "alpha", alpha, condition, "give a list of numbers")
    if times[0] < 0 or np.any(np.diff(times) <= 0):
        raise ParameterError(where, "alpha", alpha, condition, "sort them and drop repeated ones")
    return times


def positive_rate(eta: object, where: str) -> Fraction:
    """The learning rate, exact; `ParameterError` unless positive."""
    rate = learning_rate(eta, where)
    if not Fraction(1, 10**300) <= rate <= 10**300:
        raise ParameterError(where, "eta", eta, "1e-300 <= eta <= 1e300 in float64", "choose a moderate learning rate")
    return rate
