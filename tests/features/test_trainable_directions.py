"""Eqs. 10, 71, 72, 74, 79 against mpmath, against each other and against their limits."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

from symsl.errors import ParameterError
from symsl.features import (
    generalisation_error,
    stationary_approximation,
    stationary_error,
)
from symsl.linear import approximation
from symsl.precision import certify
from symsl.spectrum import Spectrum

DIGITS = 30


@pytest.fixture(autouse=True)
def _mpmath_precision():
    with mpmath.workdps(DIGITS + 15):
        yield


def _certified(function, *arguments, **parameters):
    return certify(lambda: function(*arguments, **parameters), DIGITS, route="closed form").mpf()


def power_law_approximation(spectrum, N_l, *, eta, sigma_J, alpha):
    """Eq. 79 at one time, with the arguments of the other functions."""
    return approximation("integral", spectrum, eta, sigma_J, [alpha], N_l=N_l)[0]


def _agree(value, expected, digits=DIGITS):
    assert abs(value - expected) <= abs(expected) * mpmath.mpf(10) ** -digits


def _mp_eigenvalues(L, beta):
    powers = [mpmath.mpf(k) ** -(1 + mpmath.mpf(beta.numerator) / beta.denominator) for k in range(1, L + 1)]
    return [L * power / sum(powers) for power in powers]


@pytest.mark.parametrize("beta", [Fraction(1, 2), Fraction(1), Fraction(7, 3)])
@pytest.mark.parametrize(("L", "N_l"), [(1, 1), (40, 1), (40, 7), (40, 39), (40, 40)])
@pytest.mark.parametrize("alpha", [Fraction(0), Fraction(3), Fraction(1000)])
def test_eq_10_against_mpmath(beta, L, N_l, alpha):
    eigenvalues = _mp_eigenvalues(L, beta)
    decay = -2 * mpmath.mpf(3) / 10 * mpmath.mpf(int(alpha))
    learned = sum(value * mpmath.exp(decay * value) for value in eigenvalues[:N_l])
    expected = (1 + mpmath.mpf(1) / 4) / (2 * L) * (learned + sum(eigenvalues[N_l:]))
    spectrum = Spectrum.power_law(L, beta)
    _agree(_certified(generalisation_error, spectrum, N_l, eta="3/10", sigma_J="1/2", alpha=alpha), expected)


def test_eq_10_for_a_list_of_eigenvalues():
    spectrum = Spectrum.from_eigenvalues([1, Fraction(5, 2), Fraction(1, 10)])
    expected = (mpmath.exp(-1) + mpmath.mpf("2.5") * mpmath.exp(-2.5) + mpmath.mpf("0.1")) / 6
    _agree(_certified(generalisation_error, spectrum, 2, eta=1, sigma_J=0, alpha="1/2"), expected)


@pytest.mark.parametrize(("L", "N_l"), [(50, 1), (50, 20), (50, 49)])
def test_eq_72_against_the_sum_71_over_listed_eigenvalues(L, N_l):
    with ctx.workprec(200):
        closed = stationary_error(Spectrum.power_law(L, 2), N_l, sigma_J="1/10")
        listed = Spectrum.from_eigenvalues(Spectrum.power_law(L, 2).rational_eigenvalues())
        summed = stationary_error(listed, N_l, sigma_J="1/10")
        assert closed.overlaps(summed)
        assert min(closed.rel_accuracy_bits(), summed.rel_accuracy_bits()) > 150


def test_eq_72_at_a_cost_independent_of_L():
    spectrum = Spectrum.power_law("10^15", "1/2")
    value = _certified(stationary_error, spectrum, "10^9", sigma_J="1/100")
    s = mpmath.mpf(3) / 2
    low, high = mpmath.zeta(s, 10**9 + 1), mpmath.zeta(s, 10**15 + 1)
    _agree(value, mpmath.mpf("1.0001") / 2 * (low - high) / (mpmath.zeta(s) - high), 25)


def test_eq_10_tends_to_eq_72():
    spectrum = Spectrum.power_law(30, 1)
    late = _certified(generalisation_error, spectrum, 4, eta=1, sigma_J=0, alpha=1000)
    _agree(late, _certified(stationary_error, spectrum, 4, sigma_J=0))


def test_nothing_is_left_when_all_directions_learn():
    with ctx.workprec(64):
        assert stationary_error(Spectrum.power_law(30, 1), 30, sigma_J=0).is_zero()


@pytest.mark.parametrize("beta", [Fraction(1, 2), Fraction(1)])
def test_eq_74_is_the_integral_of_the_eigenvalues(beta):
    L, N_l, b = 1000, 20, mpmath.mpf(beta.numerator) / beta.denominator
    largest = L / sum(mpmath.mpf(k) ** -(1 + b) for k in range(1, L + 1))
    integral = mpmath.quad(lambda k: largest * k ** -(1 + b) / L, mpmath.linspace(N_l, L, 9))
    _agree(_certified(stationary_approximation, Spectrum.power_law(L, beta), N_l, sigma_J=0), integral / 2, 25)


@pytest.mark.parametrize("alpha", ["0", "1/1000", "1", "100", "10^6"])
def test_eq_79_is_the_integral_of_the_summand_of_eq_10(alpha):
    L, N_l, b = 400, 25, mpmath.mpf(1) / 2
    largest = L / sum(mpmath.mpf(k) ** -(1 + b) for k in range(1, L + 1))
    time = (
        mpmath.mpf(10) ** 6 if alpha == "10^6" else mpmath.mpf(Fraction(alpha).numerator) / Fraction(alpha).denominator
    )

    def summand(logarithm):
        value = largest * mpmath.exp(-(1 + b) * logarithm)
        return value * mpmath.exp(logarithm) * mpmath.exp(-2 * value * time / 10) / L

    learned = mpmath.quad(summand, mpmath.linspace(0, mpmath.log(N_l), 33))
    frozen = mpmath.quad(lambda k: largest * k ** -(1 + b) / L, mpmath.linspace(N_l, L, 9))
    value = _certified(power_law_approximation, Spectrum.power_law(L, "1/2"), N_l, eta="1/10", sigma_J=0, alpha=alpha)
    _agree(value, (learned + frozen) / 2, 18)


def test_eq_79_approaches_eq_10_with_more_directions():
    spectrum = Spectrum.power_law(10**6, "1/2")
    parameters = {"eta": "1/10", "sigma_J": 0, "alpha": "1/10"}
    distances = []
    with ctx.workprec(100):
        for N_l in (10, 100, 1000):
            exact = generalisation_error(spectrum, N_l, **parameters)
            distances.append(float(abs(power_law_approximation(spectrum, N_l, **parameters) / exact - 1)))
    assert distances[0] > 3 * distances[1] > 9 * distances[2]
    assert (
        distances[2] < 1e-4
    )  # beta/(2 N_l) (1 - e^{-2 eta lambda_{N_l} alpha}) is the first correction where both sums meet


def test_one_trained_direction_in_eq_79_leaves_the_integral_from_1():
    with ctx.workprec(100):
        value = power_law_approximation(Spectrum.power_law(50, 1), 1, eta=1, sigma_J=0, alpha=3)
        assert value.overlaps(stationary_approximation(Spectrum.power_law(50, 1), 1, sigma_J=0))
        assert value.rel_accuracy_bits() > 80


@settings(max_examples=60, deadline=None)
@given(
    L=st.integers(2, 30),
    beta=st.fractions(Fraction(1, 4), 3, max_denominator=12),
    eta=st.fractions(Fraction(1, 100), Fraction(1, 10), max_denominator=100),
    alpha=st.fractions(0, 5, max_denominator=10),
    data=st.data(),
)
def test_more_trained_directions_and_more_time_help(L, beta, eta, alpha, data):
    N_l = data.draw(st.integers(1, L - 1))
    spectrum = Spectrum.power_law(L, beta)
    with ctx.workprec(200):  # e^{-2 eta lambda_1 alpha} must not vanish beside the frozen part
        now, more, later = (
            generalisation_error(spectrum, count, eta=eta, sigma_J=0, alpha=time)
            for count, time in ((N_l, alpha), (N_l + 1, alpha), (N_l, alpha + 1))
        )
        assert more < now or alpha == 0
        assert later < now
        assert now > stationary_error(spectrum, N_l, sigma_J=0)
        assert now <= arb(1) / 2 or alpha == 0
        if alpha == 0:
            assert now.overlaps(arb(1) / 2)
            assert now.rel_accuracy_bits() > 150


SPECTRUM = Spectrum.power_law(10, 1)
GOOD = {"eta": 1, "sigma_J": 0, "alpha": 1}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: generalisation_error(SPECTRUM, 0, **GOOD), r"N_l = 0, but 1 <= N_l <= L = 10 \(Eq. 10\)"),
        (lambda: generalisation_error(SPECTRUM, 11, **GOOD), "N_l = 11"),
        (lambda: generalisation_error(SPECTRUM, "1/2", **GOOD), "an integer"),
        (lambda: generalisation_error(SPECTRUM, 1, **(GOOD | {"eta": 0})), "eta > 0"),
        (lambda: generalisation_error(SPECTRUM, 1, **(GOOD | {"alpha": -1})), "alpha >= 0"),
        (lambda: generalisation_error(SPECTRUM, 1, **(GOOD | {"sigma_J": -1})), "sigma_J >= 0"),
        (lambda: generalisation_error(Spectrum.power_law("10^9", 1), "10^8", **GOOD), "N_l <= 10000000"),
        (lambda: stationary_error(SPECTRUM, 12, sigma_J=0), "N_l = 12"),
        (lambda: stationary_approximation(Spectrum.from_eigenvalues([2, 1]), 1, sigma_J=0), "a power law"),
        (lambda: power_law_approximation(SPECTRUM, 0, **GOOD), r"N_l >= 1 \(Eq. 79\)"),
    ],
)
def test_bad_parameters_are_refused(call, message):
    with pytest.raises(ParameterError, match=message):
        call()
