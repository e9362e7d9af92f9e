"""The asymptotic route against term-by-term sums, mpmath's Hurwitz zeta function and mpmath's quadrature."""

from fractions import Fraction

import mpmath
import pytest
from flint import arb, ctx
from hypothesis import given
from hypothesis import strategies as st

from symsl.errors import InsufficientPrecisionError, ParameterError, UsageError
from symsl.linear.euler_maclaurin import PowerLawTerm, _dropped, power_law_sum, upper_gamma
from symsl.linear.exponential_sum import preferred_route, weighted_exponential_sum
from symsl.precision import ball, certify
from symsl.spectrum import Spectrum

EXPONENTS = st.fractions(min_value=Fraction(51, 50), max_value=9, max_denominator=50)


def contains(value: arb, expected: mpmath.mpf) -> bool:
    """Whether mpmath's number lies in the ball widened by a relative 1e-25, far below what the tests look at."""
    with ctx.workprec(400):
        missed = (value.mid() - arb(mpmath.nstr(expected, 60))).abs_upper()
        return bool(missed <= value.rad() + value.abs_upper() * arb("1e-25"))


def by_zeta(q: Fraction, z: mpmath.mpf, order: int, first: int, last: int) -> mpmath.mpf:
    """sum_j (-z)^j/j! sum_k k^(-(order+j)q): the exponential expanded, each power summed by Hurwitz zeta functions."""
    power, total, j = mpmath.mpf(q.numerator) / q.denominator, mpmath.mpf(0), 0
    while True:
        s = (order + j) * power
        part = (-z) ** j / mpmath.factorial(j) * (mpmath.zeta(s, first) - mpmath.zeta(s, last + 1))
        total += part
        if j > 5 and abs(part) < abs(total) * mpmath.mpf(10) ** -45:
            return total
        j += 1


@given(
    q=EXPONENTS,
    order=st.integers(0, 3),
    first=st.integers(1, 2000),
    count=st.integers(1001, 5000),
    scale=st.sampled_from(["none", "first", "last", "step"]),
    shift=st.integers(-12, 12),
    bits=st.sampled_from([64, 130, 300]),
    part=st.fractions(0, 1),
)
def test_overlaps_the_sum_of_all_terms_for_any_split(
    q: Fraction, order: int, first: int, count: int, scale: str, shift: int, bits: int, part: Fraction
) -> None:
    last = first + count - 1
    size = {"none": arb(0), "first": arb(1), "last": arb(last) ** ball(q), "step": arb(last) ** ball(1 + q)}[scale]
    z = (size * arb(2) ** min(shift, 4 if scale == "step" else 12)).mid()
    with ctx.workprec(bits + 60):
        direct = PowerLawTerm(q, z, order).add(first, last)
    with ctx.workprec(bits):
        chosen = power_law_sum(q, z, order, first, last)
        forced = power_law_sum(q, z, order, first, last, split=first + int(part * (count - 1)))
    assert chosen.is_finite()
    assert chosen.overlaps(direct)
    assert chosen.rel_accuracy_bits() >= bits - 50
    assert forced.is_finite()
    assert forced.overlaps(direct)


@pytest.mark.parametrize(("q", "order"), [("3/2", 1), ("3/2", 2), ("2", 1), ("11/10", 1), ("11/10", 0), ("5", 2)])
@pytest.mark.parametrize("z", ["0", "1e-30", "1/3", "20"])
@pytest.mark.parametrize("last", [10**12, 10**50])
def test_long_sums_against_mpmath(q: str, order: int, z: str, last: int) -> None:
    exponent = Fraction(q)
    with mpmath.workdps(130):
        expected = by_zeta(exponent, mpmath.mpf(Fraction(z).numerator) / Fraction(z).denominator, order, 1, last)
    found = certify(lambda: power_law_sum(exponent, ball(Fraction(z)), order, 1, last), 40, route="asymptotic")
    with mpmath.workdps(130):
        assert abs(found.mpf() - expected) < abs(expected) * mpmath.mpf(10) ** -39


def test_sum_dominated_by_neither_end_against_mpmath() -> None:
    """z = 1e6, L = 10^12: 2000 terms one by one, the rest, where z k^(-q) < 12, by Hurwitz zeta functions.

    mpmath's zeta(s, a) is accurate absolutely, not relatively: hence the many digits.
    """
    q, z, last, split = Fraction(3, 2), 10**6, 10**12, 2000
    found = certify(lambda: power_law_sum(q, arb(z), 1, 1, last), 40, route="asymptotic")
    with mpmath.workdps(450):
        powers = [mpmath.power(k, -1.5) for k in range(1, split)]
        head = mpmath.fsum(power * mpmath.exp(-z * power) for power in powers)
        expected = head + by_zeta(q, mpmath.mpf(z), 1, split, last)
        assert abs(found.mpf() - expected) < expected * mpmath.mpf(10) ** -39


@pytest.mark.slow
@pytest.mark.parametrize("rate", ["0", "1e-3", "1/7", "50", "1e7"])
@pytest.mark.parametrize("order", [1, 2])
def test_routes_overlap_for_a_million_eigenvalues(rate: str, order: int) -> None:
    spectrum = Spectrum.power_law(10**6, "2/3")
    with ctx.workprec(130):
        decay = ball(Fraction(rate))
        direct = weighted_exponential_sum(spectrum, decay, order, route="sum")
        fast = weighted_exponential_sum(spectrum, decay, order, route="asymptotic")
    assert direct.is_finite()
    assert fast.is_finite()
    assert direct.overlaps(fast)
    assert min(direct.rel_accuracy_bits(), fast.rel_accuracy_bits()) > 80


@pytest.mark.parametrize(
    ("first", "last"), [(1, 20_000), (1, 7), (300, 20_000), (19_990, 20_000), (5, 5), (8_000, 15_000), (20_001, 20_000)]
)
@pytest.mark.parametrize("rate", ["0", "1/5", "1e6"])
def test_partial_sums_of_a_power_law(first: int, last: int, rate: str) -> None:
    spectrum = Spectrum.power_law(20_000, "1/2")
    with ctx.workprec(120):
        decay = ball(Fraction(rate))
        direct = weighted_exponential_sum(spectrum, decay, first=first, last=last, route="sum")
        fast = weighted_exponential_sum(spectrum, decay, first=first, last=last, route="asymptotic")
    assert direct.overlaps(fast)
    assert min(direct.rel_accuracy_bits(), fast.rel_accuracy_bits()) > 80


def test_listed_eigenvalues_are_summed() -> None:
    spectrum = Spectrum.from_eigenvalues([1, "1/2"])
    assert weighted_exponential_sum(spectrum, arb(2), 2).overlaps(arb(-2).exp() + arb(-1).exp() / 4)
    assert preferred_route(spectrum) == "sum"
    assert preferred_route(Spectrum.power_law(10**9, 1)) == "asymptotic"


def test_only_the_smallest_eigenvalues_survive() -> None:
    """z L^(-1-q) = 20: neighbours differ by a factor exp(30); the leading term times a geometric-like rest."""
    last, q = 10**12, Fraction(3, 2)
    with ctx.workprec(300):
        z = (20 * arb(last) ** ball(1 + q)).mid()
        found = power_law_sum(q, z, 1, 1, last)
        term = PowerLawTerm(q, z, 1)
        expected = sum((term.value(last - k) for k in range(20)), arb(0))
        assert found.rel_accuracy_bits() > 200
        assert abs(found / expected - 1) < arb(2) ** -190


@given(q=EXPONENTS, order=st.integers(0, 3), z=st.fractions(0, 60, max_denominator=20), k=st.integers(1, 400))
def test_taylor_coefficients_are_derivatives(q: Fraction, order: int, z: Fraction, k: int) -> None:
    with ctx.workprec(250):
        found = PowerLawTerm(q, ball(z), order).taylor(k, 14)
    with mpmath.workdps(60):
        power, decay = mpmath.mpf(q.numerator) / q.denominator, mpmath.mpf(z.numerator) / z.denominator

        def f(y: mpmath.mpf) -> mpmath.mpf:
            x = k * (1 + y)
            return x ** (-order * power) * mpmath.exp(-decay * x ** (-power))

        expected = mpmath.taylor(f, 0, 5)
    assert len(found) == 14
    for coefficient, number in zip(found, expected, strict=False):
        assert abs(coefficient - arb(mpmath.nstr(number, 60))) < arb("1e-20") * abs(found[0]) * (1 + 60 * 9) ** 5


