"""What does an equation compute, from which arguments? The part of code export that is the same in every language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.matexpr import MatrixElement

from symsl.errors import UsageError
from symsl.symbols import FIRST_INDEX

if TYPE_CHECKING:
    from symsl.equations import Equation

EIGENVALUES = "lambda"


@dataclass(frozen=True)
class Program:
    """A function: its arguments and the expressions it returns.

    `arrays` maps the name of a family that a sum runs over to the first of each of its indices; `functions` are given
    as functions of one number. `shape` is () for a number, (n,) for a column, (m, n) for a matrix, whose entries stand
    in `values` row by row. `whole` are the scalars that serve as indices, limits of sums or integer exponents.
    `residual` says that an implicit equation is returned as the difference of its sides.
    """

    scalars: tuple[str, ...]
    arrays: dict[str, tuple[int, ...]]
    functions: tuple[str, ...]
    whole: frozenset[str]
    values: tuple[Any, ...]
    shape: tuple[int, ...]
    residual: bool

    @property
    def counts_eigenvalues(self) -> bool:
        """Whether L is known from the eigenvalues that are given."""
        return "L" in self.scalars and EIGENVALUES in self.arrays


def program(entry: Equation) -> Program:
    """The right-hand side of an equation as a function of what it names; `UsageError` where it is not made of numbers.

    An equation with a sum on its left is implicit: its program returns left minus right. A family that no sum runs over
    is given by those of its members that occur, each a scalar of its own: Q[1] becomes Q_1.
    """
    statement = entry.statement
    residual = bool(statement.lhs.has(sp.Sum))
    value = statement.lhs - statement.rhs if residual else statement.rhs
    if value.has(sp.MatrixSymbol):
        value = value.as_explicit()
    shape, values = _components(value)
    if not all(part.is_commutative for part in values) or value.has(sp.Integral, sp.Derivative):
        raise UsageError(
            f"code: equation {entry.id} ({entry.name}) is a statement about matrices of any size or functions, not "
            f"about numbers: it has no closed expression to export; `symsl latex {entry.id}` exports the statement"
        )
    several = sorted({n.func.__name__ for part in values for n in part.atoms(AppliedUndef) if len(n.args) > 1})
    if several:
        raise UsageError(
            f"code: equation {entry.id} ({entry.name}) has functions of several arguments, {', '.join(several)}, which "
            f"are other entries of the catalogue; `symsl eval {entry.id}` gives its value"
        )
    summed = {
        name: _first_index(name, values, entry) for name in sorted({_family(node) for node in _summed_members(values)})
    }
    values = tuple(_other_members_named(part, summed) for part in values)
    matrices = sorted({node.parent.name for part in values for node in part.atoms(MatrixElement)})
    names = {symbol.name for part in values for symbol in _scalars(part)}
    return Program(
        tuple(sorted(names, key=lambda name: (_place(name, entry), name))),
        summed | dict.fromkeys(matrices, (0, 0)),
        tuple(sorted({node.func.__name__ for part in values for node in part.atoms(AppliedUndef)})),
        frozenset(names & {symbol.name for part in values for symbol in _whole(part)}),
        values,
        shape,
        residual,
    )


def is_index(expression: Any) -> bool:
    """Whether an expression is an integer made of integers by sums and products alone."""
    if isinstance(expression, sp.Integer):
        return True
    if isinstance(expression, sp.Symbol):
        return bool(expression.is_integer)
    return isinstance(expression, sp.Add | sp.Mul) and all(map(is_index, expression.args))


def _components(value: Any) -> tuple[tuple[int, ...], tuple[Any, ...]]:
    if not isinstance(value, sp.MatrixBase):
        return (), (value,)
    rows, columns = value.shape
    return ((rows,) if columns == 1 else (rows, columns)), tuple(value)


def _family(node: sp.Indexed) -> str:
    return str(node.base.label)


def _summed_members(values: Iterable[Any]) -> list[sp.Indexed]:
    """The members of families whose index a sum runs over."""
    return [
        node
        for part in values
        for total in part.atoms(sp.Sum, sp.Product)
        for node in total.function.atoms(sp.Indexed)
        if {symbol for index in node.indices for symbol in index.free_symbols} & set(total.variables)
    ]


def _first_index(name: str, values: tuple[Any, ...], entry: Equation) -> tuple[int, ...]:
    """Where the indices of a family begin: declared in `symsl.symbols`, else 1 if all indices are surely positive."""
    if name in FIRST_INDEX:
        return FIRST_INDEX[name]
    limits = [limit for part in values for total in part.atoms(sp.Sum, sp.Product) for limit in total.limits]
    lowest = {index: low for index, low, _ in limits}
    members = [node for part in values for node in part.atoms(sp.Indexed) if _family(node) == name]
    if not all(index.subs(lowest).is_positive for node in members for index in node.indices):
        raise UsageError(f"code: equation {entry.id}: declare the first index of {name} in symsl.symbols.FIRST_INDEX")
    return (1,) * len(members[0].indices)


def _other_members_named(expression: Any, summed: Iterable[str]) -> Any:
    members = [node for node in expression.atoms(sp.Indexed) if _family(node) not in summed]
    return expression.xreplace({node: sp.Symbol(_member_name(node), real=True) for node in members})


def _member_name(node: sp.Indexed) -> str:
    """R_units[i, n, l + 1] -> R_units_i_n_l_plus_1."""
    indices = [re.sub(r"\W", "", str(i).replace("+", "_plus_").replace("-", "_minus_")) for i in node.indices]
    return "_".join((_family(node), *indices))


def _scalars(expression: Any) -> set[sp.Symbol]:
    families = {_family(node) for node in expression.atoms(sp.Indexed)}
    return {s for s in expression.free_symbols if isinstance(s, sp.Symbol) and s.name not in families}


def _whole(expression: Any) -> set[sp.Symbol]:
    """Symbols in the places where an integer is needed."""
    places = [index for node in expression.atoms(sp.Indexed) for index in node.indices]
    places += [bound for node in expression.atoms(sp.Sum, sp.Product) for limit in node.limits for bound in limit[1:]]
    places += [argument for node in expression.atoms(sp.KroneckerDelta, sp.bernoulli) for argument in node.args]
    places += [node.exp for node in expression.atoms(sp.Pow) if is_index(node.exp)]
    return {symbol for place in places for symbol in place.free_symbols}


def _place(name: str, entry: Equation) -> int:
    """Where the entry explains this symbol; what it does not explain comes first."""
    explained = [str(quantity.symbol) for quantity in entry.quantities]
    return explained.index(name) if name in explained else -1
