"""What the entries of scaling with time and with features must evaluate to: quadrature, sums and solves in mpmath."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
from mpmath import mp, mpf

from symsl import Spectrum
from symsl.features.random_basis import covariance_matrix, haar_orthogonal


@dataclass(frozen=True)
class Row:
    equation: str
    parameters: dict[str, Any]
    expected: Callable[[], Any]


L, BETA, ETA, SIGMA_J, ALPHA, N_L = 6, "1/2", "1/3", "1/10", 5, 2
SPECTRUM = {"L": L, "beta": BETA}
CURVE = {**SPECTRUM, "eta": ETA, "sigma_J": SIGMA_J, "alpha": ALPHA}


def eigenvalues() -> list[Any]:
    powers = [mpf(k) ** (-mpf(3) / 2) for k in range(1, L + 1)]
    return [L * power / mp.fsum(powers) for power in powers]


def variance() -> Any:
    return (1 + mpf(1) / 100) / 2


def rate() -> Any:
    """z = 2 eta lambda_+ alpha."""
    return 2 * mpf(1) / 3 * eigenvalues()[0] * ALPHA


def summand(x: Any) -> Any:
    """(lambda_+/L) x**(-q) exp(-z x**(-q))."""
    power = mpf(x) ** (-mpf(3) / 2)
    return eigenvalues()[0] / L * power * mp.exp(-rate() * power)


def integral(low: Any, high: Any) -> Any:
    """By quadrature, in the variable ln x."""
    points = mpmath.linspace(mp.log(low), mp.log(high), 9)
    return mpmath.quad(lambda y: summand(mp.exp(y)) * mp.exp(y), points)


def upper_gamma(p: Any, t: Any) -> Any:
    """Gamma(p, t) by quadrature of s**(p-1) exp(-s) from t."""
    points = [t, t + 1, t + 4, t + 16, t + 64, t + 256]
    return mpmath.quad(lambda s: s ** (p - 1) * mp.exp(-s), points)


def law(term: Any) -> Any:
    """(1+sigma_J^2)/2 lambda_+/(L (1+beta)) times a term."""
    return variance() * eigenvalues()[0] / L / (mpf(3) / 2) * term


def curve(alpha: Any) -> Any:
    """Eq. 8 by its sum."""
    lam = eigenvalues()
    return variance() / L * mp.fsum(value * mp.exp(-2 * mpf(1) / 3 * value * alpha) for value in lam)


def one_gamma() -> Any:
    return law(rate() ** (-mpf(1) / 3) * upper_gamma(mpf(1) / 3, rate() * mpf(L) ** (-mpf(3) / 2)))


def offset() -> Any:
    return law(rate() ** (-mpf(1) / 3) * mp.gamma(mpf(1) / 3) - 3 / mp.sqrt(L))


def trained() -> Any:
    lam = eigenvalues()
    learned = mp.fsum(value * mp.exp(-2 * mpf(1) / 3 * value * ALPHA) for value in lam[:N_L])
    return variance() / L * (learned + mp.fsum(lam[N_L:]))


def trained_integrals() -> Any:
    frozen = mpmath.quad(lambda x: eigenvalues()[0] / L * x ** (-mpf(3) / 2), mpmath.linspace(N_L, L, 5))
    return variance() * (integral(1, N_L) + frozen)


def schur_complement() -> Any:
    """Eq. 88 for the drawn doubles, by a dense solve."""
    covariance = covariance_matrix(Spectrum.power_law(L=L, beta=BETA), haar_orthogonal(12, 3))
    matrix = mpmath.matrix(
        [
            [(mpf(float(a)) + mpf(float(b))) / 2 for a, b in zip(*pair, strict=True)]
            for pair in zip(covariance, covariance.T, strict=True)
        ]
    )
    block = matrix[5:, 5:] - matrix[5:, :5] * mpmath.inverse(matrix[:5, :5]) * matrix[:5, 5:]
    return variance() / 12 * mp.fsum(block[i, i] for i in range(7))


def student_matrix() -> Any:
    """A_3 over 2 eta for L = 4, beta = 1, eta = 1/2, from the eigenvalues."""
    powers = [mpf(k) ** -2 for k in range(1, 5)]
    lam = [4 * power / mp.fsum(powers) for power in powers]
    V = mpmath.matrix([[value**order for value in lam] for order in range(4)])
    matrix = -V * mpmath.diag(lam) * V**-1
    for order in range(4):
        matrix[order, 1] += mpf(1) / 4 * mp.fsum(value ** (order + 1) for value in lam) / 4
    return matrix


def shifted_coefficient(j: int) -> Any:
    """Of det(y + A_3/(2 eta)), scaled so that the constant is c_0 = prod(-lambda_k), by Lagrange interpolation in y."""
    powers = [mpf(k) ** -2 for k in range(1, 5)]
    constant = mp.fprod(-4 * power / mp.fsum(powers) for power in powers)
    nodes = [mpf(n) for n in range(5)]
    values = [mpmath.det(student_matrix() + y * mpmath.eye(4)) for y in nodes]
    system = mpmath.matrix([[y**power for power in range(5)] for y in nodes])
    polynomial = mpmath.lu_solve(system, mpmath.matrix(values))
    return constant / polynomial[0] * polynomial[j]


def eigenvector_inverse(k: int, l: int) -> Any:
    values, vectors = mpmath.eig(student_matrix())
    order = sorted(range(4), key=lambda column: mp.re(values[column]))
    V = mpmath.matrix(4, 4)
    for column, source in enumerate(order):
        for row in range(4):
            V[row, column] = vectors[row, source] / vectors[0, source]
    return mp.re((V**-1)[k - 1, l])


FEATURES = {**CURVE, "N_l": N_L}
LIMIT = {**SPECTRUM, "sigma_J": SIGMA_J, "N_l": N_L}

ROWS = (
    Row("9", CURVE, lambda: variance() * integral(1, L)),
    Row("10", FEATURES, trained),
    Row("11", FEATURES, trained_integrals),
    Row("49", CURVE, lambda: variance() * (summand(1) + summand(L)) / 2),
    Row("50", CURVE, lambda: variance() * integral(1, L)),
    Row(
        "51",
        {"beta": BETA, "x": "1/5"},
        lambda: 3 * mp.quad(lambda s: mp.exp(-(s**3)), [0, 1, 2, 4, 8]) - 3 * mp.cbrt(mpf(1) / 5),
    ),
    Row("52", CURVE, one_gamma),
    Row("53", CURVE, offset),
    Row("integral-distance", CURVE, lambda: variance() * integral(1, L) - curve(ALPHA)),
    Row("one-gamma-distance", CURVE, lambda: one_gamma() - curve(ALPHA)),
    Row("offset-distance", CURVE, lambda: offset() - curve(ALPHA)),
    Row(
        "local-exponent",
        {**SPECTRUM, "eta": ETA, "alpha": ALPHA},
        lambda: mp.diff(lambda y: mp.log(curve(mp.exp(y))), mp.log(ALPHA)),
    ),
    Row("power-law-in-time", CURVE, lambda: law(rate() ** (-mpf(1) / 3) * mp.gamma(mpf(1) / 3))),
    Row(
        "scaling-window",
        {**SPECTRUM, "eta": ETA},
        lambda: tuple(3 / (2 * value) for value in (eigenvalues()[0], eigenvalues()[-1])),
    ),
    Row("55", {"L": 4, "beta": 1, "eta": "1/2", "j": 2}, lambda: shifted_coefficient(2)),
    Row("57", {"L": 4, "beta": 1, "eta": "1/2", "k": 2, "l": 3}, lambda: eigenvector_inverse(2, 3)),
    Row("71", LIMIT, lambda: variance() * mp.fsum(eigenvalues()[N_L:]) / L),
    Row("72", LIMIT, lambda: variance() * mp.fsum(eigenvalues()[N_L:]) / L),
    Row("74", LIMIT, lambda: trained_integrals() - variance() * integral(1, N_L)),
    Row("78", FEATURES, trained),
    Row("79", FEATURES, trained_integrals),
    Row("88", {**SPECTRUM, "N": 12, "N_l": 5, "sigma_J": SIGMA_J, "seed": 3}, schur_complement),
)
