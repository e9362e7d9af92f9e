"""A power law fitted to positive numbers, with the error of its exponent. Float64."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from symsl.arguments import as_array
from symsl.errors import ParameterError


@dataclass(frozen=True)
class PowerLawFit:
    """y = prefactor * x**exponent, by least squares on logarithms over `points` points with x in `range`.

    `exponent_error` is the standard error of the slope from the scatter of the residuals. It measures how straight the
    curve is and takes the residuals for independent: a curve that bends has a larger systematic error.
    """

    exponent: float
    exponent_error: float
    prefactor: float
    range: tuple[float, float]
    points: int


def fit_power_law(x: ArrayLike, y: ArrayLike, *, between: tuple[float, float] | None = None) -> PowerLawFit:
    """Fit y ~ x**exponent to the points with between[0] <= x <= between[1] (all by default); needs three of them."""
    where = "fit_power_law"
    abscissa, ordinate = (as_array(values, name, where, np.float64) for name, values in (("x", x), ("y", y)))
    if abscissa.ndim != 1 or abscissa.shape != ordinate.shape:
        raise ParameterError(where, "y.shape", ordinate.shape, f"the shape of x, {abscissa.shape}", "pass two lists")
    if between is not None:
        ends = as_array(between, "between", where, np.float64)
        if ends.shape != (2,):
            raise ParameterError(where, "between", between, "two numbers, first and last x", "write between=(3, 30)")
        inside = (abscissa >= ends[0]) & (abscissa <= ends[1])
        abscissa, ordinate = abscissa[inside], ordinate[inside]
    if len(np.unique(abscissa)) < 3:
        raise ParameterError(where, "points", len(abscissa), "three different x in the range", "widen the range")
    for name, values in (("x", abscissa), ("y", ordinate)):
        if not (np.isfinite(values).all() and (values > 0).all()):
            raise ParameterError(where, name, values, "finite positive numbers", "restrict the range")
    across, up = np.log(abscissa), np.log(ordinate)
    centred = across - across.mean()
    slope = float(centred @ up / (centred @ centred))
    residuals = up - up.mean() - slope * centred
    error = float(np.sqrt(residuals @ residuals / (len(up) - 2) / (centred @ centred)))
    prefactor = float(np.exp(up.mean() - slope * across.mean()))
    return PowerLawFit(slope, error, prefactor, (float(abscissa.min()), float(abscissa.max())), len(abscissa))
