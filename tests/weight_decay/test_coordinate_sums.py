"""Sums over a power law at a cost independent of d, against the plain sums, in every regime of x and a."""

import pytest
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

from symsl.weight_decay.coordinate_sums import coordinate_sum
from symsl.weight_decay.scalar_risk import ACTIVE, EDGE, RISK, CoordinateFunction
from symsl.weight_decay.target import ListedTarget, PowerLawTarget


def plain(function: CoordinateFunction, target: PowerLawTarget, tau: arb, a: arb) -> arb:
    return sum((function.value(value / tau, a) for value in target.coefficients()), arb(0))


# d, gamma, tau, a: bulk, all coefficients detected, few, shallow, steep, none detected, sharp threshold, far below it
CASES = [
    (3000, "1", "0.01", "1.5"),
    (3000, "4/5", "0.0001", "2"),
    (2000, "3/2", "0.02", "4"),
    (2000, "3/5", "0.3", "0.1"),
    (1500, "3", "1e-9", "1"),
    (2000, "1", "100", "3"),
    (2000, "1", "1e-5", "900"),
    (2000, "3/4", "1e-3", "40"),
    (2000, "3/4", "1e-1", "50"),
]


@pytest.mark.parametrize("bits", [80, 300])
@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("function", [RISK, ACTIVE, EDGE], ids=lambda f: f.name)
def test_fast_sum_encloses_the_plain_sum(
    function: CoordinateFunction, case: tuple[int, str, str, str], bits: int
) -> None:
    d, gamma, tau_text, a_text = case
    target = PowerLawTarget(gamma, d)
    with ctx.workprec(bits):
        tau, a = arb(tau_text), arb(a_text)
        fast = coordinate_sum(function, target, tau, a)
        assert fast.overlaps(plain(function, target, tau, a))
        scale = 1 + abs(fast) if function is RISK else arb(1) + abs(fast)
        assert fast.rad() < scale * arb(2) ** (40 - bits)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(400, 1200),
    st.fractions("11/20", 3, max_denominator=20),
    st.fractions("1/1000", 2, max_denominator=1000),
    st.fractions("1/10", 9, max_denominator=10),
)
def test_fast_sum_encloses_the_plain_sum_anywhere(d: int, gamma: object, tau: object, a: object) -> None:
    target = PowerLawTarget(gamma, d)
    with ctx.workprec(120):
        noise, threshold = (arb(value.numerator) / value.denominator for value in (tau, a))
        for function in (RISK, ACTIVE, EDGE):
            fast = coordinate_sum(function, target, noise, threshold)
            assert fast.overlaps(plain(function, target, noise, threshold))
            assert fast.rad() < (1 + abs(fast)) * arb(2) ** -70


def test_wide_balls_stay_enclosed() -> None:
    """The sum at the ends and the middle of a ball of thresholds lies in the sum over the ball."""
    target = PowerLawTarget(1, 10**30)
    with ctx.workprec(150):
        tau, middle, radius = arb("1e-8"), arb(5), arb("1e-20")
        wide = coordinate_sum(RISK, target, tau, middle + arb(0, radius))
        for a in (middle - radius, middle, middle + radius):
            assert wide.contains(coordinate_sum(RISK, target, tau, a).mid())
        assert wide.rel_accuracy_bits() > 50


def test_continuum_differs_by_the_end_at_i_equal_0() -> None:
    """sum - continuum = -(1 + a**2 - g)/2 up to the far end, which is negligible here (note, section 2.2)."""
    target = PowerLawTarget(1, 10**40)
    with ctx.workprec(400):
        tau, a = arb("1e-6"), arb(3)
        difference = coordinate_sum(RISK, target, tau, a) - coordinate_sum(RISK, target, tau, a, "continuum")
        assert abs(difference + (1 + a * a - RISK.at_zero(a)) / 2) < 1e-20


def test_a_list_is_summed_as_it_is() -> None:
    with ctx.workprec(100):
        target, power_law = ListedTarget([1, "-1/2", "1/3"]), PowerLawTarget(1, 3)
        arguments = arb("0.2"), arb(1)
        assert coordinate_sum(RISK, target, *arguments).overlaps(coordinate_sum(RISK, power_law, *arguments))
