"""Code for the calculators of mathematics: PARI/GP, Julia and Mathematica, whose arrays begin at 1."""

from __future__ import annotations

from typing import Any, ClassVar

import sympy as sp

from symsl.export.printer import Binding, Printer, shifted
from symsl.export.program import EIGENVALUES


class _FromOne(Printer):
    """What the three share: arrays from 1, powers written with ^."""

    def power(self, base: Any, exponent: Any) -> tuple[str, Binding]:
        raised = self.exponent(exponent)
        simple = raised.isidentifier() or raised.isdigit()
        return f"{self.within(base, Binding.ATOM)}^{raised if simple else f'({raised})'}", Binding.POWER

    def whole_value(self, name: str) -> str:
        return name

    def rational(self, numerator: int, denominator: int) -> str:
        return f"{numerator}/{denominator}"

    def member(self, name: str, indices: list[str], first: tuple[int, ...]) -> str:
        moved = (shifted(index, 1 - start) for index, start in zip(indices, first, strict=True))
        return name + "".join(f"[{index}]" for index in moved)

    def arguments(self) -> list[str]:
        """Names of all arguments: L is counted where the eigenvalues are given."""
        given = self.program
        scalars = [name for name in given.scalars if not (name == "L" and given.counts_eigenvalues)]
        return [self.name(name) for name in (*scalars, *given.arrays, *given.functions)]


class PariPrinter(_FromOne):
    """PARI/GP: exact rationals in, reals at the precision set by default(realprecision)."""

    language = "PARI/GP"
    comment = "\\\\"
    reserved = frozenset({"eta", "gamma", "zeta", "psi", "theta", "sigma", "I", "Pi", "Euler", "sum", "prod", "omega"})
    root = "sqrt({0})"
    constants: ClassVar = {sp.pi: "Pi", sp.E: "exp(1)", sp.EulerGamma: "Euler"}
    functions: ClassVar = {
        **{getattr(sp, head): f"{head}({{0}})" for head in ("exp", "log", "sin", "cos", "tan", "asin", "acos", "atan")},
        **{getattr(sp, head): f"{head}({{0}})" for head in ("sinh", "cosh", "tanh", "gamma")},
        sp.erfc: "erfc({0})",
        sp.erf: "(1 - erfc({0}))",
        sp.loggamma: "lngamma({0})",
        sp.factorial: "({0})!",
        sp.Abs: "abs({0})",
        sp.uppergamma: "incgam({0}, {1})",
        sp.lowergamma: "incgamc({0}, {1})",
        sp.zeta: lambda order, *start: f"zetahurwitz({order}, {start[0]})" if start else f"zeta({order})",
        sp.harmonic: lambda n, order="1": (
            f"(psi(1 + {n}) + Euler)" if order == "1" else f"(zeta({order}) - zetahurwitz({order}, 1 + {n}))"
        ),
        sp.bernoulli: "bernfrac({0})",
    }

    def delta(self, left: str, right: str) -> str:
        return f"({left} == {right})"

    def reduction(self, node: Any, index: str, low: str, high: str, inner: Any) -> str:
        combine = "sum" if isinstance(node, sp.Sum) else "prod"
        return f"{combine}({index} = {low}, {high}, {self.write(inner)})"

    def function(self, name: str) -> str:
        given = self.program
        rows = self.rows()
        body = f"[{'; '.join(', '.join(row) for row in rows)}]" if given.shape else rows[0][0]
        counted = "my(L = #lambda); " if given.counts_eigenvalues else ""
        text = f"{name}({', '.join(self.arguments())}) = {{ {counted}{body} }}"
        helper = "\npower_law(L, beta) = {{ my(w = vector(L, k, k^(-1 - beta))); L*w/vecsum(w) }}"
        return text + (helper.replace("{{", "{").replace("}}", "}") if EIGENVALUES in given.arrays else "")


