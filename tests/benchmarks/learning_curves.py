"""Eq. 6, the learning curve of the linear network at any learning rate."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial

import mpmath
import numpy as np
from flint import acb_mat, arb, arb_mat, ctx, fmpz_poly
from measure import Contender, Measured, growth, race
from polynomial import as_rates, bits_for, complex_roots, integer_polynomial, mpsolve_roots, pari, pari_real_roots

from symsl import Spectrum
from symsl.linear import learning_curve, student_matrix
from symsl.linear.companion import coefficients, moments
from symsl.linear.secular import _rates
from symsl.precision import ball
from symsl.spectrum import _eigenvalues

ETA, SIGMA, TIME = Fraction(1, 2), Fraction(1, 100), 100
BETA = Fraction(1, 2)


def run(quick: bool) -> Iterator[list[Measured]]:
    """Against other ways, digits by digits, and how time and memory grow with L and with digits."""
    for L in (16,) if quick else (16, 64, 256):
        yield race(f"Eq. 6, L={L}, 30 digits, one time", _ways(L), limit=10 if quick else 60, repeats=2)
    largest = 256 if quick else 1024  # with 200 and 1000 digits
    for L in (16, 64, 256) if quick else (16, 64, 256, 1024, 4096):
        each = [
            Contender(f"symsl eigenbasis, {digits} digits", _alone(L, digits), "certified")
            for digits in (30, 15, 50, 200, 1000)
            if digits <= 50 or largest >= L
        ]
        yield race(f"Eq. 6, L={L}, by digits", each, limit=200, repeats=2)
    spectrum = Spectrum.power_law(256 if quick else 1024, BETA)
    yield race(
        f"Eq. 6, L={spectrum.L}, 30 digits, more times",
        [
            Contender("one time", partial(_symsl, spectrum, 30)),
            Contender("201 times", lambda: _symsl(spectrum, 30, times=range(100, 301))[:1]),
        ],
    )
    if not quick:
        yield race("Eq. 6, L=10000", [Contender("symsl, 15 digits", _alone(10**4, 15), "certified")], repeats=1)
    sizes = (64, 128, 256, 512) if quick else (64, 128, 256, 512, 1024, 2048, 4096)
    by_size = {L: Contender(f"L={L}", _alone(L, 30), "certified") for L in sizes}
    yield growth("Eq. 6, 30 digits, growth with L", "L", by_size, limit=200)
    L = 64 if quick else 256
    digits = (30, 100, 300, 1000) if quick else (30, 100, 300, 1000, 3000)
    by_digits = {d: Contender(f"{d} digits", _alone(L, d), "certified") for d in digits}
    yield growth(f"Eq. 6, L={L}, growth with digits", "digits", by_digits, limit=200)


def _ways(L: int) -> list[Contender]:
    spectrum = Spectrum.power_law(L, BETA)
    ways = [
        Contender("symsl eigenbasis", partial(_symsl, spectrum, 30), "certified"),
        Contender("symsl companion", partial(_symsl, spectrum, 30, "companion"), "certified"),
        Contender("mpmath eigsy, eigenbasis", partial(_mpmath, spectrum, 30)),
        Contender("mpmath eig, companion", partial(_mpmath_companion, spectrum, 30)),
        Contender("python-flint acb_mat.eig, eigenbasis", partial(_flint, spectrum, 30)),
        Contender("python-flint complex_roots, then the sums", partial(_by_roots, spectrum, 30, complex_roots)),
    ]
    if shutil.which("gp"):
        ways.append(Contender("PARI/GP qfjacobi, eigenbasis", partial(_pari, spectrum, 30)))
        ways.append(Contender("PARI/GP polrootsreal, then the sums", partial(_by_roots, spectrum, 30, pari_real_roots)))
    if shutil.which("mpsolve"):
        ways.append(Contender("MPSolve, then the sums", partial(_by_roots, spectrum, 30, mpsolve_roots)))
    return [
        *ways,
        Contender("numpy eigh, eigenbasis", partial(_numpy_modes, spectrum), "float64"),
        Contender("numpy eig, companion", partial(_numpy_moments, spectrum), "float64, its matrix made at 2000 bits"),
    ]


def _alone(L: int, digits: int) -> Callable[[], list[str]]:
    return partial(_symsl, Spectrum.power_law(L, BETA), digits)


def _symsl(spectrum: Spectrum, digits: int, route: str = "eigenbasis", times: range = range(100, 101)) -> list[str]:
    _rates.cache_clear()
    _eigenvalues.cache_clear()
    found = learning_curve(spectrum, eta=ETA, sigma_J=SIGMA, alpha=list(times), digits=digits, route=route)
    return [str(value) for value in found]


def _mpmath(spectrum: Spectrum, digits: int) -> list[str]:
    """Dense symmetric eigenvalues and eigenvectors in the eigenbasis of the covariance."""
    size = spectrum.L
    with mpmath.workdps(digits + 10), ctx.workdps(digits + 10):
        lam = [mpmath.mpf(value.mid().str(digits + 10, radius=False)) for value in spectrum.eigenvalues()]
        h, sigma = mpmath.mpf(1) / 2, mpmath.mpf(1) / 100
        dense = mpmath.matrix(size, size)
        for i in range(size):
            for j in range(size):
                dense[i, j] = (2 * h * lam[i] if i == j else 0) - h * h / size * lam[i] * lam[j]
        values, vectors = mpmath.eigsy(dense)
        total = mpmath.mpf(0)
        for k in range(size):
            vector = vectors[:, k]
            total += mpmath.fdot(lam, vector) * mpmath.fsum(vector) * mpmath.exp(-values[k] * TIME)
        return [mpmath.nstr((1 + sigma**2) / (2 * size) * total, digits)]


def _mpmath_companion(spectrum: Spectrum, digits: int) -> list[str]:
    """Eigenvalues and eigenvectors of A_3 in the companion basis, as the paper has it."""
    size = spectrum.L
    with ctx.workdps(4 * digits + 20):
        text = lambda value: mpmath.mpf(arb(value).mid().str(digits + 10, radius=False))  # noqa: E731
        rows, u = student_matrix(coefficients(spectrum), moments(spectrum), ball(ETA)), moments(spectrum, size - 1)
        with mpmath.workdps(digits + 10):
            matrix, start = mpmath.matrix([[text(entry) for entry in row] for row in rows]), [text(v) for v in u]
    with mpmath.workdps(digits + 10):
        values, vectors = mpmath.eig(matrix)
        b = mpmath.lu_solve(vectors, mpmath.matrix(start))
        total = sum(vectors[1, k] * b[k] * mpmath.exp(values[k] * TIME) for k in range(size))
        return [mpmath.nstr(mpmath.re(total) * (1 + mpmath.mpf(1) / 10**4) / 2, digits)]


def _pari(spectrum: Spectrum, digits: int) -> list[str]:
    program = f"""
