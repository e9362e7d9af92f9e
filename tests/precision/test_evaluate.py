"""The walker from SymPy trees to balls, against mpmath at higher precision."""

from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from flint import arb, ctx
from hypothesis import given
from hypothesis import strategies as st

from symsl.errors import InsufficientPrecisionError, UnsupportedExpressionError
from symsl.precision import ball
from symsl.precision.evaluate import compile_expression, environment, evaluate

x, y = sp.symbols("x y")
k = sp.Symbol("k", integer=True)
lam = sp.IndexedBase("lambda")
R = sp.Rational


def _assert_encloses(value: arb, expected: mpmath.mpf, bits: int) -> None:
    assert value.is_finite()
    assert value.rel_accuracy_bits() > bits - 40
    with mpmath.workprec(bits + 100):
        man, exp = value.mid().man_exp()
        rad_man, rad_exp = value.rad().man_exp()
        mid, rad = mpmath.ldexp(mpmath.mpf(int(man)), int(exp)), mpmath.ldexp(mpmath.mpf(int(rad_man)), int(rad_exp))
        assert abs(mid - expected) <= rad * (1 + mpmath.mpf(2) ** -20)


@pytest.mark.parametrize(
    ("expression", "reference"),
    [
        (sp.pi + sp.E - sp.EulerGamma, lambda: mpmath.pi + mpmath.e - mpmath.euler),
        (sp.asin(x) * sp.sqrt(1 - x**2), lambda: mpmath.asin(mpmath.mpf(2) / 7) * mpmath.sqrt(1 - mpmath.mpf(4) / 49)),
        (sp.uppergamma(R(1, 3), x), lambda: mpmath.gammainc(mpmath.mpf(1) / 3, mpmath.mpf(2) / 7)),
        (sp.lowergamma(R(1, 3), x), lambda: mpmath.gammainc(mpmath.mpf(1) / 3, 0, mpmath.mpf(2) / 7)),
        (sp.zeta(R(3, 2)), lambda: mpmath.zeta(mpmath.mpf(3) / 2)),
        (sp.zeta(R(3, 2), x), lambda: mpmath.zeta(mpmath.mpf(3) / 2, mpmath.mpf(2) / 7)),
        (sp.harmonic(x), lambda: mpmath.harmonic(mpmath.mpf(2) / 7)),
        (sp.harmonic(100, R(3, 2)), lambda: mpmath.fsum(mpmath.mpf(n) ** -mpmath.mpf("1.5") for n in range(1, 101))),
        (sp.gamma(x) * sp.erf(x) / sp.erfc(x), lambda: _gamma_erf()),
        (x ** R(-5, 2), lambda: (mpmath.mpf(2) / 7) ** mpmath.mpf("-2.5")),
        (x**y, lambda: (mpmath.mpf(2) / 7) ** (mpmath.mpf(-3) / 5)),
        (y**3 + y**-4, lambda: (mpmath.mpf(-3) / 5) ** 3 + (mpmath.mpf(-3) / 5) ** -4),
        (
            sp.Sum(sp.exp(-x * k) / k, (k, 1, 40)),
            lambda: mpmath.fsum(mpmath.exp(-mpmath.mpf(2) / 7 * n) / n for n in range(1, 41)),
        ),
        (sp.Product(1 + x / k, (k, 2, 9)), lambda: mpmath.fprod(1 + mpmath.mpf(2) / 7 / n for n in range(2, 10))),
        (sp.Piecewise((1, x > 1), (x**2, x > R(1, 10)), (3, True)), lambda: (mpmath.mpf(2) / 7) ** 2),
        (sp.hyper((R(1, 3),), (R(3, 2),), -x), lambda: mpmath.hyp1f1(mpmath.mpf(1) / 3, 1.5, -_two_sevenths())),
        (sp.Abs(y) + sp.Max(x, y), lambda: mpmath.mpf(3) / 5 + mpmath.mpf(2) / 7),
    ],
)
def test_against_mpmath(expression: sp.Expr, reference: object) -> None:
    for bits in (60, 200, 700):
        with ctx.workprec(bits):
            value = evaluate(expression, {x: "2/7", "y": Fraction(-3, 5)})
        with mpmath.workprec(bits + 100):
            _assert_encloses(value, reference(), bits)  # type: ignore[operator]


def _two_sevenths() -> mpmath.mpf:
    return mpmath.mpf(2) / 7


def _gamma_erf() -> mpmath.mpf:
    z = mpmath.mpf(2) / 7
    return mpmath.gamma(z) * mpmath.erf(z) / mpmath.erfc(z)


def test_sum_that_sympy_evaluates_to_zero() -> None:
    """exp(-100/k^2)/k^2 summed: SymPy's own evalf returns 0."""
    total = evaluate(sp.Sum(sp.exp(-100 / k**2) / k**2, (k, 1, 50)))
    expected = mpmath.fsum(mpmath.exp(-mpmath.mpf(100) / n**2) / n**2 for n in range(1, 51))
    assert abs(float(total.mid()) / float(expected) - 1) < 1e-14


@given(st.lists(st.fractions(min_value=Fraction(1, 50), max_value=9), min_size=1, max_size=6), st.integers(40, 300))
def test_indexed_sums_contain_the_exact_rational(values: list[Fraction], bits: int) -> None:
    expression = sp.Sum(lam[k] ** 2 / (1 + lam[k]), (k, 1, len(values)))
    with ctx.workprec(bits):
        value = evaluate(expression, {lam: values})
    total = sum(v * v / (1 + v) for v in values)
    with ctx.workprec(2 * bits + 2000):
        assert value.contains(ball(total))
    assert value.rel_accuracy_bits() > bits - 12


def test_double_sum_and_integer_power_across_zero() -> None:
    i = sp.Symbol("i", integer=True)
    assert evaluate(sp.Sum(i * k, (i, 1, 3), (k, 1, 4))) == 60
    across = environment({"x": arb(0, 1)})
    square = compile_expression(x**2)(across)
    assert square.is_finite()
    assert square.contains(arb("0.5"))


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (sp.besselj(0, x), "besselj"),
        (sp.Float(0.25) * x, "not exact"),
        (sp.Symbol("unknown"), "unknown"),
        (sp.Sum(k, (k, 1, 10**9)), "asymptotic"),
        (lam[k], "no value"),
        (sp.Sum(lam[k], (k, 1, 9)), "outside 1..2"),
        (sp.I * x, "ImaginaryUnit"),
        (sp.Derivative(sp.Function("f")(x), x), "Derivative"),
    ],
)
def test_what_cannot_be_certified_is_refused_by_name(expression: sp.Expr, message: str) -> None:
    with pytest.raises(UnsupportedExpressionError, match=message):
        evaluate(expression, {"x": 1, "lambda": [1, 2]})


def test_undecided_conditions_and_domains_ask_for_precision() -> None:
    wide = {"x": arb(1, 1e-3)}
    with pytest.raises(InsufficientPrecisionError):
        evaluate(sp.Piecewise((1, x > 1), (2, True)), wide)
    with pytest.raises(InsufficientPrecisionError):
        evaluate(sp.sqrt(x - 1), wide)
    assert evaluate(sp.Piecewise((1, sp.And(x > 0, sp.Ne(x, 5))), (2, True)), wide) == 1
