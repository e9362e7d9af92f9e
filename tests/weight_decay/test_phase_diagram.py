"""Phase diagrams: the tables of the theory note, exact tiling, and slopes measured on the state evolution."""

import math
from fractions import Fraction
from itertools import pairwise

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symsl.errors import ParameterError, UsageError
from symsl.weight_decay import (
    PhaseDiagram,
    PowerLawTarget,
    critical_exponent,
    interpolation_gain,
    lasso_float64,
    quadratic_float64,
)
from symsl.weight_decay.phase_regions import REGIONS, gamma, s
from symsl.weight_decay.polygons import area

GAMMAS = st.fractions("3/5", 4, max_denominator=12)
NOISE = st.fractions(0, 3, max_denominator=6)


# (model, gamma, a, l) -> region, exponent: the rows of the tables, worked out by hand.
TABLE = {
    ("diagonal", "1", "0.6", "-0.1"): ("L0", "0"),
    ("diagonal", "1", "0.6", "0.1"): ("L1", "1/10"),
    ("diagonal", "3/4", "2.4", "0.9"): ("L2", "4/5"),
    ("diagonal", "1", "0.6", "0.5"): ("L3", "0"),
    ("diagonal", "1", "1.4", "1"): ("L5", "2/5"),
    ("diagonal", "3/4", "2.4", "1.5"): ("L*'", "7/5"),
    ("quadratic", "1", "0.8", "2"): ("Q0", "0"),
    ("quadratic", "1", "3", "-1"): ("Q0", "0"),
    ("quadratic", "3/2", "2.2", "0.3"): ("Q1", "2/5"),
    ("quadratic", "3/4", "3", "0.9"): ("Q2", "4/5"),
    ("quadratic", "1", "1.2", "1"): ("Q3a", "1/10"),
    ("quadratic", "1", "1.7", "1"): ("Q3b", "3/25"),
    ("quadratic", "1", "2.4", "1"): ("Q5", "2/5"),
    ("quadratic", "3/4", "2.8", "2"): ("Q*'", "4/5"),
}


@pytest.mark.parametrize("point", list(TABLE), ids=str)
def test_rows_of_the_phase_tables(point: tuple[str, str, str, str]) -> None:
    model, exponent, a, l = point
    diagram = PhaseDiagram(model, exponent)
    name, expected = TABLE[point]
    assert diagram.region(a, l).name == name
    assert diagram.exponent(a, l) == sp.Rational(expected)


def test_critical_exponent() -> None:
    assert sp.simplify(critical_exponent().subs(s, 0) - (18 * gamma - 5) / (14 * gamma - 5)) == 0
    assert PhaseDiagram("quadratic", 1).a_c == sp.Rational(13, 9)
    assert sp.limit(critical_exponent().subs(s, 0), gamma, sp.oo) == sp.Rational(9, 7)
    assert critical_exponent().subs({s: 0, gamma: sp.Rational(1, 2)}) == 2
    assert PhaseDiagram("quadratic", 1, s=5).a_c == 2
    with pytest.raises(UsageError):
        _ = PhaseDiagram("diagonal", 1).a_c


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["diagonal", "quadratic"]), GAMMAS, NOISE)
def test_regions_tile_the_window_exactly(model: str, exponent: Fraction, noise: Fraction) -> None:
    polygons = PhaseDiagram(model, exponent, noise).polygons(a_max=4, l_max=6, l_min=-1)
    assert sum(area(piece) for pieces in polygons.values() for piece in pieces) == 28


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["diagonal", "quadratic"]),
    GAMMAS,
    NOISE,
    st.fractions(0, 4, max_denominator=9),
    st.fractions(-1, 4, max_denominator=9),
)
def test_optimal_line_is_the_largest_exponent(
    model: str, exponent: Fraction, noise: Fraction, a: Fraction, l: Fraction
) -> None:
    """No weight decay beats the optimal line, and the line reaches what it says."""
    diagram = PhaseDiagram(model, exponent, noise)
    symbol = sp.Symbol("a", real=True)
    x = sp.Rational(a.numerator, a.denominator)
    for piece in diagram.optimal_line(a_max=5):
        if piece.start < a < piece.end:
            best = piece.exponent.subs(symbol, x)
            on_line = piece.l.subs(symbol, x)
            peaks = {"diagonal": 1, "quadratic": 2}[model] == a
            assert diagram.exponent(a, on_line) == best
            assert peaks or diagram.exponent(a, l) <= best
            if piece.any_smaller and not peaks:
                assert diagram.exponent(a, on_line + 3) == best


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["diagonal", "quadratic"]), GAMMAS, NOISE, st.fractions("1/20", 4, max_denominator=20))
def test_learning_curve_agrees_with_the_regions(model: str, exponent: Fraction, noise: Fraction, l: Fraction) -> None:
    diagram = PhaseDiagram(model, exponent, noise)
    pieces = diagram.learning_curve(l, a_max=4)
    assert pieces[0].start == 0
    assert pieces[-1].end == 4
    assert all(first.end == second.start for first, second in pairwise(pieces))
    for piece in pieces:
        middle = (piece.start + piece.end) / 2
        assert diagram.region(middle, l).name == piece.region
        at = sp.Rational(middle.numerator, middle.denominator)
        assert diagram.exponent(middle, l) == piece.exponent.subs(sp.Symbol("a", real=True), at)


