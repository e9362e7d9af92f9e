"""The L rates a_k/(2 eta) of the linear network alone: certified roots of the secular equation against other ways."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any

import mpmath
import numpy as np
from flint import acb_mat, arb, arb_mat, ctx, fmpq, fmpq_poly, fmpz_poly
from measure import Contender, Measured, race

from symsl import Spectrum
from symsl.linear import rates, shifted_coefficients
from symsl.linear.companion import coefficients, moments
from symsl.linear.curve import real_roots
from symsl.linear.secular import _rates
from symsl.precision import ball

ETA = Fraction(1, 2)


def run(quick: bool) -> Iterator[list[Measured]]:
    """Sizes and digits of the table; rational eigenvalues (beta = 1) and irrational ones (beta = 1/2)."""
    sizes = [32] if quick else [128, 256]
    for L in sizes:
        for digits in (50, 200) if quick else (50, 200, 1000):
            for beta in (1, Fraction(1, 2)):
                spectrum = Spectrum.power_law(L, beta)
                yield race(
                    f"rates, L={L}, beta={beta}, {digits} digits", contenders(spectrum, digits), limit=90, repeats=2
                )


def contenders(spectrum: Spectrum, digits: int) -> list[Contender]:
    """symsl first; what needs a rational polynomial is left out for irrational eigenvalues."""
    given = [
        Contender("symsl, secular equation", partial(_symsl, spectrum, digits), "certified"),
        Contender("symsl, companion basis", partial(_companion, spectrum, digits), "certified"),
        Contender("mpmath eigsy", partial(_mpmath, spectrum, digits)),
        Contender("python-flint acb_mat.eig", partial(_flint_eig, spectrum, digits), "certified"),
        Contender("numpy eigvalsh", partial(_numpy, spectrum), "float64"),
    ]
    if spectrum.rational_eigenvalues() is not None:
        exact_polynomial(spectrum)
        given.append(Contender("python-flint fmpz_poly.complex_roots", partial(_exact, spectrum, digits), "certified"))
        if shutil.which("gp"):
            given.append(Contender("PARI/GP polrootsreal", partial(_pari, spectrum, digits)))
        if shutil.which("mpsolve"):
            given.append(Contender("MPSolve", partial(_mpsolve, spectrum, digits)))
    return given


def _bits(digits: int) -> int:
    return int(3.33 * digits) + 24


def _text(values: Sequence[arb], digits: int) -> list[str]:
    return [value.mid().str(digits, radius=False) for value in values]


def _symsl(spectrum: Spectrum, digits: int) -> list[str]:
    _rates.cache_clear()
    with ctx.workprec(_bits(digits)):
        return _text([rate.y for rate in rates(spectrum, ETA)], digits)


def _companion(spectrum: Spectrum, digits: int) -> list[str]:
    bits = _bits(digits) + 12 * spectrum.L
    while True:
        with ctx.workprec(bits):
            try:
                roots = real_roots(shifted_coefficients(coefficients(spectrum), moments(spectrum), ball(ETA)))
            except ArithmeticError:
                roots = []
        if roots and min(root.rel_accuracy_bits() for root in roots) > _bits(digits) - 20:
            with ctx.workprec(_bits(digits)):
                return _text(roots, digits)
        bits = bits * 3 // 2


def _mpmath(spectrum: Spectrum, digits: int) -> list[str]:
    size = spectrum.L
    with ctx.workprec(_bits(digits)), mpmath.workdps(digits + 5):
        lam = [mpmath.mpf(text) for text in _text(spectrum.eigenvalues(), digits + 5)]
        h = mpmath.mpf(ETA.numerator) / ETA.denominator / (2 * size)
        dense = mpmath.matrix(size, size)
        for i in range(size):
            for j in range(size):
                dense[i, j] = (lam[i] if i == j else 0) - h * lam[i] * lam[j]
        return [mpmath.nstr(value, digits) for value in sorted(mpmath.eigsy(dense, eigvals_only=True), reverse=True)]


def _flint_eig(spectrum: Spectrum, digits: int) -> list[str]:
    size = spectrum.L
    with ctx.workprec(_bits(digits) + 40):
        lam, h = spectrum.eigenvalues(), ball(ETA) / (2 * size)
        dense = arb_mat(
            size, size, [(lam[i] if i == j else 0) - h * lam[i] * lam[j] for i in range(size) for j in range(size)]
        )
        found = sorted((value.real for value in acb_mat(dense).eig(multiple=False)), key=lambda v: -v.mid())
        return _text(found, digits)


def _numpy(spectrum: Spectrum) -> list[float]:
    lam = np.array([float(value.mid()) for value in spectrum.eigenvalues()])
    dense = np.diag(lam) - float(ETA) / (2 * spectrum.L) * np.outer(lam, lam)
    values: list[float] = np.linalg.eigvalsh(dense)[::-1].tolist()
    return values


@lru_cache
def exact_polynomial(spectrum: Spectrum) -> fmpz_poly:
    """Integer coefficients of the polynomial with the roots y_k/lambda_+, for rational eigenvalues.

    In units of lambda_+ the eigenvalues are 1/k^(1+beta), whose denominators are small: kindest to the solvers.
    It is made before any time is taken.
    """
    exact = spectrum.rational_eigenvalues()
    assert exact is not None
    nodes = [fmpq(value.numerator, value.denominator) for value in (value / exact[0] for value in exact)]
    factors = [fmpq_poly([-node, 1]) for node in nodes]
    while len(factors) > 1:
        pairs = [left * right for left, right in zip(factors[::2], factors[1::2], strict=False)]
        factors = pairs + ([factors[-1]] if len(factors) % 2 else [])
    c = [factors[0][l] for l in range(spectrum.L)]
    u, powers = [], [fmpq(1)] * spectrum.L
    for _ in range(spectrum.L + 1):
        u.append(sum(powers, fmpq(0)) / spectrum.L)
        powers = [power * node for power, node in zip(powers, nodes, strict=True)]
    eta = fmpq(ETA.numerator, ETA.denominator) * fmpq(exact[0].numerator, exact[0].denominator)
    return fmpq_poly(shifted_coefficients(c, u, eta)).numer()


def _scaled(spectrum: Spectrum, values: Sequence[Any], digits: int) -> list[str]:
    """Roots in units of lambda_+ (as decimal text), largest first, as y_k."""
    with mpmath.workdps(digits + 5), ctx.workdps(digits + 5):
        largest = mpmath.mpf(spectrum.largest().mid().str(digits + 5, radius=False))
        ordered = sorted((mpmath.mpf(value) for value in values), reverse=True)
        return [mpmath.nstr(largest * value, digits) for value in ordered]


def _exact(spectrum: Spectrum, digits: int) -> list[str]:
    with ctx.workprec(_bits(digits)):
        roots = _text([root.real for root, _ in exact_polynomial(spectrum).complex_roots()], digits + 5)
        return _scaled(spectrum, roots, digits)


def _external(command: list[str], text: str) -> str:
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def _pari(spectrum: Spectrum, digits: int) -> list[str]:
    polynomial = exact_polynomial(spectrum)
    listed = ",".join(str(polynomial[l]) for l in range(spectrum.L + 1))
    program = (
        f"default(parisizemax,4*10^9)\ndefault(realprecision,{digits + 5})\nprint(polrootsreal(Polrev([{listed}])))\n"
    )
    printed = _external(["gp", "-q", "-f"], program)
    values = [part.strip().replace(" E", "e").replace("E", "e") for part in printed.strip().strip("[]~").split(",")]
    return _scaled(spectrum, values, digits)


def _mpsolve(spectrum: Spectrum, digits: int) -> list[str]:
    polynomial = exact_polynomial(spectrum)
    lines = [f"Monomial;\nDegree={spectrum.L};\nInteger;\nReal;\n"]
    lines += [str(polynomial[l]) for l in range(spectrum.L + 1)]
    printed = _external(["mpsolve", "-as", "-Ga", f"-o{digits + 5}", "-j2"], "\n".join(lines))
    values: list[Any] = [line.strip().strip("()").split(",")[0] for line in printed.splitlines() if line.strip()]
    return _scaled(spectrum, values, digits)
