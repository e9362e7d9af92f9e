"""SymPy -> LaTeX in the paper's notation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Indexed, Symbol
from sympy.printing.latex import LatexPrinter

from symsl.symbols import FAMILIES, LATEX


class _PaperPrinter(LatexPrinter):
    """SymPy's printer with the paper's names, incomplete gammas as Gamma(s, x), and sums in one line."""

    def __init__(self, names: Mapping[str, str], settings: dict[str, Any]) -> None:
        super().__init__(settings)
        self.names = names

    def _print_Symbol(self, expr: Symbol, style: str = "plain") -> str:
        return self.names.get(expr.name) or LATEX.get(expr.name) or str(super()._print_Symbol(expr, style))

    def _hprint_Function(self, func: str) -> str:
        return self.names.get(func) or LATEX.get(func) or str(super()._hprint_Function(func))

    def _print_Indexed(self, expr: Any) -> str:
        label = str(expr.base.label)
        notation = FAMILIES.get(label)
        if notation is None or label in self.names:
            return str(super()._print_Indexed(expr))
        return _filled(notation, [self._print(index) for index in expr.indices])

    def _print_IndexedBase(self, expr: Any) -> str:
        notation = FAMILIES.get(str(expr.label))
        if notation is None or str(expr.label) in self.names:
            return str(self._print(expr.label))
        return _filled(notation, [r"\cdot"] * 4)

    def _helper_print_standard_power(self, expr: Any, template: str) -> str:
        """A base with a superscript of its own, such as Q^(1), needs parentheses."""
        text = str(super()._helper_print_standard_power(expr, template))
        base = self._print(expr.base)
        return (
            text.replace(base, rf"\left({base}\right)", 1) if isinstance(expr.base, Indexed) and "^" in base else text
        )

    def _print_Derivative(self, expr: Any) -> str:
        """All derivatives are taken along the one curve X(alpha): d, whatever else in it is a symbol."""
        return str(super()._print_Derivative(expr)).replace(r"\partial", "d")

    def _print_harmonic(self, expr: Any, exp: Any = None) -> str:
        order = f"^{{({self._print(expr.args[1])})}}" if len(expr.args) > 1 else ""
        text = f"H_{{{self._print(expr.args[0])}}}{order}"
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"


def _filled(notation: str, indices: list[str]) -> str:
    for place, index in enumerate(indices, start=1):
        notation = notation.replace(f"#{place}", index)
    return notation


def fragment(expression: Any, names: Mapping[str, str] | None = None) -> str:
    """The LaTeX of an expression or equation, without an environment; `names` writes symbols differently."""
    settings = {"mul_symbol": None, "fold_short_frac": False, "full_prec": True, "inv_trig_style": "full"}
    return str(_PaperPrinter(names or {}, settings).doprint(expression))
