"""What the entries of the linear network must evaluate to: dense linear algebra and sums in mpmath, from Eq. 1 on.

Row(equation, parameters, expected): `expected()` is one number, or one for each output.
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


def eigenvalues(L: int, beta: Any) -> list[Any]:
    powers = [mpf(k) ** (-1 - mp.mpmathify(beta)) for k in range(1, L + 1)]
    return [L * power / mp.fsum(powers) for power in powers]


def moment(lam: list[Any], order: int) -> Any:
    return mp.fsum(value**order for value in lam) / len(lam)


def companion(lam: list[Any]) -> Any:
    """A_1 = -V Lambda V^-1, from the eigenvalues alone."""
    size = len(lam)
    V = mpmath.matrix(size, size)
    for order in range(size):
        for k in range(size):
            V[order, k] = lam[k] ** order
    return -V * mpmath.diag(lam) * V**-1


def student(lam: list[Any], eta: Any) -> Any:
    matrix = 2 * eta * companion(lam)
    for order in range(len(lam)):
        matrix[order, 1] += eta**2 * moment(lam, order + 1)
    return matrix


def learning_curve(lam: list[Any], eta: Any, sigma_J: Any, alpha: Any) -> Any:
    start = mpmath.matrix([moment(lam, order) for order in range(len(lam))])
    return (1 + sigma_J**2) / 2 * (mpmath.expm(student(lam, eta) * alpha) * start)[1]


def order_parameters(L: int, beta: Any, eta: Any, sigma_J: Any, alpha: Any, order: int) -> tuple[Any, Any]:
    """<R^(order)>, <Q^(order)> to first order in eta: the two linear equations with the matrix exponential."""
    lam = eigenvalues(L, beta)
    system = mpmath.zeros(2 * L)
    system[:L, :L] = eta * companion(lam)
    system[L:, :L] = -2 * eta * companion(lam)
    system[L:, L:] = 2 * eta * companion(lam)
    teacher = [moment(lam, index) for index in range(L)]
    fixed = mpmath.matrix(teacher + teacher)
    start = mpmath.matrix([mpf(0)] * L + [sigma_J**2 * value for value in teacher])
    now = fixed + mpmath.expm(system * alpha) * (start - fixed)
    return now[order], now[L + order]


def small_rate(order_R: Any, order_Q: Any) -> Any:
    return (order_Q - 2 * order_R + 1) / 2


def whole_matrix(lam: list[Any], eta: Any) -> Any:
    """The 2L x 2L matrix of Eq. 26 from dR = eta A_1 R, dQ = A_3 Q - 2 eta A_1 R - 2 eta^2 U R^(1)."""
    L = len(lam)
    matrix = mpmath.zeros(2 * L)
    matrix[:L, :L] = eta * companion(lam)
    matrix[L:, L:] = student(lam, eta)
    matrix[L:, :L] = -2 * eta * companion(lam)
    for order in range(L):
        matrix[L + order, 1] -= 2 * eta**2 * moment(lam, order + 1)
    return matrix


def rates(lam: list[Any], eta: Any) -> list[Any]:
    """-eigenvalues of A_3 by a dense eigensolver, largest first."""
    values, _ = mpmath.eig(student(lam, eta))
    return sorted((-mp.re(value) for value in values), reverse=True)


def given_pair(lam: list[Any], eta: Any, distances: list[Any], alpha: Any) -> Any:
    """eps_g of one pair: W^(1)/2 after the matrix exponential on the moments of the distances."""
    start = mpmath.matrix(
        [mp.fsum(value**order * w for value, w in zip(lam, distances, strict=True)) / len(lam) for order in range(4)]
    )
    return (mpmath.expm(student(lam, eta) * alpha) * start)[1] / 2


def spread_of_pairs(lam: list[Any], eta: Any, sigma_J: Any, alpha: Any, N: int) -> Any:
    """sum_j c_j^2 Var W_j, each c_j from a pair that differs in one mode only."""
    units = [[mpf(int(i == j)) for i in range(4)] for j in range(4)]
    response = mp.fsum(given_pair(lam, eta, unit, alpha) ** 2 for unit in units)
    return 2 * (1 + sigma_J**2) ** 2 * 4 / mpf(N) * response


FOUR = {"L": 4, "beta": 1}
TIME = {**FOUR, "eta": "1/2", "sigma_J": "1/10", "alpha": 3}


def lam4() -> list[Any]:
    return eigenvalues(4, 1)


def curve4() -> Any:
    return learning_curve(lam4(), mpf(1) / 2, mpf(1) / 10, 3)


def small4() -> Any:
    return small_rate(*order_parameters(4, 1, mpf(1) / 2, mpf(1) / 10, 3, 1))


ROWS = (
    Row("1", {"L": 7, "beta": "1/2", "k": 3}, lambda: eigenvalues(7, mpf(1) / 2)[2]),
    Row("6", TIME, curve4),
    Row("7", TIME, lambda: order_parameters(4, 1, mpf(1) / 2, mpf(1) / 10, 3, 1)),
    Row("8", TIME, small4),
    Row("26", {**FOUR, "eta": "1/2", "row": 6, "column": 1}, lambda: whole_matrix(lam4(), mpf(1) / 2)[6, 1]),
    Row("27", {**FOUR, "row": 3, "column": 2}, lambda: companion(lam4())[3, 2]),
    Row("31", {**FOUR, "x": "1/3"}, lambda: mpmath.det(companion(lam4()) - mpmath.eye(4) / 3)),
    Row("32", {**FOUR, "k": 2, "l": 3}, lambda: lam4()[1] ** 3),
    Row("33", {**FOUR, "k": 3, "l": 2}, lambda: lam4()[2] ** 2),
    Row(
        "vandermonde-inverse",
        {**FOUR, "k": 3, "l": 2},
        lambda: (mpmath.matrix([[value**order for value in lam4()] for order in range(4)]) ** -1)[2, 2],
    ),
    Row("36", {**FOUR, "l": 3}, lambda: moment(lam4(), 3)),
    Row(
        "38",
        {**FOUR, "eta": "1/2", "l": 2, "alpha": 3},
        lambda: order_parameters(4, 1, mpf(1) / 2, mpf(1) / 10, 3, 2)[0],
    ),
    Row("40", {**FOUR, "row": 0, "column": 2}, lambda: (companion(lam4()) ** -1)[0, 2]),
    Row("44", {**FOUR, "eta": "1/2", "row": 0, "column": 0}, lambda: (student(lam4(), mpf(1) / 2) ** -1)[0, 0]),
    Row("46", {**TIME, "l": 3}, lambda: order_parameters(4, 1, mpf(1) / 2, mpf(1) / 10, 3, 3)[1]),
    Row("47", TIME, small4),
    Row("56", TIME, curve4),
    Row("secular-equation", {**FOUR, "eta": "3/2", "k": 4}, lambda: rates(lam4(), mpf(3) / 2)[3]),
    Row("critical-learning-rate", FOUR, lambda: 2 / moment(lam4(), 1)),
    Row("learning-curve-modes", TIME, curve4),
    Row(
        "learning-curve-given-pair",
        {**FOUR, "eta": "1/4", "W": ["1", "1/2", "2", "0"], "alpha": 3, "K": 2, "M": 4},
        lambda: given_pair(lam4(), mpf(1) / 2, [mpf(1), mpf(1) / 2, mpf(2), mpf(0)], 3),
    ),
    Row(
        "learning-curve-variance",
        {**TIME, "N": 64},
        lambda: spread_of_pairs(lam4(), mpf(1) / 2, mpf(1) / 10, 3, 64),
    ),
)
