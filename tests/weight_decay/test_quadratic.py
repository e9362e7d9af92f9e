"""Quadratic networks: reference values, agreement of the methods, limits, and what bad input is told."""

import math
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx

from symsl.errors import ParameterError, UsageError
from symsl.precision import decimal_string
from symsl.weight_decay import (
    PowerLawTarget,
    interpolation_gain,
    interpolation_gain_balls,
    interpolation_threshold,
    quadratic,
    quadratic_balls,
    quadratic_float64,
)
from symsl.weight_decay.free_convolution import risk_and_dof
from symsl.weight_decay.free_convolution_certified import shrinkage_dof, shrinkage_risk


def close(value: object, text: str) -> bool:
    """Equal to one unit in the last digit of `text`."""
    digits = len(text.replace(".", "").lstrip("0"))
    shown = Fraction(decimal_string(value.ball, digits))
    return abs(shown / Fraction(text) - 1) < Fraction(21, 20) * Fraction(10) ** (1 - digits)


# Independent source: mpmath contour integrals and double-precision bisection (theory note, section 5.6).
CONTOURS = {
    (3, "1", "0.2", "1.5"): ("0.321502497794863257", "3.83977925403404884"),
    (10, "1", "0.1", "1.8"): ("0.254266006179893475", "31.3244665091998049"),
    (10, "3/4", "0.3", "2.2"): ("1.28651700064702408", "9.37096620911652588"),
    (50, "3/2", "0.01", "0.5"): ("0.00360597097866221586", "919.861281849749336"),
}
# d, gamma, n, Delta, lam -> nu, theta, R, dof
FREE_CONVOLUTION = {
    (10, "1", 40, "0.1", "0.1"): "0.261765486232733 0.261876696804851 0.448169358261274 24.7256359622529",
    (50, "1", 250, "0.05", "0.05"): "0.250222929084996 0.313537188681516 0.576115142398748 210.13232097741",
    (3, "1", 10, "0.5", "0.2"): "0.374275826756893 0.303633240807837 0.433882629963706 3.41310590803938",
}
# d, gamma, n, Delta, t -> nu, R, dof, lam
SPIKED = {
    (1000, "1", 30000, 1, "2"): "0.161783507381152363 0.570434195632842876 1586.91788670141243 0.306451205319875349",
    (1000, "1", 30000, 1, "2.5"): "0.17011242288410032 0.736294185169938702 868.848010466742489 0.412964237195373491",
    (
        1000,
        "1.5",
        30000,
        1,
        "1.8",
    ): "0.142452684323532304 0.217566036258796774 2929.28000113922229 0.231377803824506828",
}


@pytest.mark.parametrize("case", list(CONTOURS), ids=str)
def test_reference_contour_integrals(case: tuple[int, str, str, str]) -> None:
    d, gamma, nu, t = case
    target = PowerLawTarget(gamma, d)
    risk, dof = risk_and_dof(*target.nodes(), float(nu), float(nu) * float(t))
    assert risk == pytest.approx(float(CONTOURS[case][0]), rel=1e-13)
    assert dof == pytest.approx(float(CONTOURS[case][1]), rel=1e-13)
    with ctx.workprec(110):
        scale, values = arb(nu), target.coefficients()
        for function, text in zip((shrinkage_risk, shrinkage_dof), CONTOURS[case], strict=True):
            value = function(values, scale, scale * arb(t))
            digits = len(text.replace(".", "").lstrip("0"))
            assert abs(value / arb(text) - 1) < 1.05 * 10.0 ** (1 - digits)
            assert value.rel_accuracy_bits() > 75


@pytest.mark.parametrize("case", list(FREE_CONVOLUTION), ids=str)
def test_reference_free_convolution_fixed_points(case: tuple[int, str, int, str, str]) -> None:
    d, gamma, n, Delta, lam = case
    target = PowerLawTarget(gamma, d)
    expected = FREE_CONVOLUTION[case].split()
    certified = quadratic(target, n, Delta, lam=lam, method="free-convolution")
    floats = quadratic_float64(target, n, Delta, lam=lam)
    for name, text in zip(("nu", "theta", "R", "dof"), expected, strict=True):
        assert close(getattr(certified, name), text), name
        assert getattr(floats, name) == pytest.approx(float(text), rel=1e-12)


@pytest.mark.parametrize("case", list(SPIKED), ids=str)
def test_reference_spiked_fixed_points(case: tuple[int, str, int, int, str]) -> None:
    d, gamma, n, Delta, t = case
    target = PowerLawTarget(gamma, d)
    certified = quadratic(target, n, Delta, t=t, digits=20)
    floats = quadratic_float64(target, n, Delta, t=t, method="spiked")
    for name, text in zip(("nu", "R", "dof", "lam"), SPIKED[case].split(), strict=True):
        assert close(getattr(certified, name), text), name
        assert getattr(floats, name) == pytest.approx(float(text), rel=1e-11)


def test_reference_interpolation_gains() -> None:
    quadratic_values = {
        "1e-6": ("1.989310181679709", "0.00306163496642136"),
        "1e-2": ("1.553218969624899", "0.1418448334500823"),
        "0.1": ("0.7606577898320701", "0.4863862505650973"),
        "0.24": ("0.04713698039012322", "0.9606015074444705"),
    }
    diagonal_values = {
        "1e-10": ("6.466951087240516", "0.04293437720181344"),
        "0.1": ("1.644853626951473", "0.3126828113075699"),
        "0.5": ("0.6744897501960817", "0.5975882586080916"),
    }
    for model, values in (("quadratic", quadratic_values), ("diagonal", diagonal_values)):
        for ratio, (threshold, phi) in values.items():
            gain = interpolation_gain(model, ratio, digits=20)
            assert float(gain.threshold) == pytest.approx(float(threshold), rel=4e-15)
            assert float(gain.phi) == pytest.approx(float(phi), rel=4e-15)


def test_interpolation_gain_has_its_asymptotics() -> None:
    ratio = Fraction(1, 10**40)
    gain = interpolation_gain("quadratic", ratio, digits=30)
    assert float(gain.phi) == pytest.approx(2 / 7 * (15 * math.pi / 4 * 1e-40) ** 0.4, rel=1e-10)
    assert float(interpolation_gain("signed", "1/5").phi) == pytest.approx(
        float(interpolation_gain("quadratic", "1/10").phi), rel=1e-14
    )
    with ctx.workprec(100):
        assert interpolation_gain_balls("diagonal", "1/3").phi.rel_accuracy_bits() > 60
    assert interpolation_threshold("signed") == Fraction(1, 2)
    for bad in ("1/4", 0, -1):
        with pytest.raises(ParameterError, match="0 < ratio < 1/4"):
            interpolation_gain("quadratic", bad)
    with pytest.raises(ParameterError, match="one of diagonal, quadratic, signed"):
        interpolation_gain("cubic", "1/10")


def test_state_evolution_without_a_target_is_the_interpolation_gain() -> None:
    d, n = 400, 16_000
    gain = interpolation_gain("quadratic", Fraction(n, d * d))
    state = quadratic([0] * d, n, 2, lam=0)
    assert float(state.R) == pytest.approx(2 * float(gain.risk), rel=1e-13)
    assert float(state.t) == pytest.approx(float(gain.threshold), rel=1e-13)


