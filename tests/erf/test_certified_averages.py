"""Eqs. 89-91 as balls: the formulas against certified quadrature, and what is no covariance."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import arb, ctx
from hypothesis import given
from hypothesis import strategies as st

import symsl
from symsl.erf.certified_averages import (
    four_point,
    four_point_by_quadrature,
    three_point,
    three_point_by_quadrature,
    two_point,
    two_point_by_quadrature,
)
from symsl.errors import ParameterError

PAIRS = (
    (two_point, two_point_by_quadrature),
    (three_point, three_point_by_quadrature),
    (four_point, four_point_by_quadrature),
)
entries = st.lists(st.fractions(-2, 2, max_denominator=9), min_size=16, max_size=16)


def covariance(numbers: list[Fraction]) -> dict[str, Fraction]:
    """The Gram matrix of four vectors: any rank from 0 to 4."""
    rows = [numbers[4 * a : 4 * a + 4] for a in range(4)]
    return {
        f"C{a + 1}{b + 1}": sum(x * y for x, y in zip(rows[a], rows[b], strict=True))
        for a in range(4)
        for b in range(a, 4)
    }


@pytest.mark.parametrize(("formula", "quadrature"), PAIRS)
@given(numbers=entries, digits=st.integers(5, 40))
def test_formula_and_quadrature_overlap(formula, quadrature, numbers, digits) -> None:
    C = covariance(numbers)
    with ctx.workprec(4 * digits + 20):
        first, second = formula(C), quadrature(C)
    assert first.is_finite()
    assert second.is_finite()
    assert first.overlaps(second)
    assert (first - second).abs_upper() < arb(10) ** -digits


def test_degenerate_variables() -> None:
    """z_1 = 0, and z_1 = z_2 = z_3 = z_4: E[g(z)^2] = 1/3 at unit variance (g uniform)."""
    zero = covariance([Fraction(0)] * 4 + [Fraction(1)] * 12)
    same = covariance([Fraction(1), *[Fraction(0)] * 3] * 4)
    for formula, quadrature in PAIRS:
        with ctx.workprec(100):
            assert formula(zero).overlaps(quadrature(zero))
            assert formula(same).overlaps(quadrature(same))
    with ctx.workprec(100):
        assert two_point(same).overlaps(arb(1) / 3)


@pytest.mark.parametrize(
    ("number", "given", "match"),
    [
        (89, {"C11": 1, "C12": 2, "C22": 1}, r"C11, C12, C22 = 1, 2, 1.*Eq\. 89"),
        (90, {"C11": 0, "C12": 1, "C13": 0, "C23": 0, "C33": 1}, r"Eq\. 90"),
        (90, {"C11": 1, "C12": 1, "C13": 1, "C23": 2, "C33": 1}, r"Eq\. 90"),
        (90, {"C11": 1, "C12": 0, "C13": 2, "C23": 0, "C33": 1}, r"Eq\. 90"),
        (89, {"C11": -1, "C12": 0, "C22": 1}, r"Eq\. 89"),
    ],
)
@pytest.mark.parametrize("route", ["closed form", "quadrature"])
def test_what_is_no_covariance_is_refused(number: int, given: dict[str, int], match: str, route: str) -> None:
    with pytest.raises(ParameterError, match=match):
        symsl.equation(number).evaluate(route=route, **given)


def test_large_covariances_need_no_more_than_the_second_variable_allows() -> None:
    """C22 does not occur in Eq. 90: any C12, C23 will do where z_1 and z_3 are independent of each other."""
    value = symsl.equation(90).evaluate(C11=1, C12=100, C13=0, C23=100, C33=1, digits=20)
    assert value.overlaps(
        symsl.equation(90).evaluate(C11=1, C12=100, C13=0, C23=100, C33=1, digits=20, route="quadrature")
    )
