"""Exact input at the door: what a caller writes becomes a `Fraction`, what is computed with becomes a ball.

A float means the decimal it prints as: `0.1` is 1/10, not the double next to it. Text may be an integer, a decimal, a
ratio or an integer power: "12", "0.1", "1e6", "1/3", "10^12".
"""

from __future__ import annotations

import math
import numbers
import re
from decimal import Decimal
from fractions import Fraction

from flint import arb, fmpq, fmpz

from symsl.errors import ParameterError

_TYPE_NAME = "an exact number (an integer, a ratio such as 1/3 or a decimal such as 0.1)"
_DECIMAL = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,6})?"
_NUMBER = re.compile(rf"({_DECIMAL})(?:\s*/\s*({_DECIMAL}))?")
_POWER = re.compile(r"([+-]?\d{1,9})\s*(?:\^|\*\*)\s*([+-]?\d{1,6})")
_LONGEST_TEXT = 200_000


def exact(value: object, argument: str, where: str = "exact") -> Fraction:
    """The exact rational that `value` stands for.

    Accepts int, Fraction, SymPy Rational, fmpq, Decimal, numpy scalars, floats (read as the decimal they print as) and
    text. Raises `ParameterError` for anything else, and for nan and infinities.

    >>> exact(0.1, "eta"), exact("10^12", "L"), exact("1/3", "beta")
    (Fraction(1, 10), Fraction(1000000000000, 1), Fraction(1, 3))
    """
    if isinstance(value, str):
        parsed = _parse(value.strip())
        if parsed is None:
            raise ParameterError(where, argument, repr(value), _TYPE_NAME, f"write for example {argument}=1/2")
        return parsed
    if isinstance(value, bool):
        raise ParameterError(where, argument, value, _TYPE_NAME, "pass a number")
    if isinstance(value, fmpz):
        return Fraction(int(value))
    if isinstance(value, fmpq):
        return Fraction(int(value.p), int(value.q))
    if isinstance(value, numbers.Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    if isinstance(value, Decimal) and value.is_finite():
        return Fraction(value)
    if isinstance(value, numbers.Real) and not isinstance(value, Decimal) and hasattr(value, "__float__"):
        number = float(value)
        if math.isfinite(number):
            text = float.__repr__(number) if isinstance(value, float) else str(value)
            parsed = _parse(text)
            if parsed is not None:
                return parsed
    raise ParameterError(where, argument, value, _TYPE_NAME, "pass an int, a Fraction or text")


def exact_integer(value: object, argument: str, where: str = "exact") -> int:
    """The exact integer that `value` stands for; `ParameterError` if it is not one."""
    number = exact(value, argument, where)
    if number.denominator != 1:
        raise ParameterError(where, argument, value, "an integer", "pass a whole number")
    return number.numerator


def ball(value: Fraction | int) -> arb:
    """The enclosure of an exact rational at the current working precision (exact where it fits)."""
    return arb(fmpq(value.numerator, value.denominator))


def _parse(text: str) -> Fraction | None:
    if len(text) > _LONGEST_TEXT:
        return None
    if power := _POWER.fullmatch(text):
        base, exponent = int(power[1]), int(power[2])
        return None if base == 0 and exponent < 0 else Fraction(base) ** exponent
    number = _NUMBER.fullmatch(text)
    if not number:
        return None
    numerator, denominator = _decimal(number[1]), _decimal(number[2] or "1")
    return None if denominator == 0 else numerator / denominator


def _decimal(text: str) -> Fraction:
    """Exact value of a decimal literal, without Python's limit on the length of printed integers."""
    mantissa, _, exponent = text.lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    sign = -1 if whole.startswith("-") else 1
    digits = int(fmpz((whole.lstrip("+-") + fraction).lstrip("0") or "0"))
    return sign * Fraction(digits) * Fraction(10) ** (int(exponent or "0") - len(fraction))
