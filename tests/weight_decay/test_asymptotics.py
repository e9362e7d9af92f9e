"""Scaling laws with constants against the state evolution they are the limits of."""

from fractions import Fraction

import pytest
import sympy as sp
from flint import arb, ctx

from symsl.weight_decay import PowerLawTarget, interpolation_gain, lasso_float64, quadratic, quadratic_float64, rank_one
from symsl.weight_decay import asymptotics as law
from symsl.weight_decay.phase_diagram import critical_exponent
from symsl.weight_decay.phase_regions import gamma, s


def number(expression: sp.Expr, **values: object) -> float:
    names = {symbol.name: symbol for symbol in expression.free_symbols}
    return float(expression.subs({names[key]: value for key, value in values.items() if key in names}).evalf(30))


def test_expressions_are_the_certified_functions() -> None:
    with ctx.workprec(120):
        for p, t in ((Fraction(1, 2), "3"), (Fraction(5, 4), "5/2"), (Fraction(1), "2")):
            exponent = sp.Rational(p.denominator, p.numerator)
            threshold = sp.Rational(t)
            ball = arb(Fraction(t).numerator) / Fraction(t).denominator
            assert number(law.spike_sum_constant(threshold), gamma=exponent) == pytest.approx(
                float(rank_one.power_law_risk(p, ball)), rel=1e-14
            )
            assert number(law.spike_count_constant(threshold), gamma=exponent) == pytest.approx(
                float(rank_one.power_law_active(p, ball)), rel=1e-14
            )
        for t in ("0.3", "1.9"):
            assert number(law.bulk_risk(), t=sp.Rational(t)) == pytest.approx(
                float(rank_one.bulk_risk(arb(t))), rel=1e-14
            )
            assert number(law.bulk_active(), t=sp.Rational(t)) == pytest.approx(
                float(rank_one.bulk_active(arb(t))), rel=1e-14
            )


@pytest.mark.parametrize("exponent", ["3/4", "1", "3/2"])
def test_over_regularised_risk(exponent: str) -> None:
    lam = 1e-4
    expected = number(law.regularised_risk(), gamma=sp.Rational(exponent), c=1, lam=lam)
    d, rel = 10**12, {"3/4": 0.01, "1": 0.002, "3/2": 0.002}[exponent]
    assert pytest.approx(expected, rel=rel) == lasso_float64(PowerLawTarget(exponent, d), 10**16, 1, lam=lam).R
    spiked = quadratic_float64(PowerLawTarget(exponent, d), 10**26, 1, lam=lam, method="spiked")
    assert pytest.approx(expected, rel=rel) == spiked.R


@pytest.mark.parametrize("exponent", ["3/4", "1"])
def test_optimal_and_noiseless_risk_of_the_matrix_model(exponent: str) -> None:
    """R/(H_p(2) (d Delta/2n)**q) = 0.998, 0.997 and R (2n/d)**(2 gamma - 1)/H_p(2)**(2 gamma) = 0.997, 0.995."""
    d = 10**10
    target = PowerLawTarget(exponent, d)
    values = {"gamma": sp.Rational(exponent), "c": 1, "d": d, "Delta": 1}
    best = quadratic_float64(target, 10**17, 1, lam="optimal", method="spiked")
    assert pytest.approx(number(law.quadratic_optimal_risk(), n=10**17, **values), rel=0.01) == best.R
    noiseless = quadratic_float64(target, 10**13, 0, lam=0, method="spiked")
    assert pytest.approx(number(law.quadratic_noiseless_risk(), n=10**13, **values), rel=0.01) == noiseless.R


def test_optimal_risk_of_the_diagonal_model_is_approached_from_above() -> None:
    """With the effective threshold itself in it the law holds to 1/log: 1.036 at gamma = 1, d = n = 10^14."""
    state = lasso_float64(PowerLawTarget(1, 10**14), 10**14, 1, lam="optimal")
    expected = number(law.regularised_risk(), gamma=1, c=1, lam=state.theta)
    assert state.R / expected == pytest.approx(1.036, abs=0.002)
    closed = number(law.diagonal_optimal_risk(), gamma=1, c=1, d=10**14, n=10**14, Delta=1, K=1 / state.theta)
    assert 0.5 < state.R / closed < 1.1


def test_peaks_plateau_and_leak() -> None:
    assert number(law.diagonal_peak(), d=10**6, lam=1e-6, Delta=1) == pytest.approx(46.13, abs=0.005)
    assert number(law.quadratic_peak(), d=10**4, lam=1e-6, Delta=1) == pytest.approx(258.88, abs=0.005)
    plateau = number(law.diagonal_noise_plateau(), d=10**40, n=10**20, Delta=1)
    assert lasso_float64(PowerLawTarget(1, 10**40), 10**20, 1, lam=0).R / plateau == pytest.approx(1.023, abs=1e-3)
    leak = number(law.quadratic_noise_leak(), n=1, d=10**15, Delta=1)
    assert float(interpolation_gain("quadratic", Fraction(1, 10**30)).risk) == pytest.approx(leak, rel=1e-9)


def test_optimal_edge_distance() -> None:
    state = quadratic(PowerLawTarget(1, 10**10), 10**15, 1, lam="optimal")
    expected = number(law.optimal_edge_distance(), gamma=1, c=1, d=10**10, nu=float(state.nu))
    assert 2 - float(state.t) == pytest.approx(expected, rel=0.004)


def test_critical_exponent_balances_the_laws() -> None:
    """quadratic_optimal_risk and quadratic_noise_leak scale alike on n = d**a_c."""
    d = law.d
    n = d ** critical_exponent().subs(s, 0)
    ratio = (law.quadratic_optimal_risk() / law.quadratic_noise_leak()).subs(law.n, n)
    power = sp.simplify(sp.diff(sp.expand_log(sp.log(ratio), force=True), d) * d)
    assert sp.simplify(power) == 0
    assert gamma in ratio.free_symbols


def test_learned_eigenvalue_vanishes_at_the_detection_threshold() -> None:
    least = (law.t + sp.sqrt(law.t**2 - 4)) / 2
    assert sp.simplify(law.learned_eigenvalue().subs(law.m, least)) == 0
    assert law.eigenvector_overlap().subs(law.m, 1) == 0
