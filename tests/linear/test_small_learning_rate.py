"""Eqs. 7, 8 and 10 against mpmath sums, the check values of the theory, and each other."""

from fractions import Fraction
from itertools import pairwise

import mpmath
import pytest
from flint import arb, ctx
from hypothesis import given
from hypothesis import strategies as st

from symsl.errors import ParameterError, UsageError
from symsl.features import generalisation_error
from symsl.linear.curve import learning_curve
from symsl.linear.small_learning_rate import eps_g, order_parameters
from symsl.precision import Certified, certify_all
from symsl.spectrum import Spectrum

ETA, SIGMA = "1/100", "1/100"


def certified(spectrum: Spectrum, alphas: list[object], digits: int, route: str, N_l: object = None) -> list[Certified]:
    return certify_all(lambda: eps_g(spectrum, ETA, SIGMA, alphas, N_l=N_l, route=route), digits, route=route)


def by_mpmath(L: int, beta: str, alpha: str) -> mpmath.mpf:
    """Eq. 8 with eta = sigma_J = 1/100, as it stands."""
    q = 1 + mpmath.mpf(Fraction(beta).numerator) / Fraction(beta).denominator
    powers = [mpmath.mpf(k) ** -q for k in range(1, L + 1)]
    values = [L / mpmath.fsum(powers) * power for power in powers]
    decay = mpmath.mpf(alpha) / 50
    return (1 + mpmath.mpf(10) ** -4) / (2 * L) * mpmath.fsum(v * mpmath.exp(-decay * v) for v in values)


@pytest.mark.parametrize("route", ["sum", "asymptotic"])
def test_check_values_of_the_theory(route: str) -> None:
    """L = 1000, beta = 1/2: the numbers of the theory note, 15 digits, made by a separate program."""
    found = certified(Spectrum.power_law(1000, "1/2"), [10, 1000], 15, route)
    assert [str(value) for value in found] == ["0.0694404417301709", "0.00594498777578141"]


@pytest.mark.parametrize(("L", "beta"), [(2000, "1/2"), (3000, "3"), (1500, "1/10")])
@pytest.mark.parametrize("alpha", ["0", "0.01", "10", "1e5"])
def test_against_mpmath(L: int, beta: str, alpha: str) -> None:
    spectrum = Spectrum.power_law(L, beta)
    by_sum, by_expansion = (certified(spectrum, [alpha], 30, route)[0] for route in ("sum", "asymptotic"))
    with mpmath.workdps(50):
        expected = by_mpmath(L, beta, alpha)
        assert abs(by_sum.mpf() - expected) < expected * mpmath.mpf(10) ** -29
    assert by_sum.overlaps(by_expansion)


def test_forty_digits_at_a_trillion_eigenvalues() -> None:
    """From Hurwitz zeta functions in mpmath where z <= 40; exactly (1 + sigma_J^2)/2 at the start."""
    L = 10**12
    with mpmath.workdps(110):
        total = mpmath.zeta(1.5) - mpmath.zeta(1.5, L + 1)
        alpha = mpmath.mpf(1) / 10**9
        z = alpha / 50 * L / total
        assert z < 40
        series = mpmath.fsum(
            (-z) ** j / mpmath.factorial(j) * (mpmath.zeta(1.5 * (1 + j)) - mpmath.zeta(1.5 * (1 + j), L + 1))
            for j in range(200)
        )
        expected = (1 + mpmath.mpf(10) ** -4) / 2 * series / total
    start, early, late = certified(Spectrum.power_law("10^12", "1/2"), [0, "1e-9", "1e6"], 40, "asymptotic")
    with mpmath.workdps(110):
        assert abs(early.mpf() - expected) < expected * mpmath.mpf(10) ** -39
    assert start.ball.overlaps(arb("0.50005"))
    assert 0 < late.ball < early.ball


def test_far_beyond() -> None:
    """L = 10^50 up to alpha = 10^20, L = 10^12 up to alpha = 10^20: digits, in order."""
    for L in ("10^12", "10^50"):
        curve = certified(Spectrum.power_law(L, "1/2"), [0, 1, "1e6", "1e12", "1e20"], 30, "asymptotic")
        assert all(value.reached >= 30 for value in curve)
        assert all(later.ball < earlier.ball for earlier, later in pairwise(curve))
    assert str(curve[0]) == "0.50005" + 25 * "0"


@given(
    L=st.integers(1001, 4000),
    beta=st.fractions(Fraction(1, 20), 4, max_denominator=20),
    alpha=st.fractions(0, 10**6, max_denominator=1000),
    part=st.fractions(0, 1),
)
def test_routes_overlap_with_frozen_directions(L: int, beta: Fraction, alpha: Fraction, part: Fraction) -> None:
    spectrum, N_l = Spectrum.power_law(L, beta), int(part * L)
    with ctx.workprec(150):
        by_sum, by_expansion = (
            eps_g(spectrum, ETA, SIGMA, [alpha], N_l=N_l, route=r)[0] for r in ("sum", "asymptotic")
        )
        assert by_sum.is_finite()
        assert by_sum.overlaps(by_expansion)
        assert min(by_sum.rel_accuracy_bits(), by_expansion.rel_accuracy_bits()) > 90
        if N_l:
            assert by_expansion.overlaps(generalisation_error(spectrum, N_l, eta=ETA, sigma_J=SIGMA, alpha=alpha))


