"""`key=value` on the command line: exact texts by name, and several times for `alpha`."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal
from fractions import Fraction
from itertools import pairwise

from symsl.errors import ParameterError, UsageError, shorten

MAX_TIMES = 100_000
_OPTIONS = {"digits": "--digits 30", "route": "--route NAME", "max_bits": "--max-bits 10000"}
_SIGNIFICANT = 6
_ARITHMETIC = Context(prec=30, Emin=-(10**9), Emax=10**9)


def read_assignments(texts: Iterable[str]) -> dict[str, str]:
    """`["M=2", "eta=1/10"]` as a dictionary; `UsageError` for a repeated key or anything that is not `key=value`."""
    given: dict[str, str] = {}
    for text in texts:
        name, separator, value = (part.strip() for part in text.partition("="))
        if not separator or not name.isidentifier() or not value:
            raise UsageError(f"cannot read {shorten(text)!r}: write parameters as key=value, for example L=8")
        if name in _OPTIONS:
            raise UsageError(f"{name} is an option, not a parameter: write {_OPTIONS[name]}")
        if name in given:
            raise UsageError(f"{name} is given twice, as {shorten(given[name])} and as {shorten(value)}")
        given[name] = value
    return given


def read_times(text: str) -> str | list[str]:
    """One time as it stands; "1,10,100" and the logarithmic grid "lo:hi:n" as a list of exact texts."""
    if ":" in text:
        return logarithmic_grid(text)
    return [part.strip() for part in text.split(",")] if "," in text else text


def logarithmic_grid(text: str) -> list[str]:
    """ "lo:hi:n": n times from lo to hi with equal ratios, as exact decimals.

    The ends are kept as they are written; the times between are rounded to six significant digits, and these rounded
    decimals are the exact times.
    """
    from symsl.precision import exact, exact_integer

    where = "alpha=lo:hi:n"
    parts = [part.strip() for part in text.split(":")]
    if len(parts) != 3:
        raise UsageError(f"cannot read alpha={shorten(text)}: write a grid as lo:hi:n, for example 1e-1:1e5:200")
    low, high = exact(parts[0], "lo", where), exact(parts[1], "hi", where)
    count = exact_integer(parts[2], "n", where)
    if low <= 0:
        raise ParameterError(where, "lo", parts[0], "lo > 0 on a logarithmic grid", "list the times, as in alpha=0,1")
    if high <= low:
        raise ParameterError(where, "hi", parts[1], f"hi > lo = {parts[0]}", "write the smaller time first")
    if not 2 <= count <= MAX_TIMES:
        raise ParameterError(where, "n", parts[2], f"2 <= n <= {MAX_TIMES}", "choose a count in this range")
    times = [parts[0], *_between(low, high, count), parts[1]]
    values = [exact(time, "alpha", where) for time in times]
    if any(later <= earlier for earlier, later in pairwise(values)):
        raise ParameterError(
            where, "n", parts[2], f"times that differ in their first {_SIGNIFICANT} digits", "choose fewer"
        )
    return times


def _between(low: Fraction, high: Fraction, count: int) -> list[str]:
    """The inner points, in decimal arithmetic so that they are the same on every machine."""
    start, stop = (_ARITHMETIC.ln(_decimal(end)) for end in (low, high))
    step = _ARITHMETIC.divide(_ARITHMETIC.subtract(stop, start), Decimal(count - 1))
    rounding = Context(prec=_SIGNIFICANT, Emin=-(10**9), Emax=10**9)
    points = (_ARITHMETIC.exp(_ARITHMETIC.fma(step, Decimal(i), start)) for i in range(1, count - 1))
    return [_plain(rounding.plus(point)) for point in points]


def _decimal(value: Fraction) -> Decimal:
    return _ARITHMETIC.divide(Decimal(value.numerator), Decimal(value.denominator))


def _plain(value: Decimal) -> str:
    """Without an exponent where that is short: 0.0107189, 107189, 1.07189E+9."""
    normal = value.normalize()
    return f"{normal:f}" if -5 <= normal.adjusted() <= 9 else f"{normal:e}"