@pytest.mark.parametrize("z", ["0", "1e-9", "1/3", "30", "900"])
@pytest.mark.parametrize(("q", "order"), [("3/2", 1), ("2", 2), ("6/5", 0), ("6/5", 3)])
def test_integral_against_quadrature(z: str, q: str, order: int) -> None:
    with ctx.workprec(200):
        found = PowerLawTerm(Fraction(q), ball(Fraction(z)), order).integral(3, 50)
    with mpmath.workdps(40):
        power = mpmath.mpf(Fraction(q).numerator) / Fraction(q).denominator
        decay = mpmath.mpf(Fraction(z).numerator) / Fraction(z).denominator
        nodes = [3, 4, 5, 7, 10, 15, 20, 30, 40, 50]
        expected = mpmath.quad(lambda x: x ** (-order * power) * mpmath.exp(-decay * x ** (-power)), nodes)
    assert found.rel_accuracy_bits() > 120
    assert contains(found, expected)


@pytest.mark.parametrize("m", [2, 6, 12])
@pytest.mark.parametrize(("z", "high"), [(0, 40), (5, 40), (400, 40), (3000, 40)])
def test_remainder_bound_holds_and_is_not_absurd(m: int, z: int, high: int) -> None:
    """The true remainder of order m, from the sum itself: below the bound, and not by more than 12 orders."""
    term, low = PowerLawTerm(Fraction(3, 2), arb(z), 1), 20
    with ctx.workprec(300):
        near, far = term.taylor(low, m), term.taylor(high, m)
        formula = term.integral(low, high) + (near[0] + far[0]) / 2
        for n in range(1, m, 2):
            bernoulli = ball(_bernoulli(n + 1)) / (n + 1)
            formula += bernoulli * (far[n] / arb(high**n) - near[n] / arb(low**n))
        missed = abs(term.add(low, high) - formula)
        bound = term.log_remainder(low, high, m).exp()
    assert 0 < missed < bound
    assert bound < missed * arb(10) ** 12


@pytest.mark.parametrize("m", [2, 10, 40])
@pytest.mark.parametrize(("q", "order", "z"), [("3/2", 1, 0), ("3/2", 2, 10**4), ("4", 1, 10**8), ("6/5", 0, 10**3)])
def test_remainder_bound_is_the_formula_at_a_good_radius(q: str, order: int, z: int, m: int) -> None:
    """The bound of the docstring in mpmath, on a grid of theta: none is below the one taken, the best is close."""
    low, high = 60, 300
    found = PowerLawTerm(Fraction(q), arb(z), order).log_remainder(low, high, m)
    power = mpmath.mpf(Fraction(q).numerator) / Fraction(q).denominator
    s, far = order * power, z * mpmath.mpf(high) ** -power
    bounds = []
    for i in range(1, 400):
        theta = mpmath.mpf(i) / 400
        angle = power * mpmath.asin(theta)
        if angle < mpmath.pi / 2:
            kappa = (1 + theta) ** -power * mpmath.cos(angle)
            peak = mpmath.factorial(m) / theta**m * (1 - theta) ** -s * mpmath.exp(-kappa * far)
            tail = mpmath.mpf(low) ** (1 - s - m) / (s + m - 1)
            bounds.append(mpmath.log(2 * mpmath.zeta(m) / (2 * mpmath.pi) ** m * peak * tail))
    assert min(bounds) - 0.01 < float(found.mid()) < min(bounds) + 3


def _bernoulli(n: int) -> Fraction:
    numbers = [Fraction(1)]
    for m in range(1, n + 1):
        binomial, total = Fraction(1), Fraction(0)
        for k in range(m):
            total += binomial * numbers[k]
            binomial = binomial * (m + 1 - k) / (k + 1)
        numbers.append(-total / (m + 1))
    return numbers[n]


