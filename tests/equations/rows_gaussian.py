"""What Eqs. 89-91 must evaluate to: one-dimensional integrals and matrix inverses in mpmath.

Row(equation, parameters, expected): `expected()` is one number.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
from mpmath import mp


@dataclass(frozen=True)
class Row:
    equation: str
    parameters: dict[str, Any]
    expected: Callable[[], Any]


def normal_average(function: Callable[[Any], Any]) -> Any:
    """E[function(z)], z ~ N(0, 1), by Gauss-Legendre on pieces."""
    return mpmath.quad(lambda z: function(z) * mpmath.npdf(z), [-18, -6, -3, 0, 3, 6, 18])


def covariances(text: str) -> Any:
    """The 4 x 4 matrix with the given upper triangle."""
    entries = iter(mp.mpmathify(x) for x in text.split())
    matrix = mpmath.zeros(4)
    for a in range(4):
        for b in range(a, 4):
            matrix[a, b] = matrix[b, a] = next(entries)
    return matrix


def g(x: Any) -> Any:
    return mp.erf(x / mp.sqrt(2))


def two_point_average(C: Any, a: int, b: int) -> Any:
    """E[g(z_a) g(z_b)], given z_b first: z_a = slope z_b + spread z."""
    slope = C[a, b] / C[b, b]
    width = mp.sqrt(1 + C[a, a] - slope * C[a, b])
    root = mp.sqrt(C[b, b])
    return normal_average(lambda z: g(slope * root * z / width) * g(root * z))


def three_point_average(C: Any) -> Any:
    """E[g'(z_1) z_2 g(z_3)]: z_2 by its regression on z_1 and z_3, then z_1 given z_3."""
    on = mpmath.inverse(mpmath.matrix([[C[0, 0], C[0, 2]], [C[0, 2], C[2, 2]]])) * mpmath.matrix([C[0, 1], C[1, 2]])
    slope = C[0, 2] / C[2, 2]
    variance = 1 + C[0, 0] - slope * C[0, 2]
    root = mp.sqrt(C[2, 2])

    def given_third(z: Any) -> Any:
        third, mean = root * z, slope * root * z
        density = mp.sqrt(2 / mp.pi / variance) * mp.exp(-(mean**2) / (2 * variance))
        return density * (on[0] * mean / variance + on[1] * third) * g(third)

    return normal_average(given_third)


def four_point_average(C: Any) -> Any:
    """E[g'(z_1) g'(z_2) g(z_3) g(z_4)]: the factors g' add 1 to the inverse covariance of z_1 and z_2."""
    precision = mpmath.inverse(C) + mpmath.diag([1, 1, 0, 0])
    norm = 1 / mp.sqrt(mpmath.det(C) * mpmath.det(precision))
    return 2 / mp.pi * norm * two_point_average(mpmath.inverse(precision), 2, 3)


COVARIANCES = "7/5 1/3 -2/7 1/4 9/10 1/5 -1/3 6/5 2/9 4/3"
NAMES = [f"C{a}{b}" for a in range(1, 5) for b in range(a, 5)]
GAUSSIAN = dict(zip(NAMES, COVARIANCES.split(), strict=True))

ROWS = [
    Row(
        "89",
        {name: GAUSSIAN[name] for name in ("C11", "C12", "C22")},
        lambda: two_point_average(covariances(COVARIANCES), 0, 1),
    ),
    Row(
        "90",
        {name: GAUSSIAN[name] for name in ("C11", "C12", "C13", "C23", "C33")},
        lambda: three_point_average(covariances(COVARIANCES)),
    ),
    Row("91", GAUSSIAN, lambda: four_point_average(covariances(COVARIANCES))),
]
