"""Derivatives of expressions in power series with respect to the series they are made of, by the reverse mode.

The expression is evaluated once on `Traced` numbers, which note for each result how it depends on its parts; walked
backwards, the notes give all partial derivatives, as series of the same length, at the cost of a few evaluations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flint import arb_series


@dataclass
class Tape:
    """For every result its parts: (number of the part, partial derivative)."""

    parts: list[list[tuple[int, Any]]] = field(default_factory=list)

    def note(self, value: arb_series, parts: list[tuple[int, Any]]) -> Traced:
        """A new result."""
        self.parts.append(parts)
        return Traced(self, len(self.parts) - 1, value)

    def inputs(self, values: Sequence[arb_series]) -> list[Traced]:
        """Independent variables; on a new tape they are the numbers 0, 1, .."""
        return [self.note(value, []) for value in values]


@dataclass(frozen=True, eq=False)
class Traced:
    """A power series that knows what it was made of."""

    tape: Tape
    number: int
    value: arb_series

    def __add__(self, other: Any) -> Traced:
        if isinstance(other, Traced):
            return self.tape.note(self.value + other.value, [(self.number, 1), (other.number, 1)])
        return self.tape.note(self.value + other, [(self.number, 1)])

    def __neg__(self) -> Traced:
        return self.tape.note(-self.value, [(self.number, -1)])

    def __sub__(self, other: Any) -> Traced:
        if isinstance(other, Traced):
            return self.tape.note(self.value - other.value, [(self.number, 1), (other.number, -1)])
        return self.tape.note(self.value - other, [(self.number, 1)])

    def __rsub__(self, other: Any) -> Traced:
        return self.tape.note(other - self.value, [(self.number, -1)])

    def __mul__(self, other: Any) -> Traced:
        if isinstance(other, Traced) and other.number == self.number:
            return self.tape.note(self.value * self.value, [(self.number, 2 * self.value)])
        if isinstance(other, Traced):
            value = self.value * other.value
            return self.tape.note(value, [(self.number, other.value), (other.number, self.value)])
        return self.tape.note(self.value * other, [(self.number, other)])

    def __truediv__(self, other: Traced) -> Traced:
        inverse = 1 / other.value
        value = self.value * inverse
        return self.tape.note(value, [(self.number, inverse), (other.number, -value * inverse)])

    def rsqrt(self) -> Traced:
        """The inverse square root."""
        root = self.value.rsqrt()
        return self.tape.note(root, [(self.number, root * root * root / -2)])

    def asin(self) -> Traced:
        """The arcsine, as the integral of its derivative."""
        slope = (1 - self.value * self.value).rsqrt()
        value = (self.value.derivative() * slope).integral() + self.value[0].asin()
        return self.tape.note(value, [(self.number, slope)])

    __radd__, __rmul__ = __add__, __mul__


def gradient(result: Traced, inputs: int) -> list[Any]:
    """Partial derivatives of `result` with respect to the first `inputs` numbers on its tape: series, or 0."""
    parts = result.tape.parts
    found: dict[int, Any] = {result.number: 1}
    for number in range(result.number, inputs - 1, -1):
        outer = found.pop(number, None)
        if outer is None:
            continue
        for part, factor in parts[number]:
            share = _product(outer, factor)
            found[part] = found[part] + share if part in found else share
    return [found.get(number, 0) for number in range(inputs)]


def _product(outer: Any, factor: Any) -> Any:
    """outer * factor, without work where one of them is 1."""
    if type(factor) is int and factor == 1:
        return outer
    return factor if type(outer) is int and outer == 1 else outer * factor
