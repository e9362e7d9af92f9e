"""Spectra: normalisation, moments, characteristic polynomial, bad input."""

from fractions import Fraction
from itertools import pairwise

import mpmath
import pytest
import sympy as sp
from flint import arb, ctx
from hypothesis import given
from hypothesis import strategies as st

from symsl import Spectrum
from symsl.errors import ParameterError
from symsl.precision import ball

exponents = st.fractions(min_value=Fraction(1, 20), max_value=3)


@given(st.integers(1, 30), exponents, st.integers(40, 300))
def test_power_law_is_normalised_and_decreasing(L: int, beta: Fraction, bits: int) -> None:
    spectrum = Spectrum.power_law(L, beta)
    with ctx.workprec(bits):
        values = spectrum.eigenvalues()
        mean = sum(values, arb(0)) / L
        assert mean.contains(1)
        assert mean.rel_accuracy_bits() > bits - 12
        assert all(a > b for a, b in pairwise(values))
        assert spectrum.largest().overlaps(values[0])


@given(st.integers(1, 20), exponents, st.integers(0, 6))
def test_moments_by_zeta_functions_are_the_sums(L: int, beta: Fraction, order: int) -> None:
    spectrum = Spectrum.power_law(L, beta)
    with ctx.workprec(120):
        direct = sum((value**order for value in spectrum.eigenvalues()), arb(0)) / L
        moment = spectrum.moment(order)
        assert moment.overlaps(direct)
        assert moment.rel_accuracy_bits() > 90


def test_eigenvalues_against_mpmath() -> None:
    with mpmath.workdps(50), ctx.workdps(40):
        weights = [mpmath.mpf(k) ** -mpmath.mpf("1.5") for k in range(1, 11)]
        for value, weight in zip(Spectrum.power_law(10, "1/2").eigenvalues(), weights, strict=True):
            expected = 10 * weight / mpmath.fsum(weights)
            assert abs(mpmath.mpf(value.mid().str(45, radius=False)) - expected) < mpmath.mpf(10) ** -38


def test_moments_at_enormous_size_cost_nothing() -> None:
    """u_2 ~ L zeta(2+2beta)/zeta(1+beta)^2 (Sec. 4.2), here at L = 10^30."""
    spectrum = Spectrum.power_law("10^30", 1)
    with ctx.workdps(30):
        limit = arb(10) ** 30 * arb(4).zeta() / arb(2).zeta() ** 2
        assert abs(float((spectrum.moment(2) / limit - 1).mid())) < 1e-28


def test_rational_eigenvalues_agree_with_the_balls() -> None:
    spectrum = Spectrum.power_law(6, 2)
    exact = spectrum.rational_eigenvalues()
    assert exact is not None
    assert sum(exact) == 6
    values = spectrum.eigenvalues()
    with ctx.workprec(1000):
        assert all(value.contains(ball(fraction)) for value, fraction in zip(values, exact, strict=True))
    assert Spectrum.power_law(6, "1/2").rational_eigenvalues() is None


def test_characteristic_polynomial_vanishes_at_the_eigenvalues_only() -> None:
    spectrum = Spectrum.from_eigenvalues([3, "1/2", "0.1"])
    polynomial = spectrum.characteristic_polynomial()
    assert all(polynomial(value).contains(0) for value in spectrum.eigenvalues())
    assert not polynomial(arb(1)).contains(0)
    assert polynomial[3] == 1


def test_given_eigenvalues_keep_their_order_and_factor() -> None:
    spectrum = Spectrum.from_eigenvalues([1, 3, 2], normalise=True)
    assert spectrum.values == (Fraction(1, 2), Fraction(3, 2), Fraction(1))
    assert spectrum.factor == 2
    assert spectrum.is_normalised()
    assert not Spectrum.from_eigenvalues([1, 3]).is_normalised()
    assert spectrum == Spectrum.from_eigenvalues([1, 3, 2], normalise=True)


def test_exact_irrational_eigenvalues() -> None:
    spectrum = Spectrum.from_eigenvalues([sp.sqrt(2), sp.pi, 1], normalise=True)
    assert spectrum.is_normalised()
    assert (spectrum.moment(1) - 1).contains(0)
    assert spectrum.moment(1).rel_accuracy_bits() > 40


def test_multiplicity() -> None:
    spectrum = Spectrum.power_law(8, 1)
    assert spectrum.multiplicity(1024) == 128
    with pytest.raises(ParameterError, match=r"multiple of L = 8.*N=1024"):
        spectrum.multiplicity(1023)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Spectrum.power_law(0, 1), r"L = 0, but L >= 1 \(Eq. 1\)"),
        (lambda: Spectrum.power_law("3/2", 1), "an integer"),
        (lambda: Spectrum.power_law(3, 0), r"beta > 0 \(Eq. 1\)"),
        (lambda: Spectrum.power_law(3, "x"), "beta = 'x'"),
        (lambda: Spectrum.power_law(3, float("nan")), "beta = nan"),
        (lambda: Spectrum.from_eigenvalues([]), "at least one"),
        (lambda: Spectrum.from_eigenvalues([1, 0]), r"eigenvalues\[1\] = 0"),
        (lambda: Spectrum.from_eigenvalues([1, -2]), "lambda_k > 0"),
        (lambda: Spectrum.from_eigenvalues([1, 2, "1"]), r"eigenvalues\[2\] = 1.*distinct"),
        (lambda: Spectrum.from_eigenvalues([sp.sqrt(8), 2 * sp.sqrt(2)]), "distinct"),
        (lambda: Spectrum.from_eigenvalues([1, sp.Symbol("q")]), r"eigenvalues\[1\]"),
        (lambda: Spectrum.power_law("10^9", 1).eigenvalues(), "asymptotic"),
    ],
)
def test_bad_spectra_are_refused_with_the_reason(build: object, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        build()  # type: ignore[operator]
