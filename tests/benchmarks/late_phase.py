"""Eq. 17, the end of training: from modes, and from moments through the inverse Vandermonde matrix."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from measure import Contender, Measured, race

from symsl import Spectrum, equation


def run(quick: bool) -> Iterator[list[Measured]]:
    """M = 2, beta = 1/2, 50 digits, the same deviation in every mode."""
    for L in (16, 64) if quick else (16, 64, 128, 256, 1024):
        spectrum = Spectrum.power_law(L, Fraction(1, 2))
        ways = [Contender("modes", partial(_late, spectrum, "eigenbasis"), "certified")]
        if L <= 256:
            ways.append(Contender("moments", partial(_late, spectrum, "companion"), "certified"))
        yield race(f"Eq. 17, L={L}", ways, limit=60, repeats=2)


def _late(spectrum: Spectrum, route: str) -> list[str]:
    found = equation(17).evaluate(
        spectrum=spectrum, M=2, eta="1/10", alpha=1000, w_d="1/100", w_o="1/300", digits=50, route=route
    )
    return [str(found)]
