"""Code for statements about vectors and matrices of any size: products, inverses and exponentials of matrices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sympy as sp

from symsl.errors import UnsupportedExpressionError, UsageError
from symsl.export.printer import Binding, Printer
from symsl.export.program import Program

if TYPE_CHECKING:
    from symsl.equations import Equation


@dataclass(frozen=True)
class Algebra:
    """How a language writes matrices: `times` between factors, the rest with {0}; `function` has {name}, {arguments}.

    `identity` is that of the size of the matrix {0}.
    """

    times: str
    inverse: str
    exponential: str
    identity: str
    blocks: str
    function: str
    imports: str = ""


ALGEBRAS: Mapping[str, Algebra] = {
    "numpy": Algebra(
        " @ ", "np.linalg.inv({0})", "expm({0})", "np.eye(len({0}))", "[{0}]",
        "def {name}({arguments}):\n    return {result}", "import numpy as np\nfrom scipy.linalg import expm\n\n\n",
    ),
    "mpmath": Algebra(
        "*", "({0})**-1", "mp.expm({0}, method='taylor')", "mp.eye(({0}).rows)", "[{0}]",
        "def {name}({arguments}):\n    return {result}", "from mpmath import mp\n\n\n",
    ),
    "julia": Algebra(
        "*", "inv({0})", "exp({0})", "I", "[{0}]",
        "function {name}({arguments})\n    return {result}\nend", "using LinearAlgebra\n\n",
    ),
    "mathematica": Algebra(
        " . ", "Inverse[{0}]", "MatrixExp[{0}]", "IdentityMatrix[Length[{0}]]", "{{{0}}}",
        "{name}[{arguments}] := {result}",
    ),
}  # fmt: skip


def about_matrices(entry: Equation) -> bool:
    """Whether the right-hand side holds letters that stand for matrices or vectors of any size."""
    value = entry.statement.rhs
    if value.has(sp.MatrixSymbol):  # of a known size, written out entry by entry
        return False
    return not all(part.is_commutative for part in (value if isinstance(value, sp.MatrixBase) else [value]))


def matrix_function(entry: Equation, language: str, printer: type[Printer], name: str) -> tuple[Program, str]:
    """The right-hand side as a function of matrices; a statement in blocks returns a list of its blocks.

    Vectors are columns (Julia and numpy: with two dimensions where they are multiplied from the right).
    """
    value = entry.statement.rhs
    parts = list(value) if isinstance(value, sp.MatrixBase) else [value]
    if any(part.has(sp.Integral, sp.Derivative) for part in parts):
        raise UsageError(
            f"code: equation {entry.id} ({entry.name}) has an integral of matrices; the next entry "
            f"does the integral; or write it out: symsl.equation({entry.id!r}).statement; `symsl latex {entry.id}`"
        )
    if language not in ALGEBRAS:
        raise UnsupportedExpressionError(
            f"code: equation {entry.id} is about matrices of any size, which are written for {', '.join(ALGEBRAS)}"
        )
    if isinstance(value, sp.MatrixBase) and value.shape[1] > 1:
        raise UsageError(
            f"code: equation {entry.id} ({entry.name}) only names the blocks of a matrix: there is nothing to compute"
        )
    free = sorted(
        {symbol for part in parts for symbol in part.free_symbols}, key=lambda s: (not s.is_commutative, s.name)
    )
    scalars = tuple(symbol.name for symbol in free if symbol.is_commutative)
    arguments = tuple(symbol.name for symbol in free)
    given = Program(scalars, {}, (), frozenset(), tuple(parts), (), False)
    writer = _Writer(ALGEBRAS[language], printer(given, f"code: equation {entry.id}"))
    results = [writer.write(part) for part in parts]
    algebra = ALGEBRAS[language]
    result = results[0] if len(results) == 1 else algebra.blocks.format(", ".join(results))
    text = algebra.function.replace("{result}", "\0").format(
        name=writer.printer.name(name),
        arguments=", ".join(_argument(writer.printer.name(a), language) for a in arguments),
    )
    return Program(arguments, {}, (), frozenset(), tuple(parts), (), False), _used(
        algebra.imports, result
    ) + text.replace("\0", result)


def _used(imports: str, result: str) -> str:
    """The imports that the result needs."""
    lines = imports.rstrip("\n").splitlines()
    needed = [line for line in lines if line.startswith("using") or re.search(rf"\b{line.split()[-1]}\b", result)]
    return "\n".join(needed) + imports[len(imports.rstrip("\n")) :] if needed else ""


def _argument(name: str, language: str) -> str:
    return f"{name}_" if language == "mathematica" else name


class _Writer:
    def __init__(self, algebra: Algebra, printer: Printer) -> None:
        self.algebra, self.printer = algebra, printer

    def write(self, node: Any) -> str:
        """The text of a sum, product, inverse or exponential of matrices."""
        if node.is_commutative:
            return self.printer.write(node)
        if isinstance(node, sp.Symbol):
            return self.printer.name(node.name)
        if isinstance(node, sp.Add):
            return self._sum(node)
        if isinstance(node, sp.Mul):
            return self._product(node)
        if isinstance(node, sp.exp):
            return self.algebra.exponential.format(self.write(node.args[0]))
        if isinstance(node, sp.Pow) and node.exp == -1:
            return self.algebra.inverse.format(self.write(node.base))
        if isinstance(node, sp.Pow) and node.exp.is_Integer and node.exp > 0:
            return self.algebra.times.join([self._factor(node.base)] * int(node.exp))
        raise UnsupportedExpressionError(f"{self.printer.where}: no matrix code for {node}")

    def _sum(self, node: sp.Add) -> str:
        """Numbers in a sum with matrices are multiples of the identity."""
        matrices = [term for term in node.args if not term.is_commutative]
        number = sp.Add(*[term for term in node.args if term.is_commutative])
        texts = [self.write(term) for term in matrices]
        if number != 0:
            unit = self.algebra.identity.format(self.write(_square(matrices[0])))
            texts.insert(0, unit if number == 1 else f"{self.printer.within(number, Binding.PRODUCT)}*{unit}")
        return " + ".join(texts).replace("+ -", "- ")

    def _product(self, node: sp.Mul) -> str:
        numbers, matrices = node.args_cnc()
        number = sp.Mul(*numbers)
        text = self.algebra.times.join(self._factor(factor) for factor in matrices)
        if abs(number) == 1:
            return text if number == 1 else f"-{text}"
        return f"{self.printer.within(number, Binding.PRODUCT)}*{text}"

    def _factor(self, node: Any) -> str:
        text = self.write(node)
        return f"({text})" if isinstance(node, sp.Add) else text


def _square(term: Any) -> Any:
    """A factor of a term that is as large as the identity beside it."""
    return next(factor for factor in sp.Mul.make_args(term) if not factor.is_commutative)
