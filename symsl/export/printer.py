"""SymPy expression -> the text of a programming language, for the heads on its list and no others."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any, ClassVar

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.matexpr import MatrixElement

from symsl.errors import UnsupportedExpressionError, shorten
from symsl.export.program import Program, is_index

Template = str | Callable[..., str]


class Binding(IntEnum):
    """How tightly the outermost operation of a text binds."""

    SUM = 1
    PRODUCT = 2
    POWER = 3
    ATOM = 4


class Printer(ABC):
    """Writes the expressions of one program; a language says how it writes numbers, powers, sums and functions."""

    language: ClassVar[str]
    functions: ClassVar[Mapping[type, Template]]
    constants: ClassVar[Mapping[Any, str]]
    missing: ClassVar[str] = ""  # what to do about a head that is not on the list
    reserved: ClassVar[frozenset[str]] = frozenset()
    root: ClassVar[str]
    comment: ClassVar[str]
    double: ClassVar[bool] = False  # whether the code computes in double precision

    def __init__(self, program: Program, where: str) -> None:
        self.program = program
        self.where = where
        self.running: list[str] = []  # indices of the sums that surround what is being written

    @abstractmethod
    def function(self, name: str) -> str:
        """The whole program as a function of this name, with what it needs in front."""

    def rows(self) -> list[list[str]]:
        """The values row by row; one row where the result is a column."""
        values = [self.write(value) for value in self.program.values]
        columns = self.program.shape[1] if len(self.program.shape) == 2 else len(values)
        return [values[start : start + columns] for start in range(0, len(values), columns)]

    def listed(self) -> list[str]:
        """The entries of a vector; of a matrix its rows, each in brackets."""
        rows = self.rows()
        return [f"[{', '.join(row)}]" for row in rows] if len(self.program.shape) == 2 else rows[0]

    @abstractmethod
    def whole_value(self, name: str) -> str:
        """An integer variable, where a number is needed."""

    @abstractmethod
    def rational(self, numerator: int, denominator: int) -> str:
        """A ratio that keeps its precision, as a quotient."""

    @abstractmethod
    def power(self, base: Any, exponent: Any) -> tuple[str, Binding]:
        """A power with an exponent that is neither 1/2 nor negative."""

    @abstractmethod
    def member(self, name: str, indices: list[str], first: tuple[int, ...]) -> str:
        """An entry of an array whose indices begin at `first` in the paper."""

    @abstractmethod
    def reduction(self, node: Any, index: str, low: str, high: str, inner: Any) -> str:
        """A sum or product of `inner` over `index` from `low` to `high`."""

    def name(self, name: str) -> str:
        """The name of a variable, changed where the language uses it itself."""
        plain = name.replace("'", "_prime")
        return f"{plain}_" if plain in self.reserved else plain

    def write(self, node: Any) -> str:
        """The text of an expression."""
        return self.bound(node)[0]

    def within(self, node: Any, binding: Binding) -> str:
        """The text of an expression, in brackets unless it binds at least as tightly."""
        text, own = self.bound(node)
        return text if own >= binding else f"({text})"

    def bound(self, node: Any) -> tuple[str, Binding]:
        """The text of an expression and how tightly it binds."""
        if isinstance(node, sp.Integer):
            return str(node), Binding.ATOM if node >= 0 else Binding.SUM
        if isinstance(node, sp.Rational):
            return self.rational(int(node.p), int(node.q)), Binding.PRODUCT if node > 0 else Binding.SUM
        if node in self.constants:
            return self.constants[node], Binding.ATOM
        if isinstance(node, sp.Symbol):
            return self._symbol(node), Binding.ATOM
        if isinstance(node, sp.Add):
            return self._sum_of_terms(node), Binding.SUM
        if isinstance(node, sp.Mul | sp.Pow):
            return self._quotient(node)
        if isinstance(node, sp.Sum | sp.Product):
            return self._reduction(node), Binding.ATOM
        if isinstance(node, sp.Indexed):
            name = str(node.base.label)
            indices = [self.index(index) for index in node.indices]
            return self.member(self.name(name), indices, self.program.arrays[name]), Binding.ATOM
        if isinstance(node, MatrixElement):
            indices = [self.index(index) for index in (node.i, node.j)]
            return self.member(self.name(node.parent.name), indices, (0, 0)), Binding.ATOM
        if isinstance(node, sp.KroneckerDelta):
            return self.delta(*map(self.index, node.args)), Binding.ATOM
        if isinstance(node, AppliedUndef):
            return self.call(self.name(node.func.__name__), [self.write(part) for part in node.args]), Binding.ATOM
        return self._function(node), Binding.ATOM

    def index(self, node: Any) -> str:
        """An integer expression, in integers."""
        if not is_index(node):
            raise UnsupportedExpressionError(f"{self.where}: {shorten(node)} is used as an integer but may not be one")
        if isinstance(node, sp.Symbol):
            return self.whole(node.name)
        if isinstance(node, sp.Integer):
            return str(node)
        if isinstance(node, sp.Mul):
            return "*".join(f"({self.index(factor)})" if factor.is_Add else self.index(factor) for factor in node.args)
        return " + ".join(map(self.index, node.as_ordered_terms())).replace("+ -", "- ").replace("- 1*", "- ")

    def whole(self, name: str) -> str:
        """An integer variable, where an integer is needed."""
        return self.name(name)

    def call(self, function: str, arguments: list[str]) -> str:
        """A function that is itself an argument, applied."""
        return f"{function}({', '.join(arguments)})"

    def delta(self, left: str, right: str) -> str:
        """1 if two integers are equal, else 0."""
        return f"({left} == {right} ? 1 : 0)"

    def _symbol(self, node: sp.Symbol) -> str:
        known = node.name in self.program.whole or node.name in self.running
        return self.whole_value(self.name(node.name)) if known else self.name(node.name)

    def _sum_of_terms(self, node: sp.Add) -> str:
        text = ""
        for term in node.as_ordered_terms():
            negative = bool(term.could_extract_minus_sign())
            written = self.within(-term if negative else term, Binding.PRODUCT)
            text += (" - " if negative else " + ") + written if text else ("-" if negative else "") + written
        return text

    def _quotient(self, node: Any) -> tuple[str, Binding]:
        """A product as numerator / denominator: factors with a negative exponent go below."""
        above: list[Any] = []
        below: list[Any] = []
        coefficient, rest = node.as_coeff_Mul()
        for factor in sp.Mul.make_args(rest):
            if isinstance(factor, sp.Pow) and factor.exp.is_Rational and factor.exp < 0:
                below.append(sp.Pow(factor.base, -factor.exp))
            else:
                above.append(factor)
        if not below and coefficient == 1 and len(above) == 1:
            return self._power(above[0])
        sign = "-" if coefficient < 0 else ""
        above = [sp.Integer(abs(coefficient.p)), *above] if abs(coefficient.p) != 1 else above
        below = [sp.Integer(coefficient.q), *below] if coefficient.q != 1 else below
        if not [factor for factor in (*above, *below) if not factor.is_Integer]:
            return sign + self.rational(abs(int(coefficient.p)), int(coefficient.q)), Binding.SUM
        top = "*".join(self.within(factor, Binding.POWER) for factor in above) or self.one()
        bottom = "*".join(self.within(factor, Binding.POWER) for factor in below)
        text = f"{top}/({bottom})" if len(below) > 1 else f"{top}/{bottom}" if below else top
        return sign + text, Binding.SUM if sign else Binding.PRODUCT

    def one(self) -> str:
        """The 1 above a denominator."""
        return "1"

    def _power(self, node: Any) -> tuple[str, Binding]:
        if not isinstance(node, sp.Pow):
            return self.bound(node)
        if node.exp == sp.Rational(1, 2):
            return self.root.format(self.write(node.base)), Binding.ATOM
        return self.power(node.base, node.exp)

    def exponent(self, node: Any) -> str:
        """An exponent: in integers where it is one."""
        return self.index(node) if is_index(node) else self.write(node)

    def _reduction(self, node: Any) -> str:
        *inner, (index, low, high) = node.limits  # the last limit is the outermost
        first, last = self.index(low), self.index(high)
        body = node.func(node.function, *inner) if inner else node.function
        self.running.append(index.name)
        try:
            return self.reduction(node, self.name(index.name), first, last, body)
        finally:
            self.running.pop()

    def _function(self, node: Any) -> str:
        template = next((text for head, text in self.functions.items() if isinstance(node, head)), None)
        if template is None:
            head = type(node).__name__
            raise UnsupportedExpressionError(
                f"{self.where}: {self.language} has no {head} for {shorten(node)}; "
                f"{self.missing or 'rewrite it with functions that every language has'}"
            )
        write = self.index if isinstance(node, sp.bernoulli) else self.write
        arguments = [write(argument) for argument in node.args]
        return template(*arguments) if callable(template) else template.format(*arguments)


def shifted(index: str, by: int) -> str:
    """An index moved by a constant: "k" -> "k - 1"."""
    if index.lstrip("-").isdigit():
        return str(int(index) + by)
    return index if by == 0 else f"{index} {'+' if by > 0 else '-'} {abs(by)}"
