"""Exact input at the door."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from flint import arb, fmpq, fmpz
from hypothesis import given
from hypothesis import strategies as st

from symsl.errors import ParameterError
from symsl.precision import ball, exact, exact_integer


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, Fraction(3)),
        ("1/3", Fraction(1, 3)),
        ("0.1", Fraction(1, 10)),
        (0.1, Fraction(1, 10)),
        (1e-3, Fraction(1, 1000)),
        ("-1.5e-2", Fraction(-3, 200)),
        (" 10^12 ", Fraction(10**12)),
        ("2**10", Fraction(1024)),
        ("1e6", Fraction(10**6)),
        ("0.5/0.25", Fraction(2)),
        (Decimal("0.3"), Fraction(3, 10)),
        (Fraction(2, 7), Fraction(2, 7)),
        (sp.Rational(2, 7), Fraction(2, 7)),
        (np.float64(0.1), Fraction(1, 10)),
        (np.float32(0.1), Fraction(1, 10)),
        (np.int64(7), Fraction(7)),
        (fmpz(5), Fraction(5)),
        (fmpq(5, 3), Fraction(5, 3)),
    ],
)
def test_what_is_written_is_what_is_meant(value: object, expected: Fraction) -> None:
    assert exact(value, "x") == expected


@pytest.mark.parametrize(
    "value",
    ["x", "", "1/0", "0^-1", "1e9999999", "nan", "inf", float("nan"), float("inf"), True, None, 1j, [1], sp.sqrt(2)],
)
def test_bad_input_names_the_argument(value: object) -> None:
    with pytest.raises(ParameterError, match="eta"):
        exact(value, "eta")


@given(st.fractions())
def test_text_round_trip(number: Fraction) -> None:
    assert exact(str(number), "x") == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_the_decimal_it_prints_as(number: float) -> None:
    assert exact(number, "x") == Fraction(repr(number))


def test_long_text_beyond_pythons_printing_limit() -> None:
    assert exact("1" + "0" * 6000, "x") == 10**6000


def test_integers() -> None:
    assert exact_integer("10^3", "L") == 1000
    with pytest.raises(ParameterError, match="an integer"):
        exact_integer("1/2", "L")


def test_balls_contain_the_rational() -> None:
    third = ball(Fraction(1, 3))
    assert (third * 3).contains(1)
    assert not third.is_exact()
    assert ball(Fraction(3, 4)) == arb("0.75")
