"""Eqs. 89-91 against quadrature of the Gaussian integrals themselves, in floats, balls, mpmath and SymPy."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import acb, arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

from symsl.erf.gaussian_averages import four_point_average, three_point_average, two_point_average
from symsl.errors import InsufficientPrecisionError, ParameterError
from symsl.precision.evaluate import evaluate


def covariance(seed: int, size: int) -> np.ndarray:
    factor = np.random.default_rng(seed).normal(size=(size, size + 1))
    return factor @ factor.T / 3


def hermite_average(function, C: np.ndarray, nodes: int = 60) -> float:
    """E[function(z)] by a tensor Gauss-Hermite rule in the variables that make C."""
    size = len(C)
    points, weights = np.polynomial.hermite_e.hermegauss(nodes)
    weights = weights / math.sqrt(2 * math.pi)
    grids = np.meshgrid(*([points] * size), indexing="ij")
    root = np.linalg.cholesky(C)
    variables = [sum(root[i, j] * grids[j] for j in range(i + 1)) for i in range(size)]
    weight = np.ones_like(grids[0])
    for axis in range(size):
        shape = [1] * size
        shape[axis] = nodes
        weight = weight * weights.reshape(shape)
    return float(np.sum(weight * function(*variables)))


def g(x: np.ndarray) -> np.ndarray:
    from scipy.special import erf

    return erf(x / math.sqrt(2))


def dg(x: np.ndarray) -> np.ndarray:
    return math.sqrt(2 / math.pi) * np.exp(-x * x / 2)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_against_tensor_quadrature(seed: int) -> None:
    C = covariance(seed, 4) / 2
    two = hermite_average(lambda u, v: g(u) * g(v), C[:2, :2], 160)
    assert two_point_average(C[0, 0], C[0, 1], C[1, 1]) == pytest.approx(two, rel=1e-8)
    three = hermite_average(lambda u, v, w: dg(u) * v * g(w), C[:3, :3], 100)
    assert three_point_average(C[0, 0], C[0, 1], C[0, 2], C[1, 2], C[2, 2]) == pytest.approx(three, rel=1e-7)
    four = hermite_average(lambda a, b, c, d: dg(a) * dg(b) * g(c) * g(d), C, 44)
    assert four_point_average(*C[np.triu_indices(4)]) == pytest.approx(four, rel=1e-4)


def test_two_point_average_against_certified_quadrature() -> None:
    """u = x, v = rho x + sqrt(1 - rho^2) y: E[g(v) | x] = erf(rho x / sqrt(2 (1 + s^2))), leaving one integral."""
    with ctx.workdps(30):
        rho = arb("0.3")
        inner = (rho / (2 * (2 - rho * rho)).sqrt()).mid()

        def integrand(x: acb, _: bool) -> acb:
            return (x / acb(2).sqrt()).erf() * (acb(inner) * x).erf() * (-x * x / 2).exp()

        quadrature = acb.integral(integrand, acb(-15), acb(15)).real / (2 * arb.pi()).sqrt()
        assert quadrature.rad() < 1e-20
        difference = quadrature - two_point_average(arb(1), rho, arb(1))
        assert abs(difference) < arb("1e-25") + arb(-112).exp()


def test_three_point_average_in_mpmath() -> None:
    """E[g'(u) v g(w)]: v is replaced by its regression on (u, w); two integrals are left."""
    with mpmath.workdps(20):
        C11, C12, C13, C23, C33 = (mpmath.mpf(x) for x in ("0.7", "0.2", "0.3", "-0.4", "1.1"))
        det = C11 * C33 - C13**2
        on_u, on_w = (C12 * C33 - C23 * C13) / det, (C23 * C11 - C12 * C13) / det
        spread = mpmath.sqrt(det / C33)

        def given_w(w: mpmath.mpf) -> mpmath.mpf:
            mean = C13 / C33 * w
            # E[g'(u)] and E[u g'(u)] for u ~ N(mean, spread^2)
            variance = 1 + spread**2
            density = mpmath.sqrt(2 / mpmath.pi) * mpmath.exp(-(mean**2) / (2 * variance)) / mpmath.sqrt(variance)
            return density * (on_u * mean / variance + on_w * w) * mpmath.erf(w / mpmath.sqrt(2))

        def weighted(w: mpmath.mpf) -> mpmath.mpf:
            return given_w(w) * mpmath.npdf(w, 0, mpmath.sqrt(C33))

        quadrature = mpmath.quad(weighted, [-20, -5, 0, 5, 20])
        assert abs(quadrature - three_point_average(C11, C12, C13, C23, C33)) < mpmath.mpf(10) ** -16


def test_four_point_average_in_mpmath() -> None:
    """g'(1) g'(2) only tilts the Gaussian: E = (2/pi) det(1 + C_12)^(-1/2) E~[g(3) g(4)], Eq. 89 under the tilt."""
    with mpmath.workdps(30):
        C = mpmath.matrix(covariance(7, 4).tolist())
        first = C[:2, :2] + mpmath.eye(2)
        tilted = C[2:, 2:] - C[2:, :2] * mpmath.inverse(first) * C[:2, 2:]
        expected = (
            2 / mpmath.pi / mpmath.sqrt(mpmath.det(first)) * two_point_average(tilted[0, 0], tilted[0, 1], tilted[1, 1])
        )
        value = four_point_average(*(C[i, j] for i in range(4) for j in range(i, 4)))
        assert abs(value - expected) < mpmath.mpf(10) ** -27


def test_symbolic_statement_differentiates_to_the_simpler_average() -> None:
    """Price's theorem: d E[g(u) g(v)] / d C12 = E[g'(u) g'(v)] = (2/pi) / sqrt((1+C11)(1+C22) - C12^2)."""
    C11, C22 = sp.symbols("C11 C22", positive=True)
    C12 = sp.Symbol("C12", real=True)
    derivative = sp.diff(two_point_average(C11, C12, C22), C12)
    expected = 2 / sp.pi / sp.sqrt((1 + C11) * (1 + C22) - C12**2)
    assert sp.simplify(derivative**2 - expected**2) == 0
    assert derivative.subs({C11: 1, C12: 0, C22: 1}) == 1 / sp.pi


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_number_types_agree(seed: int) -> None:
    C = covariance(seed, 4)
    entries = [C[i, j] for i in range(4) for j in range(i, 4)]
    symbols = sp.symbols("c0:10")
    expression = four_point_average(*symbols)
    with ctx.workprec(200):
        balls = [arb(float(entry)) for entry in entries]
        value = four_point_average(*balls)
        walked = evaluate(expression, dict(zip(symbols, balls, strict=True)))
        assert value.is_finite()
        assert value.overlaps(walked)
        assert value.rel_accuracy_bits() > 150
    assert four_point_average(*(np.array([entry]) for entry in entries))[0] == pytest.approx(float(value), rel=1e-9)


def test_bad_covariances_are_refused() -> None:
    with pytest.raises(ParameterError, match=r"Eq\. 89"):
        two_point_average(0.1, 5.0, 0.1)
    with pytest.raises(ParameterError, match=r"Eq\. 90"):
        three_point_average(arb(0), arb(0), arb(3), arb(0), arb(0))
    with pytest.raises(InsufficientPrecisionError):
        two_point_average(arb(0, 10), arb(1), arb(0))
    with pytest.raises(ParameterError):
        two_point_average(np.array([1.0, float("nan")]), np.array([0.0, 0.0]), np.array([1.0, 1.0]))


@pytest.mark.parametrize("value", ["1", None, 1j, [1, 2], {}, np.array(["a"]), np.array([1j])])
def test_what_is_no_real_number_is_refused(value: object) -> None:
    with pytest.raises(ParameterError, match="real numbers"):
        two_point_average(value, 0.5, 1.0)


@pytest.mark.parametrize("number", [int, Fraction, np.int64, float, sp.Integer, mpmath.mpf])
def test_covariances_of_no_variables_are_refused_in_every_type(number: Callable[[int], Any]) -> None:
    with pytest.raises(ParameterError, match="positive semidefinite"):
        two_point_average(number(1), number(5), number(1))


def test_integers_and_fractions_become_doubles() -> None:
    assert two_point_average(Fraction(1), Fraction(1, 2), 1) == two_point_average(1.0, 0.5, 1.0)
