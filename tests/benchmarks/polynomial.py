"""The polynomial whose roots are the rates, for the solvers that want one, and those solvers."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import mpmath
from flint import arb, arb_poly, ctx, fmpq, fmpq_poly, fmpz_poly

from symsl import Spectrum
from symsl.precision import ball


def integer_polynomial(spectrum: Spectrum, eta: Fraction, bits: int) -> fmpz_poly:
    """Integer coefficients of the polynomial with the roots y_k/lambda_+.

    prod_j (x_j - x) - (eta lambda_+/(2 L)) sum_j x_j^2 prod_{i != j} (x_i - x) with x_j = lambda_j/lambda_+, by a
    product tree. Exact for rational eigenvalues, where in these units the denominators are small; else the coefficients
    are rounded to about `bits` bits, which the roots do not keep: see `bits_for`.
    """
    exact = spectrum.rational_eigenvalues()
    if exact is not None:
        nodes = [fmpq(value.numerator, value.denominator) for value in (value / exact[0] for value in exact)]
        scale = eta * exact[0] / (2 * spectrum.L)
        whole = _tree([(fmpq_poly([node, -1]), fmpq_poly([node * node])) for node in nodes])
        return (whole[0] - whole[1] * fmpq(scale.numerator, scale.denominator)).numer()
    with ctx.workprec(2 * bits):
        largest = spectrum.largest()
        balls = [value / largest for value in spectrum.eigenvalues()]
        product, rest = _tree([(arb_poly([node, -1]), arb_poly([node * node])) for node in balls])
        polynomial = product - rest * (ball(eta) * largest / (2 * spectrum.L))
        smallest = min(_exponent(polynomial[l]) for l in range(spectrum.L + 1))
        unit = arb(2) ** (bits - smallest)
        return fmpz_poly([(polynomial[l] * unit).mid().floor().unique_fmpz() for l in range(spectrum.L + 1)])


def bits_for(spectrum: Spectrum, digits: int) -> int:
    """Bits of the coefficients that give the roots to so many digits: found by trying, the table shows how well."""
    return int(3.33 * digits) + 40 + 8 * spectrum.L


def complex_roots(polynomial: fmpz_poly, digits: int) -> list[str]:
    """python-flint: certified."""
    with ctx.workdps(digits + 10):
        return [root.real.mid().str(digits + 5, radius=False) for root, _ in polynomial.complex_roots()]


def pari_real_roots(polynomial: fmpz_poly, digits: int) -> list[str]:
    """PARI/GP polrootsreal."""
    listed = ",".join(str(coefficient) for coefficient in polynomial.coeffs())
    return pari(f"print(polrootsreal(Polrev([{listed}])))", digits)


def mpsolve_roots(polynomial: fmpz_poly, digits: int) -> list[str]:
    """MPSolve, secular algorithm, both processors."""
    lines = [f"Monomial;\nDegree={polynomial.degree()};\nInteger;\nReal;\n", *map(str, polynomial.coeffs())]
    printed = _external(["mpsolve", "-as", "-Ga", f"-o{digits + 5}", "-j2"], "\n".join(lines))
    return [line.strip().strip("()").split(",")[0] for line in printed.splitlines() if line.strip()]


def pari(program: str, digits: int) -> list[str]:
    """The vector that a GP program prints, at so many digits."""
    text = f"default(parisizemax,2*10^9)\ndefault(realprecision,{digits + 5})\n{program}\n"
    printed = _external(["gp", "-q", "-f"], text)
    return [part.strip().replace(" E", "e").replace("E", "e") for part in printed.strip().strip("[]~").split(",")]


def as_rates(spectrum: Spectrum, roots: Sequence[str], digits: int) -> list[str]:
    """Roots in units of lambda_+ as y_k, largest first."""
    with mpmath.workdps(digits + 5), ctx.workdps(digits + 5):
        largest = mpmath.mpf(spectrum.largest().mid().str(digits + 5, radius=False))
        ordered = sorted((mpmath.mpf(root) for root in roots), reverse=True)
        return [mpmath.nstr(largest * root, digits) for root in ordered]


def _tree(pairs: list[tuple[Any, Any]]) -> tuple[Any, Any]:
    """The sum of fractions rest/product over one denominator."""
    while len(pairs) > 1:
        merged = [(p * q, a * q + p * b) for (p, a), (q, b) in zip(pairs[::2], pairs[1::2], strict=False)]
        pairs = merged + ([pairs[-1]] if len(pairs) % 2 else [])
    return pairs[0]


def _exponent(value: arb) -> int:
    man, exp = value.mid().man_exp()
    return int(man).bit_length() + int(exp)


def _external(command: list[str], text: str) -> str:
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout
