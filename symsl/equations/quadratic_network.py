"""Sparse networks: the quadratic network with weight decay, which is matrix sensing."""

from __future__ import annotations

from typing import Any

from sympy import Matrix, Sum

from symsl.equations.evaluation import Evaluation, Route
from symsl.equations.model import PROVED, Equation, Quantity
from symsl.equations.notation import equal
from symsl.equations.sparse_networks import (
    GAMMA,
    NOISE,
    NOISY,
    NUMERICAL,
    PROPORTIONAL,
    QUADRATIC,
    SECTION,
    STATE,
    TARGET,
    C,
    D,
    Delta_quantity,
    N,
    R_quantity,
    by_statement,
    c_quantity,
    d_quantity,
    gamma_quantity,
    n_quantity,
    power_law_target,
)
from symsl.symbols import (
    A_tail,
    Delta_noise,
    R_risk,
    a_critical,
    bulk_active,
    bulk_risk,
    c_target,
    d_inputs,
    gamma,
    k,
    lam_decay,
    n_samples,
    nu,
    rate_tail,
    spike_active,
    spike_risk,
    t_threshold,
)
from symsl.weight_decay import quadratic_balls

_lam_quadratic = Quantity(lam_decay, "weight decay, loss (1/2n) sum (y-f)**2 + lam |W|_F**2", "lam >= 0")
_nu = Quantity(nu, "standard deviation of the semicircle of effective noise", "nu > 0")


def _quadratic(method: str) -> Any:
    return lambda g: [quadratic_balls(power_law_target(g), g["n"], g["Delta"], lam=g["lam"], method=method).R]


def _quadratic_fixed_point() -> Any:
    signal, t = c_target * k ** (-gamma) / nu, t_threshold
    risk = d_inputs * bulk_risk(t) + Sum(spike_risk(signal, t), (k, 1, d_inputs))
    active = d_inputs**2 * bulk_active(t) + d_inputs * Sum(spike_active(signal, t), (k, 1, d_inputs))
    return equal(
        Matrix([R_risk, 2 * n_samples * nu**2 / d_inputs, lam_decay]),
        Matrix([nu**2 * risk, Delta_noise + R_risk, t * nu * (1 - active / n_samples)]),
    )


def _spike_constant(p: Any) -> Any:
    return p / (2 - p) + 6 - 8 * p / (p + 1) + 3 * p / (p + 2)


def _quadratic_optimum() -> Any:
    noise = d_inputs * Delta_noise / (2 * n_samples)
    return equal(R_risk, c_target ** (1 / gamma) * _spike_constant(1 / gamma) * noise ** (1 - 1 / (2 * gamma)))


def _benign_boundary() -> Any:
    return equal(a_critical, (18 * gamma - 5) / (14 * gamma - 5))


def _tail_exponent() -> Any:
    return equal(A_tail, 1 + 1 / gamma)


def _rate_from_tail() -> Any:
    return equal(rate_tail, (3 - A_tail) / 2)


EQUATIONS = (
    Equation(
        id="quadratic-state-evolution",
        name="quadratic-network-state-evolution",
        title="Excess risk of the quadratic network with weight decay",
        section=SECTION,
        build=_quadratic_fixed_point,
        quantities=(
            R_quantity,
            d_quantity,
            n_quantity,
            Delta_quantity,
            _lam_quadratic,
            gamma_quantity,
            c_quantity,
            _nu,
            Quantity(t_threshold, "effective threshold in units of nu", "t >= 0"),
        ),
        assumptions=("target matrix with eigenvalues c k**(-gamma)", "few detected eigenvalues, K << d", QUADRATIC),
        evidence=NUMERICAL,
        derivation="quadratic_network",
        evaluation=Evaluation(
            routes=(
                Route("spiked", _quadratic("spiked")),
                Route("free convolution", _quadratic("free-convolution")),
            ),
            parameters=STATE,
            spectrum=False,
        ),
        remark="Route `free convolution` keeps all orders in the target (errors of order 1/d): another number than "
        "that of the statement, which is its sparse limit. The features x x^T - 1 must act like Gaussian ones, which "
        "fails where n is a few times d and the noise is weak. `symsl.weight_decay.quadratic` gives the whole fixed "
        "point and solves for the best weight decay.",
    ),
    Equation(
        id="quadratic-optimal-rate",
        name="quadratic-network-optimal-risk",
        title="Risk of the quadratic network at its best weight decay",
        section=SECTION,
        build=_quadratic_optimum,
        quantities=(R_quantity, d_quantity, n_quantity, Delta_quantity, gamma_quantity, c_quantity),
        assumptions=(
            TARGET,
            NOISY,
            "d << n << d**(1 + 2 gamma), lam = sqrt(2 d Delta/n)",
            "leading order",
            QUADRATIC,
        ),
        evidence=NUMERICAL,
        derivation="quadratic_network",
        depends_on=("quadratic-state-evolution",),
        evaluation=Evaluation(
            routes=(by_statement(_quadratic_optimum),), parameters=(D, GAMMA, N, NOISE, C), spectrum=False
        ),
        remark="The exponent is the minimax rate over Schatten balls; the constant H_p(2) is derived from the state "
        "evolution and compared with its solution.",
    ),
    Equation(
        id="quadratic-benign-boundary",
        name="benign-overfitting-boundary",
        title="Where overfitting of the quadratic network ceases to be benign",
        section=SECTION,
        build=_benign_boundary,
        quantities=(
            Quantity(a_critical, "log n/log d above which the interpolator's risk grows with n", "9/7 < a_c < 2"),
            gamma_quantity,
        ),
        assumptions=("label noise of order 1", "lam -> 0, n << d**2", QUADRATIC),
        evidence=NUMERICAL,
        derivation="phase_diagram",
        depends_on=("quadratic-optimal-rate", "interpolation-gain"),
        evaluation=Evaluation(routes=(by_statement(_benign_boundary),), parameters=(GAMMA,), spectrum=False),
    ),
    Equation(
        id="tail-exponent",
        name="weight-spectrum-tail-exponent",
        title="Tail exponent of the spectrum of trained weights",
        section=SECTION,
        build=_tail_exponent,
        quantities=(
            Quantity(A_tail, "the density of eigenvalues of W W^T falls as x**(-A)", "1 < A < 3"),
            gamma_quantity,
        ),
        assumptions=("x far above the effective threshold and below the largest eigenvalue", QUADRATIC),
        evidence=PROVED,
        derivation="quadratic_network",
        depends_on=("quadratic-state-evolution",),
        evaluation=Evaluation(routes=(by_statement(_tail_exponent),), parameters=(GAMMA,), spectrum=False),
        remark="Coefficients of the diagonal network have the same tail.",
    ),
    Equation(
        id="tail-exponent-risk",
        name="optimal-rate-from-tail-exponent",
        title="Optimal rate told by the tail of the spectrum",
        section=SECTION,
        build=_rate_from_tail,
        quantities=(
            Quantity(rate_tail, "R ~ n**(-rho) (diagonal) or (n/d)**(-rho) (quadratic) at the optimum", "0 < rho < 1"),
            Quantity(A_tail, "tail exponent of the trained spectrum", "1 < A < 3"),
        ),
        assumptions=(NOISY, "up to logarithms in the diagonal network", PROPORTIONAL, QUADRATIC),
        evidence=NUMERICAL,
        derivation="quadratic_network",
        depends_on=("tail-exponent", "quadratic-optimal-rate", "lasso-optimal-rate"),
        remark="Heavier tails (smaller A) go with better generalisation.",
    ),
)
