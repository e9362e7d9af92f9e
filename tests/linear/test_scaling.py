"""Eqs. 9, 49-53 and 79, their distance from the sums, and local exponents."""

from fractions import Fraction

import mpmath
import pytest
from flint import arb, ctx
from hypothesis import given
from hypothesis import strategies as st

from symsl.errors import ParameterError, UsageError
from symsl.linear.scaling import (
    approximation,
    correction_terms,
    distance,
    integral_distance_bound,
    local_exponent,
    local_exponent_of_sum,
    scaling_window,
)
from symsl.linear.secular import rates
from symsl.linear.small_learning_rate import eps_g
from symsl.precision import ball, certify_all
from symsl.spectrum import Spectrum

THOUSAND = Spectrum.power_law(1000, "1/2")
SAME = ("1/100", "1/100")  # eta, sigma_J
KINDS = ("integral", "corrected", "one gamma", "offset", "power law")


@pytest.mark.parametrize(
    ("kind", "digits", "expected"),
    [
        ("integral", 14, ["0.069437348695258", "0.0059425681034521"]),
        ("corrected", 15, ["0.0694404426309864", "0.00594498823070184"]),
    ],
)
def test_check_values_of_the_theory(kind: str, digits: int, expected: list[str]) -> None:
    """L = 1000, beta = 1/2, alpha = 10 and 1000: the numbers of the theory note, made by a separate program."""
    found = certify_all(lambda: approximation(kind, THOUSAND, *SAME, [10, 1000]), digits, route=kind)
    assert [str(value) for value in found] == expected


@pytest.mark.parametrize("alpha", ["1/50", "10", "3000"])
def test_every_kind_against_mpmath(alpha: str) -> None:
    with ctx.workprec(120):
        found = {kind: approximation(kind, THOUSAND, *SAME, [alpha])[0] for kind in KINDS}
    with mpmath.workdps(30):
        q, p, time = mpmath.mpf("1.5"), mpmath.mpf(1) / 3, mpmath.mpf(Fraction(alpha).numerator)
        time /= Fraction(alpha).denominator
        largest = 1000 / mpmath.fsum(mpmath.mpf(k) ** -q for k in range(1, 1001))
        z, scale = time * largest / 50, (1 + mpmath.mpf(10) ** -4) / 2
        near, far = z, z * mpmath.mpf(1000) ** -q

        def f(k: int) -> mpmath.mpf:
            return largest / 1000 * mpmath.mpf(k) ** -q * mpmath.exp(-z * mpmath.mpf(k) ** -q)

        front = scale * largest / (1000 * q) * z**-p
        expected = {
            "integral": front * (mpmath.gammainc(p, far) - mpmath.gammainc(p, near)),
            "corrected": front * (mpmath.gammainc(p, far) - mpmath.gammainc(p, near)) + scale * (f(1) + f(1000)) / 2,
            "one gamma": front * mpmath.gammainc(p, far),
            "offset": front * (mpmath.gamma(p) - far**p / p),
            "power law": front * mpmath.gamma(p),
        }
        quadrature = scale * mpmath.quad(f, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000])
        assert abs(quadrature - expected["integral"]) < mpmath.mpf(10) ** -20
    with ctx.workprec(120):
        for kind in KINDS:
            assert abs(found[kind] - arb(mpmath.nstr(expected[kind], 28))) < arb("1e-22")


@given(
    L=st.integers(1, 3000),
    beta=st.fractions(Fraction(1, 20), 4, max_denominator=20),
    alpha=st.fractions(0, 10**5, max_denominator=1000),
)
def test_distance_stays_below_the_bound(L: int, beta: Fraction, alpha: Fraction) -> None:
    """The bound needs no sum; the distance is from term-by-term sums."""
    spectrum = Spectrum.power_law(L, beta)
    with ctx.workprec(200):
        missed = distance("integral", spectrum, *SAME, [alpha], route="sum")[0]
        bound = integral_distance_bound(spectrum, *SAME, [alpha])[0]
    assert missed.is_finite()
    assert not abs(missed) > bound


def test_bound_is_of_the_right_size_at_the_start() -> None:
    """At alpha = 0 the distance tends to zeta(q) - 1/beta times the bound, the paper's worst case (0.612375 at 1/2)."""
    with ctx.workprec(100):
        spectrum = Spectrum.power_law(10**20, "1/2")
        missed = -distance("integral", spectrum, *SAME, [0])[0] / integral_distance_bound(spectrum, *SAME, [0])[0]
        expected = arb("1.5").zeta() - 2
    assert abs(missed - expected) < arb("1e-9")


