"""LASSO fixed points: the reference values of the theory note, identities, limits, and what bad input is told."""

import math
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx

from symsl.errors import ParameterError, UsageError
from symsl.precision import decimal_string
from symsl.weight_decay import ListedTarget, PowerLawTarget, lasso, lasso_balls, lasso_float64

# Independent source: mpmath solution of the two equations with plain sums (theory note, section 5.6).
# d, gamma, n, Delta, lam -> tau, alpha, theta, R, dof, train
FIXED_POINTS = {
    (10, "1", 20, "0.1", "0.05"): "0.109496015021579994 0.773469455111435966 0.0846918230756150855 0.139787546112121434"
    " 8.1924846616281513 0.0835764016480542074",
    (
        100,
        "0.8",
        50,
        "0.1",
        "0.02",
    ): "0.118780638280096138 1.00413226324911714 0.119271471146367655 0.605442001511352001"
    " 41.615765359573546 0.0198357283901528328",
    (1000, "1.5", 300, "0.1", "0.05"): "0.020843255273671987 2.55223026179826382 0.0531967868638518984"
    " 0.0303323871210365291 18.0280824405815846 0.115138762079342191",
    (50, "1", 200, "0", "0.01"): "0.0074994405744076745 1.7603022134484269 0.0132012818427547715"
    " 0.0112483217858144222 48.4995605864096218 0.00645439478345664552",
}


def close(value: object, text: str) -> bool:
    """Equal to one unit in the last digit of `text`."""
    digits = len(text.replace(".", "").lstrip("0"))
    shown = Fraction(decimal_string(value.ball, digits))
    return abs(shown / Fraction(text) - 1) < Fraction(21, 20) * Fraction(10) ** (1 - digits)


@pytest.mark.parametrize("problem", list(FIXED_POINTS), ids=str)
def test_reference_fixed_points(problem: tuple[int, str, object, str, str]) -> None:
    d, gamma, n, Delta, lam = problem
    state = lasso(PowerLawTarget(gamma, d), n, Delta, lam=lam, digits=20)
    for name, text in zip(("tau", "alpha", "theta", "R", "dof", "train"), FIXED_POINTS[problem].split(), strict=True):
        assert close(getattr(state, name), text), name


def test_reference_interpolators() -> None:
    first = lasso(PowerLawTarget(1, 100), 50, "1/4", lam=0, digits=20)
    assert close(first.tau, "0.134377991876614062")
    assert close(first.alpha, "0.742450969845235613")
    assert close(first.theta, "0.0997690703946473034")
    assert close(first.R, "0.652872235039567747")
    second = lasso(PowerLawTarget("3/4", 1000), 100, 1, lam=0, digits=20)
    assert close(second.tau, "0.171955655831391192")
    assert close(second.alpha, "1.68352098498767952")
    assert close(second.R, "1.95687475724038598")
    assert str(second.dof) == "100.00000000000000000"


def test_reference_closed_form_at_large_dimension() -> None:
    state = lasso(PowerLawTarget(1, 10**9), 10**6, 1, alpha=4, digits=20)
    assert close(state.tau, "0.00100713323176598326")
    assert close(state.R, "0.0143173465273937472")
    assert close(state.dof, "63610.4648548755303")
    assert close(state.lam, "0.00377227607489022387")


def test_fifty_digits_at_dimension_ten_to_the_fifty() -> None:
    state = lasso(PowerLawTarget(1, "10^50"), "10^30", 1, lam="1e-14", digits=50)
    again = lasso(PowerLawTarget(1, "10^50"), "10^30", 1, lam="1e-14", digits=90)
    for low, high in zip(state.entries(), again.entries(), strict=True):
        assert low.overlaps(high)
        assert low.reached >= 50
    # The equations, put back together from the certified numbers.
    with ctx.workprec(400):
        n, tau = arb(10) ** 30, again.tau.ball
        assert (n * tau * tau - 1).overlaps(again.R.ball)
        assert (again.theta.ball * (1 - again.dof.ball / n)).overlaps(again.lam.ball)


def test_list_and_power_law_agree() -> None:
    listed = ListedTarget([Fraction(1, i) for i in range(1, 301)])
    for request in ({"lam": "0.01"}, {"lam": 0}, {"lam": "optimal"}, {"alpha": 3}):
        a = lasso(listed, 120, "1/10", **request)
        b = lasso(PowerLawTarget(1, 300), 120, "1/10", **request)
        assert a.R.overlaps(b.R)
        assert a.train.overlaps(b.train)


@pytest.mark.parametrize("request_", [{"lam": "0.03"}, {"lam": "optimal"}, {"alpha": "3"}], ids=str)
def test_double_precision_lies_at_the_certified_values(request_: dict[str, object]) -> None:
    target = PowerLawTarget("5/4", 10**7)
    certified = lasso(target, 10**5, "1/2", **request_)
    floats = lasso_float64(target, 10**5, "1/2", **request_)
    for exact, approximate in zip(certified.entries(), floats.entries(), strict=True):
        assert approximate == pytest.approx(float(exact), rel=3e-8 if request_ == {"lam": "optimal"} else 1e-10)


