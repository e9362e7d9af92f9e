"""What the entries of plateau and escape must evaluate to: the order-parameter equations, solved and differentiated.

Only Eqs. 93 and 94 for K = M, written out for coinciding students, are used: the plateau is a root of the drift, the
growth rate its numerical derivative.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
from mpmath import mp, mpf


@dataclass(frozen=True)
class Row:
    equation: str
    parameters: dict[str, Any]
    expected: Callable[[], Any]


def drift_R(M: int, R: Any, Q: Any, R_next: Any, T_next: Any) -> Any:
    """pi M / (2 eta) times dR_11/dalpha: lists R[n] = R_1n and R_next[j][n], T_next[n] = T_1n of the next order."""
    towards = sum(
        (T_next[m] * (1 + Q) - R_next[0][0] * R[m]) / ((1 + Q) * mp.sqrt(2 * (1 + Q) - R[m] ** 2)) for m in range(M)
    )
    away = sum((R_next[j][0] * (1 + Q) - R_next[0][0] * Q) / ((1 + Q) * mp.sqrt(1 + 2 * Q)) for j in range(M))
    return towards - away


def drift_Q(M: int, R: Any, Q: Any) -> Any:
    """pi M / (4 eta) times dQ_11/dalpha for L = 1 and coinciding students."""
    towards = M * (R * (1 + Q) - Q * R) / ((1 + Q) * mp.sqrt(2 * (1 + Q) - R**2))
    away = M * (Q * (1 + Q) - Q * Q) / ((1 + Q) * mp.sqrt(1 + 2 * Q))
    return towards - away


def plateau(M: int, D: Any) -> tuple[Any, Any]:
    """R* and Q*: where both drifts of order 1 vanish for L = 1."""
    row = [mpf(1)] + [mpf(D) / (M - 1)] * (M - 1)

    def both(R: Any, Q: Any) -> tuple[Any, Any]:
        return drift_R(M, [R] * M, Q, [[R] * M] * M, row), drift_Q(M, R, Q)

    root = mpmath.findroot(both, (mpf(1) / 2, mpf(1) / 3))
    return root[0], root[1]


def height(M: int, D: Any) -> Any:
    """Eq. 94 at the plateau."""
    R, Q = plateau(M, D)
    students = M**2 * mp.asin(Q / (1 + Q)) / M
    teachers = (M * mp.asin(mpf(1) / 2) + M * (M - 1) * mp.asin(mpf(D) / (M - 1) / 2)) / M
    mixed = 2 * M**2 * mp.asin(R / mp.sqrt(2 * (1 + Q))) / M
    return (students + teachers - mixed) / mp.pi


def growth(M: int, D: Any, eta: Any, L: int, beta: Any, D2: Any) -> Any:
    """Growth rate of R_1n = R* + r (1, -1/(M-1), ...), by differentiating the drift of order 1."""
    powers = [mpf(k) ** (-1 - beta) for k in range(1, L + 1)]
    T2 = mp.fsum((L * power / mp.fsum(powers)) ** 2 for power in powers) / L
    R, Q = plateau(M, D)
    R2 = R / (1 + D) * (T2 + D2)
    row = [T2] + [D2 / (M - 1)] * (M - 1)

    def perturbed(r: Any) -> Any:
        first = [R + r] + [R - r / (M - 1)] * (M - 1)
        return drift_R(M, first, Q, [[R2] * M] * M, row)

    return 2 * eta / (mp.pi * M) * mp.diff(perturbed, 0)


ESCAPE = {"M": 3, "D": "1/5", "eta": "1/2", "L": 4, "beta": 1, "D2": "1/7"}
LENGTH = {**ESCAPE, "N": 1000, "Delta_P": "1/3", "b": 2, "sigma_J": "1/100"}


def growth_rate() -> Any:
    return growth(3, mpf(1) / 5, mpf(1) / 2, 4, 1, mpf(1) / 7)


def plateau_length() -> Any:
    start = 2 * mpf(1) / 100 / mp.sqrt(1000)
    return mp.log(mpf(1) / 3 / start) / growth_rate()


ROWS = (
    Row("12", LENGTH, plateau_length),
    Row("13", {"M": 3, "D": "1/5"}, lambda: plateau(3, mpf(1) / 5)),
    Row("15", ESCAPE, lambda: 1 / (2 * growth_rate())),
    Row("97", {"M": 4, "D": "-1/5"}, lambda: plateau(4, -mpf(1) / 5)),
    Row("99", {"M": 3, "D": "1/5"}, lambda: height(3, mpf(1) / 5)),
    Row("113", ESCAPE, growth_rate),
    Row("116", ESCAPE, lambda: 1 / (2 * growth_rate())),
    Row("117", LENGTH, plateau_length),
)