def test_where_the_exponent_jumps() -> None:
    """Section 3.3 of the theory note: continuous from the over-regularised side where overfitting is benign."""
    jumps = {(b.first, b.second): b.jump for b in PhaseDiagram("quadratic", "3/4").boundaries(a_max=4)}
    for pair in (("Q0", "Q1"), ("Q1", "Q3a"), ("Q3a", "Q3b"), ("Q2", "Q*'"), ("Q5", "Q*'")):
        assert jumps[pair] == 0
    a = sp.Symbol("a", real=True)
    q = sp.Rational(1, 3)
    assert sp.expand(jumps["Q1", "Q3b"] - (sp.Rational(2, 5) * (2 - a) - q * (a - 1))) == 0
    assert sp.expand(jumps["Q1", "Q5"] - (a - 2 - q * (a - 1))) == 0
    diagonal = {(b.first, b.second): b.jump for b in PhaseDiagram("diagonal", "3/4").boundaries(a_max=4)}
    assert sp.expand(diagonal["L1", "L3"] + q * a) == 0


def test_noise_crossover() -> None:
    """The exponent of R in the number of samples drops from 2 gamma - 1 to 1 - 1/(2 gamma) (section 3.5)."""
    diagram = PhaseDiagram("diagonal", "3/2", s="1/2")
    assert diagram.noise_crossover == sp.Rational(1, 4)
    first, second = diagram.optimal_line()[:2]
    a = sp.Symbol("a", real=True)
    assert (sp.diff(first.exponent, a), sp.diff(second.exponent, a)) == (2, sp.Rational(2, 3))
    assert first.end == Fraction(1, 4)


def test_interpolation_peak() -> None:
    assert PhaseDiagram("diagonal", 1).exponent(1, 2) == -1
    assert PhaseDiagram("quadratic", 1).exponent(2, "5/4") == sp.Rational(-1, 2)
    for exponent in (12, 14):  # the state evolution on the peak: R ~ d**(1/3) at lam = d**-1
        risks = [lasso_float64(PowerLawTarget(1, 10**k), 10**k, 1, lam=10.0**-k).R for k in (exponent, exponent + 2)]
        assert math.log10(risks[1] / risks[0]) / 2 == pytest.approx(1 / 3, abs=0.01)


# Interior points, away from the logarithmic windows of the LASSO; d = 10^12 -> 10^16 (theory note, section 5.4).
@pytest.mark.parametrize(
    ("exponent", "a", "l", "tolerance"),
    [
        ("1", "0.6", "0.1", 0.002),
        ("1", "1.4", "0.3", 0.001),
        ("1", "1.4", "0.6", 0.001),
        ("1", "1.4", "1", 0.001),
        ("3/4", "2", "0.6", 0.005),
        ("3/4", "2.4", "0.9", 0.001),
        ("3/4", "2.4", "1", 0.001),
        ("3/4", "2.4", "1.5", 0.001),
        ("3/2", "0.8", "0.2", 0.002),
        ("3/2", "1.8", "0.7", 0.001),
        ("3/2", "1.8", "1.2", 0.001),
        ("2", "1.2", "0.4", 0.001),
    ],
)
def test_slopes_of_the_lasso_state_evolution(exponent: str, a: str, l: str, tolerance: float) -> None:
    expected = PhaseDiagram("diagonal", exponent).exponent(a, l)
    risks = []
    for k in (12, 16):
        d = 10**k
        risks.append(lasso_float64(PowerLawTarget(exponent, d), round(d ** float(a)), 1, lam=d ** -float(l)).R)
    assert math.log10(risks[0] / risks[1]) / 4 == pytest.approx(float(expected), abs=tolerance)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("exponent", "a", "l", "noise", "tolerance"),
    [
        ("1", "1.2", "1", "0", 0.01),
        ("1", "2.4", "0.3", "0", 0.002),
        ("3/2", "2.2", "0.4", "0", 0.005),
        ("1", "2.6", "2", "0", 0.02),
        ("1", "1.3", "2", "1", 0.01),
    ],
)
def test_slopes_of_the_matrix_state_evolution(exponent: str, a: str, l: str, noise: str, tolerance: float) -> None:
    """d = 10^7 -> 10^9, spiked state evolution."""
    expected = PhaseDiagram("quadratic", exponent, noise).exponent(a, l)
    risks = []
    for k in (7, 9):
        d = 10**k
        n, lam, Delta = round(d ** float(a)), d ** -float(l), d ** -float(Fraction(noise))
        risks.append(quadratic_float64(PowerLawTarget(exponent, d), n, Delta, lam=lam, method="spiked").R)
    assert math.log10(risks[0] / risks[1]) / 2 == pytest.approx(float(expected), abs=tolerance)


