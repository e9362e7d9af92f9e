"""Code for JavaScript in double precision: what a page in a browser computes with."""

from __future__ import annotations

from typing import Any, ClassVar

import sympy as sp

from symsl.export.printer import Binding, Printer, shifted
from symsl.export.program import EIGENVALUES

_HELPERS = {
    "sum(": """function sum(low, high, term) {
    let total = 0;
    for (let k = low; k <= high; k++) total += term(k);
    return total;
}""",
    "product(": """function product(low, high, factor) {
    let total = 1;
    for (let k = low; k <= high; k++) total *= factor(k);
    return total;
}""",
}
_POWER_LAW = """function power_law(L, beta) {
    const weights = Array.from({length: L}, (_, k) => Math.pow(k + 1, -1 - beta));
    const total = weights.reduce((left, right) => left + right, 0);
    return weights.map(weight => L*weight/total);
}"""


class JavascriptPrinter(Printer):
    """JavaScript with the functions of Math, which has neither error nor gamma functions."""

    language = "JavaScript"
    double = True
    comment = "//"
    missing = "Math has no such function: choose another language, such as --to mpmath or --to numpy"
    reserved = frozenset({"Math", "sum", "product", "power_law", "in", "of", "let", "var", "new", "this", "function"})
    root = "Math.sqrt({0})"
    constants: ClassVar = {sp.pi: "Math.PI", sp.E: "Math.E", sp.EulerGamma: "0.57721566490153286061"}
    functions: ClassVar = {
        **{getattr(sp, head): f"Math.{head}({{0}})" for head in ("exp", "log", "sin", "cos", "tan")},
        **{getattr(sp, head): f"Math.{head}({{0}})" for head in ("asin", "acos", "atan", "sinh", "cosh", "tanh")},
        sp.Abs: "Math.abs({0})",
    }

    def whole_value(self, name: str) -> str:
        return name

    def rational(self, numerator: int, denominator: int) -> str:
        return f"{numerator}/{denominator}"

    def power(self, base: Any, exponent: Any) -> tuple[str, Binding]:
        return f"Math.pow({self.write(base)}, {self.exponent(exponent)})", Binding.ATOM

    def member(self, name: str, indices: list[str], first: tuple[int, ...]) -> str:
        return name + "".join(f"[{shifted(index, -start)}]" for index, start in zip(indices, first, strict=True))

    def reduction(self, node: Any, index: str, low: str, high: str, inner: Any) -> str:
        return f"{'sum' if isinstance(node, sp.Sum) else 'product'}({low}, {high}, {index} => {self.write(inner)})"

    def function(self, name: str) -> str:
        given = self.program
        counted = given.counts_eigenvalues
        scalars = [scalar for scalar in given.scalars if not (counted and scalar == "L")]
        arguments = [self.name(argument) for argument in (*scalars, *given.arrays, *given.functions)]
        lines = [f"function {name}({', '.join(arguments)}) {{"]
        lines += [f"    const L = {self.name(EIGENVALUES)}.length;"] if counted else []
        lines += [f"    return {self._result()};", "}"]
        text = "\n".join(lines)
        helpers = [helper for call, helper in _HELPERS.items() if call in text]
        helpers += [_POWER_LAW] if EIGENVALUES in given.arrays else []
        return "\n\n".join((text, *helpers))

    def _result(self) -> str:
        values = self.listed()
        if not self.program.shape:
            return values[0]
        return f"[{', '.join(values)}]"
