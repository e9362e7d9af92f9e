"""How does a statement fit a line? Long sums are broken between terms, and inside the bracket that holds them."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.printing.pretty.pretty import PrettyPrinter
from sympy.printing.pretty.pretty_symbology import pretty_use_unicode

from symsl.latex import fragment

LINE = 100
_WIDE = 24  # columns from which an inner sum deserves a name
_INDENT = r"&\qquad "
_RELATIONS = {"==": "=", "<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", "!=": r"\ne"}


def display(statement: Any, line: int = LINE) -> list[str]:
    """The LaTeX of a statement, one text for each display: as it is where it fits `line`, else an `aligned`.

    Where breaking between terms does not help, wide sums inside get names, X_1 and so on, each with a display of its
    own after the statement. Widths are estimated from the drawn expression.
    """
    if not isinstance(statement, Relational) or width(statement) <= line:
        return [fragment(statement)]
    room = line - min(width(statement.lhs), line // 2) - 3
    rhs, names = abbreviated(statement.rhs) if _unbreakable(statement.rhs, room) else (statement.rhs, {})
    definitions = [_rows(fragment(name), "=", broken(value, line - 6)) for name, value in names.items()]
    return [_rows(fragment(statement.lhs), _RELATIONS[statement.rel_op], broken(rhs, room)), *definitions]


def _rows(lhs: str, relation: str, rows: list[str]) -> str:
    first, *others = rows
    if not others:
        return f"{lhs} {relation} {first}"
    body = [f"{lhs} &{relation} {first}", *(_INDENT + row for row in others)]
    return "\\begin{aligned}\n" + " \\\\\n".join(body) + "\n\\end{aligned}"


def abbreviated(expression: Any) -> tuple[Any, dict[sp.Symbol, Any]]:
    """The expression with its wide inner sums replaced by names, and what the names stand for, innermost first.

    What depends on the index of a sum keeps its full form: a name would hide it.
    """
    bound = {index for total in expression.atoms(sp.Sum, sp.Product) for index in total.variables}
    names: dict[sp.Symbol, Any] = {}
    while True:
        inner = [
            node
            for node in sp.preorder_traversal(expression)
            if isinstance(node, sp.Add)
            and node != expression
            and width(node) >= _WIDE
            and not node.free_symbols & bound
        ]
        if not inner:
            return expression, names
        name = sp.Symbol(f"X_{len(names) + 1}")
        names[name] = min(inner, key=lambda node: (width(node), str(node)))
        expression = expression.xreplace({names[name]: name})


def _unbreakable(expression: Any, room: int) -> bool:
    """Whether a line of the broken expression stays wider than `room`."""
    if width(expression) <= room:
        return False
    if isinstance(expression, sp.Add):
        return any(_unbreakable(term, room) for term in expression.args)
    summed = _widest_sum(expression)
    return summed is None or _unbreakable(summed, room) or width(expression.xreplace({summed: sp.Symbol("X")})) > room


def broken(expression: Any, room: int) -> list[str]:
    """The lines of an expression: the terms of a sum, or of the widest sum among the factors of a product."""
    if width(expression) <= room:
        return [fragment(expression)]
    if isinstance(expression, sp.Add):
        return _packed(expression.as_ordered_terms(), room)
    summed = _widest_sum(expression)
    return [fragment(expression)] if summed is None else _bracketed(expression, summed, room)


def drawn(expression: Any, *, use_unicode: bool = True) -> str:
    """The expression drawn with characters, in the paper's notation, however wide."""
    before = pretty_use_unicode(use_unicode)  # SymPy keeps this for the process, too
    try:
        return str(_Drawing({"use_unicode": use_unicode, "wrap_line": False}).doprint(expression))
    finally:
        pretty_use_unicode(before)


def width(expression: Any) -> int:
    """Columns of the drawn expression: a fair measure of its typeset width."""
    return max(len(line) for line in drawn(expression).splitlines())


class _Drawing(PrettyPrinter):
    """SymPy's drawing with lambda_k for lambda[k] and a Greek epsilon."""

    def _print_Indexed(self, expr: Any) -> Any:
        return self._print(sp.Symbol(f"{expr.base.label}_{','.join(map(str, expr.indices))}"))

    def _print_Symbol(self, expr: Any, bold_name: bool = False) -> Any:
        greek = sp.Symbol(expr.name.replace("eps", "epsilon", 1)) if expr.name.startswith("eps_") else expr
        return super()._print_Symbol(greek, bold_name)


def _widest_sum(expression: Any) -> sp.Add | None:
    """The widest sum among the factors of a product."""
    factors = expression.args if isinstance(expression, sp.Mul) else ()
    return max((factor for factor in factors if isinstance(factor, sp.Add)), key=width, default=None)


def _bracketed(product: sp.Mul, summed: sp.Add, room: int) -> list[str]:
    others = [factor for factor in product.args if factor is not summed]
    front = fragment(sp.Mul(*others, evaluate=False)) if others else ""
    lines = _packed(summed.as_ordered_terms(), room)
    return [rf"{front} \biggl[ {lines[0]}", *lines[1:-1], rf"{lines[-1]} \biggr]"] if len(lines) > 1 else lines


def _packed(terms: list[Any], room: int) -> list[str]:
    """As many terms on a line as fit; a term that is too wide alone is broken inside."""
    lines: list[str] = []
    used = 0
    for term in terms:
        negative = term.could_extract_minus_sign()
        pieces = broken(-term if negative else term, room)
        sign = "-" if negative else "+" if lines else ""
        needed = width(term) + 3
        if lines and len(pieces) == 1 and used + needed <= room:
            lines[-1] += f" {sign} {pieces[0]}"
            used += needed
            continue
        lines.append(f"{sign} {pieces[0]}".strip())
        lines.extend(rf"\quad {piece}" for piece in pieces[1:])
        used = needed
    return lines