L = {spectrum.L}; h = {ETA}; lam = vector(L, k, 1. / k^({1 + BETA})); lam *= L / vecsum(lam);
[a, v] = qfjacobi(matrix(L, L, i, j, if(i == j, 2 * h * lam[i]) - h^2 / L * lam[i] * lam[j]));
s = sum(k = 1, L, (lam * v[, k]) * vecsum(v[, k]) * exp(-a[k] * {TIME}));
print((1 + ({SIGMA})^2) / (2 * L) * s);"""
    return pari(program, digits)


def _by_roots(spectrum: Spectrum, digits: int, solve: Callable[[fmpz_poly, int], list[str]]) -> list[str]:
    """Eq. 6 from the roots of the polynomial; the sums over modes by python-flint, balls of roots not kept."""
    goal = digits + 10
    roots = as_rates(spectrum, solve(integer_polynomial(spectrum, ETA, bits_for(spectrum, goal)), goal), goal)
    with ctx.workdps(2 * goal):
        lam, eta, total = spectrum.eigenvalues(), ball(ETA), arb(0)
        for root in roots:
            y = arb(root).mid()
            reciprocals = [value / (value - y) for value in lam]
            slope = sum((r * r for r in reciprocals), arb(0))
            total += sum(reciprocals, arb(0)) / slope * (-2 * eta * y * TIME).exp()
        return [((1 + ball(SIGMA) ** 2) / eta * total).mid().str(digits, radius=False)]


def _flint(spectrum: Spectrum, digits: int) -> list[str]:
    """Certified dense eigenvalues and eigenvectors in the eigenbasis of the covariance."""
    size = spectrum.L
    with ctx.workdps(digits + 30):
        lam, h = spectrum.eigenvalues(), ball(ETA)
        dense = arb_mat(
            size,
            size,
            [
                (2 * h * lam[i] if i == j else 0) - h * h / size * lam[i] * lam[j]
                for i in range(size)
                for j in range(size)
            ],
        )
        values, right = acb_mat(dense).eig(right=True)
        total = arb(0)
        for k in range(size):
            x = [right[j, k].real for j in range(size)]
            norm = sum((entry * entry for entry in x), arb(0))
            overlap = sum((a * b for a, b in zip(lam, x, strict=True)), arb(0)) * sum(x, arb(0))
            total = total + overlap / norm * (-values[k].real * TIME).exp()
        result = (1 + ball(SIGMA) ** 2) / (2 * size) * total
        return [result.mid().str(digits, radius=False)]


def _floats(spectrum: Spectrum) -> np.ndarray:
    return np.array([float(value.mid()) for value in spectrum.eigenvalues()])


def _numpy_modes(spectrum: Spectrum) -> list[float]:
    lam, h, size = _floats(spectrum), float(ETA), spectrum.L
    values, x = np.linalg.eigh(2 * h * np.diag(lam) - h * h / size * np.outer(lam, lam))
    return [float((1 + float(SIGMA) ** 2) / (2 * size) * ((lam @ x) * x.sum(0)) @ np.exp(-values * TIME))]


def _numpy_moments(spectrum: Spectrum) -> list[float]:
    """Eigenvalues and eigenvectors of A_3 in the companion basis, its entries correctly rounded to doubles."""
    with ctx.workprec(2000):
        rows = student_matrix(coefficients(spectrum), moments(spectrum), ball(ETA))
        matrix = np.array([[float(arb(entry).mid()) for entry in row] for row in rows])
        u = np.array([float(value.mid()) for value in moments(spectrum, spectrum.L - 1)])
    values, vectors = np.linalg.eig(matrix)
    b = np.linalg.solve(vectors, (1 + float(SIGMA) ** 2) * u)
    with np.errstate(over="ignore", invalid="ignore"):  # wrong eigenvalues may grow
        return [float(((vectors[1] * b) @ np.exp(values * TIME)).real / 2)]