@pytest.mark.slow
@pytest.mark.parametrize(("exponent", "a"), [("1", 1.6), ("3/2", 1.6), ("3/2", 1.8), ("3", 1.8)])
def test_harmful_overfitting_is_the_optimum_plus_the_interpolation_gain(exponent: str, a: float) -> None:
    """Region Q3b has corrections (n/d**2)**(2/5); R = Delta phi/(1-phi) + signal holds without them (section 3.4)."""
    errors = []
    for d in (10**7, 10**9):
        n, target = round(d**a), PowerLawTarget(exponent, d)
        interpolates = quadratic_float64(target, n, 1, lam=0, method="spiked").R
        signal = quadratic_float64(target, n, 1, lam="optimal", method="spiked").R
        gain = float(interpolation_gain("quadratic", Fraction(n, d * d)).risk)
        errors.append(abs(interpolates / (gain + signal) - 1))
    assert errors[0] < 0.009
    assert errors[1] < errors[0] / 3


# Close to the line l = a/2 or (a-1)/2 on both sides: the exponent jumps, as `Boundary.jump` says.
@pytest.mark.parametrize(
    ("model", "exponent", "a", "sides", "powers"),
    [
        ("diagonal", "1", "1.4", ("0.68", "0.72"), (100, 150)),
        ("diagonal", "3/2", "1.8", ("0.88", "0.92"), (100, 150)),
        ("diagonal", "1", "0.6", ("0.28", "0.32"), (100, 150)),
        ("quadratic", "1", "1.7", ("0.3", "0.4"), (30, 50)),
        pytest.param("quadratic", "1", "2.4", ("0.68", "0.72"), (50, 100), marks=pytest.mark.slow),
    ],
)
def test_jumps_of_the_exponent_on_the_state_evolution(
    model: str, exponent: str, a: str, sides: tuple[str, str], powers: tuple[int, int]
) -> None:
    diagram = PhaseDiagram(model, exponent)
    for l in sides:
        risks = []
        for k in powers:
            n, lam = 10 ** round(k * Fraction(a)), Fraction(1, 10 ** round(k * Fraction(l)))
            target = PowerLawTarget(exponent, 10**k)
            solve = lasso_float64 if model == "diagonal" else quadratic_float64
            options = {} if model == "diagonal" else {"method": "spiked"}
            risks.append(solve(target, n, 1, lam=lam, **options).R)
        slope = math.log10(risks[0] / risks[1]) / (powers[1] - powers[0])
        assert slope == pytest.approx(float(diagram.exponent(a, l)), abs=0.005)


@pytest.mark.slow
def test_harmful_overfitting_at_weak_noise() -> None:
    """Region Q3b with Delta = d**-1/5, n = d**1.6: the leak is proportional to Delta, up to the optimal risk."""
    diagram = PhaseDiagram("quadratic", 1, s="1/5")
    assert diagram.region("1.6", 2).name == "Q3b"
    for k in (20, 40):
        target, n, Delta = PowerLawTarget(1, 10**k), 10 ** (8 * k // 5), Fraction(1, 10 ** (k // 5))
        interpolates = quadratic_float64(target, n, Delta, lam=0, method="spiked").R
        signal = quadratic_float64(target, n, Delta, lam="optimal", method="spiked").R
        leak = float(Delta) * float(interpolation_gain("quadratic", Fraction(n, 10 ** (2 * k))).risk)
        assert interpolates == pytest.approx(leak + signal, rel=0.01)
    assert float(diagram.exponent("1.6", 2)) == pytest.approx(-math.log10(leak) / 40, abs=0.005)


def test_leak_exponent_is_two_fifths() -> None:
    risks = [float(interpolation_gain("quadratic", Fraction(1, 10**k)).risk) for k in (30, 40)]
    assert math.log10(risks[0] / risks[1]) == pytest.approx(4, abs=1e-9)


def test_symbolic_regions_have_rational_conditions_in_gamma() -> None:
    for regions in REGIONS.values():
        for region in regions:
            for condition in (*region.parts[0], region.exponent):
                assert sp.diff(condition, sp.Symbol("a", real=True), 2) == 0
                assert condition.free_symbols <= {gamma, s, sp.Symbol("a", real=True), sp.Symbol("l", real=True)}


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [(("diagonal", "1/2"), "gamma"), (("quadratic", 1, -1), "s"), (("quadratic", "x"), "gamma")],
)
def test_bad_diagrams_are_refused(arguments: tuple[object, ...], argument: str) -> None:
    with pytest.raises(ParameterError) as caught:
        PhaseDiagram(*arguments)
    assert caught.value.argument == argument


def test_wrong_calls() -> None:
    with pytest.raises(ParameterError, match="one of diagonal, quadratic"):
        PhaseDiagram("cubic", 1)
    with pytest.raises(ParameterError, match="a >= 0"):
        PhaseDiagram("diagonal", 1).exponent(-1, 1)
    with pytest.raises(ParameterError, match="window with an inside"):
        PhaseDiagram("diagonal", 1).polygons(a_max=0)
