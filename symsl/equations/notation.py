"""Statements in the authored form: SymPy must not evaluate them when they are written down."""

from __future__ import annotations

from typing import Any

from sympy import Derivative, Eq

from symsl.symbols import alpha


def equal(lhs: Any, rhs: Any) -> Any:
    """lhs = rhs, as written."""
    return Eq(lhs, rhs, evaluate=False)


def velocity(quantity: Any) -> Any:
    """d(quantity)/d(alpha), as written."""
    return Derivative(quantity, alpha, evaluate=False)
