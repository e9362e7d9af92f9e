"""Beyond the paper: the end of training to second order in J - B and exact in eta, and its closed form."""

from __future__ import annotations

from typing import Any

from sympy import Matrix, Rational, Sum, exp, pi, sqrt

from symsl.equations.late_phase import second_order_evaluation
from symsl.equations.late_phase_exact import noise_matrix, second_order_velocities
from symsl.equations.model import PROVED, Equation, Quantity
from symsl.equations.notation import equal, velocity
from symsl.erf.late_phase_complete import complete_error, complete_error_by_exponential
from symsl.symbols import (
    M,
    alpha,
    dev_r,
    dev_r_k,
    dev_s,
    dev_s_k,
    drive_w,
    eps_g,
    eta,
    i,
    j,
    k,
    lam,
    mu_pair,
    n_rates,
    nu_w,
    seen_pair,
    seen_w,
    start_w,
    w_d,
    w_d_1,
    w_o,
    w_o_1,
)

ASSUMPTIONS = (
    "K = M, error-function activation",
    "N -> infinity, any learning rate",
    "T_nm^(l) = u_l delta_nm at every order l, u_1 = 1",
    "the same deviations on the diagonal, the same off it; second order in J - B: first order in w, second in r and s",
)
_UNITS = Quantity(M, "number of students and of teachers", "integer, M >= 1")


def overlap_noise() -> Matrix:
    """What r and s of order 1 take from G w: the parts of second order of the average over four slopes."""
    mu4, mu31, mu22, mu211, mu1111 = (4 / pi**2 / sqrt(product) for product in (5, 8, 9, 12, 16))
    r, s, two, three = dev_r, dev_s, (M - 1) * (M - 2), (M - 2) * (M - 3)
    both = Rational(2, 3) * s**2 + r * s
    diagonal = (
        Rational(4, 5) * mu4 * r**2
        + Rational(2, 3) * (M - 1) * mu22 * (r**2 + s**2)
        + Rational(5, 2) * (M - 1) * mu31 * r * s
        + two * mu211 * both
    )
    off_diagonal = (
        mu31 * (Rational(3, 2) * r**2 + s**2)
        + Rational(8, 3) * mu22 * r * s
        + (M - 2) * mu211 * (Rational(2, 3) * r**2 + Rational(14, 3) * r * s + 3 * s**2)
        + three * mu1111 * (s**2 + r * s)
    )
    return Matrix([diagonal, off_diagonal])


def _flow() -> Any:
    noise = (eta / M) ** 2 * lam[k] * (noise_matrix() * Matrix([w_d_1, w_o_1]) - overlap_noise())
    rates = Matrix([velocity(quantity) for quantity in (dev_r_k, dev_s_k, w_d[k], w_o[k])])
    return equal(rates, second_order_velocities() + Matrix([0, 0, *noise]))


def _curve() -> Any:
    pair = mu_pair[j] + mu_pair[k]
    pairs = (j, 1, n_rates), (k, 1, n_rates)
    response = drive_w[i, j, k] * (exp(pair * alpha) - exp(nu_w[i] * alpha)) / (pair - nu_w[i])
    of_start = Sum(seen_w[i] * start_w[i] * exp(nu_w[i] * alpha), (i, 1, n_rates))
    of_source = Sum(seen_w[i] * response, (i, 1, n_rates), *pairs)
    return equal(eps_g, (of_start + of_source + Sum(seen_pair[j, k] * exp(pair * alpha), *pairs)) / pi)


EQUATIONS = (
    Equation(
        id="late-phase-complete-dynamics",
        name="late-phase-complete-dynamics",
        title="Dynamics of the deviations to second order in J - B at any learning rate, mode by mode",
        section="5.2",
        build=_flow,
        quantities=(
            Quantity(dev_r_k, "mode k of R_ii - T_ii", "small"),
            Quantity(dev_s_k, "mode k of R_in - T_in, i != n", "small"),
            Quantity(w_d[k], "mode k of Q_ii - 2 R_ii + T_ii", "w_d >= 0, small of second order"),
            Quantity(w_o[k], "mode k of Q_ij - R_ij - R_ji + T_ij, i != j", "small of second order"),
            Quantity(dev_r, "R_ii - T_ii of order 1", "small"),
            Quantity(dev_s, "R_in - T_in, i != n, of order 1", "small"),
            Quantity(w_d_1, "w_d of order 1, (1/L) sum_k lambda_k w_d,k", "w_d >= 0, small of second order"),
            Quantity(w_o_1, "w_o of order 1", "small of second order"),
            Quantity(lam[k], "k-th distinct eigenvalue of the data covariance", "lambda_k > 0, mean 1"),
            Quantity(eta, "learning rate", "eta > 0"),
            _UNITS,
        ),
        assumptions=ASSUMPTIONS,
        evidence=PROVED,
        derivation="late_phase_complete",
        depends_on=("late-phase-second-order-dynamics", "late-phase-exact-eta-dynamics", "91"),
        remark="Beyond the paper: both extensions of Eq. 16 together, with the part of the eta^2 term that is of "
        "second order in r and s.",
    ),
    Equation(
        id="late-phase-complete",
        name="late-phase-complete-curve",
        title="Generalisation error at the end of training, second order in J - B and any learning rate",
        section="5.2",
        build=_curve,
        quantities=(
            Quantity(eps_g, "generalisation error at time alpha after the reference time", "eps_g >= 0"),
            Quantity(mu_pair[j], "rates of the linear dynamics of r and s in all modes", "mu_j < 0, j = 1, ..., P"),
            Quantity(nu_w[i], "rates of the linear part of the dynamics of w_d and w_o", "real, i = 1, ..., P"),
            Quantity(start_w[i], "component of w at the reference time along the i-th eigenvector", "real"),
            Quantity(drive_w[i, j, k], "that of the source which the j-th and k-th components of r, s make", "real"),
            Quantity(seen_w[i], "(1/L) sum_k lambda_k (w_d,k/sqrt 3 + (M-1) w_o,k/2) of the i-th eigenvector", "real"),
            Quantity(seen_pair[j, k], "-(2/(3 sqrt 3)) r_j r_k - (M-1)(r_j s_k + r_k s_j)/4, of order 1", "real"),
            Quantity(alpha, "time after the reference time, examples per input dimension", "alpha >= 0"),
            Quantity(n_rates, "number of rates of either kind", "2L; L for M = 1, where s and w_o do not exist"),
        ),
        assumptions=(*ASSUMPTIONS, "no nu_i is a sum of two mu_j (where one is, its term is the limit)"),
        evidence=PROVED,
        derivation="late_phase_complete",
        depends_on=("late-phase-complete-dynamics", "late-phase-second-order"),
        evaluation=second_order_evaluation(complete_error, complete_error_by_exponential),
        remark="Beyond the paper. To be evaluated, w_d, w_o, r and s are given at the reference time. The same form "
        "without the term in eta^2 is the value of Eq. late-phase-second-order. What is left out is of third order in "
        "J - B. The matrix exponential also serves where rates coincide, for few modes.",
    ),
)
