"""An equation as a function in a programming language, made only of functions that the language has."""

from __future__ import annotations

from textwrap import wrap

from symsl import __version__
from symsl.equations.model import Equation
from symsl.errors import UsageError, shorten
from symsl.export.code_algebra import JuliaPrinter, MathematicaPrinter, PariPrinter
from symsl.export.code_c import CPrinter
from symsl.export.code_javascript import JavascriptPrinter
from symsl.export.code_matrices import about_matrices, matrix_function
from symsl.export.code_python import FlintPrinter, MpmathPrinter, NumpyPrinter
from symsl.export.printer import Printer
from symsl.export.program import Program, program

LANGUAGES: dict[str, type[Printer]] = {
    "mpmath": MpmathPrinter,
    "python-flint": FlintPrinter,
    "numpy": NumpyPrinter,
    "julia": JuliaPrinter,
    "mathematica": MathematicaPrinter,
    "pari": PariPrinter,
    "c": CPrinter,
    "javascript": JavascriptPrinter,
}
SUFFIXES = dict.fromkeys(("mpmath", "python-flint", "numpy"), ".py") | {
    "julia": ".jl",
    "mathematica": ".wl",
    "pari": ".gp",
    "c": ".c",
    "javascript": ".js",
}
_LINE = 110


def code(entry: Equation, language: str) -> str:
    """The right-hand side of an equation as a complete function, its arguments the symbols by their names.

    Families that a sum runs over are arrays: their first entry has the paper's first index (lambda_1, but u_0). Other
    members of families are scalars: Q_1 is Q^(1). Where the eigenvalues are an argument, L is their number, and
    `power_law(L, beta)` makes those of Eq. 1. Matrices are given and returned row by row; in statements about matrices
    of any size they are the language's own matrices, vectors are columns.

    `UsageError` for an unknown language and for a statement that is not about numbers;
    `UnsupportedExpressionError` for a function that the language does not have.
    """
    if not isinstance(entry, Equation):
        raise UsageError(f"code: {shorten(entry)} is no equation; take one from symsl.equation(...)")
    if not isinstance(language, str) or language not in LANGUAGES:
        raise UsageError(f"code: no language {language}; there are {', '.join(LANGUAGES)}")
    if about_matrices(entry):
        given, body = matrix_function(entry, language, LANGUAGES[language], function_name(entry))
        printer = LANGUAGES[language](given, f"code: equation {entry.id}")
        return "\n".join((*_comment(entry, given, printer), body)) + "\n"
    given = program(entry)
    printer = LANGUAGES[language](given, f"code: equation {entry.id}")
    body = printer.function(function_name(entry))
    return "\n".join((*_comment(entry, given, printer), body)) + "\n"


def function_name(entry: Equation) -> str:
    """The name of the exported function (in Mathematica without underscores)."""
    return entry.name.replace("-", "_")


def _comment(entry: Equation, given: Program, printer: Printer) -> list[str]:
    """Number, reference, and what each argument means, in the language's comments."""
    meant = {str(quantity.symbol).partition("[")[0]: quantity for quantity in entry.quantities}
    paper = " of Worschech and Rosenow" if entry.id[0].isdigit() else ""
    lines = [f"{entry.title}. {entry.reference}{paper}; symsl {__version__}."]
    if printer.double:
        lines.append("In double precision: about 15 digits where nothing cancels, none of them certified.")
    if given.residual:
        lines.append("The equation is implicit: this is its left-hand side minus its right-hand side.")
    if entry.assumptions:
        lines.append(f"Assumptions: {'; '.join(entry.assumptions)}.")
    for name in (*given.scalars, *given.arrays):
        about = f"{meant[name].meaning}, {meant[name].domain}" if name in meant else ""
        if name in given.arrays:
            about = f"array that begins at index {', '.join(map(str, given.arrays[name]))}" + (about and f"; {about}")
        if about:
            lines.append(f"{printer.name(name)}: {about}")
    end = " *)" if printer.comment == "(*" else ""
    return [f"{printer.comment} {part}{end}" for line in lines for part in wrap(line.replace("*)", "* )"), _LINE)]
