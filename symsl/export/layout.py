"""How does a statement fit a line? Long sums are broken between terms, and inside the bracket that holds them."""

from __future__ import annotations

from collections.abc import Callable
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


Write = Callable[[Any], str]


def display(statement: Any, line: int = LINE, write: Write = fragment) -> list[str]:
    """The LaTeX of a statement, one text for each display: as it is where it fits `line`, else an `aligned`.

    Where breaking between terms does not help, wide sums inside get names, X_1 and so on, each with a display of its
    own after the statement. Widths are estimated from the drawn expression; `write` makes the LaTeX of a part.
    """
    return [_aligned(block) for block in lines(statement, line, write)]


def lines(statement: Any, line: int = LINE, write: Write = fragment) -> list[list[str]]:
    """The same as rows, one list for each display; where there are several, the first is split at & as in `align`.

    A wide left-hand side stands on lines of its own, and the relation begins the next one.
    """
    if not isinstance(statement, Relational) or width(statement) <= line:
        return [[write(statement)]]
    left, right = statement.lhs, statement.rhs
    stacked = _stacked(left, line)
    room = line - 6 if stacked else line - width(left) - 3
    names: dict[Any, Any] = {}
    if _unbreakable(right, room) or (stacked and _unbreakable(left, line)):
        (left, right), names = abbreviated(left, right)
        room = line - 6 if stacked else line - width(left) - 3
    definitions = [rows([write(name)], "=", broken(value, line - 12, write)) for name, value in names.items()]
    lefts = broken(left, line, write) if stacked else [write(left)]
    relation = _RELATIONS[statement.rel_op]
    return [rows(lefts, relation, broken(right, room, write), beside=not stacked), *definitions]


def _stacked(left: Any, line: int) -> bool:
    return width(left) > line // 3


def rows(lefts: list[str], relation: str, rights: list[str], *, beside: bool = True) -> list[str]:
    """The rows of a display from those of its sides; `beside`: the sides share a row if the left is one row."""
    first, *others = rights
    below = [_INDENT + row for row in others]
    if len(lefts) > 1 or not beside:
        return [*(f"&{row}" for row in lefts), f"&\\quad {relation} {first}", *below]
    return [f"{lefts[0]} &{relation} {first}", *below] if below else [f"{lefts[0]} {relation} {first}"]


def _aligned(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else "\\begin{aligned}\n" + " \\\\\n".join(parts) + "\n\\end{aligned}"


def abbreviated(*expressions: Any) -> tuple[tuple[Any, ...], dict[Any, Any]]:
    """The expressions with their wide inner sums replaced by names, and what the names stand for, innermost first.

    The name of what depends on the index of a sum carries it: X_1(k). Names of matrices do not commute.
    """
    bound = {index for e in expressions for total in e.atoms(sp.Sum, sp.Product) for index in total.variables}
    names: dict[Any, Any] = {}
    while True:
        inner = [
            node
            for expression in expressions
            for node in sp.preorder_traversal(expression)
            if isinstance(node, sp.Add) and node not in expressions and width(node) >= _WIDE
        ]
        if not inner:
            return expressions, names
        node = min(inner, key=lambda node: (width(node), str(node)))
        name = numbered(len(names) + 1, node, bound)
        names[name] = node
        expressions = tuple(expression.xreplace({node: name}) for expression in expressions)


def numbered(number: int, node: Any, bound: set[Any]) -> Any:
    """X_number, with the indices that the node depends on."""
    label, indices = f"X_{number}", sorted(node.free_symbols & bound, key=str)
    kind = {} if node.is_commutative else {"commutative": False}
    return sp.Function(label, **kind)(*indices) if indices else sp.Symbol(label, **kind)


def _unbreakable(expression: Any, room: int) -> bool:
    """Whether a line of the broken expression stays wider than `room`."""
    if width(expression) <= room:
        return False
    if isinstance(expression, sp.Add):
        return any(_unbreakable(term, room) for term in expression.args)
    summed = _widest_sum(expression)
    return summed is None or _unbreakable(summed, room) or width(expression.xreplace({summed: sp.Symbol("X")})) > room


def broken(expression: Any, room: int, write: Write = fragment) -> list[str]:
    """The lines of an expression: the terms of a sum, or of the widest sum among the factors of a product."""
    if width(expression) <= room:
        return [write(expression)]
    if isinstance(expression, sp.Add):
        return _packed(expression.as_ordered_terms(), room, write)
    summed = _widest_sum(expression)
    return [write(expression)] if summed is None else _bracketed(expression, summed, room, write)


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


def _bracketed(product: sp.Mul, summed: sp.Add, room: int, write: Write) -> list[str]:
    others = [factor for factor in product.args if factor is not summed]
    front = write(sp.Mul(*others, evaluate=False)) if others else ""
    rows = _packed(summed.as_ordered_terms(), room, write)
    if len(rows) == 1:
        return [write(product)]
    return [rf"{front} \biggl[ {rows[0]}", *rows[1:-1], rf"{rows[-1]} \biggr]"]


def _packed(terms: list[Any], room: int, write: Write) -> list[str]:
    """As many terms on a line as fit; a term that is too wide alone is broken inside."""
    rows: list[str] = []
    used = 0
    for term in terms:
        negative = term.could_extract_minus_sign()
        pieces = broken(-term if negative else term, room, write)
        sign = "-" if negative else "+" if rows else ""
        needed = width(term) + 3
        if rows and len(pieces) == 1 and used + needed <= room:
            rows[-1] += f" {sign} {pieces[0]}"
            used += needed
            continue
        rows.append(f"{sign} {pieces[0]}".strip())
        rows.extend(rf"\quad {piece}" for piece in pieces[1:])
        used = needed
    return rows
