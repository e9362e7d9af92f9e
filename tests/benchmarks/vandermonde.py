"""From moments to modes: the Vandermonde inverse in closed form against dense ball linear algebra."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial

import numpy as np
from flint import arb, arb_mat, ctx
from measure import Contender, Measured, race

from symsl import Spectrum
from symsl.linear import mode_coefficients, vandermonde_inverse, vandermonde_matrix
from symsl.linear.companion import coefficients, moments

DIGITS = 18


def run(quick: bool) -> Iterator[list[Measured]]:
    """V b = (u_0, ..., u_{L-1}) and the whole inverse, 60 correct bits, beta = 1/2; the solution is b_k = 1/L."""
    for L in (8, 16, 32) if quick else (8, 16, 32, 64, 128):
        spectrum = Spectrum.power_law(L, Fraction(1, 2))
        yield race(
            f"Vandermonde solve, L={L}",
            [
                Contender(
                    "symsl, Lagrange coefficients", partial(_until, partial(_ours, spectrum)), _bits(_ours, spectrum)
                ),
                Contender("arb_mat.solve", partial(_until, partial(_solve, spectrum)), _bits(_solve, spectrum)),
                Contender(
                    "arb_mat.inv", partial(_until, partial(_dense_inverse, spectrum)), _bits(_dense_inverse, spectrum)
                ),
                Contender("numpy solve", partial(_numpy, spectrum), "float64"),
            ],
            limit=60,
            repeats=2,
        )
    for L in (16,) if quick else (16, 64):
        spectrum = Spectrum.power_law(L, Fraction(1, 2))
        yield race(
            f"Vandermonde inverse, L={L}",
            [
                Contender("symsl, synthetic division", partial(_until, partial(_whole, spectrum))),
                Contender("arb_mat.inv", partial(_until, partial(_whole_dense, spectrum))),
            ],
            limit=60,
            repeats=2,
        )


def _until(compute: Callable[[], list[arb]]) -> list[str]:
    """Raise the precision by a quarter until every number has 60 correct bits."""
    bits = 64
    while True:
        with ctx.workprec(bits):
            try:
                values = compute()
            except ZeroDivisionError:
                values = []
            if values and all(value.is_finite() and value.rel_accuracy_bits() >= 60 for value in values):
                return [value.mid().str(DIGITS, radius=False) for value in values]
        bits = bits * 5 // 4


def _bits(compute: Callable[[Spectrum], list[arb]], spectrum: Spectrum) -> str:
    """The working precision at which `_until` ends."""
    bits = 64
    while bits < 3000:
        with ctx.workprec(bits):
            try:
                values = compute(spectrum)
            except ZeroDivisionError:
                values = []
            if values and all(value.is_finite() and value.rel_accuracy_bits() >= 60 for value in values):
                return f"{bits} bits"
        bits = bits * 5 // 4
    return "over 3000 bits"


def _ours(spectrum: Spectrum) -> list[arb]:
    return [value / spectrum.L for value in mode_coefficients(spectrum, moments(spectrum, spectrum.L - 1))]


def _solve(spectrum: Spectrum) -> list[arb]:
    right = arb_mat(spectrum.L, 1, moments(spectrum, spectrum.L - 1))
    entries: list[arb] = arb_mat(vandermonde_matrix(spectrum.eigenvalues())).solve(right).entries()
    return entries


def _dense_inverse(spectrum: Spectrum) -> list[arb]:
    right = arb_mat(spectrum.L, 1, moments(spectrum, spectrum.L - 1))
    entries: list[arb] = (arb_mat(vandermonde_matrix(spectrum.eigenvalues())).inv() * right).entries()
    return entries


def _whole(spectrum: Spectrum) -> list[arb]:
    rows = vandermonde_inverse(spectrum.eigenvalues(), coefficients(spectrum))
    return [entry for row in rows for entry in row]


def _whole_dense(spectrum: Spectrum) -> list[arb]:
    entries: list[arb] = arb_mat(vandermonde_matrix(spectrum.eigenvalues())).inv().entries()
    return entries


def _numpy(spectrum: Spectrum) -> list[float]:
    matrix = np.array(
        [[float(arb(entry).mid()) for entry in row] for row in vandermonde_matrix(spectrum.eigenvalues())]
    )
    right = np.array([float(value.mid()) for value in moments(spectrum, spectrum.L - 1)])
    values: list[float] = np.linalg.solve(matrix, right).tolist()
    return values
