"""Certified roots of the secular equation, against dense eigenvalues and their defining properties."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import given
from hypothesis import strategies as st

from symsl import Spectrum
from symsl.errors import InsufficientPrecisionError
from symsl.linear.float_starts import float_starts
from symsl.linear.secular import rates
from symsl.precision import ball

spectra = st.one_of(
    st.builds(Spectrum.power_law, st.integers(1, 24), st.fractions(Fraction(1, 10), 4, max_denominator=12)),
    st.lists(st.fractions(Fraction(1, 10**6), 50, max_denominator=10**6), min_size=1, max_size=12, unique=True).map(
        Spectrum.from_eigenvalues
    ),
)
learning_rates = st.one_of(
    st.fractions(Fraction(1, 1000), 5, max_denominator=1000), st.integers(3, 40).map(lambda n: Fraction(1, 10**n))
)


@given(spectra, learning_rates, st.integers(60, 700))
def test_interlacing_trace_and_narrowness(spectrum: Spectrum, eta: Fraction, bits: int) -> None:
    """One root in each gap; sum_k 2 eta y_k = trace of -A_3 = 2 eta L u_1 - (eta^2/L) sum lambda^2 (independent)."""
    with ctx.workprec(bits):
        found = rates(spectrum, eta)
        poles = sorted(spectrum.eigenvalues(), key=lambda value: value.mid(), reverse=True)
    with ctx.workprec(2 * bits + 200):
        assert len(found) == spectrum.L
        for k, rate in enumerate(found):
            assert not rate.y >= poles[k]
            assert k + 1 == len(poles) or not rate.y <= poles[k + 1]
        trace = ball(eta) * (2 * sum(poles, arb(0)) - ball(eta) / spectrum.L * sum((p * p for p in poles), arb(0)))
        assert trace.overlaps(2 * ball(eta) * sum((rate.y for rate in found), arb(0)))
        assert min(rate.slope.rel_accuracy_bits() for rate in found) > bits // 2 - 10
        scale = max(float(abs(pole)) for pole in poles)
        assert max(float(rate.y.rad()) for rate in found) <= scale * 2.0 ** (8 - bits)


@given(spectra, learning_rates)
def test_contains_a_root_of_much_higher_precision(spectrum: Spectrum, eta: Fraction) -> None:
    with ctx.workprec(80):
        low = rates(spectrum, eta)
    with ctx.workprec(400):
        high = rates(spectrum, eta)
        assert all(a.y.overlaps(b.y) and a.slope.overlaps(b.slope) for a, b in zip(low, high, strict=True))


@pytest.mark.parametrize(("L", "beta", "eta"), [(6, "1/2", "1/2"), (10, 1, "3/2"), (10, 1, 5), (8, 3, "1/10")])
def test_against_mpmath_eigenvalues(L: int, beta: object, eta: str) -> None:
    spectrum, rate = Spectrum.power_law(L, beta), Fraction(eta)
    with mpmath.workdps(60), ctx.workdps(50):
        lam = [mpmath.mpf(v.mid().str(55, radius=False)) for v in spectrum.eigenvalues()]
        h = mpmath.mpf(rate.numerator) / rate.denominator
        dense = mpmath.matrix(L, L)
        for i in range(L):
            for j in range(L):
                dense[i, j] = (2 * h * lam[i] if i == j else 0) - h**2 / L * lam[i] * lam[j]
        expected = sorted(mpmath.eigsy(dense, eigvals_only=True), reverse=True)
        for value, found in zip(expected, rates(spectrum, rate), strict=True):
            ours = mpmath.mpf((2 * ball(rate) * found.y).mid().str(55, radius=False))
            assert abs(ours - value) < mpmath.mpf(10) ** -42 * (1 + abs(value))


@pytest.mark.parametrize("eta", [Fraction(3, 2), Fraction(1, 10**30), Fraction(50)])
@pytest.mark.parametrize("L", [1, 2, 3, 50, 300])
def test_float_starts_are_good_to_forty_bits(L: int, eta: Fraction) -> None:
    spectrum = Spectrum.power_law(L, "1/2")
    with ctx.workprec(200):
        poles = spectrum.eigenvalues()
        anchors, distances = float_starts(np.array([float(p.mid()) for p in poles]), float(2 * L / eta))
        for rate, anchor, distance in zip(rates(spectrum, eta), anchors, distances, strict=True):
            offset = rate.y - poles[anchor]
            assert abs(float((arb(float(distance)) / offset - 1).mid())) < 2.0**-40


def test_close_pairs_ask_for_more_precision_then_succeed() -> None:
    spectrum = Spectrum.from_eigenvalues([1, Fraction(1) + Fraction(1, 10**200), 2])
    with ctx.workprec(60), pytest.raises(InsufficientPrecisionError):
        rates(spectrum, Fraction(1, 2))
    with ctx.workprec(1500):
        found = rates(spectrum, Fraction(1, 2))
        assert 1 < found[1].y < 1 + arb(10) ** -200


def test_ranges_beyond_doubles() -> None:
    """Two far apart eigenvalues: each root is that of its own isotropic problem, to first order in eta."""
    eta = Fraction(1, 10**400)
    spectrum = Spectrum.from_eigenvalues([1, Fraction(1, 10**300)])
    with ctx.workprec(4000):
        found = rates(spectrum, eta)
        expected = 1 - ball(eta) / 4  # y = lambda - eta lambda^2/(2 L)
        assert abs(found[0].y - expected) < ball(eta) ** 2
        assert abs(found[1].y * arb(10) ** 300 - 1) < arb(10) ** -300


@pytest.mark.parametrize("power", [-200, -79, -40, 40, 79, 200])
def test_units_of_the_eigenvalues_do_not_matter(power: int) -> None:
    """lambda -> c lambda with eta -> eta/c gives y -> c y."""
    unit, eta = Fraction(10) ** power, Fraction(3, 10**9)
    values = [Fraction(1, k**2) for k in range(1, 40)]
    with ctx.workprec(150):
        plain = rates(Spectrum.from_eigenvalues(values), eta)
        scaled = rates(Spectrum.from_eigenvalues([unit * value for value in values]), eta / unit)
        for a, b in zip(plain, scaled, strict=True):
            assert (a.y * ball(unit)).overlaps(b.y)
            assert a.slope.overlaps(b.slope)
            assert min(b.y.rel_accuracy_bits(), b.slope.rel_accuracy_bits()) > 130
