"""Certified results: raise the working precision until the ball is narrow enough, and say what was reached."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flint import arb, ctx, fmpq, fmpz

from symsl.errors import InsufficientPrecisionError, ParameterError, PrecisionError
from symsl.precision.convert import exact_integer
from symsl.precision.serialize import dump, load

if TYPE_CHECKING:
    import mpmath
    import sympy

MAX_DIGITS = 100_000
_MODERATE_EXPONENT = 2**20
_LEAST_BITS, _MOST_BITS = 2, 2**40
_BITS_PER_DIGIT = math.log2(10)
_GUARD_BITS = 12  # the radius stays below a thousandth of a unit in the last digit


@dataclass(frozen=True, eq=False)
class Certified:
    """A real number known to lie in a ball.

    `ball` is the enclosure, `digits` the significant digits asked for, `bits` the working precision that gave it,
    `route` how it was computed. `str()` shows certified digits only: the decimal printed differs from the true value by
    less than 0.51 units in its last digit.
    """

    ball: arb
    digits: int
    bits: int
    route: str

    @property
    def reached(self) -> int:
        """Significant decimal digits the ball certifies (at least `digits` when it came from `certify`)."""
        return certified_digits(self.ball)

    def __str__(self) -> str:
        return decimal_string(self.ball, min(self.digits, self.reached))

    def __repr__(self) -> str:
        return f"Certified({self}, digits={self.digits}, bits={self.bits}, route={self.route!r})"

    def __float__(self) -> float:
        """The midpoint as a double: an explicit step out of certified arithmetic."""
        return float(self.ball.mid())

    def mpf(self) -> mpmath.mpf:
        """The midpoint as an mpmath number at the working precision; the radius is dropped."""
        import mpmath

        man, exp = self.ball.mid().man_exp()
        with mpmath.workprec(max(self.bits, 53)):
            return mpmath.ldexp(mpmath.mpf(int(man)), int(exp))

    def sympy(self) -> sympy.Float:
        """The certified decimal as a SymPy Float with as many digits; the radius is dropped."""
        import sympy

        return sympy.Float(str(self), max(1, min(self.digits, self.reached)))

    def overlaps(self, other: Certified) -> bool:
        """Whether both enclosures are finite and share a point: what two routes to one number must do."""
        return bool(self.ball.is_finite() and other.ball.is_finite() and self.ball.overlaps(other.ball))

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (dump(self.ball), self.digits, self.bits, self.route)


def _restore(dumped: dict[str, list[int]], digits: int, bits: int, route: str) -> Certified:
    return Certified(load(dumped), digits, bits, route)


def certify(
    compute: Callable[[], arb],
    digits: int,
    *,
    route: str,
    where: str = "certify",
    start_bits: int | None = None,
    max_bits: int | None = None,
) -> Certified:
    """Evaluate `compute()` at rising working precision until `digits` significant digits are certain.

    `compute` reads the precision from `flint.ctx` and returns a ball; it may raise `InsufficientPrecisionError` to ask
    for more. Raises `PrecisionError` when `max_bits` does not suffice.

    >>> str(certify(lambda: arb(2).sqrt(), 20, route="closed form"))
    '1.4142135623730950488'
    """
    return certify_all(lambda: [compute()], digits, route=route, where=where, start_bits=start_bits, max_bits=max_bits)[
        0
    ]


def certify_all(
    compute: Callable[[], Sequence[arb]],
    digits: int,
    *,
    route: str,
    where: str = "certify",
    start_bits: int | None = None,
    max_bits: int | None = None,
) -> list[Certified]:
    """`certify` for several balls computed together: all of them reach `digits` digits."""
    digits = check_digits(digits, where)
    goal = math.ceil(digits * _BITS_PER_DIGIT) + _GUARD_BITS
    limit = 100 * goal + 20_000 if max_bits is None else _check_bits(max_bits, where)
    bits = min(max(goal + 20, start_bits or 0), limit)
    while True:
        accuracy, reason = -bits, ""
        try:
            with ctx.workprec(bits):
                balls = list(compute())
            accuracy = min((_accuracy(value) for value in balls), default=goal)
            if accuracy >= goal:
                return [Certified(value, digits, bits, route) for value in balls]
            if any(value.is_finite() and value.contains(0) for value in balls):
                reason = "the enclosure still contains 0: the value may vanish exactly"
        except InsufficientPrecisionError as error:
            reason = str(error)
        if bits >= limit:
            raise PrecisionError(where, digits, max(0, int((accuracy - _GUARD_BITS) / _BITS_PER_DIGIT)), bits, reason)
        lost = bits - accuracy
        bits = min(limit, max(bits + 32, goal + lost + lost // 8 + 16) if accuracy > 0 else 2 * bits)


def check_digits(digits: object, where: str) -> int:
    """`digits` as an integer between 1 and `MAX_DIGITS`, else `ParameterError`."""
    count = exact_integer(digits, "digits", where)
    if not 1 <= count <= MAX_DIGITS:
        raise ParameterError(where, "digits", digits, f"1 <= digits <= {MAX_DIGITS}", "ask for a count in this range")
    return count


def _check_bits(max_bits: object, where: str) -> int:
    bits = exact_integer(max_bits, "max_bits", where)
    if not _LEAST_BITS <= bits <= _MOST_BITS:
        raise ParameterError(
            where, "max_bits", max_bits, f"{_LEAST_BITS} <= max_bits <= {_MOST_BITS}", "leave it out for the default"
        )
    return bits


def certified_digits(value: arb) -> int:
    """How many significant decimal digits of the midpoint are certain (0 when not even the sign is)."""
    if not value.is_finite():
        return 0
    if value.rad().is_zero():
        return MAX_DIGITS
    return max(0, math.floor((_accuracy(value) - _GUARD_BITS) / _BITS_PER_DIGIT))


def decimal_string(value: arb, digits: int) -> str:
    """The midpoint rounded to `digits` significant digits; a ball that certifies none is printed as an interval.

    Works for any exponent and any number of digits, by integer arithmetic on the binary midpoint where its exponent is
    moderate; a number such as exp(-10^30) is scaled in balls.

    >>> decimal_string(arb("0.000123456"), 3), decimal_string(arb(2) ** 200, 5)
    ('0.000123', '1.6069e+60')
    """
    if not value.is_finite():
        return "undefined"
    if value.is_zero():
        return "0"
    if digits < 1:
        return value.str(3)
    man, exp = value.mid().man_exp()
    if abs(int(exp)) <= _MODERATE_EXPONENT:
        magnitude = abs(fmpq(man) * fmpq(2) ** int(exp))
        order = _decimal_order(magnitude)
        scaled = _round(magnitude * fmpq(10) ** (digits - 1 - order))
    else:
        order, scaled = _scaled_in_balls(value, digits, int(exp).bit_length())
    if scaled >= fmpz(10) ** digits:  # rounding carried into a new leading digit
        order, scaled = order + 1, scaled // 10
    text = scaled.str()
    sign = "-" if man < 0 else ""
    if not -5 <= order < max(digits, 1):
        return f"{sign}{text[0]}{'.' + text[1:] if digits > 1 else ''}e{order:+03d}"
    if order < 0:
        return f"{sign}0.{'0' * (-order - 1)}{text}"
    whole, fraction = text[: order + 1], text[order + 1 :]
    return f"{sign}{whole}{'.' + fraction if fraction else ''}"


def _accuracy(value: arb) -> int:
    if not value.is_finite():
        return -(2**30)
    if value.rad().is_zero():
        return 2**30
    return int(value.rel_accuracy_bits())


def _round(number: fmpq) -> fmpz:
    """Nearest integer, ties to even."""
    doubled = 2 * number.p + number.q
    quotient, remainder = divmod(doubled, 2 * number.q)
    return quotient - 1 if remainder == 0 and quotient % 2 == 1 else quotient


def _scaled_in_balls(value: arb, digits: int, exponent_bits: int) -> tuple[int, fmpz]:
    """The decimal order of a midpoint, and its first `digits` digits as an integer."""
    with ctx.workprec(math.ceil(digits * _BITS_PER_DIGIT) + 2 * exponent_bits + 64):
        magnitude = abs(value.mid())
        order = int(_floor(magnitude.log() / arb(10).log()))
        return order, _floor(magnitude * arb(10) ** fmpz(digits - 1 - order) + arb("0.5"))


def _floor(value: arb) -> fmpz:
    whole = value.mid().floor().unique_fmpz()
    assert whole is not None
    return whole


def _decimal_order(magnitude: fmpq) -> int:
    """floor(log10 x) for x > 0, exactly."""
    bits = int(magnitude.p.bit_length()) - int(magnitude.q.bit_length())
    order = math.floor((bits - 1) / _BITS_PER_DIGIT)
    while magnitude >= fmpq(10) ** (order + 1):
        order += 1
    return order