class JuliaPrinter(_FromOne):
    """Julia with SpecialFunctions, in double precision (roots of integers are Float64)."""

    language = "julia"
    double = True
    comment = "#"
    missing = "SpecialFunctions.jl has no such function; choose another language"
    reserved = frozenset({"gamma", "zeta", "erf", "erfc", "sum", "prod", "float", "exp", "log"})
    root = "sqrt({0})"
    constants: ClassVar = {sp.pi: "pi", sp.E: "exp(1)", sp.EulerGamma: "Base.MathConstants.eulergamma"}
    functions: ClassVar = {
        **{getattr(sp, head): f"{head}({{0}})" for head in ("exp", "log", "sin", "cos", "tan", "asin", "acos", "atan")},
        **{getattr(sp, head): f"{head}({{0}})" for head in ("sinh", "cosh", "tanh", "erf", "erfc", "gamma")},
        sp.loggamma: "loggamma({0})",
        sp.factorial: "gamma(1 + {0})",
        sp.Abs: "abs({0})",
        sp.uppergamma: "gamma({0}, {1})",
        sp.lowergamma: "(gamma({0}) - gamma({0}, {1}))",
        sp.zeta: lambda *given: f"zeta({', '.join(given)})",
        sp.harmonic: lambda n, order="1": (
            f"(digamma(1 + {n}) + Base.MathConstants.eulergamma)"
            if order == "1"
            else f"(zeta({order}) - zeta({order}, 1 + {n}))"
        ),
    }

    def whole_value(self, name: str) -> str:
        return f"float({name})"

    def rational(self, numerator: int, denominator: int) -> str:
        return f"{numerator}//{denominator}"

    def delta(self, left: str, right: str) -> str:
        return f"({left} == {right})"

    def reduction(self, node: Any, index: str, low: str, high: str, inner: Any) -> str:
        combine, neutral = ("sum", 0) if isinstance(node, sp.Sum) else ("prod", 1)
        return f"{combine}(({self.write(inner)} for {index} in {low}:{high}); init={neutral})"

    def function(self, name: str) -> str:
        given = self.program
        rows = self.rows()
        if len(given.shape) == 2:
            body = "[" + "; ".join(" ".join(f"({value})" for value in row) for row in rows) + "]"
        else:
            body = f"[{', '.join(rows[0])}]" if given.shape else rows[0][0]
        lines = ["using SpecialFunctions", "", f"function {name}({', '.join(self.arguments())})"]
        lines += [f"    {self.name(s)} = float({self.name(s)})" for s in given.scalars if self._is_number(s)]
        lines += ["    L = length(lambda)"] if given.counts_eigenvalues else []
        lines += [f"    return {body}", "end"]
        if EIGENVALUES in given.arrays:
            weights = "weights = [float(k)^(-1 - beta) for k in 1:L]"
            lines += ["", "function power_law(L, beta)", f"    {weights}", "    return L*weights/sum(weights)", "end"]
        return "\n".join(lines)

    def _is_number(self, scalar: str) -> bool:
        return scalar not in self.program.whole and not (scalar == "L" and self.program.counts_eigenvalues)


class MathematicaPrinter(_FromOne):
    """Mathematica: exact in, exact out; N[..., 50] gives digits."""

    language = "mathematica"
    comment = "(*"
    reserved = frozenset({"C", "D", "E", "I", "K", "N", "O"})
    root = "Sqrt[{0}]"
    constants: ClassVar = {sp.pi: "Pi", sp.E: "E", sp.EulerGamma: "EulerGamma"}
    functions: ClassVar = {
        **{getattr(sp, head): f"{head.title()}[{{0}}]" for head in ("exp", "log", "sin", "cos", "tan")},
        **{getattr(sp, head): f"{head.title()}[{{0}}]" for head in ("sinh", "cosh", "tanh", "erf", "erfc", "gamma")},
        **{getattr(sp, f"a{head}"): f"Arc{head.title()}[{{0}}]" for head in ("sin", "cos", "tan")},
        sp.loggamma: "LogGamma[{0}]",
        sp.factorial: "Factorial[{0}]",
        sp.Abs: "Abs[{0}]",
        sp.uppergamma: "Gamma[{0}, {1}]",
        sp.lowergamma: "Gamma[{0}, 0, {1}]",
        sp.zeta: lambda order, *start: f"HurwitzZeta[{order}, {start[0]}]" if start else f"Zeta[{order}]",
        sp.harmonic: lambda *given: f"HarmonicNumber[{', '.join(given)}]",
        sp.bernoulli: "BernoulliB[{0}]",
    }

    def name(self, name: str) -> str:
        """sigma_J -> sigmaJ: an underscore makes a pattern, and single capitals are taken."""
        first, *others = name.replace("'", "_prime").split("_")
        plain = first + "".join(word[0].upper() + word[1:] for word in others if word)
        return f"par{plain}" if plain in self.reserved else plain

    def call(self, function: str, arguments: list[str]) -> str:
        return f"{function}[{', '.join(arguments)}]"

    def member(self, name: str, indices: list[str], first: tuple[int, ...]) -> str:
        moved = (shifted(index, 1 - start) for index, start in zip(indices, first, strict=True))
        return f"{name}[[{', '.join(moved)}]]"

    def delta(self, left: str, right: str) -> str:
        return f"KroneckerDelta[{left}, {right}]"

    def reduction(self, node: Any, index: str, low: str, high: str, inner: Any) -> str:
        combine = "Sum" if isinstance(node, sp.Sum) else "Product"
        return f"{combine}[{self.write(inner)}, {{{index}, {low}, {high}}}]"

    def function(self, name: str) -> str:
        given = self.program
        rows = self.rows()
        listed = [f"{{{', '.join(row)}}}" for row in rows]
        body = f"{{{', '.join(listed)}}}" if len(given.shape) == 2 else listed[0] if given.shape else rows[0][0]
        head = f"{self.name(name)}[{', '.join(f'{argument}_' for argument in self.arguments())}]"
        text = f"{head} := Module[{{L = Length[lambda]}}, {body}]" if given.counts_eigenvalues else f"{head} := {body}"
        helper = "\npowerLaw[L_, beta_] := L*Table[k^(-1 - beta), {k, 1, L}]/HarmonicNumber[L, 1 + beta]"
        return text + (helper if EIGENVALUES in given.arrays else "")
