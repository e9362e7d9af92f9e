"""Series for large M or L: the stated bound holds, is not idle, and the coefficients are those of other routes."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

from symsl import ParameterError, UsageError, check, equation, series
from symsl.precision.evaluate import evaluate
from symsl.symbolic_spectrum import power_law_moment
from symsl.symbols import D2, T2, D, L, M, beta, eta, k, sigma_J
from symsl.verification import Verdict

HALF = sp.Rational(1, 2)
ESCAPE = equation("15").statement.rhs
CASES = {
    "escape time": (ESCAPE.subs({D: 0, D2: 0}), M, 2, {}, {eta: "1/3", T2: 2}),
    "escape time, correlated": (ESCAPE.subs(D2, 0), M, 1, {D: (0, HALF)}, {eta: 1, T2: 1, D: "1/5"}),
    "growth rate": (equation("113").statement.rhs.subs({D: 0, D2: 0}), M, 4, {}, {eta: 2, T2: "1/7"}),
    "plateau": (equation("99").statement.rhs.subs(D, 0), M, 5, {}, {}),
    "harmonic": (sp.harmonic(L, 2), L, 6, {}, {}),
    "slow harmonic": (sp.harmonic(L, sp.Rational(5, 4)), L, 1, {}, {}),
    "lambda_+": (equation("1").statement.rhs.subs({beta: 1, k: 1}), L, 3, {}, {}),
    "lambda_k": (equation("1").statement.rhs.subs(beta, HALF), L, 1, {}, {k: 4}),
    "T2": (power_law_moment(2).subs(beta, 1), L, 2, {}, {}),
    "T2, beta = 1/2": (power_law_moment(2).subs(beta, HALF), L, 2, {}, {}),
    "plateau without features": (equation("72").statement.rhs.subs(beta, 2), L, 4, {}, {"N_l": 3, sigma_J: "1/10"}),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("start", [10, 50])
def test_the_bound_holds_and_is_not_idle(case, start) -> None:
    """At sizes from the first on, by direct evaluation in balls; far out the bound is below the last term kept."""
    expression, variable, order, within, values = case
    found = series(expression, variable, order, start=start, within=within)
    with ctx.workprec(300):
        for size in (start, start + 1, 3 * start, 1000):
            at = {**values, variable: size}
            missed, bound = abs(evaluate(found.expression - found.terms, at)), evaluate(found.error, at)
            assert missed < bound
    last = sp.Add.make_args(sp.expand(found.terms))
    assert all(sp.limit(found.error / term, variable, sp.oo) == 0 for term in last)


def test_constants_are_of_the_size_of_the_coefficients() -> None:
    """The proved constant of the escape time against the next coefficient, -pi/16, and against that of 1/M**2."""
    isotropic = ESCAPE.subs({D: 0, D2: 0, eta: 1, T2: 1})
    for order, following in ((1, sp.pi / 16), (2, sp.pi / 128), (3, sp.pi / 256)):
        ratio = series(isotropic, M, order).error * M**order / following
        assert 1 < ratio < sp.Rational(3, 2)


def test_against_sympy() -> None:
    """The coefficients that SymPy's own series has, in t = 1/M."""
    t = sp.Symbol("t", positive=True)
    isotropic = ESCAPE.subs({D: 0, D2: 0})
    known = sp.series(isotropic.subs(M, 1 / t) * t**2, t, 0, 6).removeO()
    found = series(isotropic, 1 / M, 4)
    assert check(found.terms, sp.expand(known.subs(t, 1 / M) * M**2)) is Verdict.PROVED
    assert found.with_order.getO() == sp.Order(M**-4, (M, sp.oo))


def test_the_trace_is_one() -> None:
    """sum_k lambda_k = L exactly: lambda_+ times the sum of powers leaves no correction in any order."""
    found = series(equation("1").statement.rhs.subs({beta: 2, k: 1}) * sp.harmonic(L, 3), L, 6)
    assert sp.simplify(found.terms - L) == 0


@settings(max_examples=10, deadline=None)
@given(
    a=st.integers(1, 5), b=st.integers(-5, 5), c=st.fractions(0, 3, max_denominator=4), order=st.integers(0, 5),
    power=st.sampled_from([HALF, -HALF, sp.Rational(-3, 2), sp.Rational(1, 3)]),
)  # fmt: skip
def test_any_algebraic_function(a, b, c, order, power) -> None:
    expression = (a * M + b) ** power * (M**2 + sp.Rational(c)) + sp.asin(1 / (M + 1))
    found = series(expression, M, order, start=8)
    with ctx.workprec(300):
        for size in (8, 9, 40, 10**4):
            assert abs(evaluate(expression - found.terms, {M: size})) <= evaluate(found.error, {M: size})


def test_all_of_a_range() -> None:
    found = series(ESCAPE.subs({D2: 0, eta: 1, T2: 1}), M, 1, within={D: ("1/10", 1)})
    with ctx.workprec(200):
        for place in (Fraction(1, 10), Fraction(1, 2), 1):
            at = {M: 12, D: place}
            assert abs(evaluate(found.expression - found.terms, at)) < evaluate(found.error, at)


def test_what_it_says() -> None:
    found = series(sp.harmonic(L, 2), L, 2)
    assert str(found) == "pi**2/6 - 1/L + R, |R| <= 51/(100*L**2) for L >= 10"
    assert found.latex() == r"\frac{\pi^{2}}{6} - \frac{1}{L} + R, \quad |R| \le \frac{51}{100 L^{2}} \quad (L \ge 10)"


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (lambda: series(ESCAPE, M), "D, D2, T2 inside"),
        (lambda: series(equation("1").statement.rhs, L), "exponents such as beta"),
        (lambda: series(0.5 * M, M), "the float 0.5"),
        (lambda: series(M, 2), "not a positive symbol"),
        (lambda: series(sp.exp(M), M), "without bound"),
        (lambda: series(sp.harmonic(L), L), "other than 1"),
        (lambda: series(sp.Sum(1 / (k + 1), (k, 1, L)), L), "not a sum of powers"),
        (lambda: series(2**-M, M), "no expansion"),
        (lambda: series(1 / (M - 20), M), "raise `start`"),
    ],
)
def test_what_has_no_expansion(call, complaint) -> None:
    with pytest.raises(UsageError, match=complaint):
        call()


@pytest.mark.slow
def test_coefficients_that_nobody_reads_are_refused() -> None:
    with pytest.raises(UsageError, match="more than 2000 operations"):
        series(equation("late-phase-critical-learning-rate").statement.rhs, M, 0)


def test_numbers_that_make_no_sense() -> None:
    with pytest.raises(ParameterError, match="terms above"):
        series(1 / M**3, M, 2)
    with pytest.raises(ParameterError, match="start >= 1"):
        series(1 / M, M, 2, start=0)
    with pytest.raises(ParameterError, match="low <= high"):
        series(D / M, M, 2, within={D: (1, 0)})


def test_a_remainder_is_a_ball_that_is_finite() -> None:
    assert evaluate(series(ESCAPE.subs({D: 0, D2: 0}), M, 6, start=2).error, {M: 2, eta: 1, T2: 1}) < arb(1)
