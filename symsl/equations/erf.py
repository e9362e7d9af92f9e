"""Appendix C.1: Gaussian averages of the error function, and the equations of motion made of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb
from sympy import Matrix, Sum, asin, pi, sqrt

from symsl.equations.evaluation import Arguments, Evaluation, Parameter, Route
from symsl.equations.model import PROVED, Equation, Quantity
from symsl.equations.notation import equal, velocity
from symsl.equations.setup import ORDER_PARAMETERS, THERMODYNAMIC, UNITS
from symsl.erf.certified_averages import (
    four_point,
    four_point_by_quadrature,
    three_point,
    three_point_by_quadrature,
    two_point,
    two_point_by_quadrature,
)
from symsl.erf.gaussian_averages import four_point_average
from symsl.symbols import (
    C11,
    C12,
    C13,
    C14,
    C22,
    C23,
    C24,
    C33,
    C34,
    C44,
    I_2,
    I_3,
    I_4,
    K,
    Lambda_0,
    Lambda_1,
    Lambda_2,
    Lambda_4,
    M,
    Q_units,
    R_units,
    T_units,
    eps_g,
    eta,
    i,
    j,
    k,
    l,
    m,
    n,
    p,
    u,
)

ACTIVATION = "g(x) = erf(x/sqrt 2)"
_GAUSSIAN = (ACTIVATION, "z_1, z_2, ... jointly Gaussian with zero mean and covariance C, positive semidefinite")
_COVARIANCES = {2: (C11, C12, C22), 3: (C11, C12, C13, C23, C33), 4: (C11, C12, C13, C14, C22, C23, C24, C33, C34, C44)}


def _one(average: Callable[[Arguments], arb]) -> Callable[[Arguments], list[arb]]:
    return lambda given: [average(given)]


def _evaluation(points: int, formula: Callable[[Arguments], arb], quadrature: Callable[[Arguments], arb]) -> Evaluation:
    parameters = tuple(
        Parameter(symbol.name, f"covariance of z_{symbol.name[1]} and z_{symbol.name[2]}")
        for symbol in _COVARIANCES[points]
    )
    routes = (Route("closed form", _one(formula)), Route("quadrature", _one(quadrature)))
    return Evaluation(routes=routes, parameters=parameters, spectrum=False)


def _average(symbol: Any, meaning: str, points: int) -> tuple[Quantity, ...]:
    covariances = (Quantity(C, f"covariance of z_{C.name[1]} and z_{C.name[2]}", "real") for C in _COVARIANCES[points])
    return (Quantity(symbol, meaning, "real"), *covariances)


def determinants() -> Matrix:
    """Lambda_0, Lambda_1, Lambda_2, Lambda_4 of Eq. 91."""
    norm = (1 + C11) * (1 + C22) - C12**2
    return Matrix(
        [
            norm * C34 - (1 + C11) * C23 * C24 - (1 + C22) * C13 * C14 + C12 * (C13 * C24 + C14 * C23),
            norm * (1 + C33) - (1 + C11) * C23**2 - (1 + C22) * C13**2 + 2 * C12 * C13 * C23,
            norm * (1 + C44) - (1 + C11) * C24**2 - (1 + C22) * C14**2 + 2 * C12 * C14 * C24,
            norm,
        ]
    )


def _student(a: Any, b: Any) -> Any:
    """The root that belongs to students a and b."""
    return sqrt((1 + Q_units[a, a, 1]) * (1 + Q_units[b, b, 1]) - Q_units[a, b, 1] ** 2)


def _teacher(a: Any, b: Any) -> Any:
    """The root that belongs to student a and teacher b."""
    return sqrt((1 + Q_units[a, a, 1]) * (1 + T_units[b, b, 1]) - R_units[a, b, 1] ** 2)


def _velocity_of_R() -> Any:
    norm = 1 + Q_units[i, i, 1]
    from_teachers = (T_units[n, m, l + 1] * norm - R_units[i, n, l + 1] * R_units[i, m, 1]) / (norm * _teacher(i, m))
    from_students = (R_units[j, n, l + 1] * norm - R_units[i, n, l + 1] * Q_units[i, j, 1]) / (norm * _student(i, j))
    return 2 * eta / (pi * K) * (Sum(from_teachers, (m, 1, M)) - M / K * Sum(from_students, (j, 1, K)))


def _pull_on(a: Any, b: Any) -> Any:
    """The half of dQ_ab that comes from moving student a."""
    norm = 1 + Q_units[a, a, 1]
    from_teachers = (R_units[b, m, l + 1] * norm - Q_units[a, b, l + 1] * R_units[a, m, 1]) / (norm * _teacher(a, m))
    from_students = (Q_units[b, k, l + 1] * norm - Q_units[a, b, l + 1] * Q_units[a, k, 1]) / (norm * _student(a, k))
    return Sum(from_teachers, (m, 1, M)) - M / K * Sum(from_students, (k, 1, K))


def _velocity_of_Q() -> Any:
    return 2 * eta / (pi * K) * (_pull_on(i, j) + _pull_on(j, i))


def _noise() -> Any:
    """E[delta_i delta_j]: Eq. 91 for the students i, j and two units of either network."""

    def average(c: Any, c_of_j: Any, d: Any, d_of_j: Any, cc: Any, cd: Any, dd: Any) -> Any:
        Q_ii, Q_ij, Q_jj = (Q_units[a, b, 1] for a, b in ((i, i), (i, j), (j, j)))
        return four_point_average(Q_ii, Q_ij, c, d, Q_jj, c_of_j, d_of_j, cc, cd, dd)

    def student(a: Any) -> tuple[Any, Any]:
        return Q_units[i, a, 1], Q_units[j, a, 1]

    def teacher(a: Any) -> tuple[Any, Any]:
        return R_units[i, a, 1], R_units[j, a, 1]

    teachers = average(*teacher(n), *teacher(m), T_units[n, n, 1], T_units[n, m, 1], T_units[m, m, 1])
    both = average(*student(k), *teacher(n), Q_units[k, k, 1], R_units[k, n, 1], T_units[n, n, 1])
    students = average(*student(k), *student(p), Q_units[k, k, 1], Q_units[k, p, 1], Q_units[p, p, 1])
    return (
        Sum(teachers, (n, 1, M), (m, 1, M)) / K**2
        - 2 * M * Sum(both, (k, 1, K), (n, 1, M)) / K**3
        + M**2 * Sum(students, (k, 1, K), (p, 1, K)) / K**4
    )


def _error() -> Any:
    def angle(overlap: Any, first: Any, second: Any) -> Any:
        return asin(overlap / sqrt((1 + first) * (1 + second)))

    students = angle(Q_units[i, j, 1], Q_units[i, i, 1], Q_units[j, j, 1])
    teachers = angle(T_units[n, m, 1], T_units[n, n, 1], T_units[m, m, 1])
    mixed = angle(R_units[i, n, 1], Q_units[i, i, 1], T_units[n, n, 1])
    return (
        M / K**2 * Sum(students, (i, 1, K), (j, 1, K))
        + Sum(teachers, (n, 1, M), (m, 1, M)) / M
        - 2 / K * Sum(mixed, (i, 1, K), (n, 1, M))
    ) / pi


_FIRST_ORDER = (THERMODYNAMIC, ACTIVATION, "first order in the learning rate eta")
_CLOSURE = (
    "Any K and M; the paper writes K = M. Order l is moved by order l + 1; the last order closes by the characteristic "
    "polynomial (Cayley-Hamilton), or modes of the eigenbasis are used, where multiplication by Sigma is by lambda_k."
)

EQUATIONS = (
    Equation(
        id="89",
        name="gaussian-average-two",
        title="I_2 = E[g(z_1) g(z_2)] for the error function",
        section="C.1",
        build=lambda: equal(I_2, 2 / pi * asin(C12 / sqrt((1 + C11) * (1 + C22)))),
        quantities=_average(I_2, "E[g(z_1) g(z_2)]", 2),
        assumptions=_GAUSSIAN,
        evidence=PROVED,
        derivation="gaussian_averages",
        evaluation=_evaluation(2, two_point, two_point_by_quadrature),
    ),
    Equation(
        id="90",
        name="gaussian-average-three",
        title="I_3 = E[g'(z_1) z_2 g(z_3)] for the error function",
        section="C.1",
        build=lambda: equal(
            I_3,
            2 / pi * (C23 * (1 + C11) - C12 * C13) / ((1 + C11) * sqrt((1 + C11) * (1 + C33) - C13**2)),
        ),
        quantities=_average(I_3, "E[g'(z_1) z_2 g(z_3)]", 3),
        assumptions=_GAUSSIAN,
        evidence=PROVED,
        derivation="gaussian_averages",
        evaluation=_evaluation(3, three_point, three_point_by_quadrature),
        remark="Linear in z_2, so that C22 does not occur; some C22 must exist.",
    ),
    Equation(
        id="91",
        name="gaussian-average-four",
        title="I_4 = E[g'(z_1) g'(z_2) g(z_3) g(z_4)] for the error function",
        section="C.1",
        build=lambda: equal(
            Matrix([I_4, Lambda_0, Lambda_1, Lambda_2, Lambda_4]),
            Matrix([4 / (pi**2 * sqrt(Lambda_4)) * asin(Lambda_0 / sqrt(Lambda_1 * Lambda_2)), *determinants()]),
        ),
        quantities=(
            *_average(I_4, "E[g'(z_1) g'(z_2) g(z_3) g(z_4)]", 4),
            Quantity(Lambda_0, "minor of 1 + C, rows 1, 2, 3 and columns 1, 2, 4", "Lambda_0^2 < Lambda_1 Lambda_2"),
            Quantity(Lambda_1, "principal minor of 1 + C on 1, 2, 3", "Lambda_1 >= 1"),
            Quantity(Lambda_2, "principal minor of 1 + C on 1, 2, 4", "Lambda_2 >= 1"),
            Quantity(Lambda_4, "principal minor of 1 + C on 1, 2", "Lambda_4 >= 1"),
        ),
        assumptions=_GAUSSIAN,
        evidence=PROVED,
        derivation="gaussian_averages",
        depends_on=("89",),
        evaluation=_evaluation(4, four_point, four_point_by_quadrature),
        remark="The value is I_4. The two factors g' only change the covariance of z_3 and z_4 under Eq. 89.",
    ),
    Equation(
        id="92",
        name="erf-student-teacher-dynamics",
        title="Velocity of the student-teacher order parameters",
        section="C.1",
        build=lambda: equal(velocity(R_units[i, n, l]), _velocity_of_R()),
        quantities=(*UNITS, *ORDER_PARAMETERS),
        assumptions=(THERMODYNAMIC, ACTIVATION),
        evidence=PROVED,
        derivation="erf_dynamics",
        depends_on=("18", "21", "90"),
        remark=f"Exact in eta. {_CLOSURE}",
    ),
    Equation(
        id="93",
        name="erf-student-student-dynamics",
        title="Velocity of the student-student order parameters, first order in the learning rate",
        section="C.1",
        build=lambda: equal(velocity(Q_units[i, j, l]), _velocity_of_Q()),
        quantities=(*UNITS, *ORDER_PARAMETERS),
        assumptions=_FIRST_ORDER,
        evidence=PROVED,
        derivation="erf_dynamics",
        depends_on=("18", "21", "90"),
        remark=f"The term of second order is `erf-student-student-dynamics-complete`. {_CLOSURE}",
    ),
    Equation(
        id="erf-student-student-dynamics-complete",
        name="erf-student-student-dynamics-complete",
        title="Velocity of the student-student order parameters, exact in the learning rate",
        section="C.1",
        build=lambda: equal(velocity(Q_units[i, j, l]), _velocity_of_Q() + eta**2 * u[l + 1] * _noise()),
        quantities=(*UNITS, *ORDER_PARAMETERS, Quantity(u, "moments of the spectrum", "u_l > 0")),
        assumptions=(THERMODYNAMIC, ACTIVATION),
        evidence=PROVED,
        derivation="erf_dynamics",
        depends_on=("18", "22", "91", "93"),
        remark="The paper leaves the second term out; there is no third.",
    ),
    Equation(
        id="94",
        name="generalisation-error",
        title="Generalisation error of the erf network",
        section="C.1",
        build=lambda: equal(eps_g, _error()),
        quantities=(Quantity(eps_g, "generalisation error", "eps_g >= 0"), *UNITS[:2], *ORDER_PARAMETERS),
        assumptions=(THERMODYNAMIC, ACTIVATION),
        evidence=PROVED,
        derivation="erf_dynamics",
        depends_on=("19", "20", "89"),
        remark="Cancels near the solution Q = R = T: `symsl.erf` evaluates it in the deviations from it.",
    ),
)
