"""Eq. 6, the learning curve of the linear network at any learning rate."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

import mpmath
import numpy as np
from flint import acb_mat, arb, arb_mat, ctx
from measure import Contender, Measured, race

from symsl import Spectrum
from symsl.linear import learning_curve, student_matrix
from symsl.linear.companion import coefficients, moments
from symsl.linear.secular import _rates
from symsl.precision import ball

ETA, SIGMA, TIME = Fraction(1, 2), Fraction(1, 100), 100
BETA = Fraction(1, 2)


def run(quick: bool) -> Iterator[list[Measured]]:
    """Against other routes, digits by digits, and how time and memory grow with L."""
    for L in (16, 64) if quick else (16, 64, 256):
        spectrum = Spectrum.power_law(L, BETA)
        others = [
            Contender("symsl eigenbasis", partial(_symsl, spectrum, 30), "certified"),
            Contender("symsl companion", partial(_symsl, spectrum, 30, "companion"), "certified"),
            Contender("mpmath eigsy", partial(_mpmath, spectrum, 30)),
            Contender("python-flint acb_mat.eig, eigenbasis", partial(_flint, spectrum, 30)),
            Contender("numpy eigh, eigenbasis", partial(_numpy_modes, spectrum), "float64"),
            Contender("numpy eig, companion", partial(_numpy_moments, spectrum), "float64"),
        ]
        yield race(f"Eq. 6, L={L}, 30 digits, one time", others, limit=60, repeats=2)
    sizes = (16, 64, 256) if quick else (16, 64, 256, 1024, 4096)
    for L in sizes:
        spectrum = Spectrum.power_law(L, BETA)
        each = [
            Contender(f"symsl eigenbasis, {digits} digits", partial(_symsl, spectrum, digits), "certified")
            for digits in (30, 15, 50, 200, 1000)
            if L <= 1024 or digits <= 50
        ]
        yield race(f"Eq. 6, L={L}, by digits", each, limit=200, repeats=2)
    if not quick:
        spectrum = Spectrum.power_law(1024, BETA)
        yield race(
            "Eq. 6, L=1024, 30 digits",
            [
                Contender("one time", partial(_symsl, spectrum, 30)),
                Contender("201 times", lambda: _symsl(spectrum, 30, times=range(100, 301))[:1]),
            ],
        )
        large = Spectrum.power_law(10**4, BETA)
        alone = [Contender("symsl, 15 digits", partial(_symsl, large, 15), "certified")]
        yield race("Eq. 6, L=10000", alone, limit=120, repeats=1)
    yield growth(sizes)


def growth(sizes: tuple[int, ...]) -> list[Measured]:
    """The exponent p of time ~ L^p over the larger sizes, with the peak memory (30 digits)."""
    rows = []
    for L in sizes:
        alone = Contender(f"L={L}", partial(_symsl, Spectrum.power_law(L, BETA), 30), "certified")
        rows += race("Eq. 6, 30 digits, growth with L", [alone], limit=200, repeats=2)
    large = [(L, row.seconds) for L, row in zip(sizes, rows, strict=True) if row.seconds and L >= 64]
    slope = np.polyfit(np.log([L for L, _ in large]), np.log([seconds for _, seconds in large]), 1)[0]
    return [*rows, Measured(rows[0].task, f"fit: seconds ~ L^{slope:.2f}", None, -1)]


def _symsl(spectrum: Spectrum, digits: int, route: str = "eigenbasis", times: range = range(100, 101)) -> list[str]:
    _rates.cache_clear()
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
    return [float(((vectors[1] * b) @ np.exp(values * TIME)).real / 2)]
