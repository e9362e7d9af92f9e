"""Rank-one functions: reference values, the integrals they are, their double-precision twins, and sums over spikes."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import arb, ctx

from symsl.precision import decimal_string
from symsl.weight_decay import rank_one, rank_one_float64
from symsl.weight_decay.spike_sums import sum_spike_active, sum_spike_risk, sum_spike_slope
from symsl.weight_decay.target import ListedTarget, PowerLawTarget

# Independent source: mpmath quadrature of the integrals (theory note, section 5.6).
SPIKES = {
    ("0.3", "1.5"): ("0.0859699418625689522", "0.0234676755502496504"),
    ("0.8", "1"): ("0.420142184725465765", "0.151320661566915128"),
    ("1.3", "1.9"): ("1.53197953738517449", "0.104800968086024386"),
    ("2.5", "0.3"): ("0.744112115913648449", "0.359333815806558797"),
    ("2.5", "2.2"): ("3.8", "0.28"),
    ("6", "1"): ("2.17796954829748741", "0.62315411490001479"),
}


def close(value: arb, text: str) -> bool:
    digits = len(text.replace(".", "").lstrip("0"))
    shown = Fraction(decimal_string(value, digits))
    return abs(shown / Fraction(text) - 1) < Fraction(21, 20) * Fraction(10) ** (1 - digits)


@pytest.mark.parametrize("point", list(SPIKES), ids=str)
def test_reference_values_of_spikes(point: tuple[str, str]) -> None:
    with ctx.workprec(120):
        m, t = arb(point[0]), arb(point[1])
        assert close(rank_one.spike_risk(m, t), SPIKES[point][0])
        assert close(rank_one.spike_active(m, t), SPIKES[point][1])


def test_reference_values_of_the_bulk_and_of_power_laws() -> None:
    with ctx.workprec(120):
        assert close(rank_one.bulk_risk(arb(1)), "0.046421659317150611")
        assert close(rank_one.bulk_active(arb(1)), "0.0632924987750806574")
        assert close(rank_one.bulk_risk(arb("1.9")), "0.000015274333639060669")
        assert close(rank_one.bulk_active(arb("1.9")), "0.000261267648061660315")
        assert rank_one.bulk_risk(arb(0)).overlaps(arb(1) / 2)
        assert rank_one.bulk_active(arb(0)).overlaps(arb(1) / 4)
        for p, t, risk, active in (
            ("1", "2", "4", "0.3333333333333333333"),
            ("5/4", "2.5", "5.22505721273034592", "0.168897997935575143"),
            ("1/2", "3", "7.32022659166596565", "0.4"),
        ):
            assert close(rank_one.power_law_risk(Fraction(p), arb(t)), risk)
            assert close(rank_one.power_law_active(Fraction(p), arb(t)), active)


@pytest.mark.parametrize("t", ["0", "0.7", "1.99", "1.999999"])
def test_bulk_moments_are_integrals_of_the_semicircle(t: str) -> None:
    with mpmath.workdps(30):
        cut = mpmath.mpf(t)

        def integral(weight: object) -> mpmath.mpf:
            return mpmath.quad(lambda x: weight(x) * mpmath.sqrt(4 - x * x) / (2 * mpmath.pi), [cut, 2])

        cases = {
            rank_one.bulk_modes: lambda _: mpmath.mpf(1),
            rank_one.bulk_risk: lambda x: (x - cut) ** 2,
            rank_one.bulk_slope: lambda x: -2 * (x - cut),
            rank_one.bulk_active: lambda x: x * (x - cut) / 2,
        }
        with ctx.workprec(200):
            for function, weight in cases.items():
                value = mpmath.mpf(decimal_string(function(arb(t)), 25))
                assert abs(value / integral(weight) - 1) < 1e-13


@pytest.mark.parametrize("t", [0.0, 0.4, 1.5, 1.97])
@pytest.mark.parametrize("m", [-1.7, -0.6, -0.2, 0.1, 0.49, 0.51, 0.999, 1.0, 1.001, 1.4, 30.0, 1e6])
def test_double_precision_twins(m: float, t: float) -> None:
    for name in ("spike_risk", "spike_active", "spike_slope"):
        with ctx.workprec(150):
            expected = float(getattr(rank_one, name)(arb(m), arb(t)))
        approximate = getattr(rank_one_float64, name)(np.array([m]), t)[0]
        assert approximate == pytest.approx(expected, rel=1e-11, abs=2e-14)
    if m > 0:
        with ctx.workprec(200):
            expected = float(rank_one.spike_risk(arb(-m), arb(t)) - arb(m) * arb(m))
        assert rank_one_float64.mirrored_risk(np.array([m]), t)[0] == pytest.approx(expected, rel=1e-10, abs=2e-14)
    for name in ("bulk_risk", "bulk_active", "bulk_modes", "bulk_slope"):
        with ctx.workprec(150):
            expected = float(getattr(rank_one, name)(arb(t)))
        assert getattr(rank_one_float64, name)(t) == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("t", ["0.4", "1.5", "2.5"])
@pytest.mark.parametrize("m", ["0.4", "1", "1.9", "4"])
def test_slope_is_the_derivative(m: str, t: str) -> None:
    with ctx.workprec(200):
        x, y, step = arb(m), arb(t), arb("1e-15")
        difference = (rank_one.spike_risk(x, y + step) - rank_one.spike_risk(x, y - step)) / (2 * step)
        assert abs(difference - rank_one.spike_slope(x, y)) < 1e-27


CASES = [
    ("1", 300, "0.05", "1.3", False),
    ("3/4", 300, "0.05", "2.5", False),
    ("3/2", 300, "0.001", "1.9", True),
    ("1", 200, "3", "0.2", True),
    ("1", 200, "0.001", "0.2", False),
    ("1", 500, "0.1", "2", False),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_sums_over_a_power_law_enclose_the_plain_sums(case: tuple[str, int, str, str, bool]) -> None:
    gamma, d, nu_text, t_text, signed = case
    target = PowerLawTarget(gamma, d)
    with ctx.workprec(150):
        nu, t = arb(nu_text), arb(t_text)
        both = signed and t < 2
        plain = [
            (sum_spike_risk, lambda m: rank_one.spike_risk(m, t) + (rank_one.spike_risk(-m, t) - m * m if both else 0)),
            (sum_spike_slope, lambda m: rank_one.spike_slope(m, t) + (rank_one.spike_slope(-m, t) if both else 0)),
            (sum_spike_active, lambda m: rank_one.spike_active(m, t) + (rank_one.spike_active(-m, t) if both else 0)),
        ]
        for fast, one in plain:
            value = fast(target, nu, t, signed)
            assert value.overlaps(sum((one(v / nu) for v in target.coefficients()), arb(0)))
            assert value.rel_accuracy_bits() > 100


def test_sum_over_a_list_skips_zeros() -> None:
    with ctx.workprec(100):
        value = sum_spike_risk(ListedTarget([1, 0, "1/2"]), arb("0.3"), arb(1), False)
        parts = [rank_one.spike_risk(arb(x) / arb("0.3"), arb(1)) for x in ("1", "0.5")]
        assert value.overlaps(parts[0] + parts[1])


def test_power_law_limit_of_the_sums() -> None:
    """sum h -> (c/nu)**p H_p(t), sum j -> (c/nu)**p J_p(t) when many eigenvalues are detected."""
    target, nu, t = PowerLawTarget("3/2", 10**40), arb("1e-12"), arb("2.5")
    with ctx.workprec(200):
        many = (1 / nu) ** (arb(2) / 3)
        assert abs(sum_spike_risk(target, nu, t, False) / many / rank_one.power_law_risk(target.p, t) - 1) < 1e-7
        assert abs(sum_spike_active(target, nu, t, False) / many / rank_one.power_law_active(target.p, t) - 1) < 1e-7
