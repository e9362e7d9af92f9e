"""`symsl.series`: the expansion of an expression for a large M or L, and a bound on its error that is a theorem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm
from typing import Any

import sympy as sp
from flint import arb, ctx

from symsl.arguments import expression as symbolic
from symsl.arguments import mapping, sequence
from symsl.errors import InsufficientPrecisionError, ParameterError, UsageError, shorten
from symsl.expansion.model import Expansion, FinerGridError, Setting, TooShortError
from symsl.expansion.terms import expansion
from symsl.latex import fragment
from symsl.precision import ball, exact, exact_integer

_BITS = 160
_LONGEST = 60  # coefficients kept, before the attempt is given up


@dataclass(frozen=True)
class Series:
    """`expression` = `terms` + R with |R| <= `error` for every `variable` >= `start` and the ranges in `within`."""

    expression: Any
    variable: Any
    terms: Any
    error: Any
    order: Fraction
    start: int
    within: Mapping[Any, tuple[Fraction, Fraction]]

    @property
    def with_order(self) -> Any:
        """The terms with SymPy's O-term."""
        return self.terms + sp.Order(self.variable ** -sp.Rational(self.order), (self.variable, sp.oo))

    def latex(self) -> str:
        """LaTeX of the terms and of the statement about what they leave out."""
        where = [rf"{fragment(self.variable)} \ge {self.start}"]
        where += [rf"{low} \le {fragment(symbol)} \le {high}" for symbol, (low, high) in self.within.items()]
        return rf"{fragment(self.terms)} + R, \quad |R| \le {fragment(self.error)} \quad ({', '.join(where)})"

    def __str__(self) -> str:
        where = [f"{self.variable} >= {self.start}"]
        where += [f"{low} <= {symbol} <= {high}" for symbol, (low, high) in self.within.items()]
        return f"{self.terms} + R, |R| <= {self.error} for {', '.join(where)}"


def series(
    expression: Any,
    variable: Any,
    order: object = 1,
    *,
    start: object = 10,
    within: Mapping[Any, tuple[object, object]] | None = None,
) -> Series:
    """The terms of `expression` above variable**(-order) as the variable grows, and a bound on all the rest.

    `variable` is M, L or another positive symbol (1/M means the same). The error is at most C variable**(-order) for
    every variable >= `start`, with a C that is proved by Taylor's formula and the Euler-Maclaurin formula in ball
    arithmetic. Other symbols may stand in factors; those inside must have a range in `within`, for all of which the
    bound holds. Exponents such as beta must be numbers: substitute them first.

    >>> from symsl import equation, series
    >>> from symsl.symbols import D, D2, M
    >>> print(series(equation("15").statement.rhs.subs({D: 0, D2: 0}), M))
    pi*M**2/(T2*eta) + pi*M/(2*T2*eta) - pi/(8*T2*eta) + R, |R| <= 13*pi/(200*M*T2*eta) for M >= 10

    `UsageError` for what has no expansion in powers, `ParameterError` for an order that leaves no term.
    """
    large = symbolic(variable, "variable", "series")
    large = 1 / large if (1 / large).is_Symbol else large
    if not (large.is_Symbol and large.is_positive):
        raise UsageError(f"series: {shorten(variable)} is not a positive symbol such as M or L")
    given = symbolic(getattr(expression, "rhs", expression), "expression", "series")
    for number in given.atoms(sp.Float):
        raise UsageError(f"series: the float {number} is not exact; write a ratio, such as Rational('{number}')")
    wanted, first = exact(order, "order", "series"), exact_integer(start, "start", "series")
    if first < 1:
        raise ParameterError("series", "start", start, "start >= 1", "the expansion is for a large variable")
    ranges = {symbol: _range(symbol, pair) for symbol, pair in mapping(within, "within", "series").items()}
    coefficients: dict[Any, Any] = {}
    error = sp.Integer(0)
    with ctx.workprec(_BITS):
        for factor, body in _separated(given, large, set(ranges)):
            made = _expanded(body, large, wanted, first, ranges)
            d = made.setting.d
            for power in range(made.v, made.end):
                exponent = sp.Rational(-power, d)
                coefficients[exponent] = coefficients.get(exponent, 0) + factor * made.at(power)
            error += _rounded_up(max(map(_upper, made.remainders))) * abs(factor) * large ** sp.Rational(-wanted)
    terms = sum((_tidy(a) * large**exponent for exponent, a in coefficients.items()), sp.Integer(0))
    if terms == 0:
        raise ParameterError("series", "order", order, f"an order with terms above {large}**(-order)", "raise it")
    return Series(given, large, terms, sp.factor_terms(error), wanted, first, ranges)