@pytest.mark.parametrize("c", ["1/3", "-2/3", "1", "9/10"])
@pytest.mark.parametrize("t", ["1e-3", "2", "35", "150", "1e4"])
def test_upper_incomplete_gamma_against_mpmath(c: str, t: str) -> None:
    with ctx.workprec(130):
        found = upper_gamma(Fraction(c), arb(t))
        wide = upper_gamma(Fraction(c), arb(t) + arb(0, "1e-12"))
    with mpmath.workdps(60):
        expected = mpmath.gammainc(mpmath.mpf(Fraction(c).numerator) / Fraction(c).denominator, mpmath.mpf(t))
        moved = mpmath.gammainc(mpmath.mpf(Fraction(c).numerator) / Fraction(c).denominator, mpmath.mpf(t) + 9e-13)
    assert found.rel_accuracy_bits() > 100
    assert contains(found, expected)
    assert contains(wide, moved)
    assert wide.rel_accuracy_bits() < 60


def test_bound_on_the_terms_left_out() -> None:
    term = PowerLawTerm(Fraction(3, 2), arb(10) ** 6, 1)
    for start in (3, 50, 1000, 9000):
        assert _dropped(term, 1, start) > term.add(1, start - 1)
    assert _dropped(term, 7, 7) == 0
    with pytest.raises(InsufficientPrecisionError, match="negligible"):
        _dropped(term, 1, 20_000)  # beyond the maximum at k = 1e4


def test_series_length_is_restored() -> None:
    before = ctx.cap
    power_law_sum(Fraction(3, 2), arb(1), 1, 1, 10**9)
    assert ctx.cap == before


def test_precision_that_cannot_do_is_said() -> None:
    with pytest.raises(InsufficientPrecisionError):
        power_law_sum(Fraction(3, 2), arb(10) ** 60 / 3, 1, 1, 100)
    with pytest.raises(InsufficientPrecisionError):
        weighted_exponential_sum(Spectrum.power_law(10, 1), arb(0, 1))


def test_bad_arguments() -> None:
    spectrum = Spectrum.power_law(10, 1)
    with pytest.raises(ParameterError, match="rate"):
        weighted_exponential_sum(spectrum, arb(-1))
    with pytest.raises(ParameterError, match="order"):
        weighted_exponential_sum(spectrum, arb(1), -1)
    for first, last in ((0, 3), (1, 11), (5, 3)):
        with pytest.raises(ParameterError, match="first, last"):
            weighted_exponential_sum(spectrum, arb(1), first=first, last=last)
    with pytest.raises(ParameterError, match="route = magic, but one of sum, asymptotic"):
        weighted_exponential_sum(spectrum, arb(1), route="magic")
    with pytest.raises(UsageError, match="power law"):
        weighted_exponential_sum(Spectrum.from_eigenvalues([1, 2]), arb(1), route="asymptotic")


def test_late_phase_with_equal_modes() -> None:
    """Eq. 17 with w_k = w for all k, M = 3, two rates that hold pi and sqrt(3): both routes and mpmath."""
    spectrum, M, eta, alpha, w_plus, w_minus = Spectrum.power_law(5000, 1), 3, Fraction(1, 10), 200, 3, 2

    def error(route: str) -> arb:
        c = 4 * ball(eta) / (arb.pi() * M)
        h_plus, h_minus = 1 / arb(3).sqrt() + 1, 1 / arb(3).sqrt() - arb(1) / 2
        slow, fast = (weighted_exponential_sum(spectrum, c * h * alpha, route=route) for h in (h_minus, h_plus))
        return (h_plus * w_plus * fast + (M - 1) * h_minus * w_minus * slow) / (arb.pi() * M * spectrum.L)

    by_sum, by_expansion = (certify(lambda r=r: error(r), 25, route=r) for r in ("sum", "asymptotic"))  # type: ignore[misc]
    with mpmath.workdps(40):
        largest = 5000 / mpmath.fsum(mpmath.mpf(1) / k**2 for k in range(1, 5001))
        c, h = 4 * mpmath.mpf("0.1") / (3 * mpmath.pi), [1 / mpmath.sqrt(3) + 1, 1 / mpmath.sqrt(3) - 0.5]
        expected = mpmath.fsum(
            largest / k**2 * (weight * mpmath.exp(-c * rate * largest / k**2 * alpha))
            for k in range(1, 5001)
            for rate, weight in ((h[0], h[0] * w_plus), (h[1], 2 * h[1] * w_minus))
        ) / (3 * mpmath.pi * 5000)
        assert abs(by_sum.mpf() - expected) < expected * mpmath.mpf(10) ** -24
    assert by_sum.overlaps(by_expansion)
