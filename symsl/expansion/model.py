r"""Series with a proved remainder: the arithmetic behind `symsl.series`.

With t = V**(-1/d) for a variable V >= start, an `Expansion` stands for a function

    f = t**v [a_0 + a_1 t + ... + a_{n-1} t**(n-1) + r(t) t**n],    0 < t <= start**(-1/d),

with exact coefficients a_i (SymPy) and a ball that holds r(t) for every t of a piece of the interval, one ball for each
piece. Sums, products and Taylor's formula with Lagrange's remainder keep that true, so the last ball is a proof:

    g(a_0 + h) = sum_{i<m} g^(i)(a_0)/i! h**i + g^(m)(xi)/m! h**m    for some xi between a_0 and a_0 + h = f(t).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import sympy as sp
from flint import arb

from symsl.errors import UsageError, shorten
from symsl.precision import ball, exact, integer_power
from symsl.precision.evaluate import evaluate

PIECES = 16
_MOST_OPERATIONS = 2000


class FinerGridError(Exception):
    """The exponents need t = V**(-1/d) with this larger d."""

    def __init__(self, d: int) -> None:
        self.d = d


@dataclass(frozen=True)
class Setting:
    """The variable V >= start, the grid t = V**(-1/d), how many coefficients are kept, balls of the other symbols."""

    variable: Any
    start: int
    d: int
    length: int
    within: Mapping[Any, arb]
    _known: dict[Any, arb] = field(default_factory=dict)

    @cached_property
    def pieces(self) -> list[arb]:
        """Balls that cover (0, start**(-1/d)]."""
        largest = arb(self.start) ** (-arb(1) / self.d)
        edges = [largest * piece / PIECES for piece in range(PIECES + 1)]
        return [low.union(high) for low, high in pairwise(edges)]

    def value(self, coefficient: Any) -> arb:
        """The ball of a coefficient for all values of the other symbols in their ranges."""
        if coefficient not in self._known:
            self._known[coefficient] = evaluate(coefficient, self.within)
        return self._known[coefficient]

    def constant(self, value: Any) -> Expansion:
        """A coefficient alone."""
        return self.power(0, value)

    def power(self, exponent: int, value: Any) -> Expansion:
        """value t**exponent."""
        zeros = [sp.Integer(0)] * (self.length - 1)
        return Expansion(self, exponent, (value, *zeros), (arb(0),) * PIECES)


@dataclass(frozen=True)
class Expansion:
    """t**v [sum_i coefficients[i] t**i + r t**n], r in `remainders[p]` for t in the piece p of the setting."""

    setting: Setting
    v: int
    coefficients: tuple[Any, ...]
    remainders: tuple[arb, ...]

    @property
    def end(self) -> int:
        """The power of t at which the remainder stands."""
        return self.v + len(self.coefficients)

    def __add__(self, other: Expansion) -> Expansion:
        v, end = min(self.v, other.v), min(self.end, other.end)
        mine, others = self.until(end), other.until(end)
        coefficients = tuple(_expanded(mine.at(power) + others.at(power)) for power in range(v, end))
        remainders = tuple(a + b for a, b in zip(mine.remainders, others.remainders, strict=True))
        return Expansion(self.setting, v, coefficients, remainders)

    def __mul__(self, other: Expansion) -> Expansion:
        n = min(len(self.coefficients), len(other.coefficients))
        a, b = self.until(self.v + n), other.until(other.v + n)
        products = [sp.Integer(0)] * (2 * n)
        for i, left in enumerate(a.coefficients):
            for j, right in enumerate(b.coefficients):
                if left != 0 and right != 0:
                    products[i + j] += left * right
        kept = tuple(map(_expanded, products[:n]))
        beyond = [self.setting.value(product) for product in products[n:]]
        remainders = []
        for t, r, s in zip(self.setting.pieces, a.remainders, b.remainders, strict=True):
            outside = r * b._polynomial(t) + s * a._polynomial(t) + r * s * integer_power(t, n)
            remainders.append(_horner(beyond, t) + outside)
        return Expansion(self.setting, self.v + other.v, kept, tuple(remainders))

    def at(self, power: int) -> Any:
        """The coefficient of t**power, power < end."""
        return self.coefficients[power - self.v] if power >= self.v else sp.Integer(0)

    def until(self, end: int) -> Expansion:
        """The same function with its remainder at t**end, for an end that is not later."""
        assert end <= self.end, "a remainder cannot be moved to a later power"
        n = max(0, end - self.v)
        shift = max(0, self.v - end)  # everything belongs to the remainder
        later = [self.setting.value(a) for a in self.coefficients[n:]]
        remainders = tuple(
            integer_power(t, shift) * (_horner(later, t) + r * integer_power(t, len(later)))
            for t, r in zip(self.setting.pieces, self.remainders, strict=True)
        )
        return Expansion(self.setting, min(self.v, end), self.coefficients[:n], remainders)

    def scaled(self, factor: Any) -> Expansion:
        """The function times a coefficient."""
        value = self.setting.value(factor)
        return Expansion(
            self.setting,
            self.v,
            tuple(_expanded(factor * a) for a in self.coefficients),
            tuple(value * r for r in self.remainders),
        )

    def leading(self) -> Expansion:
        """The same function with a leading coefficient that is certainly not zero, if one is left."""
        for skipped, coefficient in enumerate(self.coefficients):
            if not self.setting.value(coefficient).contains(0):
                return Expansion(self.setting, self.v + skipped, self.coefficients[skipped:], self.remainders)
            if sp.simplify(coefficient) != 0:
                raise UsageError(
                    f"series: {shorten(coefficient)} leads a term and may be zero in the ranges given; narrow them"
                )
        raise TooShortError

    def raised(self, exponent: sp.Rational) -> Expansion:
        """f**exponent, positive where the exponent is not an integer."""
        if exponent.is_Integer and exponent >= 0:
            result = self.setting.constant(sp.Integer(1))
            for _ in range(int(exponent)):
                result = result * self
            return result
        base = self.leading()
        shifted = base.v * exponent
        if not shifted.is_Integer:
            raise FinerGridError(self.setting.d * int(shifted.q))
        unit = Expansion(self.setting, 0, base.coefficients, base.remainders)
        made = unit.composed(
            lambda z, i: sp.binomial(exponent, i) * z ** (exponent - i),
            lambda z, i: self.setting.value(sp.binomial(exponent, i)) * _real_power(z, exponent - i),
        )
        return Expansion(self.setting, int(shifted) + made.v, made.coefficients, made.remainders)

    def composed(
        self, taylor: Callable[[Any, int], Any], enclosure: Callable[[arb, int], arb] | None = None
    ) -> Expansion:
        """g(f), from taylor(z, i) = g^(i)(z)/i! (`enclosure`: the same on balls); f must stay finite as t goes to 0."""
        plain = self._from_zero()
        if not plain.coefficients:
            raise TooShortError
        plain = plain.until(min(plain.end, self.setting.length))
        n, first = len(plain.coefficients), plain.coefficients[0]
        w = next((i for i, a in enumerate(plain.coefficients) if i and a != 0), n)  # f - a_0 = t**w (...)
        change = Expansion(self.setting, w, plain.coefficients[w:], plain.remainders)
        enough = -(-n // w)
        result, power = self.setting.constant(taylor(first, 0)).until(n), self.setting.constant(sp.Integer(1))
        for i in range(1, enough):
            power = power * change
            result = result + power.scaled(taylor(first, i)).until(n)
        start, highest = self.setting.value(first), enclosure or self._walked(taylor, enough)
        remainders = []
        for t, r, known in zip(self.setting.pieces, plain.remainders, result.remainders, strict=True):
            slope = change._polynomial(t) + r * integer_power(t, n - w)
            middle = start.union(start + integer_power(t, w) * slope)
            last = highest(middle, enough) * integer_power(slope, enough) * integer_power(t, enough * w - n)
            remainders.append(known + last)
        return Expansion(self.setting, result.v, result.coefficients, tuple(remainders))

    def _walked(self, taylor: Callable[[Any, int], Any], n: int) -> Callable[[arb, int], arb]:
        z = sp.Symbol("between")
        derivative = taylor(z, n)
        return lambda middle, _: evaluate(derivative, {**self.setting.within, z: middle})

    def _from_zero(self) -> Expansion:
        """The same function with v = 0."""
        if self.v < 0:
            trimmed = self.leading()
            if trimmed.v < 0:
                raise UsageError("series: the argument of a function grows without bound; only powers and sums may")
            return trimmed._from_zero()
        zeros = (sp.Integer(0),) * self.v
        return Expansion(self.setting, 0, zeros + self.coefficients, self.remainders)

    def _polynomial(self, t: arb) -> arb:
        return _horner([self.setting.value(a) for a in self.coefficients], t)


class TooShortError(Exception):
    """All the coefficients that were kept vanish: more are needed."""


def _expanded(coefficient: Any) -> Any:
    """A coefficient as a sum of products; `UsageError` where it grows beyond what anybody reads."""
    if coefficient.count_ops() > _MOST_OPERATIONS:
        raise UsageError(
            f"series: coefficients with more than {_MOST_OPERATIONS} operations; ask for a lower order, or replace "
            "numbers such as sqrt(5) by symbols with a range in `within`"
        )
    return sp.expand(coefficient)


def _horner(coefficients: list[arb], t: arb) -> arb:
    total = arb(0)
    for coefficient in reversed(coefficients):
        total = total * t + coefficient
    return total


def _real_power(base: arb, exponent: sp.Rational) -> arb:
    """base**exponent: narrower than by multiplication where the ball is wide; not finite where the power may not be."""
    if exponent.is_Integer and base < 0:
        positive = _real_power(-base, exponent)
        return positive if exponent % 2 == 0 else -positive
    return (exact_ball(exponent) * base.log()).exp()


def exact_ball(value: sp.Rational) -> arb:
    """The ball of a SymPy rational."""
    return ball(exact(value, "number", "series"))


def unit_interval() -> arb:
    """A ball that holds [0, 1]."""
    half = ball(1) / 2
    return half + arb(0, half)