def test_distances_of_all_kinds_at_a_trillion_eigenvalues() -> None:
    """Inside the window each correction counts: "corrected" beats "integral", the pure power law is the crudest."""
    spectrum = Spectrum.power_law("10^12", "1/2")
    found = {
        kind: certify_all(lambda kind=kind: distance(kind, spectrum, *SAME, [1, "1e4"]), 10, route=kind)  # type: ignore[misc]
        for kind in KINDS
    }
    for i in range(2):
        sizes = {kind: abs(found[kind][i].ball) for kind in KINDS}
        assert sizes["corrected"] < sizes["integral"] < sizes["offset"] < sizes["power law"]


def test_distance_is_approximation_minus_sum() -> None:
    with ctx.workprec(150):
        for kind in KINDS:
            missed = distance(kind, THOUSAND, *SAME, [10, 1000])
            expected = zip(
                approximation(kind, THOUSAND, *SAME, [10, 1000]), eps_g(THOUSAND, *SAME, [10, 1000]), strict=True
            )
            for found, (value, target) in zip(missed, expected, strict=True):
                assert found.overlaps(value - target)
                assert found.rel_accuracy_bits() > 50


@pytest.mark.parametrize("N_l", [1, 7, 400, 1000])
@pytest.mark.parametrize("alpha", [0, 10, 2000])
def test_frozen_directions_are_eq_79_in_mpmath(N_l: int, alpha: int) -> None:
    with mpmath.workdps(50):
        q, p = mpmath.mpf(3) / 2, mpmath.mpf(1) / 3
        largest = 1000 / mpmath.fsum(mpmath.mpf(k) ** -q for k in range(1, 1001))
        z = 2 * largest * alpha / 100
        learned = 2 * (1 - mpmath.mpf(N_l) ** -0.5)  # the limit z -> 0 of the gammas
        if alpha:
            learned = z**-p * (mpmath.gammainc(p, z * N_l**-q) - mpmath.gammainc(p, z)) / q
        frozen = 2 * (mpmath.mpf(N_l) ** -0.5 - mpmath.mpf(1000) ** -0.5)
        expected = (1 + mpmath.mpf(10) ** -4) / 2 * largest / 1000 * (learned + frozen)
    with ctx.workprec(120):
        found = approximation("integral", THOUSAND, *SAME, [alpha], N_l=N_l)[0]
        assert abs(found - arb(mpmath.nstr(expected, 45))) < 1e-30
        assert found.rel_accuracy_bits() > 90 or (N_l == 1000 and not alpha)
        exact_error = eps_g(THOUSAND, *SAME, [alpha], N_l=N_l)[0]
        assert distance("integral", THOUSAND, *SAME, [alpha], N_l=N_l)[0].overlaps(found - exact_error)


def test_corrections_add_up_to_the_sum() -> None:
    """From k_0 = 50, L = 1000, alpha = 10: head + integral + six terms miss the sum by less than the seventh term."""
    with ctx.workprec(200):
        terms = correction_terms(THOUSAND, *SAME, 10, 8, start=50)
        head = eps_g(THOUSAND, *SAME, [10])[0] - _from(50)
        largest = THOUSAND.largest()
        with mpmath.workdps(50):
            z, top = (mpmath.mpf(x.mid().str(48, radius=False)) for x in (largest / 5, largest))
            integral = mpmath.quad(lambda x: x ** (-1.5) * mpmath.exp(-z * x ** (-1.5)), [50, 100, 200, 400, 700, 1000])
            integral *= (1 + mpmath.mpf(10) ** -4) / 2000 * top
        total = head + arb(mpmath.nstr(integral, 45)) + sum(terms[:7], arb(0))
        missed = abs(total - eps_g(THOUSAND, *SAME, [10])[0])
        assert missed < 2 * abs(terms[7])
        assert missed < abs(terms[6])
    with ctx.workprec(100):
        both = (
            approximation("corrected", THOUSAND, *SAME, [10])[0] - approximation("integral", THOUSAND, *SAME, [10])[0]
        )
        assert both.overlaps(correction_terms(THOUSAND, *SAME, 10, 1)[0])


def _from(start: int) -> arb:
    """(1 + sigma_J^2)/(2L) sum_{k>=start} lambda_k exp(-2 eta lambda_k 10)."""
    values = THOUSAND.eigenvalues()[start - 1 :]
    total = sum((value * (-value / 5).exp() for value in values), arb(0))
    return ball(1 + Fraction(1, 10**4)) / 2000 * total


