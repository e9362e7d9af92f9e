"""How does an identity too large to read look? Its structure, with names for parts, and the heads of long sums."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import sympy as sp

from symsl.export.layout import LINE, Write, broken, numbered, rows, width
from symsl.latex import fragment

MOST_ROWS = 12
_KEPT = 2  # lines of a long sum before the dots
_NAMED = 24  # columns from which a part gets a name


def outline(statement: Any, write: Write = fragment) -> tuple[list[list[str]], str]:
    """Rows for each display, and what they leave out: "3200 operations in all; X_5 and X_6 are not written out"."""
    names: dict[Any, Any] = {}
    bound = {index for total in statement.atoms(sp.Sum, sp.Product) for index in total.variables}

    def name(node: Any) -> Any:
        if node not in names:
            names[node] = numbered(len(names) + 1, node, bound)
        return names[node]

    left, right = (_opened(side, LINE - 6, name) for side in statement.args)
    displays = [rows(_head(left, LINE, write), "=", _head(right, LINE - 6, write), beside=width(left) <= LINE // 3)]
    used, done = len(displays[0]), 0
    while done < len(names):
        node, label = list(names.items())[done]
        before = len(names)
        definition = _head(_opened(node, LINE - 12, name), LINE - 12, write)
        if used + len(definition) > MOST_ROWS:
            names = dict(list(names.items())[:before])  # without those that only this part would use
            break
        displays.append(rows([write(label)], "=", definition))
        used, done = used + len(definition), done + 1
    left_out = [str(label).partition("(")[0] for label in list(names.values())[done:]]
    sides = [part for side in statement.args for part in (side if isinstance(side, sp.MatrixBase) else [side])]
    size = f"{sum(int(part.count_ops()) for part in sides)} operations in all"
    if not left_out:
        return displays, f"in outline, {size}"
    ends = left_out if len(left_out) < 3 else [left_out[0], left_out[-1]]
    joined = (" and " if len(left_out) < 3 else " to ").join(ends)
    return displays, f"in outline, {size}; {joined} {'is' if len(left_out) == 1 else 'are'} not written out"


def _opened(node: Any, room: int, name: Any) -> Any:
    """The node with its wide parts named: one level of its structure."""
    if isinstance(node, sp.MatrixBase):
        return node.applyfunc(lambda part: part if _fits(part, room // (2 * node.cols)) else name(part))
    if _fits(node, room) or not node.args:
        return node
    if isinstance(node, sp.Add):
        return sp.Add(*[part if _fits(part, room) else _opened(part, room, name) for part in node.args], evaluate=False)
    if isinstance(node, sp.Sum | sp.Product):
        return node.func(_opened(node.function, room // 2, name), *node.limits)
    parts = [_part(part, name) for part in node.args]
    return node.func(*parts, evaluate=False) if isinstance(node, sp.Mul | sp.Pow) else node.func(*parts)


def _part(part: Any, name: Any) -> Any:
    """A factor or argument: wide sums get a name, wide products and powers are opened."""
    if not isinstance(part, sp.Expr) or _fits(part, _NAMED):
        return part
    return name(part) if isinstance(part, sp.Add) else _opened(part, _NAMED, name)


def _fits(node: Any, room: int) -> bool:
    return bool(node.count_ops() <= 4 * room) and width(node) <= room


def _head(expression: Any, room: int, write: Write) -> list[str]:
    """The first lines of a long sum and its last term."""
    if isinstance(expression, sp.Add):
        terms = expression.as_ordered_terms()
        ends = list(accumulate(width(term) + 3 for term in terms))
        kept = max(2, sum(end <= _KEPT * room for end in ends))
        if kept < len(terms) - 1:
            last = write(terms[-1])
            sign = "" if last.startswith("-") else "+ "
            head = broken(sp.Add(*terms[:kept], evaluate=False), room, write)
            return [*head, rf"+ \cdots {sign}{last} \quad \text{{({len(terms)} terms)}}"]
    return broken(expression, room, write)