def test_limits_in_the_number_of_trainable_directions() -> None:
    spectrum = Spectrum.power_law(5000, 1)
    with ctx.workprec(120):
        none, all_of_them = (eps_g(spectrum, ETA, SIGMA, [100], N_l=n)[0] for n in (0, 5000))
        assert none.overlaps(arb("0.50005"))
        assert all_of_them.overlaps(eps_g(spectrum, ETA, SIGMA, [100])[0])
        assert all_of_them < eps_g(spectrum, ETA, SIGMA, [100], N_l=4999)[0] < none


def test_small_eta_limit_of_the_exact_curve() -> None:
    """Eq. 6 minus Eq. 8, relative to Eq. 8, is proportional to eta (Fig. 2, left)."""
    spectrum, relative = Spectrum.power_law(8, 1), []
    for eta in (Fraction(1, 1000), Fraction(1, 2000)):
        exact_curve = learning_curve(spectrum, eta=eta, sigma_J=SIGMA, alpha=[1 / eta], digits=20)[0].ball
        with ctx.workprec(100):
            first_order = eps_g(spectrum, eta, SIGMA, [1 / eta])[0]
            relative.append((exact_curve - first_order) / first_order)
    assert abs(relative[0] / relative[1] - 2) < 0.01


@pytest.mark.parametrize("spectrum", [Spectrum.from_eigenvalues([2, "1/2", "1/2000"]), Spectrum.power_law(1200, "1/2")])
@pytest.mark.parametrize("order", [0, 1, 2])
def test_order_parameters_against_mpmath(spectrum: Spectrum, order: int) -> None:
    with ctx.workprec(150):
        found = order_parameters(spectrum, "1/10", "1/5", [0, "1/3", 20], order=order)
        values = spectrum.eigenvalues()
        for time, (R, Q) in zip((Fraction(0), Fraction(1, 3), Fraction(20)), found, strict=True):
            with mpmath.workdps(40):
                lam = [mpmath.mpf(value.mid().str(45, radius=False)) for value in values]
                rest = [mpmath.exp(-x * mpmath.mpf(time.numerator) / time.denominator / 10) for x in lam]
                mean_R = mpmath.fsum(x**order * (1 - e) for x, e in zip(lam, rest, strict=True)) / len(lam)
                mean_Q = mpmath.fsum(
                    x**order * ((1 - e) ** 2 + e * e / 25) for x, e in zip(lam, rest, strict=True)
                ) / len(lam)
                expected = [arb(mpmath.nstr(number, 40)) for number in (mean_R, mean_Q)]
            assert abs(R - expected[0]) < arb("1e-30")
            assert abs(Q - expected[1]) < arb("1e-30")


def test_order_parameters_give_the_error() -> None:
    """eps_g = (Q - 2R + T)/2 (Eq. 23) with T = u_1 = 1, at L = 10^15."""
    spectrum = Spectrum.power_law("10^15", "1/3")
    with ctx.workprec(200):
        pairs = order_parameters(spectrum, ETA, SIGMA, [0, "1e-6", "1e3", "1e9"])
        for (R, Q), error in zip(pairs, eps_g(spectrum, ETA, SIGMA, [0, "1e-6", "1e3", "1e9"]), strict=True):
            assert ((Q - 2 * R + 1) / 2).overlaps(error)
    assert pairs[0][0] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"eta": 0}, "eta > 0"),
        ({"eta": "x"}, "exact number"),
        ({"sigma_J": -1}, "sigma_J >= 0"),
        ({"alpha": [1, -1]}, r"alpha\[1\]"),
        ({"alpha": 3}, "sequence"),
        ({"alpha": "12"}, "sequence"),
        ({"N_l": 11}, "N_l <= L = 10"),
        ({"N_l": -1}, "0 <= N_l"),
    ],
)
def test_bad_parameters(arguments: dict[str, object], message: str) -> None:
    good: dict[str, object] = {"eta": "1/10", "sigma_J": 0, "alpha": [1]}
    with pytest.raises(ParameterError, match=message):
        eps_g(Spectrum.power_law(10, 1), **{**good, **arguments})  # type: ignore[arg-type]


def test_no_asymptotics_without_a_power_law() -> None:
    with pytest.raises(UsageError, match="power law"):
        eps_g(Spectrum.from_eigenvalues([1, 2]), 1, 0, [1], route="asymptotic")
