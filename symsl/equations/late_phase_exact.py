"""Beyond the paper: the end of training at any learning rate, and to second order in the deviations."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Any

from sympy import Matrix, Sum, pi, sqrt

from symsl.equations.evaluation import Evaluation, Parameter, Route
from symsl.equations.late_phase import (
    EVALUATION,
    along,
    first_order_matrices,
    relaxation_matrix,
    second_order_evaluation,
)
from symsl.equations.model import PROVED, Equation, Quantity
from symsl.equations.notation import equal, velocity
from symsl.erf.late_phase_complete import second_order_error, second_order_error_by_exponential
from symsl.erf.late_phase_exact import critical_learning_rate, exact_error
from symsl.symbols import (
    L,
    M,
    dev_r,
    dev_r_k,
    dev_s,
    dev_s_k,
    eps_g,
    eta,
    eta_c,
    j,
    k,
    lam,
    w_d,
    w_d_1,
    w_o,
    w_o_1,
)

_UNITS = Quantity(M, "number of students and of teachers", "integer, M >= 1")
ASSUMPTIONS = (
    "K = M, error-function activation",
    "N -> infinity, any learning rate",
    "T_nm^(l) = u_l delta_nm at every order l, u_1 = 1",
    "first order in w; R - T vanishes, or is so small that its square is negligible against w",
)


def noise_matrix() -> Matrix:
    """G: what the deviations of order 1, (w_d, w_o), add to the velocity of (w_d, w_o), times M^2/(eta^2 u_(l+1))."""
    return 4 / pi**2 * _slopes()


def _slopes() -> Matrix:
    def mu(*multiplicities: int) -> Any:
        return 1 / sqrt(prod(1 + n for n in multiplicities))

    first = [mu(4) + (M - 1) * mu(2, 2), 2 * (M - 1) * mu(3, 1) + (M - 1) * (M - 2) * mu(2, 1, 1)]
    second = [
        2 * mu(3, 1) + (M - 2) * mu(2, 1, 1),
        2 * mu(2, 2) + 4 * (M - 2) * mu(2, 1, 1) + (M - 2) * (M - 3) * mu(1, 1, 1, 1),
    ]
    return Matrix([first, second])


def _flow() -> Any:
    modes = Matrix([w_d[k], w_o[k]])
    order_1 = Matrix([Sum(lam[j] * w[j], (j, 1, L)) / L for w in (w_d, w_o)])
    drift = -4 * eta / (pi * M) * lam[k] * (relaxation_matrix() * modes)
    noise = (eta / M) ** 2 * lam[k] * (noise_matrix() * order_1)
    return equal(Matrix([velocity(w_d[k]), velocity(w_o[k])]), drift + noise)


def trace_and_determinant() -> tuple[Any, Any]:
    """Trace and determinant of (pi^2/4) H^-1 G."""
    (a, b, c, d), (p, q, r, s) = relaxation_matrix(), _slopes()
    return (d * p - b * r - c * q + a * s) / (a * d - b * c), (p * s - q * r) / (a * d - b * c)


def _critical() -> Any:
    trace, product = trace_and_determinant()
    return equal(eta_c, 2 * pi * M / (trace + sqrt(trace**2 - 4 * product)))


def _second_order_error() -> Any:
    kept = w_d_1 / sqrt(3) + (M - 1) * w_o_1 / 2
    return equal(eps_g, (kept - 2 * dev_r**2 / (3 * sqrt(3)) - (M - 1) * dev_r * dev_s / 2) / pi)


def second_order_velocities() -> Matrix:
    """Those of r_k, s_k, w_d,k and w_o,k, to first order in eta."""
    P, S = first_order_matrices()
    pace = 2 * eta / (pi * M) * lam[k]
    overlaps = relaxation_matrix() * Matrix([dev_r_k, dev_s_k]) - (P + 2 * S) * Matrix([dev_r, dev_s])
    curvature = 2 / (3 * sqrt(3))
    diagonal = (
        w_d[k] / sqrt(3)
        - curvature * dev_r * dev_r_k
        + (M - 1) * (w_o[k] / 2 - (dev_s * dev_r_k + dev_r * dev_s_k) / 4)
    )
    off_diagonal = (
        w_o[k] / sqrt(3)
        - curvature * dev_r * dev_s_k
        + w_d[k] / 2
        - (dev_s * dev_s_k + dev_r * dev_r_k) / 4
        + (M - 2) * (w_o[k] / 2 - (dev_s + dev_r) * dev_s_k / 4)
    )
    return Matrix([*(-pace * overlaps), -2 * pace * diagonal, -2 * pace * off_diagonal])


def _second_order_flow() -> Any:
    rates = Matrix([velocity(quantity) for quantity in (dev_r_k, dev_s_k, w_d[k], w_o[k])])
    return equal(rates, second_order_velocities())


def _error() -> Any:
    return equal(eps_g, Sum(lam[k] * (w_d[k] / sqrt(3) + (M - 1) * w_o[k] / 2), (k, 1, L)) / (pi * L))


_FLOWING = (
    Quantity(w_d[k], "mode k of Q_ii - 2 R_ii + T_ii, a function of time", "w_d >= 0, small"),
    Quantity(w_o[k], "mode k of Q_ij - R_ij - R_ji + T_ij, i != j, a function of time", "small"),
    Quantity(lam[k], "k-th distinct eigenvalue of the data covariance", "lambda_k > 0, mean 1"),
)
_SECOND_ORDER = (
    "K = M, error-function activation",
    "first order in the learning rate eta, N -> infinity",
    "T_nm^(l) = u_l delta_nm at every order l, u_1 = 1",
    "the same deviations on the diagonal, the same off it; second order in J - B: first order in w, second in r and s",
)
_OVERLAPS = (
    Quantity(dev_r, "R_ii - T_ii of order 1", "small"),
    Quantity(dev_s, "R_in - T_in, i != n, of order 1", "small"),
)

EQUATIONS = (
    Equation(
        id="late-phase-second-order",
        name="late-phase-error-second-order",
        title="Generalisation error to second order in J - B",
        section="5.2",
        build=_second_order_error,
        quantities=(
            Quantity(eps_g, "generalisation error", "eps_g >= 0"),
            Quantity(w_d_1, "Q_ii - 2 R_ii + T_ii of order 1", "w_d >= 0, small of second order"),
            Quantity(w_o_1, "Q_ij - R_ij - R_ji + T_ij, i != j, of order 1", "small of second order"),
            *_OVERLAPS,
            _UNITS,
        ),
        assumptions=_SECOND_ORDER,
        evidence=PROVED,
        derivation="late_phase_exact",
        depends_on=("94", "121"),
        evaluation=second_order_evaluation(second_order_error, second_order_error_by_exponential),
        remark="Beyond the paper: w is of second order in J - B, and so are the terms in r and s left out in Eq. 121. "
        "To be evaluated, w_d, w_o, r and s are given at the reference time and follow Eq. "
        "late-phase-second-order-dynamics.",
    ),
    Equation(
        id="late-phase-second-order-dynamics",
        name="late-phase-dynamics-second-order",
        title="Dynamics of the deviations to second order in J - B, mode by mode",
        section="5.2",
        build=_second_order_flow,
        quantities=(
            Quantity(dev_r_k, "mode k of R_ii - T_ii", "small"),
            Quantity(dev_s_k, "mode k of R_in - T_in, i != n", "small"),
            Quantity(w_d[k], "mode k of Q_ii - 2 R_ii + T_ii", "w_d >= 0, small of second order"),
            Quantity(w_o[k], "mode k of Q_ij - R_ij - R_ji + T_ij, i != j", "small of second order"),
            *_OVERLAPS,
            Quantity(lam[k], "k-th distinct eigenvalue of the data covariance", "lambda_k > 0, mean 1"),
            Quantity(eta, "learning rate", "eta > 0"),
            _UNITS,
        ),
        assumptions=_SECOND_ORDER,
        evidence=PROVED,
        derivation="late_phase_exact",
        depends_on=("92", "93", "late-phase-second-order"),
        remark="Beyond the paper. r and s are kept to first order, w to second: all that Eq. late-phase-second-order "
        "needs.",
    ),
    Equation(
        id="late-phase-exact-eta-dynamics",
        name="late-phase-dynamics-any-learning-rate",
        title="Dynamics close to the solution at any learning rate, mode by mode",
        section="5.2",
        build=_flow,
        quantities=(
            *_FLOWING,
            Quantity(L, "number of distinct eigenvalues", "integer, L >= 1"),
            Quantity(eta, "learning rate", "eta > 0"),
            _UNITS,
        ),
        assumptions=ASSUMPTIONS,
        evidence=PROVED,
        derivation="late_phase_exact",
        depends_on=("16", "92", "93"),
        remark="Beyond the paper, which stops at first order in eta.",
    ),
    Equation(
        id="late-phase-exact-eta",
        name="late-phase-any-learning-rate",
        title="Generalisation error at the end of training at any learning rate",
        section="5.2",
        build=_error,
        quantities=(
            Quantity(eps_g, "generalisation error at time alpha after the reference time", "eps_g >= 0"),
            *_FLOWING,
            Quantity(L, "number of distinct eigenvalues", "integer, L >= 1"),
            _UNITS,
        ),
        assumptions=ASSUMPTIONS,
        evidence=PROVED,
        derivation="late_phase_exact",
        depends_on=("late-phase-exact-eta-dynamics", "121"),
        evaluation=Evaluation(
            routes=(Route("eigenbasis", along(exact_error)),),
            parameters=EVALUATION.parameters,
            normalised=True,
            read_file=EVALUATION.read_file,
        ),
        remark="Beyond the paper. To be evaluated, w_d and w_o are given at the reference time and follow Eq. "
        "late-phase-exact-eta-dynamics, also above the critical learning rate, where the error grows.",
    ),
    Equation(
        id="late-phase-critical-learning-rate",
        name="late-phase-stability",
        title="Largest learning rate at which the students converge",
        section="5.2",
        build=_critical,
        quantities=(Quantity(eta_c, "critical learning rate, the same for every spectrum", "eta_c > 0"), _UNITS),
        assumptions=ASSUMPTIONS,
        evidence=PROVED,
        derivation="late_phase_exact",
        depends_on=("late-phase-exact-eta-dynamics",),
        evaluation=Evaluation(
            routes=(Route("closed form", lambda given: [critical_learning_rate(given["M"])]),),
            parameters=(Parameter("M", "number of students and of teachers", "integer", at_least=Fraction(1)),),
            spectrum=False,
        ),
        remark="Beyond the paper. It is (4M/pi) over the largest eigenvalue of H^-1 G.",
    ),
)