def _range(symbol: Any, pair: tuple[object, object]) -> tuple[Fraction, Fraction]:
    ends = [exact(end, str(symbol), "series") for end in sequence(pair, str(symbol), "series")]
    if len(ends) != 2 or ends[0] > ends[1]:
        raise ParameterError("series", str(symbol), pair, "low <= high", "give the range as (low, high)")
    return ends[0], ends[1]


def _separated(expression: Any, variable: Any, inside: set[Any]) -> list[tuple[Any, Any]]:
    """The expression as a sum of factors without the variable times what has nothing but it (and symbols `inside`)."""
    missing: list[str] = []
    for whole in (expression, sp.factor_terms(expression), sp.expand(expression)):
        pieces: dict[Any, Any] = {}
        for term in [whole] if whole is expression or whole.is_Mul else sp.Add.make_args(whole):
            factor, body = term.as_independent(variable, *inside, as_Add=False)
            pieces[factor] = pieces.get(factor, 0) + body
        others = {symbol for body in pieces.values() for symbol in body.free_symbols - inside - {variable}}
        if not others:
            return list(pieces.items())
        missing = missing or sorted(map(str, others))
    raise UsageError(
        f"series: {', '.join(missing)} inside the expansion: substitute numbers (exponents such as beta need them), or "
        f"give ranges: within={{{missing[0]}: (low, high)}}"
    )


def _expanded(
    body: Any, variable: Any, order: Fraction, start: int, ranges: Mapping[Any, tuple[Fraction, Fraction]]
) -> Expansion:
    """The expansion of `body` cut at variable**(-order): as fine a grid and as many coefficients as that takes."""
    balls = {symbol: ball(low).union(ball(high)) for symbol, (low, high) in ranges.items()}
    d, length = order.denominator, 4
    while length <= _LONGEST:
        try:
            made = expansion(body, Setting(variable, start, d, length, balls))
        except FinerGridError as finer:
            d = lcm(d, finer.d)
            continue
        except TooShortError:
            length *= 2
            continue
        except InsufficientPrecisionError as error:
            raise UsageError(
                f"series: the bound fails for {variable} >= {start} ({error}); raise `start` or narrow `within`"
            ) from None
        end = int(order * made.setting.d)
        if made.end >= end:
            return _finite(made.until(end), start)
        length += end - made.end
    raise UsageError(f"series: {_LONGEST} coefficients do not reach {variable}**(-{order}); ask for a lower order")


def _finite(made: Expansion, start: int) -> Expansion:
    if all(remainder.is_finite() for remainder in made.remainders):
        return made
    raise UsageError(
        f"series: the remainder is not bounded for {made.setting.variable} >= {start}; raise `start` or narrow `within`"
    )


def _tidy(coefficient: Any) -> Any:
    forms = (coefficient, sp.factor(coefficient), sp.radsimp(coefficient))
    return min(forms, key=lambda form: (form.count_ops(), str(form)))


def _upper(remainder: arb) -> Fraction:
    """An exact number that is not below any absolute value in the ball."""
    mantissa, exponent = remainder.abs_upper().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _rounded_up(bound: Fraction) -> Any:
    """A rational of two digits that is not below `bound`."""
    if bound == 0:
        return sp.Integer(0)
    scaled, exponent = bound, 0
    while scaled < 10:
        scaled, exponent = scaled * 10, exponent - 1
    while scaled >= 100:
        scaled, exponent = scaled / 10, exponent + 1
    return sp.Integer(ceil(scaled)) * sp.Integer(10) ** exponent
