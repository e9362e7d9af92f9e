"""LaTeX of an equation or of any expression made from the catalogue: as a fragment, an `align`, or a document."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

import sympy as sp

from symsl.arguments import expression, mapping
from symsl.equations.model import Equation
from symsl.errors import UsageError
from symsl.export.document import PREAMBLE, article, displayed
from symsl.export.layout import lines
from symsl.latex import fragment
from symsl.precision import certify, check_digits
from symsl.precision.evaluate import evaluate

FORMS = ("fragment", "align", "document")


def latex(
    what: Any, form: str = "fragment", *, rename: Mapping[str, str] | None = None, digits: int | None = None
) -> str:
    r"""The LaTeX of an `Equation`, or of any SymPy expression or equation in the symbols of `symsl.symbols`.

    `form` is "fragment" (one line without an environment), "align" (broken so that it fits a line, each equation with
    its label `eq:NUMBER`) or "document" (ready for pdflatex). `rename` maps names of symbols to LaTeX. With `digits`
    every numeric factor and term that is not an integer is written as a decimal that differs from its exact value by
    less than 0.51 units in the last digit, certified by ball arithmetic.

    >>> from symsl import equation
    >>> from symsl.symbols import eta
    >>> print(latex(2 / eta, rename={"eta": r"\gamma"}))
    \frac{2}{\gamma}
    >>> print(latex(eta * sp.sqrt(3) / 2 - sp.pi, digits=6))
    0.866025 \eta - 3.14159

    `UsageError` for an unknown form or symbol, or where two symbols would look the same.
    """
    if not isinstance(form, str) or form not in FORMS:
        raise UsageError(f"latex: no form {form}; there are {', '.join(FORMS)}")
    statement = what.statement if isinstance(what, Equation) else expression(what, "what", "latex")
    names = mapping(rename, "rename", "latex")
    _require_distinct(statement, names)
    if digits is not None:
        statement = with_decimals(statement, digits)
    if form == "fragment":
        return fragment(statement, names)
    if form == "align":
        return _align(statement, what.id if isinstance(what, Equation) else None, names)
    if isinstance(what, Equation) and digits is None:
        return article([what], names)
    return "\n".join((PREAMBLE.rstrip(), *displayed(statement, names), r"\end{document}", ""))


def with_decimals(expression: Any, digits: int) -> Any:
    """The expression with its numbers that are not integers as certified decimals; exponents and indices stay exact."""
    return _decimals(expression, check_digits(digits, "latex"))


def _decimals(node: Any, digits: int) -> Any:
    if isinstance(node, sp.MatrixBase):
        return node.applyfunc(lambda entry: _decimals(entry, digits))
    if isinstance(node, sp.Sum | sp.Product):
        return node.func(_decimals(node.function, digits), *node.limits)
    if not node.args or isinstance(node, sp.Indexed):
        return _decimal(node, digits) if _is_number(node) else node
    if _is_number(node):
        return _decimal(node, digits)
    if isinstance(node, sp.Pow):
        return sp.Pow(_decimals(node.base, digits), node.exp, evaluate=False)
    if isinstance(node, sp.Mul | sp.Add):
        numbers = [part for part in node.args if _is_number(part)]
        others = [_decimals(part, digits) for part in node.args if not _is_number(part)]
        if numbers:
            others.insert(0, _decimal(node.func(*numbers), digits))
        return node.func(*others, evaluate=isinstance(node, sp.Add))
    if isinstance(node, sp.MatrixExpr | sp.Derivative | sp.Integral | sp.Function | sp.core.relational.Relational):
        arguments = [_decimals(part, digits) if isinstance(part, sp.Basic) else part for part in node.args]
        if isinstance(node, sp.core.relational.Relational):
            return node.func(*arguments, evaluate=False)
        return node if isinstance(node, sp.MatrixExpr | sp.Derivative | sp.Integral) else node.func(*arguments)
    return node


def _is_number(node: Any) -> bool:
    return isinstance(node, sp.Expr) and not node.free_symbols and bool(node.is_number) and node.is_real is not False


def _decimal(number: Any, digits: int) -> Any:
    """The certified decimal as a float of as many digits, which is printed as that decimal; integers are kept."""
    if number.is_Integer:
        return number
    value = certify(lambda: evaluate(number), digits, route="closed form", where="latex")
    return sp.Float(str(value), digits)


def _align(statement: Any, key: str | None, names: Mapping[str, str]) -> str:
    rows = [row for block in lines(statement, write=lambda part: fragment(part, names)) for row in block]
    numbered = [f"{row} \\nonumber" for row in rows[:-1]] + [rows[-1] + (rf" \label{{eq:{key}}}" if key else "")]
    return "\\begin{align}\n" + " \\\\\n".join(numbered) + "\n\\end{align}"


def _require_distinct(statement: Any, names: Mapping[str, str]) -> None:
    """Every renamed symbol occurs, and no two symbols that occur are written alike."""
    labels = {str(base.label) for base in statement.atoms(sp.IndexedBase)}
    present = {symbol.name for symbol in statement.atoms(sp.Symbol)} | labels
    present |= {node.func.__name__ for node in statement.atoms(sp.core.function.AppliedUndef)}
    for name in names:
        if name not in present:
            near = difflib.get_close_matches(name, present, 1, 0.3)
            hint = f"; did you mean {near[0]}?" if near else f"; it has {', '.join(sorted(present)) or 'none'}"
            raise UsageError(f"latex: no symbol {name} to rename{hint}")
    written: dict[str, str] = {}
    for name in sorted(present):
        text = fragment(sp.Symbol(name), names)
        if text in written and (name in names or written[text] in names):
            raise UsageError(f"latex: {written[text]} and {name} would both be written {text}; choose another")
        written[text] = name
