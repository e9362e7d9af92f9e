"""From a SymPy statement to digits: the walker over balls against lambdify with mpmath."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import mpmath
import sympy as sp
from flint import ctx
from measure import Contender, Measured, race

from symsl import Spectrum
from symsl.precision.evaluate import compile_expression, environment
from symsl.symbols import alpha, eta, lam, sigma_J
from symsl.symbols import k as index


def run(quick: bool) -> Iterator[list[Measured]]:
    """The sum of Eq. 8 written out over L terms, built and evaluated, and as a `Sum`."""
    for L in (20, 60) if quick else (20, 60, 200):
        spectrum = Spectrum.power_law(L, "1/2")
        terms = [lam[k] * sp.exp(-2 * eta * alpha * lam[k]) for k in range(1, L + 1)]
        expression = (1 + sigma_J**2) / (2 * L) * sp.Add(*terms)
        summed = (1 + sigma_J**2) / (2 * L) * sp.Sum(lam[index] * sp.exp(-2 * eta * alpha * lam[index]), (index, 1, L))
        yield race(
            f"Eq. 8 with {L} terms, 50 digits, built and evaluated",
            [
                Contender("walker, Sum", partial(_walker, summed, spectrum), "certified"),
                Contender("walker, written out", partial(_walker, expression, spectrum), "certified"),
                Contender("lambdify, mpmath", partial(_lambdify, expression, spectrum)),
            ],
        )


def _walker(expression: Any, spectrum: Spectrum) -> list[str]:
    with ctx.workdps(55):
        values = {"eta": "1/10", "alpha": 7, "sigma_J": "1/100", lam: spectrum.eigenvalues()}
        return [compile_expression(expression)(environment(values)).mid().str(50, radius=False)]


def _lambdify(expression: Any, spectrum: Spectrum) -> list[str]:
    names = sp.symbols(f"x1:{spectrum.L + 1}")
    plain = expression.subs({lam[k + 1]: name for k, name in enumerate(names)})
    function = sp.lambdify([eta, alpha, sigma_J, *names], plain, "mpmath")
    with mpmath.workdps(55), ctx.workdps(60):
        values = [mpmath.mpf(value.mid().str(55, radius=False)) for value in spectrum.eigenvalues()]
        return [mpmath.nstr(function(mpmath.mpf(1) / 10, 7, mpmath.mpf(1) / 100, *values), 50)]
