"""Eq. 8: the direct sum against Euler-Maclaurin with a rigorous remainder."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

import mpmath
from measure import Contender, Measured, race

from symsl import Spectrum
from symsl.linear.small_learning_rate import eps_g
from symsl.precision import certify

ETA, SIGMA, TIME, DIGITS = Fraction(1, 100), Fraction(1, 100), Fraction(10**6), 40


def run(quick: bool) -> Iterator[list[Measured]]:
    """beta = 1/2, alpha = 10^6, 40 digits."""
    for L in (10**2, 10**3, 10**4) if quick else (10**2, 10**3, 10**4, 10**5, 10**6, 10**9, 10**12):
        spectrum = Spectrum.power_law(L, Fraction(1, 2))
        ways = [Contender("symsl asymptotic", partial(_symsl, spectrum, "asymptotic"), "certified")]
        if L <= 10**6:
            ways.append(Contender("symsl sum", partial(_symsl, spectrum, "sum"), "certified"))
        if L <= 10**4:
            ways.append(Contender("mpmath sum", partial(_mpmath, L)))
        yield race(f"Eq. 8, L=10^{len(str(L)) - 1}", ways, limit=60, repeats=2)


def _symsl(spectrum: Spectrum, route: str) -> list[str]:
    compute = partial(eps_g, spectrum, ETA, SIGMA, [TIME], route=route)
    return [str(certify(lambda: compute()[0], DIGITS, route=route))]


def _mpmath(L: int) -> list[str]:
    with mpmath.workdps(DIGITS + 10):
        powers = [mpmath.mpf(k) ** -mpmath.mpf("1.5") for k in range(1, L + 1)]
        largest = L / mpmath.fsum(powers)
        rate = 2 * mpmath.mpf(ETA.numerator) / ETA.denominator * TIME.numerator
        total = mpmath.fsum(largest * power * mpmath.exp(-rate * largest * power) for power in powers)
        return [mpmath.nstr((1 + mpmath.mpf(SIGMA.numerator) ** 2 / SIGMA.denominator**2) / (2 * L) * total, DIGITS)]
