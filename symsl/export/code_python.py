"""Code for Python: mpmath, python-flint (balls) and numpy (double precision, with arrays of times)."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from typing import Any, ClassVar

import sympy as sp

from symsl.export.printer import Binding, Printer, shifted
from symsl.export.program import EIGENVALUES


class _Python(Printer):
    """What the three share. Scalars and flat arrays are converted at the door, integers with `int`."""

    comment = "#"
    imports: ClassVar[Mapping[str, str]]  # line -> what it is needed for
    scalar: ClassVar[str]  # conversion of a scalar argument
    matrix: ClassVar[str] = "{0}"  # a nested list as a result
    power_law: ClassVar[str]

    def name(self, name: str) -> str:
        if name == EIGENVALUES:
            return "lam"
        return f"{name}_" if keyword.iskeyword(name) else super().name(name)

    def power(self, base: Any, exponent: Any) -> tuple[str, Binding]:
        raised = self.exponent(exponent)
        simple = raised.isidentifier() or raised.isdigit()
        return f"{self.within(base, Binding.ATOM)}**{raised if simple else f'({raised})'}", Binding.POWER

    def member(self, name: str, indices: list[str], first: tuple[int, ...]) -> str:
        return name + "".join(f"[{shifted(index, -start)}]" for index, start in zip(indices, first, strict=True))

    def delta(self, left: str, right: str) -> str:
        return f"int({left} == {right})"

    def function(self, name: str) -> str:
        given = self.program
        counted = given.counts_eigenvalues
        scalars = [scalar for scalar in given.scalars if not (counted and scalar == "L")]
        arguments = [self.name(argument) for argument in (*scalars, *given.arrays, *given.functions)]
        lines = ["", "", f"def {name}({', '.join(arguments)}):"]
        lines += [self._read(scalar) for scalar in scalars]
        lines += [
            f"    {self.name(array)} = {self.converted(self.name(array), len(first))}"
            for array, first in given.arrays.items()
        ]
        lines += [f"    L = {'len(lam)' if 'L' in given.whole else self.scalar.format('len(lam)')}"] if counted else []
        lines.append(f"    return {self._result()}")
        text = "\n".join(lines) + (f"\n\n\n{self.power_law}" if EIGENVALUES in given.arrays else "")
        return "\n".join((*(line for line, used in self.imports.items() if used in text), text))

    def _read(self, scalar: str) -> str:
        conversion = "int({0})" if scalar in self.program.whole else self.scalar
        return f"    {self.name(scalar)} = {conversion.format(self.name(scalar))}"

    def converted(self, array: str, dimensions: int) -> str:
        """A nested list with all its numbers converted."""
        inner = array
        names = ("value", "row", "sheet", "block")[:dimensions]
        text = self.scalar.format("value")
        for depth, name in enumerate(names):
            outer = names[depth + 1] if depth + 1 < dimensions else inner
            text = f"[{text} for {name} in {outer}]"
        return text

    def _result(self) -> str:
        values = self.listed()
        if not self.program.shape:
            return values[0]
        inner = "".join(f"\n        {value}," for value in values)
        return self.matrix.format(f"[{inner}\n    ]")


class MpmathPrinter(_Python):
    """mpmath, at the precision of `mp.dps`."""

    language = "mpmath"
    imports: ClassVar = {"from mpmath import mp": ""}
    reserved = frozenset({"mp"})
    scalar = "mp.mpmathify({0})"
    root = "mp.sqrt({0})"
    constants: ClassVar = {sp.pi: "mp.pi", sp.E: "mp.e", sp.EulerGamma: "mp.euler"}
    functions: ClassVar = {
        **{getattr(sp, head): f"mp.{head}({{0}})" for head in ("exp", "log", "sin", "cos", "tan", "asin", "acos")},
        **{getattr(sp, head): f"mp.{head}({{0}})" for head in ("atan", "sinh", "cosh", "tanh", "erf", "erfc")},
        **{getattr(sp, head): f"mp.{head}({{0}})" for head in ("gamma", "loggamma", "factorial")},
        sp.Abs: "abs({0})",
        sp.uppergamma: "mp.gammainc({0}, {1})",
        sp.lowergamma: "mp.gammainc({0}, 0, {1})",
        sp.zeta: lambda *given: f"mp.zeta({', '.join(given)})",
        sp.harmonic: lambda n, order="1": (
            f"mp.harmonic({n})" if order == "1" else f"(mp.zeta({order}) - mp.zeta({order}, 1 + {n}))"
        ),
        sp.bernoulli: "mp.bernoulli({0})",
    }
    power_law = """def power_law(L, beta):
    weights = [mp.mpf(k) ** (-1 - mp.mpmathify(beta)) for k in range(1, L + 1)]
    return [L * weight / mp.fsum(weights) for weight in weights]"""

    def whole_value(self, name: str) -> str:
        return f"mp.mpf({name})"

    def rational(self, numerator: int, denominator: int) -> str:
        return f"{'-' if numerator < 0 else ''}mp.mpf({abs(numerator)})/{denominator}"

    def reduction(self, node: Any, index: str, low: str, high: str, inner: Any) -> str:
        combine = "mp.fsum" if isinstance(node, sp.Sum) else "mp.fprod"
        return f"{combine}({self.write(inner)} for {index} in range({low}, {shifted(high, 1)}))"


class FlintPrinter(_Python):
    """python-flint: every value is a ball that holds the true one, at the precision of `ctx.prec` bits."""

    language = "python-flint"
    imports: ClassVar = {
        "from math import prod\n": "prod(",
        "from flint import arb": "",
        "from flint import fmpq": "fmpq.",
    }
    reserved = frozenset({"arb", "fmpq", "prod"})
    scalar = "arb({0})"
    root = "arb({0}).sqrt()"
    constants: ClassVar = {sp.pi: "arb.pi()", sp.E: "arb.const_e()", sp.EulerGamma: "arb.const_euler()"}
    functions: ClassVar = {
        **{getattr(sp, head): f"arb({{0}}).{head}()" for head in ("exp", "log", "sin", "cos", "tan", "asin", "acos")},
        **{getattr(sp, head): f"arb({{0}}).{head}()" for head in ("atan", "sinh", "cosh", "tanh", "erf", "erfc")},
        sp.gamma: "arb({0}).gamma()",
        sp.loggamma: "arb({0}).lgamma()",
        sp.factorial: "arb(1 + {0}).gamma()",
        sp.Abs: "abs({0})",
        sp.uppergamma: "arb({1}).gamma_upper({0})",
        sp.lowergamma: "arb({1}).gamma_lower({0})",
        sp.zeta: lambda order, *start: f"arb({order}).zeta({', '.join(start)})",
        sp.harmonic: lambda n, order="1": (
            f"(arb(1 + {n}).digamma() + arb.const_euler())"
            if order == "1"
            else f"(arb({order}).zeta() - arb({order}).zeta(1 + {n}))"
        ),
        sp.bernoulli: "arb(fmpq.bernoulli({0}))",
    }
    power_law = """def power_law(L, beta):
    weights = [arb(k) ** (-1 - arb(beta)) for k in range(1, L + 1)]
    return [L * weight / sum(weights) for weight in weights]"""

    def whole_value(self, name: str) -> str:
        return f"arb({name})"

    def rational(self, numerator: int, denominator: int) -> str:
        return f"{'-' if numerator < 0 else ''}arb({abs(numerator)})/{denominator}"

    def reduction(self, node: Any, index: str, low: str, high: str, inner: Any) -> str:
        combine, neutral = ("sum", "arb(0)") if isinstance(node, sp.Sum) else ("prod", "arb(1)")
        start = neutral if combine == "sum" else f"start={neutral}"
        return f"{combine}(({self.write(inner)} for {index} in range({low}, {shifted(high, 1)})), {start})"


class NumpyPrinter(_Python):
    """numpy and scipy.special in double precision; scalars may be arrays, combined entry by entry."""

    language = "numpy"
    double = True
    imports: ClassVar = {
        "from math import prod\n": "prod(",
        "import numpy as np": "",
        "from scipy import special": "special.",
    }
    reserved = frozenset({"np", "special", "prod"})
    scalar = "np.asarray({0}, dtype=float)"
    matrix = "np.array({0})"
    root = "np.sqrt({0})"
    constants: ClassVar = {sp.pi: "np.pi", sp.E: "np.e", sp.EulerGamma: "np.euler_gamma"}
    functions: ClassVar = {
        **{getattr(sp, head): f"np.{head}({{0}})" for head in ("exp", "log", "sin", "cos", "tan")},
        **{getattr(sp, head): f"np.{head}({{0}})" for head in ("sinh", "cosh", "tanh")},
        **{getattr(sp, f"a{head}"): f"np.arc{head}({{0}})" for head in ("sin", "cos", "tan")},
        **{getattr(sp, head): f"special.{head}({{0}})" for head in ("erf", "erfc", "gamma", "factorial")},
        sp.loggamma: "special.gammaln({0})",
        sp.Abs: "np.abs({0})",
        sp.uppergamma: "(special.gamma({0})*special.gammaincc({0}, {1}))",
        sp.lowergamma: "(special.gamma({0})*special.gammainc({0}, {1}))",
        sp.zeta: lambda order, start="1": f"special.zeta({order}, {start})",
        sp.harmonic: lambda n, order="1": (
            f"(special.digamma(1 + {n}) + np.euler_gamma)"
            if order == "1"
            else f"(special.zeta({order}, 1) - special.zeta({order}, 1 + {n}))"
        ),
        sp.bernoulli: "special.bernoulli({0})[-1]",
    }
    power_law = """def power_law(L, beta):
    weights = np.arange(1, L + 1, dtype=float) ** (-1 - beta)
    return L * weights / weights.sum()"""

    def whole_value(self, name: str) -> str:
        return name

    def rational(self, numerator: int, denominator: int) -> str:
        return f"{numerator}/{denominator}"

    def converted(self, array: str, dimensions: int) -> str:  # noqa: ARG002
        return self.scalar.format(array)

    def reduction(self, node: Any, index: str, low: str, high: str, inner: Any) -> str:
        combine = "sum" if isinstance(node, sp.Sum) else "prod"
        return f"{combine}({self.write(inner)} for {index} in range({low}, {shifted(high, 1)}))"
