"""Code for C99 in double precision: sums are loops in front of the value they enter."""

from __future__ import annotations

from typing import Any, ClassVar

import sympy as sp

from symsl.export.printer import Binding, Printer, shifted
from symsl.export.program import EIGENVALUES

_POWER_LAW = """
void power_law(int L, double beta, double *lambda)
{
    double total = 0;
    for (int k = 1; k <= L; k++)
        total += pow(k, -1 - beta);
    for (int k = 1; k <= L; k++)
        lambda[k - 1] = L * pow(k, -1 - beta) / total;
}"""


class CPrinter(Printer):
    """C99 with the functions of math.h."""

    language = "C"
    double = True
    comment = "//"
    missing = "math.h has no such function: choose another language, such as --to mpmath or --to pari"
    reserved = frozenset({"pow", "exp", "log", "M_PI", "out"})
    root = "sqrt({0})"
    constants: ClassVar = {
        sp.pi: "3.14159265358979323846",
        sp.E: "2.71828182845904523536",
        sp.EulerGamma: "0.57721566490153286061",
    }
    functions: ClassVar = {
        **{getattr(sp, head): f"{head}({{0}})" for head in ("exp", "log", "sin", "cos", "tan", "asin", "acos", "atan")},
        **{getattr(sp, head): f"{head}({{0}})" for head in ("sinh", "cosh", "tanh", "erf", "erfc")},
        sp.gamma: "tgamma({0})",
        sp.loggamma: "lgamma({0})",
        sp.factorial: "tgamma(1 + {0})",
        sp.Abs: "fabs({0})",
    }

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.lines: list[str] = []
        self.reductions = 0

    def whole_value(self, name: str) -> str:
        return f"(double){name}"

    def rational(self, numerator: int, denominator: int) -> str:
        return f"{numerator}.0/{denominator}"

    def one(self) -> str:
        return "1.0"

    def power(self, base: Any, exponent: Any) -> tuple[str, Binding]:
        return f"pow({self.write(base)}, {self.exponent(exponent)})", Binding.ATOM

    def member(self, name: str, indices: list[str], first: tuple[int, ...]) -> str:
        return name + "".join(f"[{shifted(index, -start)}]" for index, start in zip(indices, first, strict=True))

    def reduction(self, node: Any, index: str, low: str, high: str, inner: Any) -> str:
        self.reductions += 1
        total = f"sum_{self.reductions}" if isinstance(node, sp.Sum) else f"product_{self.reductions}"
        neutral, combine = (0, "+=") if isinstance(node, sp.Sum) else (1, "*=")
        indent = "    " * len(self.running)
        self.lines.append(f"{indent}double {total} = {neutral};")
        self.lines.append(f"{indent}for (int {index} = {low}; {index} <= {high}; {index}++) {{")
        term = self.write(inner)
        self.lines.append(f"{indent}    {total} {combine} {term};")
        self.lines.append(f"{indent}}}")
        return total

    def function(self, name: str) -> str:
        given = self.program
        arguments = [f"{'int' if scalar in given.whole else 'double'} {self.name(scalar)}" for scalar in given.scalars]
        arguments += [f"const double {self._stars(first)}{self.name(array)}" for array, first in given.arrays.items()]
        arguments += [f"double (*{self.name(function)})(double)" for function in given.functions]
        values = [self.write(value) for value in given.values]
        if given.shape:
            arguments.append("double *out")
            result = [f"    out[{place}] = {value};" for place, value in enumerate(values)]
        else:
            result = [f"    return {values[0]};"]
        head = f"{'void' if given.shape else 'double'} {name}({', '.join(arguments) or 'void'})"
        text = "\n".join(("#include <math.h>", "", head, "{", *self.lines, *result, "}"))
        return text + (f"\n{_POWER_LAW}" if EIGENVALUES in given.arrays else "")

    def _stars(self, first: tuple[int, ...]) -> str:
        """One pointer for each index: rows are given as pointers to them."""
        return "*" + "const *" * (len(first) - 1)
