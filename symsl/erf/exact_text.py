"""Exact constants as text: rational numbers, and what SymPy prints for irrational eigenvalues, read back safely.

Text is parsed as an expression and only what is listed here is built from it; nothing is evaluated as code.
"""

from __future__ import annotations

import ast
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symsl.errors import ParameterError, UsageError, shorten
from symsl.precision import exact

if TYPE_CHECKING:
    import sympy

HEADS = (
    "sqrt",
    "exp",
    "log",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "erf",
    "gamma",
    "zeta",
)
CONSTANTS = ("pi", "E", "EulerGamma")
_LONGEST, _LARGEST_EXPONENT = 10_000, 10_000
_REMEDY = f"write it with integers, + - * / **, {', '.join(CONSTANTS)}, {', '.join(HEADS)}"


def read_constant(text: str, where: str) -> Fraction | sympy.Expr:
    """A rational number as a `Fraction`, any other constant such as "sqrt(2)/2" as a SymPy expression."""
    try:
        return exact(text, "number", where)
    except ParameterError:
        pass
    unreadable = UsageError(f"{where}: cannot read the exact constant {shorten(text)!r}; {_REMEDY}")
    if len(text) > _LONGEST:
        raise unreadable
    from sympy.core.parameters import distribute

    try:
        with distribute(False):  # 2 (1 + x) stays as it was written
            value = _build(ast.parse(text, mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError, ZeroDivisionError):
        raise unreadable from None
    if value.is_Rational:
        return Fraction(int(value.p), int(value.q))
    if not value.is_finite or not value.is_real:
        raise unreadable
    constant: sympy.Expr = value
    return constant


def write_constant(value: Fraction | sympy.Expr, where: str) -> str:
    """The text that `read_constant` turns into the same constant; `UsageError` where there is none."""
    text = str(value)
    if isinstance(value, Fraction):
        return text
    try:
        same = read_constant(text, where) == value
    except UsageError:
        same = False
    if not same:
        raise UsageError(f"{where}: the eigenvalue {shorten(text)} cannot be written exactly; {_REMEDY}")
    return text


def _build(node: ast.expr) -> Any:
    """The SymPy expression of a syntax tree; `ValueError` for anything that is not listed."""
    import sympy as sp

    if isinstance(node, ast.Constant) and type(node.value) is int:
        return sp.Integer(node.value)
    if isinstance(node, ast.Name) and node.id in CONSTANTS:
        return getattr(sp, node.id)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_build(node.operand)
    if isinstance(node, ast.BinOp):
        left, right = _build(node.left), _build(node.right)
        if isinstance(node.op, ast.Add):
            return left + right
        if isinstance(node.op, ast.Sub):
            return left - right
        if isinstance(node.op, ast.Mult):
            return left * right
        if isinstance(node.op, ast.Div):
            return left / right
        if isinstance(node.op, ast.Pow) and right.is_Rational and abs(right) <= _LARGEST_EXPONENT:
            return left**right
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in HEADS and not node.keywords:
        return getattr(sp, node.func.id)(*(_build(argument) for argument in node.args))
    raise ValueError
