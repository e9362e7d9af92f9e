"""The L rates a_k/(2 eta) of the linear network alone: certified roots of the secular equation against other ways."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial

import mpmath
import numpy as np
from flint import acb_mat, arb, arb_mat, ctx, fmpz_poly
from measure import Contender, Measured, race
from polynomial import as_rates, bits_for, complex_roots, integer_polynomial, mpsolve_roots, pari, pari_real_roots

from symsl import Spectrum
from symsl.linear import rates, shifted_coefficients
from symsl.linear.companion import coefficients, moments
from symsl.linear.secular import _rates
from symsl.linear.student_eigenvectors import real_roots
from symsl.precision import ball
from symsl.spectrum import _eigenvalues

ETA = Fraction(1, 2)
_SLOW = 128  # dense eigenvalues and the companion basis are hopeless beyond


def run(quick: bool) -> Iterator[list[Measured]]:
    """Sizes and digits of the table; rational eigenvalues (beta = 1) and irrational ones (beta = 1/2)."""
    for L in (32,) if quick else (128, 256):
        for digits in (50, 200) if quick else (50, 200, 1000):
            for beta in (1, Fraction(1, 2)):
                spectrum = Spectrum.power_law(L, beta)
                task = f"rates, L={L}, beta={beta}, {digits} digits"
                yield race(task, contenders(spectrum, digits), limit=20 if quick else 120, repeats=3)


def contenders(spectrum: Spectrum, digits: int) -> list[Contender]:
    """symsl first. Everything starts from the eigenvalues: solvers of polynomials make theirs first."""
    given = [Contender("symsl, secular equation", partial(_symsl, spectrum, digits), "certified")]
    solvers: list[tuple[str, Callable[[fmpz_poly, int], list[str]], str]] = [
        ("python-flint fmpz_poly.complex_roots", complex_roots, "certified")
    ]
    if shutil.which("gp"):
        given.append(Contender("PARI/GP solve() in each gap", partial(_gaps, spectrum, digits), "not certified"))
        solvers.append(("PARI/GP polrootsreal", pari_real_roots, ""))
    if shutil.which("mpsolve"):
        solvers.append(("MPSolve", mpsolve_roots, ""))
    given += [Contender(name, partial(_by_polynomial, spectrum, digits, solve), note) for name, solve, note in solvers]
    given.append(Contender("making the polynomial alone", partial(_polynomial_alone, spectrum, digits)))
    if spectrum.L <= _SLOW:
        given += [
            Contender("symsl, companion basis", partial(_companion, spectrum, digits), "certified"),
            Contender("mpmath eigsy", partial(_mpmath, spectrum, digits)),
            Contender("python-flint acb_mat.eig", partial(_flint_eig, spectrum, digits), "certified"),
        ]
    return [*given, Contender("numpy eigvalsh", partial(_numpy, spectrum), "float64")]


def _by_polynomial(spectrum: Spectrum, digits: int, solve: Callable[[fmpz_poly, int], list[str]]) -> list[str]:
    polynomial = integer_polynomial(spectrum, ETA, bits_for(spectrum, digits))
    return as_rates(spectrum, solve(polynomial, digits), digits)


def _polynomial_alone(spectrum: Spectrum, digits: int) -> list[str]:
    integer_polynomial(spectrum, ETA, bits_for(spectrum, digits))
    return []


def _gaps(spectrum: Spectrum, digits: int) -> list[str]:
    """The same secular equation by Brent's method between neighbouring poles, multiplied by their distances."""
    exponent = 1 + spectrum.beta if spectrum.beta is not None else Fraction(1)
    program = f"""
L = {spectrum.L}; lam = vector(L, k, 1. / k^({exponent})); lam *= L / vecsum(lam);
w = vector(L, k, lam[k]^2); t = 2 * L / ({ETA});
f(y) = sum(j = 1, L, w[j] / (lam[j] - y)) - t;
g(k, y) = {{my(a = lam[k], b = if(k < L, lam[k + 1], 0)); if(y == a, return(if(k < L, a - b, 1) * w[k]));
  if(k < L && y == b, return((b - a) * w[k + 1])); f(y) * (a - y) * if(k < L, y - b, 1)}};
print(vector(L, k, solve(y = if(k < L, lam[k + 1], -lam[L]), lam[k], g(k, y))));"""
    with mpmath.workdps(digits + 5):
        return [mpmath.nstr(value, digits) for value in sorted(map(mpmath.mpf, pari(program, digits)), reverse=True)]


def _bits(digits: int) -> int:
    return int(3.33 * digits) + 24


def _text(values: Sequence[arb], digits: int) -> list[str]:
    return [value.mid().str(digits, radius=False) for value in values]


def _symsl(spectrum: Spectrum, digits: int) -> list[str]:
    _rates.cache_clear()
    _eigenvalues.cache_clear()
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