def test_generalised_cross_validation_identity() -> None:
    state = lasso(PowerLawTarget(1, 500), 200, "1/10", lam="0.02", digits=30)
    with ctx.workprec(200):
        factor = 1 - state.dof.ball / 200
        assert (state.train.ball / (factor * factor)).overlaps(state.test.ball)


def test_optimum_beats_its_neighbours_and_has_zero_slope() -> None:
    target = PowerLawTarget(1, 2000)
    best = lasso(target, 400, "1/10", lam="optimal", digits=20)
    decay = float(best.lam)
    for factor in (0.5, 0.9, 0.999, 1.001, 1.1, 2):
        other = lasso(target, 400, "1/10", lam=decay * factor, digits=20)
        assert other.R.ball > best.R.ball


def test_optimum_where_the_risk_is_far_below_the_noise() -> None:
    """R/Delta = 5e-19: the effective noise no longer tells one weight decay from another, the risk does."""
    target = PowerLawTarget("3/2", "10^50")
    best = lasso(target, "10^30", 1, lam="optimal", digits=25)
    assert best.R.ball < arb("1e-18")
    for factor in ("99/100", "101/100"):
        other = lasso(target, "10^30", 1, alpha=Fraction(str(best.alpha)) * Fraction(factor), digits=25)
        assert other.R.ball > best.R.ball


def test_weight_decay_grows_with_alpha() -> None:
    target = PowerLawTarget("3/4", 10**5)
    decays = [lasso_float64(target, 10**4, 1, alpha=alpha).lam for alpha in np.linspace(1.8, 12, 25)]
    assert np.all(np.diff(decays) > 0)


def test_least_squares_above_the_interpolation_threshold() -> None:
    state = lasso(PowerLawTarget(1, 50), 200, 3, lam=0)
    assert str(state.R) == "1.00000000000000"
    limit = lasso_float64(PowerLawTarget(1, 50), 200, 3, lam=1e-9)
    assert abs(limit.R - 1) < 1e-6
    assert limit.train == pytest.approx(float(state.train), rel=1e-6)


def test_large_weight_decay_learns_nothing() -> None:
    target = PowerLawTarget("3/4", 10**12)
    state = lasso(target, 10**8, 1, lam=50, digits=30)
    with ctx.workprec(150):
        assert abs(state.R.ball / target.squared_norm() - 1) < 1e-25
    assert abs(float(state.dof)) < 1e-30


def test_a_coefficient_at_the_sharp_threshold_counts_half() -> None:
    """n = 10^30, lam = 1/100: theta = beta_100 up to 1e-33, so that 99.5 coefficients are active."""
    state = lasso(PowerLawTarget(1, "10^50"), "10^30", 1, lam="1/100", digits=25)
    assert abs(float(state.dof) - 99.5) < 1e-9
    plain = sum(1e-4 for _ in range(99)) + 0.5e-4 + 0.5e-4 + sum(1 / i**2 for i in range(101, 10**6)) + 1e-6
    assert float(state.R) == pytest.approx(plain, rel=1e-8)


def test_plateau_of_the_noisy_interpolator() -> None:
    """R log(d/n)/Delta at d = 10^40: 1.020, 1.023, 1.030 at n = d^.3, d^.5, d^.7 (theory note, section 5.4)."""
    for exponent, expected in ((12, 1.020), (20, 1.023), (28, 1.030)):
        state = lasso_float64(PowerLawTarget(1, "10^40"), 10**exponent, 1, lam=0)
        assert state.R * (40 - exponent) * math.log(10) == pytest.approx(expected, abs=6e-4)


def test_height_of_the_interpolation_peak() -> None:
    """n = d: R = (Delta/2) sqrt(pi/2) (2 d lam**2 sqrt(pi/2)/Delta)**(-1/3) at small lam (theory note, section 3.4)."""
    state = lasso_float64(PowerLawTarget(1, 10**6), 10**6, 1, lam=1e-6)
    assert abs(state.R - 45.66) < 0.005
    root = math.sqrt(math.pi / 2)
    assert abs(state.R / (root / 2 * (2e-6 * root) ** (-1 / 3)) - 1) < 0.011


def test_noiseless_interpolation_slopes() -> None:
    """R ~ n**-(2 gamma - 1) at fixed d/n."""
    for gamma in ("3/4", "1", "3/2"):
        risks = [lasso_float64(PowerLawTarget(gamma, 10 * 10**k), 10**k, 0, lam=0).R for k in (13, 14)]
        slope = math.log10(risks[1] / risks[0])
        assert slope == pytest.approx(1 - 2 * float(Fraction(gamma)), abs=1e-5)


