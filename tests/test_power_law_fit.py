"""Fits on log-log axes, against numpy's polynomial fit and its covariance."""

from __future__ import annotations

import numpy as np
import pytest

from symsl.errors import ParameterError
from symsl.power_law_fit import fit_power_law


def test_an_exact_power_law_is_recovered():
    x = np.arange(1, 40)
    fit = fit_power_law(x, 3 * x**-1.25, between=(4, 30))
    assert fit.exponent == pytest.approx(-1.25, abs=1e-13)
    assert fit.prefactor == pytest.approx(3, rel=1e-12)
    assert fit.exponent_error < 1e-13
    assert (fit.range, fit.points) == ((4, 30), 27)


def test_error_of_the_slope_agrees_with_numpy():
    generator = np.random.default_rng(0)
    x = np.geomspace(1, 1000, 50)
    y = x**-0.5 * np.exp(0.1 * generator.standard_normal(50))
    fit = fit_power_law(x, y)
    (slope, intercept), covariance = np.polyfit(np.log(x), np.log(y), 1, cov=True)
    assert fit.exponent == pytest.approx(slope, rel=1e-10)
    assert fit.exponent_error == pytest.approx(np.sqrt(covariance[0, 0]), rel=1e-10)
    assert fit.prefactor == pytest.approx(np.exp(intercept), rel=1e-10)


@pytest.mark.parametrize(
    ("x", "y", "between", "message"),
    [
        ([1, 2], [1, 2], None, "points = 2, but three different x"),
        ([1, 2, 3, 4], [1, 2, 3, 4], (2.5, 9), "points = 2"),
        ([1, 1, 1], [1, 2, 3], None, "three different x"),
        ([1, 2, 3], [1, 0, 3], None, "y = .* but finite positive"),
        ([0, 2, 3], [1, 1, 3], None, "x = .* but finite positive"),
        ([1, 2, 3], [1, np.nan, 3], None, "finite positive"),
        ([1, 2, 3], [1, 2], None, "y.shape"),
    ],
)
def test_what_cannot_be_fitted_is_refused(x, y, between, message):
    with pytest.raises(ParameterError, match=message):
        fit_power_law(x, y, between=between)
