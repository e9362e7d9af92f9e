"""What the entries of the erf network must evaluate to: roots, differences and exponentials of Eqs. 93, 94 in mpmath.

Row(equation, parameters, expected): `expected()` is one number, or one for each output.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import mpmath
from mpmath import mp, mpf


@dataclass(frozen=True)
class Row:
    equation: str
    parameters: dict[str, Any]
    expected: Callable[[], Any]


def full(M: int, diagonal: Any, off_diagonal: Any) -> list[list[Any]]:
    return [[diagonal if i == j else off_diagonal for j in range(M)] for i in range(M)]


def velocity_of_R(first: tuple[Any, Any, Any], raised: tuple[Any, Any, Any], M: int, n: int) -> Any:
    """dR_1n^(l)/da over 2 eta/(pi M) from (R, Q, T) of order 1 and of order l + 1: Eq. 93 with its sums."""
    (R, Q, T), (r, _, t) = first, raised
    A = 1 + Q[0][0]
    teachers = ((t[n][m] * A - r[0][n] * R[0][m]) / (A * mp.sqrt(A * (1 + T[m][m]) - R[0][m] ** 2)) for m in range(M))
    students = ((r[j][n] * A - r[0][n] * Q[0][j]) / (A * mp.sqrt(A * (1 + Q[j][j]) - Q[0][j] ** 2)) for j in range(M))
    return mp.fsum(teachers) - mp.fsum(students)


def velocity_of_Q(first: tuple[Any, Any, Any], M: int) -> Any:
    """dQ_11^(0)/da over 2 eta/(pi M)."""
    R, Q, T = first
    A = 1 + Q[0][0]
    teachers = ((R[0][m] * A - Q[0][0] * R[0][m]) / (A * mp.sqrt(A * (1 + T[m][m]) - R[0][m] ** 2)) for m in range(M))
    students = ((Q[0][k] * A - Q[0][0] * Q[0][k]) / (A * mp.sqrt(A * (1 + Q[k][k]) - Q[0][k] ** 2)) for k in range(M))
    return 2 * (mp.fsum(teachers) - mp.fsum(students))


def coinciding(M: int, R: Any, Q: Any, T: Any, row: Any) -> tuple[Any, Any, Any]:
    return full(M, R, R), full(M, Q, Q), full(M, T, row / (M - 1))


def plateau(M: int, D: Any) -> tuple[Any, Any]:
    """R* and Q*: a root of both velocities."""

    def velocities(R: Any, Q: Any) -> tuple[Any, Any]:
        first = coinciding(M, R, Q, 1, mp.mpmathify(D))
        return velocity_of_R(first, first, M, 0), velocity_of_Q(first, M)

    R, Q = mp.findroot(velocities, (1 / mp.sqrt(2 * M**2), mpf(1) / (2 * M - 1)))
    return R, Q


def plateau_of_rows(rows: list[Any], diagonal: list[Any], n: int, rows_l: list[Any] | None = None) -> tuple[Any, Any]:
    """R_n and Q where both velocities vanish if every root is that of the mean R and T: order 1, and then order l."""
    M = len(rows)
    mean, T = mp.fsum(rows) / M, mp.fsum(diagonal) / M

    def at(R: Any, Q: Any, raised: list[Any], n: int) -> Any:
        root = mp.sqrt((1 + Q) * (1 + T) - R**2)
        return (1 + Q) * raised[n] / root / (M * R / root + M / mp.sqrt(1 + 2 * Q))

    def means(R: Any, Q: Any) -> tuple[Any, Any]:
        of_rows = mp.fsum(at(R, Q, rows, n) for n in range(M)) / M
        return R - of_rows, Q - at(R, Q, [M * of_rows], 0)

    R, Q = mp.findroot(means, (mean / mp.sqrt(2 * M**2), mean / (2 * M - 1)))
    raised = rows if rows_l is None else rows_l
    of_rows = mp.fsum(at(R, Q, raised, n) for n in range(M)) / M
    return at(R, Q, raised, n), at(R, Q, [M * of_rows], 0)


def height(M: int, D: Any) -> Any:
    R, Q = plateau(M, D)
    off = mp.mpmathify(D) / (M - 1)
    students, teachers = M * M * mp.asin(Q / (1 + Q)), M * mp.asin(mpf(1) / 2) + M * (M - 1) * mp.asin(off / 2)
    return (students + teachers - 2 * M * M * mp.asin(R / mp.sqrt(2 * (1 + Q)))) / (mp.pi * M)


def eigenvalues(L: int, beta: Any) -> list[Any]:
    powers = [mpf(k) ** (-1 - mp.mpmathify(beta)) for k in range(1, L + 1)]
    return [L * power / mp.fsum(powers) for power in powers]


def growth_rate(M: int, L: int, beta: Any, eta: Any, D: Any, D2: Any) -> Any:
    """d(velocity of R_11^(1))/dr by a central difference along r on the diagonal, -r/(M-1) off it."""
    R, Q = plateau(M, D)
    T2 = mp.fsum(x**2 for x in eigenvalues(L, beta)) / L
    D, D2 = mp.mpmathify(D), mp.mpmathify(D2)
    scale = (T2 + D2) / (1 + D)  # order 2 of a plateau is that of order 1 times the ratio of the row sums
    raised = coinciding(M, R * scale, Q * scale, T2, D2)
    step = mpf(10) ** -20

    def velocity(r: Any) -> Any:
        _, q, t = coinciding(M, R, Q, 1, D)
        return velocity_of_R((full(M, R + r, R - r / (M - 1)), q, t), raised, M, 0)

    slope = (velocity(step) - velocity(-step)) / (2 * step)
    return 2 * mp.mpmathify(eta) / (mp.pi * M) * slope


def escape_time(*arguments: Any) -> Any:
    return 1 / (2 * growth_rate(*arguments))


def many_units(M: int, L: int, beta: Any, eta: Any, D: Any, D2: Any) -> tuple[Any, Any]:
    """The first two terms of Eq. 15 in 1/M by a Taylor polynomial; the bound is (S/2M)^2 of them."""
    D, D2, eta = mp.mpmathify(D), mp.mpmathify(D2), mp.mpmathify(eta)
    S, T2 = 1 + D, mp.fsum(x**2 for x in eigenvalues(L, beta)) / L
    roots = mp.taylor(lambda h: mp.sqrt(2 - S * h) * (2 + S * h) ** mpf("1.5"), 0, 1)  # times M^2, h = 1/M
    limit = mp.pi * M**2 * mp.polyval(roots[::-1], mpf(1) / M) / (4 * eta * S * (T2 - D2 / (M - 1)))
    return limit, limit * (S / (2 * M)) ** 2


def many_eigenvalues(M: int, L: int, beta: Any, eta: Any, D: Any) -> tuple[Any, Any]:
    """Eq. 15 with the sums over k to infinity, less the leading part of their tails, which is an integral."""
    beta, S = mp.mpmathify(beta), 1 + mp.mpmathify(D)
    first, second = mp.zeta(1 + beta), mp.zeta(2 + 2 * beta)
    e_1, e_2 = L**-beta / beta / first, mpf(L) ** (-1 - 2 * beta) / (1 + 2 * beta) / second
    roots = mp.sqrt(2 * M - S) * (2 * M + S) ** mpf("1.5")
    leading = mp.pi * roots / (4 * mp.mpmathify(eta) * S) * first**2 / (L * second)
    return leading * (1 - 2 * e_1), leading * (2 * beta * e_1 / L + e_1**2 + e_2) / (1 - e_2)


def plateau_length(tau: Any, N: int, sigma_J: Any, Delta_P: Any, b: Any) -> Any:
    return 2 * tau * mp.log(mp.mpmathify(Delta_P) * mp.sqrt(N) / (mp.mpmathify(b) * mp.mpmathify(sigma_J)))


def late_phase(M: int, L: int, beta: Any, eta: Any, alpha: Any, w_d: Any, w_o: Any) -> Any:
    """eps_g of Eq. 121 after dW/da = (4 eta/(pi M)) (H (x) A_1) W on the moments, by the matrix exponential."""
    lam = eigenvalues(L, beta)
    V = mpmath.matrix([[x**order for x in lam] for order in range(L)])
    A_1 = -V * mpmath.diag(lam) * V**-1
    root = 1 / mp.sqrt(3)
    H = [[root, mpf(M - 1) / 2], [mpf(1) / 2, root + mpf(M - 2) / 2]]
    system = mpmath.zeros(2 * L)
    for a in range(2):
        for b in range(2):
            system[a * L : (a + 1) * L, b * L : (b + 1) * L] = H[a][b] * A_1
    start = [mp.mpmathify(w) * mp.fsum(x**order for x in lam) / L for w in (w_d, w_o) for order in range(L)]
    rate = 4 * mp.mpmathify(eta) / (mp.pi * M)
    W = mpmath.expm(rate * mp.mpmathify(alpha) * system) * mpmath.matrix(start)
    return (root * W[1] + mpf(M - 1) / 2 * W[L + 1]) / mp.pi


def slopes_matrix(M: int) -> Any:
    """G: averages of four slopes g' = sqrt(2/pi) e^(-y^2/2), each a product of E[g'^n] = (2/pi)^(n/2)/sqrt(1 + n)."""

    def average(*units: int) -> Any:
        counts = [units.count(unit) for unit in set(units)]
        return mp.fprod((2 / mp.pi) ** (mpf(n) / 2) / mp.sqrt(1 + n) for n in counts)

    pairs = [(a, b) for a in range(M) for b in range(M)]
    return mpmath.matrix(
        [
            [mp.fsum(average(0, j, a, b) for a, b in pairs if (a == b) == equal) for equal in (True, False)]
            for j in (0, 1)
        ]
    )


def relaxation_matrix(M: int) -> Any:
    root = 1 / mp.sqrt(3)
    return mpmath.matrix([[root, mpf(M - 1) / 2], [mpf(1) / 2, root + mpf(M - 2) / 2]])


def critical_learning_rate(M: int) -> Any:
    values, _ = mp.eig(relaxation_matrix(M) ** -1 * slopes_matrix(M))
    return 4 * M / mp.pi / max(mp.re(value) for value in values)


def late_phase_exact(M: int, L: int, beta: Any, eta: Any, alpha: Any, w_d: Any, w_o: Any) -> Any:
    """The same in the mode basis with the term of second order in eta, by the matrix exponential."""
    lam, eta = eigenvalues(L, beta), mp.mpmathify(eta)
    H, G = relaxation_matrix(M), slopes_matrix(M)
    system = mpmath.zeros(2 * L)
    for a in range(2):
        for b in range(2):
            for k in range(L):
                for j in range(L):
                    system[a * L + k, b * L + j] = (eta / M) ** 2 * lam[k] * lam[j] * G[a, b] / L
                system[a * L + k, b * L + k] -= 4 * eta / (mp.pi * M) * lam[k] * H[a, b]
    start = mpmath.matrix([mp.mpmathify(w) for w in (w_d, w_o) for _ in range(L)])
    w = mpmath.expm(mp.mpmathify(alpha) * system) * start
    first = [mp.fsum(lam[k] * w[a * L + k] for k in range(L)) / L for a in range(2)]
    return (first[0] / mp.sqrt(3) + mpf(M - 1) / 2 * first[1]) / mp.pi


def overlap_noise(M: int, r: Any, s: Any, j: int) -> Any:
    """sum_ab E[g'_0 g'_j g'_a g'_b] sum_m rho_am rho_bm n_m/(1+n_m), unit by unit."""
    total = mpf(0)
    for a in range(M):
        for b in range(M):
            units = (0, j, a, b)
            counts = {unit: units.count(unit) for unit in units}
            slopes = mp.fprod((2 / mp.pi) ** (mpf(n) / 2) / mp.sqrt(1 + n) for n in counts.values())
            rho = {m: [r if unit == m else s for unit in (a, b)] for m in counts}
            total += slopes * mp.fsum(rho[m][0] * rho[m][1] * n / mpf(1 + n) for m, n in counts.items())
    return total


@cache
def second_order(M: int, L: int, beta: Any, eta: Any, alpha: Any, start: tuple[Any, ...], order: int) -> Any:
    """eps_g to second order in J - B after the nonlinear flow of (r, s, w_d, w_o), by Taylor steps (mpmath.odefun)."""
    lam, eta, root = eigenvalues(L, beta), mp.mpmathify(eta), mp.sqrt(3)
    G, c = slopes_matrix(M), 2 / (3 * root)
    squares = [(overlap_noise(M, 1, 0, j), overlap_noise(M, 0, 1, j)) for j in (0, 1)]
    taken = [(rr, overlap_noise(M, 1, 1, j) - rr - ss, ss) for j, (rr, ss) in enumerate(squares)]

    def first_of(y: list[Any]) -> list[Any]:
        return [mp.fsum(lam[k] * y[a * L + k] for k in range(L)) / L for a in range(4)]

    def flow(_: Any, y: list[Any]) -> list[Any]:
        R, S, W_d, W_o = first_of(y)
        noise = [
            G[j, 0] * W_d + G[j, 1] * W_o - rr * R * R - rs * R * S - ss * S * S
            for j, (rr, rs, ss) in enumerate(taken if order == 2 else ())
        ]
        rates: list[list[Any]] = [[], [], [], []]
        for k in range(L):
            r, s, w_d, w_o = (y[a * L + k] for a in range(4))
            pace = 2 * eta / (mp.pi * M) * lam[k]
            rates[0].append(-pace * (r / root + (M - 1) * s / 2 - c * R - (M - 1) * S / 4))
            rates[1].append(-pace * (r / 2 + (1 / root + mpf(M - 2) / 2) * s - R / 4))
            d = w_d / root - c * R * r + (M - 1) * (w_o / 2 - (S * r + R * s) / 4)
            o = w_o / root - c * R * s + w_d / 2 - (S * s + R * r) / 4 + (M - 2) * (w_o / 2 - (S * s + R * s) / 4)
            for rate, drift, gain in zip(rates[2:], (d, o), noise or (0, 0), strict=True):
                rate.append(-2 * pace * drift + (eta / M) ** 2 * lam[k] * gain)
        return [rate for part in rates for rate in part]

    with mp.workdps(30):
        begun = [mp.mpmathify(value) for value in start for _ in range(L)]
        R, S, W_d, W_o = first_of(mp.odefun(flow, 0, begun)(mp.mpmathify(alpha)))
        return (W_d / root + (M - 1) * W_o / 2 - c * R**2 - (M - 1) * R * S / 2) / mp.pi


TEACHER = {"M": 3, "D": "1/4"}
ESCAPE = {"M": 3, "L": 4, "beta": "1/2", "eta": "1/10", "D": "1/4", "D2": "-1/3"}
ESCAPE_VALUES = (3, 4, "1/2", "1/10", "1/4", "-1/3")
LENGTH = ESCAPE | {"N": 1000, "Delta_P": "1/5", "b": "3/2", "sigma_J": "1/50"}
MANY = {"M": 3, "L": 50, "beta": "1/2", "eta": "1/10", "D": "1/4"}
LATE = {"M": 3, "L": 5, "beta": "1/2", "eta": "1/5", "alpha": "7/2", "w_d": "1/100", "w_o": "-1/700"}

ROWS_1 = {"M": 3, "n": 2, "T": ["9/8", 1, "7/8"], "D": ["1/8", "1/4", "-1/8"]}
EXPECTED_1 = ([mpf(5) / 4, mpf(5) / 4, mpf(3) / 4], [mpf(9) / 8, mpf(1), mpf(7) / 8])
ROWS_L = {"T_l": "3/2", "D_l": ["3/4", 0, "1/4"]}
SECOND_START = ("-1/20", "1/60", "1/100", "-1/700")
SECOND = {"M": 3, "L": 2, "beta": "1/2", "eta": "3/2", "alpha": "1/2"} | dict(
    zip(("r", "s", "w_d", "w_o"), SECOND_START, strict=True)
)

ROWS = [
    *(Row(number, TEACHER, lambda: plateau(3, "1/4")) for number in ("13", "97")),
    Row("95", ROWS_1, lambda: plateau_of_rows(*EXPECTED_1, 1)),
    Row("96", ROWS_1 | ROWS_L, lambda: plateau_of_rows(*EXPECTED_1, 1, [mpf(9) / 4, mpf(3) / 2, mpf(7) / 4])),
    Row("99", TEACHER, lambda: height(3, "1/4")),
    Row("113", ESCAPE, lambda: growth_rate(*ESCAPE_VALUES)),
    *(Row(number, ESCAPE, lambda: escape_time(*ESCAPE_VALUES)) for number in ("15", "116")),
    Row("escape-time-many-units", ESCAPE, lambda: many_units(*ESCAPE_VALUES)),
    Row("escape-time-many-eigenvalues", MANY, lambda: many_eigenvalues(*MANY.values())),
    *(
        Row(number, LENGTH, lambda: plateau_length(escape_time(*ESCAPE_VALUES), 1000, "1/50", "1/5", "3/2"))
        for number in ("12", "117")
    ),
    *(Row(number, LATE, lambda: late_phase(*LATE.values())) for number in ("17", "122")),
    Row("late-phase-exact-eta", LATE | {"eta": "7/2"}, lambda: late_phase_exact(*(LATE | {"eta": "7/2"}).values())),
    *(
        Row(number, SECOND, lambda order=order: second_order(3, 2, "1/2", "3/2", "1/2", SECOND_START, order))
        for number, order in (("late-phase-second-order", 1), ("late-phase-complete", 2))
    ),
    Row("late-phase-critical-learning-rate", {"M": 5}, lambda: critical_learning_rate(5)),
]