def test_optimal_rates_against_n_over_log_n() -> None:
    """d = n, 10^12 -> 10^14: the slopes against n/log n of the theory note, section 5.4."""
    for gamma, expected in (("3/4", -0.3313), ("1", -0.4978), ("3/2", -0.6639), ("2", -0.7468)):
        states = [lasso_float64(PowerLawTarget(gamma, n), n, 1, lam="optimal") for n in (10**12, 10**14)]
        variable = [n / math.log(n) for n in (10**12, 10**14)]
        slope = math.log(states[1].R / states[0].R) / math.log(variable[1] / variable[0])
        assert slope == pytest.approx(expected, abs=2e-4)


def test_routes_agree_to_leading_order() -> None:
    target = PowerLawTarget(1, "10^30")
    exact = lasso(target, "10^20", 1, lam="1e-9")
    leading = lasso(target, "10^20", 1, lam="1e-9", route="continuum")
    assert leading.R.route == "continuum"
    assert not exact.R.overlaps(leading.R)
    assert float(leading.R) == pytest.approx(float(exact.R), rel=1e-6)


def test_balls_are_for_use_inside_certify() -> None:
    with ctx.workprec(200):
        inside = lasso_balls(PowerLawTarget(1, 100), 50, "1/4", lam=0)
    assert inside.R.overlaps(lasso(PowerLawTarget(1, 100), 50, "1/4", lam=0, digits=30).R.ball)


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"n": 0, "Delta": 1, "lam": 1}, "n"),
        ({"n": 10, "Delta": -1, "lam": 1}, "Delta"),
        ({"n": 10, "Delta": 1, "lam": -1}, "lam"),
        ({"n": 10, "Delta": 1, "lam": "small"}, "lam"),
        ({"n": 20, "Delta": 1, "lam": 0}, "n"),
        ({"n": 10, "Delta": 1, "alpha": "1/10"}, "alpha"),
        ({"n": 10, "Delta": 1, "alpha": 0}, "alpha"),
        ({"n": 30, "Delta": 0, "lam": 0}, "Delta"),
        ({"n": 30, "Delta": 0, "lam": "optimal"}, "Delta"),
    ],
    ids=str,
)
def test_bad_input_gets_the_condition_and_the_remedy(arguments: dict[str, object], argument: str) -> None:
    for function in (lasso, lasso_float64):
        with pytest.raises(ParameterError) as caught:
            function(PowerLawTarget(1, 20), **arguments)
        assert caught.value.argument == argument
        assert caught.value.remedy


@pytest.mark.parametrize(
    ("target", "n", "Delta", "lam", "argument"),
    [
        (PowerLawTarget(1, 10**400), 10, 1, 1, "d"),
        (PowerLawTarget(1, 20, c="1e200"), 10, 1, 1, "target"),
        ([1, "1e-400"], "1e400", 1, 1, "n"),
        ([1, 2], 10, "1e300", "1/10", "Delta"),
        ([1, 2], 10, 1, "1e-400", "lam"),
    ],
    ids=str,
)
def test_what_double_precision_cannot_hold_is_refused(
    target: object, n: object, Delta: object, lam: object, argument: str
) -> None:
    for function in (lasso, lasso_float64):
        with pytest.raises(ParameterError, match="1e-300 <=") as caught:
            function(target, n, Delta, lam=lam)
        assert caught.value.argument == argument


def test_an_optimum_at_the_peak_is_refused() -> None:
    """n = d = 1, next to no noise: the risk falls as lam -> 0+, where it diverges for lam = 0."""
    with pytest.raises(ParameterError, match="choose lam"):
        lasso(PowerLawTarget(1, 1), 1, "1e-20", lam="optimal")


def test_wrong_calls() -> None:
    target = PowerLawTarget(1, 20)
    for arguments in ({}, {"lam": 1, "alpha": 1}):
        with pytest.raises(UsageError):
            lasso(target, 10, 1, **arguments)
    with pytest.raises(ParameterError, match="route = guess, but one of sum, continuum"):
        lasso(target, 10, 1, lam=1, route="guess")
    with pytest.raises(ParameterError, match="signal above the noise"):
        lasso([0, 0, 0], 10, 1, lam="optimal")


@pytest.mark.parametrize(
    "case",
    [
        (PowerLawTarget("79/50", 600), 8125, 100, "1e-24"),  # weight decay far below the noise, n > d
        (PowerLawTarget("277/100", "9e30"), "950534908314750573183984528785408", 0, "249/97483"),  # steep, noiseless
        (
            PowerLawTarget("27/50", "6e15"),
            1286286824,
            "1e-6",
            "813/84731",
        ),  # thousands of coefficients, sharp threshold
    ],
    ids=str,
)
def test_extreme_problems_are_solved(case: tuple[PowerLawTarget, object, object, str]) -> None:
    target, n, Delta, lam = case
    certified, floats = lasso(target, n, Delta, lam=lam), lasso_float64(target, n, Delta, lam=lam)
    assert pytest.approx(float(certified.R), rel=1e-9) == floats.R
    assert certified.R.reached >= 15