def test_expansion_from_the_first_term_is_asymptotic_only() -> None:
    with ctx.workprec(100):
        sizes = [abs(term) for term in correction_terms(THOUSAND, *SAME, 10, 12)]
    least = min(range(12), key=lambda j: float(sizes[j].mid()))
    assert 0 < least < 11
    assert sizes[11] > sizes[least] * 10**6


def test_window_is_between_the_first_and_the_last_direction() -> None:
    with ctx.workprec(100):
        opening, closing = scaling_window(THOUSAND, "1/100")
        values = THOUSAND.eigenvalues()
        assert opening.overlaps(50 / values[0])
        assert closing.overlaps(50 / values[-1])


@pytest.mark.parametrize("spectrum", [Spectrum.from_eigenvalues([2, "1/2", "1/2000"]), THOUSAND])
@pytest.mark.parametrize("N_l", [None, 2])
def test_local_exponent_is_the_slope(spectrum: Spectrum, N_l: int | None) -> None:
    """Against the symmetric difference quotient of ln eps_g in ln alpha."""
    with ctx.workprec(200):
        for alpha in (Fraction(1, 3), Fraction(10), Fraction(900)):
            step = Fraction(1, 10**8)
            left, right = eps_g(spectrum, *SAME, [alpha * (1 - step), alpha * (1 + step)], N_l=N_l)
            slope = (right / left).log() / (ball((1 + step) / (1 - step))).log()
            found = local_exponent(spectrum, "1/100", [alpha], N_l=N_l)[0]
            assert abs(found - slope) < arb("1e-11") * (1 + abs(found))
            assert found.rel_accuracy_bits() > 150


def test_the_exponent_is_beta_over_one_plus_beta() -> None:
    """In the window of L = 10^24 the exponent is -1/3 (beta = 1/2) to the size of the corrections; routes agree."""
    huge = Spectrum.power_law("10^24", "1/2")
    early, middle = certify_all(lambda: local_exponent(huge, "1/100", ["1e-8", "1e-3"]), 20, route="asymptotic")
    assert abs(early.ball + arb(1) / 3) < arb("1e-6")
    assert abs(middle.ball + arb(1) / 3) < arb("1e-6")
    with ctx.workprec(120):
        by_sum, by_expansion = (
            local_exponent(Spectrum.power_law(4000, 2), 1, [50], route=r)[0] for r in ("sum", "asymptotic")
        )
        assert by_sum.overlaps(by_expansion)
    assert local_exponent(huge, 1, [0])[0] == 0


def test_local_exponent_of_any_sum() -> None:
    """Eq. 8 again, and the exact curve of Eq. 6 whose last rate governs the end: slope -> -a_L alpha."""
    with ctx.workprec(150):
        values = THOUSAND.eigenvalues()
        found = local_exponent_of_sum(values, [value / 50 for value in values], 70)
        assert found.overlaps(local_exponent(THOUSAND, "1/100", [70])[0])
        small = Spectrum.power_law(4, 1)
        a = [2 * rate.y / 2 for rate in rates(small, Fraction(1, 2))]
        slowest = min(a, key=lambda value: float(value.mid()))
        assert abs(local_exponent_of_sum([arb(1)] * 4, a, 10**4) / (-slowest * 10**4) - 1) < arb("1e-20")


def test_bad_arguments() -> None:
    with pytest.raises(ParameterError, match="kind = better, but one of integral"):
        approximation("better", THOUSAND, *SAME, [1])
    with pytest.raises(UsageError, match="N_l"):
        approximation("corrected", THOUSAND, *SAME, [1], N_l=3)
    with pytest.raises(ParameterError, match="N_l >= 1"):
        approximation("integral", THOUSAND, *SAME, [1], N_l=0)
    with pytest.raises(ParameterError, match="alpha > 0"):
        distance("power law", THOUSAND, *SAME, [0])
    with pytest.raises(UsageError, match="power law"):
        scaling_window(Spectrum.from_eigenvalues([1, 2]), 1)
    with pytest.raises(ParameterError, match="count"):
        correction_terms(THOUSAND, *SAME, 1, 0)
    with pytest.raises(ParameterError, match="start"):
        correction_terms(THOUSAND, *SAME, 1, 2, start=1001)
    with pytest.raises(UsageError, match="2 weights for 1 rates"):
        local_exponent_of_sum([arb(1), arb(2)], [arb(1)], 1)
    with pytest.raises(ParameterError, match="alpha >= 0"):
        local_exponent_of_sum([arb(1)], [arb(1)], -1)