@pytest.mark.parametrize("signed", [False, True])
def test_spiked_is_the_sparse_limit_of_free_convolution(signed: bool) -> None:
    """The difference shrinks like K/d, K = nu**(-2/3) ~ d**(1/3) eigenvalues detected: by 10**(2/3) = 4.6 here."""
    differences = []
    for d in (300, 3000):
        arguments = (PowerLawTarget("3/2", d), d * d // 20, Fraction(1, 10))
        spiked = quadratic_float64(*arguments, t="1.4", method="spiked", signed=signed)
        free = quadratic_float64(*arguments, t="1.4", signed=signed)
        differences.append(abs(spiked.R / free.R - 1))
    assert differences[0] < 0.02
    assert differences[1] < differences[0] / 3


@pytest.mark.parametrize("signed", [False, True])
def test_monte_carlo_agrees_up_to_one_over_d(signed: bool) -> None:
    arguments = (PowerLawTarget(1, 60), 1500, Fraction(1, 2))
    sampled = quadratic_float64(*arguments, lam="0.05", method="monte-carlo", signed=signed, samples=12)
    free = quadratic_float64(*arguments, lam="0.05", signed=signed)
    assert pytest.approx(free.R, rel=0.03) == sampled.R
    assert sampled.dof == pytest.approx(free.dof, rel=0.03)


def test_monte_carlo_reference_rows() -> None:
    """Theory note, section 5.3, d = 50: R by two methods; ten noise matrices leave 1.5 per cent of sampling error."""
    for n, Delta, lam, expected in (
        (625, "0.05", "0.08944", (0.3040, 0.2952)),
        (2000, "0.5", "0.04743", (0.1923, 0.1886)),
    ):
        arguments = (PowerLawTarget(1, 50), n, Delta)
        sampled = quadratic_float64(*arguments, lam=lam, method="monte-carlo", samples=40)
        assert abs(sampled.R / expected[0] - 1) < 0.015
        assert abs(quadratic_float64(*arguments, lam=lam).R - expected[1]) < 6e-5


def test_optimum_of_the_matrix_model() -> None:
    """d = 1e10, n = d**1.5: t* = 2 - e*, e* = 3.08e-3 predicted, 3.1e-3 found (theory note, section 3.7)."""
    target = PowerLawTarget(1, 10**10)
    best = quadratic_float64(target, 10**15, 1, lam="optimal", method="spiked")
    assert 2 - best.t == pytest.approx(3.08e-3, rel=0.01)
    for factor in (0.99, 1.01):
        assert quadratic_float64(target, 10**15, 1, lam=best.lam * factor, method="spiked").R > best.R


def test_certified_optimum_is_stationary() -> None:
    target = PowerLawTarget("3/4", 10**4)
    best = quadratic(target, 10**6, 1, lam="optimal", digits=25)
    for factor in ("999/1000", "1001/1000"):
        other = quadratic(target, 10**6, 1, t=Fraction(str(best.t)) * Fraction(factor), digits=25)
        assert other.R.ball > best.R.ball
    floats = quadratic_float64(target, 10**6, 1, lam="optimal", method="spiked")
    assert pytest.approx(float(best.R), rel=1e-10) == floats.R


def test_optimal_slopes() -> None:
    """R ~ (n/d)**(-1+1/(2 gamma)) up to d = 10^9, no logarithms (slopes of the theory note, section 5.4: gamma = 1)."""
    risks = [
        quadratic_float64(PowerLawTarget(1, d), round(d**1.5), 1, lam="optimal", method="spiked").R
        for d in (10**7, 10**9)
    ]
    assert math.log(risks[1] / risks[0]) / math.log(100**0.5) == pytest.approx(-0.5, abs=0.01)


def test_peak_at_the_interpolation_threshold() -> None:
    """n = d**2/4, lam = 1e-6, d = 1e4: R = 258.34, asymptotically 258.88 (theory note, section 3.4)."""
    state = quadratic_float64([0] * 10_000, 25 * 10**6, 1, lam=1e-6, method="spiked")
    expected = 3 * math.pi / 16 * (3 * math.pi * 1e4 * 1e-12 / 8) ** (-1 / 3)
    assert expected == pytest.approx(258.88, abs=0.01)
    assert abs(state.R - 258.34) < 0.005


def test_generalised_cross_validation_and_balls() -> None:
    with ctx.workprec(150):
        state = quadratic_balls(PowerLawTarget(1, 500), 5000, "1/10", lam="0.1")
        factor = 1 - state.dof / 5000
        assert (state.train / (factor * factor)).overlaps(state.test)
        assert (2 * 5000 * state.nu * state.nu / 500).overlaps(state.test)
        assert state.R.rel_accuracy_bits() > 80


def test_weight_decay_grows_with_t() -> None:
    target = PowerLawTarget(1, 200)
    decays = [quadratic_float64(target, 2000, "1/10", t=t).lam for t in np.linspace(1.4, 4, 12)]
    assert np.all(np.diff(decays) > 0)


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"n": 0, "Delta": 1, "lam": 1}, "n"),
        ({"n": 100, "Delta": -1, "lam": 1}, "Delta"),
        ({"n": 100, "Delta": 1, "lam": -1}, "lam"),
        ({"n": 100, "Delta": 1, "t": "1/10"}, "t"),
        ({"n": 100, "Delta": 1, "t": 0}, "t"),
        ({"n": 400, "Delta": 1, "lam": 0, "method": "spiked", "target": [0] * 40}, "n"),
        ({"n": 100, "Delta": 1, "lam": 1, "target": [1, -1]}, "target"),
    ],
    ids=str,
)
def test_bad_input_gets_the_condition_and_the_remedy(arguments: dict[str, object], argument: str) -> None:
    arguments = {"target": PowerLawTarget(1, 40), **arguments}
    for function in (quadratic, quadratic_float64):
        with pytest.raises(ParameterError) as caught:
            function(**arguments)
        assert caught.value.argument == argument
        assert caught.value.remedy


