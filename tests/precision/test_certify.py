"""The certification loop, certified printing, exact dump and load."""

import json
import pickle
from fractions import Fraction

import mpmath
import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from symsl.errors import InsufficientPrecisionError, ParameterError, PrecisionError
from symsl.precision import Certified, ball, certify, certify_all, decimal_string, dump, load


def _third_power() -> arb:
    return arb(3).sqrt() ** 3


def test_digits_agree_with_mpmath() -> None:
    for digits in (1, 2, 15, 50, 1000):
        with mpmath.workdps(digits + 20):
            expected = mpmath.nstr(mpmath.sqrt(3) ** 3, digits, strip_zeros=False)
        assert str(certify(_third_power, digits, route="test")) == expected.rstrip(".0" if digits == 1 else "")


def test_cancellation_is_answered_with_more_bits() -> None:
    def cancelling() -> arb:
        return (arb.pi() + arb(10) ** -60) - arb.pi()

    value = certify(cancelling, 20, route="test")
    assert str(value) == "1.0000000000000000000e-60"
    assert value.bits > 200


def test_a_request_for_more_precision_is_answered() -> None:
    asked: list[int] = []

    def compute() -> arb:
        asked.append(ctx.prec)
        if ctx.prec < 1000:
            raise InsufficientPrecisionError("not yet")
        return arb.pi()

    assert certify(compute, 10, route="test").bits >= 1000
    assert asked == sorted(asked)


def test_failure_says_how_far_it_got() -> None:
    with pytest.raises(PrecisionError, match="value may vanish exactly"):
        certify(lambda: arb.pi() - arb.pi(), 10, route="test")
    with pytest.raises(PrecisionError, match="raise max_bits") as caught:
        certify(lambda: (arb.pi() + arb(10) ** -30) - arb.pi(), 50, route="test", max_bits=200)
    assert 0 < caught.value.reached < 50
    assert caught.value.bits == 200


def test_a_nan_never_passes() -> None:
    with pytest.raises(PrecisionError):
        certify(lambda: arb.nan(), 5, route="test", max_bits=500)
    with pytest.raises(PrecisionError):
        certify_all(lambda: [arb(1), arb.nan()], 5, route="test", max_bits=500)


@pytest.mark.parametrize("digits", [0, -1, 10**9, "x", 1.5])
def test_bad_digits(digits: object) -> None:
    with pytest.raises(ParameterError, match="digits"):
        certify(lambda: arb(1), digits, route="test")  # type: ignore[arg-type]


def test_precision_of_the_context_is_restored() -> None:
    before = ctx.prec
    certify(arb.pi, 100, route="test")
    with pytest.raises(PrecisionError):
        certify(lambda: arb.nan(), 5, route="test", max_bits=100)
    assert ctx.prec == before


@given(st.fractions(), st.integers(1, 40))
def test_printed_decimal_is_within_its_last_digit(number: Fraction, digits: int) -> None:
    """Independent check by exact rational arithmetic: |printed - true| < 0.51 units in the last place."""
    with ctx.workprec(400):
        text = decimal_string(ball(number), digits)
    printed = Fraction(text)
    if number == 0:
        assert printed == 0
        return
    order = 0
    while abs(number) >= Fraction(10) ** (order + 1):
        order += 1
    while abs(number) < Fraction(10) ** order:
        order -= 1
    assert abs(printed - number) <= Fraction(51, 100) * Fraction(10) ** (order - digits + 1)


@given(st.fractions(), st.fractions(min_value=0, max_value=1), st.integers(20, 500))
def test_dump_and_load_are_exact(mid: Fraction, rad: Fraction, bits: int) -> None:
    with ctx.workprec(bits):
        value = arb(fmpq(mid.numerator, mid.denominator), fmpq(rad.numerator, rad.denominator))
    again = load(json.loads(json.dumps(dump(value))))
    assert again.mid().man_exp() == value.mid().man_exp()
    assert again.rad().man_exp() == value.rad().man_exp()


def test_pickle_keeps_everything() -> None:
    value = certify(_third_power, 40, route="closed form")
    again = pickle.loads(pickle.dumps(value))
    assert isinstance(again, Certified)
    assert dump(again.ball) == dump(value.ball)
    assert (again.digits, again.bits, again.route) == (value.digits, value.bits, value.route)


def test_explicit_conversions() -> None:
    value = certify(_third_power, 30, route="test")
    assert float(value) == pytest.approx(3**1.5, rel=1e-15)
    with mpmath.workdps(30):
        assert abs(value.mpf() - mpmath.sqrt(27)) < mpmath.mpf(10) ** -29
    assert str(value.sympy()) == str(value)
    assert value.reached >= 30


def test_overlap_needs_finite_balls() -> None:
    good = certify(arb.pi, 10, route="test")
    nothing = Certified(arb.nan(), 10, 53, "test")
    assert good.overlaps(good)
    assert not good.overlaps(nothing)


@pytest.mark.parametrize("power", [6, 7, 12, 30])
def test_numbers_with_long_exponents_are_printed(power: int) -> None:
    """Independent value: exp(+-10^power) from mpmath, scaled by its own decimal order."""
    for sign in (1, -1):
        text = str(certify(lambda sign=sign: (sign * arb(10) ** power).exp(), 30, route="test"))  # type: ignore[misc]
        mantissa, _, exponent = text.partition("e")
        with mpmath.workdps(100):
            distance = sign * mpmath.mpf(10) ** power - int(exponent) * mpmath.log(10)
            assert abs(mpmath.mpf(mantissa) - mpmath.exp(distance)) < mpmath.mpf("0.51e-29")
