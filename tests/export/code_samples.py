"""Arguments for exported code, and the value it must give: the certified one, or the ball of the statement.

An equation that is evaluated at its standard parameters is called with what these parameters mean for its symbols
(eigenvalues, their moments, roots of the secular equation ...), all made here by mpmath; every other one with numbers
that are plain enough to keep its functions in their domains.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import mpmath
import sympy as sp
from flint import arb, ctx
from mpmath import mp, mpf
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.matexpr import MatrixElement

from symsl import EQUATIONS, Equation, UsageError, equation
from symsl.equations.standard import STANDARD, standard_parameters
from symsl.export.program import Program, program
from symsl.precision.evaluate import evaluate

DIGITS = 30
NUMBERS = {
    **{"L": 4, "N_l": 2, "M": 3, "K": 2, "N": 1000, "l": 1, "m": 2, "i": 1, "j": 2, "n": 1, "k": 2, "p": 1, "q": 2},
    "n_rates": 2,
    **{"D": Fraction(1, 4), "D2": Fraction(-1, 3), "eta": Fraction(1, 10), "alpha": 3, "beta": Fraction(1, 2)},
}


@dataclass(frozen=True)
class Sample:
    """Arguments by name (nested lists for arrays) and the values to be found, row by row."""

    entry: Equation
    program: Program
    arguments: dict[str, Any]
    expected: list[Any]
    certified: bool


def test_function(x: Any) -> Any:
    """What undefined functions are replaced by: x^2 + x/3 + 1."""
    return x**2 + x / 3 + 1


@cache
def samples() -> list[Sample]:
    """One sample for each equation that has code; two for those with a value that can be reached from their symbols."""
    found = []
    for entry in EQUATIONS:
        try:
            given = program(entry)
        except UsageError:
            continue
        found.append(plain_sample(entry, given))
        at_standard = standard_sample(entry, given)
        if at_standard is not None:
            found.append(at_standard)
    return found


def plain_sample(entry: Equation, given: Program) -> Sample:
    arguments: dict[str, Any] = {name: number(name, given) for name in given.scalars}
    arguments |= {name: filled(name, len(first)) for name, first in given.arrays.items()}
    if given.counts_eigenvalues:
        arguments["lambda"] = arguments["lambda"][: arguments["L"]]
    with ctx.workprec(200):
        expected = [evaluate(explicit(value, given, arguments)) for value in given.values]
    return Sample(entry, given, arguments, expected, certified=False)


def number(name: str, given: Program) -> Any:
    if name in NUMBERS:
        return NUMBERS[name]
    if name in STANDARD:
        return Fraction(STANDARD[name])
    assert name not in given.whole, f"give {name} an integer in NUMBERS"
    return Fraction(3 + sum(map(ord, name)) % 17, 23)


def filled(name: str, dimensions: int, size: int = 6, seed: int = 1) -> Any:
    if dimensions == 0:
        return Fraction(13 + (seed * 7 + len(name)) % 19, 60)  # between 1/5 and 1/2: arcsines stay real
    return [filled(name, dimensions - 1, size, seed * size + place) for place in range(size)]


def explicit(value: Any, given: Program, arguments: dict[str, Any]) -> Any:
    """The expression with sums written out and every argument put in: nothing of the printers is used."""
    numbers = {
        symbol: sp.Rational(arguments[symbol.name])
        for symbol in value.free_symbols
        if isinstance(symbol, sp.Symbol) and symbol.name in given.scalars
    }
    written_out = value.subs(numbers).doit()
    members = {}
    for node in written_out.atoms(sp.Indexed, MatrixElement):
        is_member = isinstance(node, sp.Indexed)
        name, indices = (str(node.base.label), node.indices) if is_member else (node.parent.name, (node.i, node.j))
        entry = arguments[name]
        for index, first in zip(indices, given.arrays[name], strict=True):
            entry = entry[int(index) - first]
        members[node] = sp.Rational(entry)
    return written_out.xreplace(members).replace(
        lambda node: isinstance(node, AppliedUndef), lambda node: test_function(node.args[0])
    )


def standard_sample(entry: Equation, given: Program) -> Sample | None:
    parameters = standard_parameters(entry)
    if not parameters or given.residual or given.functions:
        return None
    expected = [value.ball for value in entry.values(**parameters, digits=DIGITS).values()]
    if len(expected) != len(given.values):
        return None
    with mpmath.workdps(DIGITS + 20):
        known = meanings(entry, parameters)
        wanted = (*given.scalars, *given.arrays)
        if any(name not in known for name in wanted):
            return None
        arguments = {name: known[name] for name in wanted}
    return Sample(entry, given, arguments, expected, certified=True)


def meanings(entry: Equation, parameters: dict[str, str]) -> dict[str, Any]:
    """Symbols of the theory at the given parameters, by mpmath alone."""
    defaults = {p.name: p.default for p in entry.evaluation.parameters if p.default}
    known: dict[str, Any] = {name: Fraction(text) for name, text in (defaults | parameters).items()}
    known = {name: int(value) if value.denominator == 1 else value for name, value in known.items()}
    if entry.id not in ("17", "122"):  # elsewhere the modes are those of the time asked for
        known = {name: value for name, value in known.items() if name not in ("w_d", "w_o")}
    elif "L" in known:
        known |= {name: [known[name]] * known["L"] for name in ("w_d", "w_o")}
    if "L" not in known:
        return known
    L, beta = known["L"], mp.mpmathify(known["beta"])
    weights = [mpf(k) ** (-1 - beta) for k in range(1, L + 1)]
    lam = [L * weight / mp.fsum(weights) for weight in weights]
    u = [mp.fsum(value**order for value in lam) / L for order in range(2 * L + 1)]
    c = [mpf(1)]
    for value in lam:
        c = [high - value * low for high, low in zip([mpf(0), *c], [*c, mpf(0)], strict=True)]
    known |= {"lambda": lam, "u": u, "c": c, "lambda_plus": lam[0], "T2": u[2], "u_1": u[1]}
    if "k" in known and entry.id != "1":
        known["lambda_k"] = lam[known["k"] - 1]
    if "l" in known:
        known["u_l"] = u[known["l"]]
    if entry.id in ("6", "56"):
        known |= modes(lam, u, mp.mpmathify(known["eta"]))
    if entry.id in ("12", "117"):
        escape = {name: known[name] for name in ("M", "L", "beta", "eta", "D", "D2")}
        known["tau_esc"] = equation("15").evaluate(**escape, digits=DIGITS + 10).mpf()
        start = mp.mpmathify(known["b"]) * mp.mpmathify(known["sigma_J"]) / mp.sqrt(known["N"])
        known["Delta_0"] = start
    return known


def modes(lam: list[Any], u: list[Any], eta: Any) -> dict[str, Any]:
    """a, b, v and V_3^-1 of Eqs. 6 and 56 by a dense eigensolver."""
    L = len(lam)
    V = mpmath.matrix([[value**order for value in lam] for order in range(L)])
    A_3 = -2 * eta * V * mpmath.diag(lam) * V**-1
    for order in range(L):
        A_3[order, 1] += eta**2 * u[order + 1]
    values, vectors = mpmath.eig(A_3)
    vectors = vectors * mpmath.diag([1 / vectors[0, k] for k in range(L)])  # the eigensolver's phases may be complex
    inverse = vectors**-1
    start = inverse * mpmath.matrix(u[:L])
    return {
        "a": [-mp.re(value) for value in values],
        "b_mode": [mp.re(start[k]) for k in range(L)],
        "v": [[mp.re(vectors[order, k]) for order in range(L)] for k in range(L)],
        "V_3_inverse": [[mp.re(inverse[k, order]) for order in range(L)] for k in range(L)],
    }


def as_arb(value: Any) -> arb:
    """A sampled number as a ball at the working precision."""
    if isinstance(value, mpf):
        return arb(mp.nstr(value, DIGITS + 15))
    return arb(value.numerator) / value.denominator


def decimal(value: Any) -> str:
    """A sampled number as a decimal with more digits than are compared."""
    with mpmath.workdps(DIGITS + 20):
        return mp.nstr(mp.mpmathify(value), DIGITS + 15, min_fixed=-100, max_fixed=100)