def test_wrong_calls() -> None:
    target = PowerLawTarget(1, 40)
    for arguments in (
        {},
        {"lam": 1, "t": 1},
        {"lam": 1, "method": "monte-carlo"},
        {"lam": "optimal", "method": "free-convolution"},
    ):
        with pytest.raises(UsageError):
            quadratic(target, 100, 1, **arguments)
    with pytest.raises(ParameterError, match="method = guess, but one of spiked"):
        quadratic(target, 100, 1, lam=1, method="guess")
    with pytest.raises(ParameterError, match="d <= 300"):
        quadratic(PowerLawTarget(1, 301), 1000, 1, lam=1, method="free-convolution")
    with pytest.raises(ParameterError, match="d <= 1000"):
        quadratic_float64(PowerLawTarget(1, 1001), 1000, 1, lam=1, method="monte-carlo")


def test_spikes_far_above_the_bulk_keep_their_digits() -> None:
    target = PowerLawTarget(3, 10**9)
    for signed in (False, True):
        arguments = (target, 10**15, "1e-6")
        certified = quadratic(*arguments, lam="1e-6", signed=signed)
        floats = quadratic_float64(*arguments, lam="1e-6", method="spiked", signed=signed)
        assert pytest.approx(float(certified.R), rel=1e-11) == floats.R


def test_a_threshold_beyond_double_precision_is_refused() -> None:
    """n far below d: the threshold that this weight decay needs is within rounding of the edge of the bulk."""
    target = PowerLawTarget("63/25", "3e50")
    for function in (quadratic, quadratic_float64):
        with pytest.raises(ParameterError, match="raise lam or n"):
            function(target, 10**43, "1e-20", lam="437/7357", method="spiked")


def test_a_bulk_too_narrow_for_double_precision_is_refused() -> None:
    """n = d**1.6, lam -> 0: 2 - t = (15 pi n/(4 d**2))**(2/5) is 3e-16 at d = 1e100, and 3e-8 at d = 1e50."""
    with pytest.raises(ParameterError, match="double precision"):
        quadratic_float64(PowerLawTarget(1, 10**100), 10**160, 1, lam=0, method="spiked")
    state = quadratic_float64(PowerLawTarget(1, 10**50), 10**80, 1, lam=0, method="spiked")
    assert 2 - state.t == pytest.approx((15 * math.pi / 4 * 1e-20) ** 0.4, rel=1e-5)
