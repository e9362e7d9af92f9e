"""Sparse networks: weight decay in diagonal and quadratic networks, the scaling laws of a second paper.

Everything rests on the state evolution, which is a theorem where the number of samples grows in proportion to that of
parameters (diagonal: n ~ d; quadratic: n ~ d**2) and a conjecture supported by experiments elsewhere. "Proved" means
derived from it; asymptotic constants that were only compared with its numerical solution are "numerical only".
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb
from sympy import Matrix, Rational, Sum, erfc, exp, log, pi, sqrt
from sympy import gamma as gamma_function

from symsl.equations.evaluation import Arguments, Evaluation, Parameter, Route, from_statement
from symsl.equations.model import PROVED, Equation, Evidence, Kind, Quantity
from symsl.equations.notation import equal
from symsl.errors import ParameterError
from symsl.precision import ball
from symsl.symbols import (
    A_tail,
    Delta_noise,
    K_detected,
    R_risk,
    a_critical,
    a_threshold,
    alpha_threshold,
    bulk_active,
    bulk_risk,
    c_target,
    d_inputs,
    dof,
    gamma,
    i,
    k,
    kummer,
    lam_decay,
    m_signal,
    mellin_risk,
    n_samples,
    nu,
    p_tail,
    phi_gain,
    rate_tail,
    soft_active,
    soft_risk,
    spike_active,
    spike_risk,
    t_threshold,
    tau,
    test_error,
    train_error,
)
from symsl.weight_decay import PowerLawTarget, interpolation_gain_balls, lasso_balls, quadratic_balls, scalar_risk

NUMERICAL = Evidence(Kind.NUMERICAL)
SECTION = "sparse networks"

_PROPORTIONAL = "state evolution: a theorem for n proportional to d (Gaussian design), a conjecture elsewhere"
_QUADRATIC = "state evolution: a theorem for n proportional to d**2 (Gaussian sensing matrices), a conjecture elsewhere"
_TARGET = "target coefficients c i**(-gamma), i = 1..d, gamma > 1/2"
_NOISY = "label noise larger than the excess risk"

_d = Quantity(d_inputs, "number of inputs", "integer, d >= 1")
_n = Quantity(n_samples, "number of samples", "n > 0")
_Delta = Quantity(Delta_noise, "variance of the label noise", "Delta >= 0")
_lam = Quantity(lam_decay, "weight decay, loss (1/2n) sum (y-f)**2 + (lam/2)(|a|**2 + |w|**2)", "lam >= 0")
_lam_quadratic = Quantity(lam_decay, "weight decay, loss (1/2n) sum (y-f)**2 + lam |W|_F**2", "lam >= 0")
_gamma = Quantity(gamma, "exponent of the target's power law", "gamma > 1/2")
_c = Quantity(c_target, "scale of the target", "c > 0")
_R = Quantity(R_risk, "excess risk, mean of (f - f*)**2 over inputs", "R >= 0")
_m = Quantity(m_signal, "coefficient in units of the effective noise", "real")
_a = Quantity(a_threshold, "threshold in units of the effective noise", "a >= 0")
_tau = Quantity(tau, "standard deviation of the effective noise", "tau > 0")
_nu = Quantity(nu, "standard deviation of the semicircle of effective noise", "nu > 0")
_dof = Quantity(dof, "expected number of active parameters", "0 <= dof <= n")

_GAMMA = Parameter("gamma", "exponent of the target, gamma > 1/2", above=Fraction(1, 2))
_C = Parameter("c", "scale of the target", default="1", above=Fraction(0))
_N = Parameter("n", "number of samples", above=Fraction(0))
_DELTA = Parameter("Delta", "variance of the label noise", at_least=Fraction(0))
_D = Parameter("d", "number of inputs", "integer", at_least=Fraction(1))
_LAM = Parameter("lam", "weight decay (0: the limit from above)", at_least=Fraction(0))
_NOISE = Parameter("Delta", "variance of the label noise", above=Fraction(0))
_TAIL = Parameter("p", "1/gamma, between 0 and 2", above=Fraction(0))
_THRESHOLD = Parameter("a", "threshold", at_least=Fraction(0))
_STATE = (_D, _GAMMA, _N, _DELTA, _LAM, _C)


def _target(given: Arguments) -> PowerLawTarget:
    return PowerLawTarget(gamma=given["gamma"], d=given["d"], c=given["c"])


def _lasso(route: str) -> Any:
    return lambda g: [lasso_balls(_target(g), g["n"], g["Delta"], lam=g["lam"], route=route).R]


def _quadratic(method: str) -> Any:
    return lambda g: [quadratic_balls(_target(g), g["n"], g["Delta"], lam=g["lam"], method=method).R]


def _mellin(given: Arguments) -> list[arb]:
    if given["p"] >= 2:
        raise ParameterError("lasso-mellin-transform", "p", given["p"], "p < 2 (gamma > 1/2)", "choose a smaller p")
    return [scalar_risk.mellin_risk(given["p"], ball(given["a"]))]


def _at(function: Any) -> Route:
    return Route("error function", lambda g: [function(ball(g["m"]), ball(g["a"]))])


def _by_statement(build: Any) -> Route:
    return Route("statement", from_statement(build))


def _below_d(name: str, build: Any) -> Route:
    """The statement, which has a meaning for name < d only."""
    walk = from_statement(build)

    def compute(given: Arguments) -> list[arb]:
        if given[name] >= given["d"]:
            raise ParameterError("sparse networks", name, given[name], f"{name} < d = {given['d']}", "raise d")
        return walk(given)

    return Route("statement", compute)


def _tails() -> tuple[Any, Any]:
    """2 Phi(m - a) and 2 Phi(-m - a)."""
    return erfc((a_threshold - m_signal) / sqrt(2)), erfc((a_threshold + m_signal) / sqrt(2))


def _density(x: Any) -> Any:
    return exp(-(x**2) / 2) / sqrt(2 * pi)


def _soft_risk() -> Any:
    a, m = a_threshold, m_signal
    upper, lower = _tails()
    value = m**2 * (2 - upper - lower) / 2 + (1 + a**2) * (upper + lower) / 2
    return equal(soft_risk(m, a), value - (a + m) * _density(a - m) - (a - m) * _density(a + m))


def _soft_active() -> Any:
    upper, lower = _tails()
    return equal(soft_active(m_signal, a_threshold), (upper + lower) / 2)


def _mellin_statement() -> Any:
    p, a = p_tail, a_threshold
    factor = 2 ** ((3 - p) / 2) * gamma_function(1 - p / 2) / sqrt(pi)
    return equal(mellin_risk(p, a), factor * a * kummer((p - 1) / 2, Rational(3, 2), -(a**2) / 2))


def _lasso_fixed_point() -> Any:
    signal = c_target * i ** (-gamma) / tau
    risk = tau**2 * Sum(soft_risk(signal, alpha_threshold), (i, 1, d_inputs))
    active = Sum(soft_active(signal, alpha_threshold), (i, 1, d_inputs))
    return equal(
        Matrix([R_risk, n_samples * tau**2, lam_decay]),
        Matrix([risk, Delta_noise + R_risk, alpha_threshold * tau * (1 - active / n_samples)]),
    )


def _quadratic_fixed_point() -> Any:
    signal, t = c_target * k ** (-gamma) / nu, t_threshold
    risk = d_inputs * bulk_risk(t) + Sum(spike_risk(signal, t), (k, 1, d_inputs))
    active = d_inputs**2 * bulk_active(t) + d_inputs * Sum(spike_active(signal, t), (k, 1, d_inputs))
    return equal(
        Matrix([R_risk, 2 * n_samples * nu**2 / d_inputs, lam_decay]),
        Matrix([nu**2 * risk, Delta_noise + R_risk, t * nu * (1 - active / n_samples)]),
    )


def _regularised(threshold: Any) -> Any:
    return 2 * gamma / (2 * gamma - 1) * c_target ** (1 / gamma) * threshold ** (2 - 1 / gamma)


def _lasso_optimum() -> Any:
    threshold = sqrt(2 * Delta_noise * log(d_inputs / K_detected) / n_samples)
    return equal(R_risk, _regularised(threshold))


def _plateau() -> Any:
    return equal(R_risk, Delta_noise / log(d_inputs / n_samples))


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


def _gain() -> Any:
    return equal(R_risk, Delta_noise * phi_gain / (1 - phi_gain))


EQUATIONS = (
    Equation(
        id="lasso-soft-threshold-risk",
        name="soft-threshold-risk",
        title="Risk of a soft threshold on one coefficient in Gaussian noise",
        section=SECTION,
        build=_soft_risk,
        quantities=(Quantity(soft_risk(m_signal, a_threshold), "E (soft(m + Z; a) - m)**2", "Z ~ N(0, 1)"), _m, _a),
        assumptions=("none beyond a >= 0",),
        evidence=PROVED,
        derivation="lasso",
        evaluation=Evaluation(
            routes=(_at(scalar_risk.soft_risk), _by_statement(_soft_risk)),
            parameters=(Parameter("m", "coefficient"), _THRESHOLD),
            spectrum=False,
        ),
    ),
    Equation(
        id="lasso-active-probability",
        name="soft-threshold-active-probability",
        title="Probability that a coefficient survives the threshold",
        section=SECTION,
        build=_soft_active,
        quantities=(Quantity(soft_active(m_signal, a_threshold), "Prob(|m + Z| > a)", "Z ~ N(0, 1)"), _m, _a),
        assumptions=("none beyond a >= 0",),
        evidence=PROVED,
        derivation="lasso",
        evaluation=Evaluation(
            routes=(_at(scalar_risk.soft_active), _by_statement(_soft_active)),
            parameters=(Parameter("m", "coefficient"), _THRESHOLD),
            spectrum=False,
        ),
        remark="By Stein's identity it is also E Z soft(m + Z; a), the degrees of freedom that the coefficient takes.",
    ),
    Equation(
        id="lasso-mellin-transform",
        name="soft-threshold-mellin-transform",
        title="Risk of a power law of coefficients in closed form",
        section=SECTION,
        build=_mellin_statement,
        quantities=(
            Quantity(mellin_risk(p_tail, a_threshold), "p int_0^oo m**(-p-1) [r(m, a) - r(0, a)] dm", "real"),
            Quantity(p_tail, "1/gamma", "0 < p < 2"),
            _a,
        ),
        assumptions=("0 < p < 2",),
        evidence=PROVED,
        derivation="lasso",
        depends_on=("lasso-soft-threshold-risk",),
        evaluation=Evaluation(
            routes=(Route("Kummer function", _mellin),), parameters=(_TAIL, _THRESHOLD), spectrum=False
        ),
        remark="Both sides are entire in a; F_1(a) = 2a. A sum over i of r(x i**(-gamma), a) is d r(0, a) + x**p F_p(a)"
        " to leading order in x, at a cost that does not depend on d.",
    ),
    Equation(
        id="lasso-state-evolution",
        name="diagonal-network-state-evolution",
        title="Excess risk of the diagonal network with weight decay (LASSO)",
        section=SECTION,
        build=_lasso_fixed_point,
        quantities=(
            _R,
            _d,
            _n,
            _Delta,
            _lam,
            _gamma,
            _c,
            _tau,
            Quantity(alpha_threshold, "effective threshold in units of tau", "alpha > 0"),
        ),
        assumptions=(_TARGET, "standard Gaussian inputs", _PROPORTIONAL),
        evidence=NUMERICAL,
        derivation="lasso",
        depends_on=("lasso-soft-threshold-risk", "lasso-active-probability"),
        evaluation=Evaluation(
            routes=(Route("sum", _lasso("sum")), Route("continuum", _lasso("continuum"))),
            parameters=_STATE,
            spectrum=False,
        ),
        remark="f(x) = sum_i a_i w_i x_i. Route `continuum` replaces the sums by integrals from i = 0, their leading "
        "order where many coefficients are detected: another number, not another way to the same one.",
    ),
    Equation(
        id="gcv-identity",
        name="generalised-cross-validation",
        title="Test error from training error and degrees of freedom",
        section=SECTION,
        build=lambda: equal(test_error, train_error / (1 - dof / n_samples) ** 2),
        quantities=(
            Quantity(test_error, "mean squared test error, Delta + R", "positive"),
            Quantity(train_error, "mean squared training error", "positive"),
            _dof,
            _n,
        ),
        assumptions=("holds in both networks", _PROPORTIONAL, _QUADRATIC, "lam > 0"),
        evidence=PROVED,
        derivation="lasso",
    ),
    Equation(
        id="lasso-optimal-rate",
        name="diagonal-network-optimal-risk",
        title="Risk of the diagonal network at its best weight decay",
        section=SECTION,
        build=_lasso_optimum,
        quantities=(
            _R,
            _d,
            _n,
            _Delta,
            _gamma,
            _c,
            Quantity(K_detected, "number of detected coefficients, (c/lam)**(1/gamma)", "K << d"),
        ),
        assumptions=(
            _TARGET,
            _NOISY,
            "leading order; lam = sqrt(2 Delta log(d/K)/n)",
            "n < d**(2 gamma)",
            _PROPORTIONAL,
        ),
        evidence=NUMERICAL,
        derivation="lasso",
        depends_on=("lasso-state-evolution",),
        evaluation=Evaluation(
            routes=(_below_d("K", _lasso_optimum),),
            parameters=(_D, _GAMMA, _N, _NOISE, Parameter("K", "detected coefficients, K < d", above=Fraction(0)), _C),
            spectrum=False,
        ),
        remark="The exponent of n is the minimax rate over balls of weak l_p, p = 1/gamma; the constant is derived "
        "from the state evolution and compared with its solution. Corrections are of relative order 1/log.",
    ),
    Equation(
        id="lasso-interpolation-plateau",
        name="diagonal-network-noise-plateau",
        title="Noise plateau of the interpolating diagonal network",
        section=SECTION,
        build=_plateau,
        quantities=(_R, _d, _n, _Delta),
        assumptions=(_NOISY, "n << d, lam -> 0", "leading order in 1/log(d/n)", _PROPORTIONAL),
        evidence=PROVED,
        derivation="lasso",
        depends_on=("interpolation-gain", "lasso-soft-threshold-risk"),
        evaluation=Evaluation(routes=(_below_d("n", _plateau),), parameters=(_D, _N, _NOISE), spectrum=False),
    ),
    Equation(
        id="interpolation-gain",
        name="cost-of-interpolating-noise",
        title="Risk of an interpolator of pure noise",
        section=SECTION,
        build=_gain,
        quantities=(
            _R,
            _Delta,
            Quantity(
                phi_gain, "d r(0, alpha)/n (diagonal) or V(t)/(2 D_2(t)) (quadratic) where dof = n", "0 < phi < 1"
            ),
        ),
        assumptions=("no target", "lam -> 0, below the interpolation threshold n = d or d**2/4", _PROPORTIONAL),
        evidence=PROVED,
        derivation="lasso",
        evaluation=Evaluation(
            routes=(
                Route(
                    "closed form", lambda g: [ball(g["Delta"]) * interpolation_gain_balls("quadratic", g["ratio"]).risk]
                ),
            ),
            parameters=(Parameter("ratio", "n/d**2, between 0 and 1/4", above=Fraction(0)), _NOISE),
            spectrum=False,
        ),
        remark="The value is that of the quadratic network; `symsl.weight_decay.interpolation_gain` knows all models.",
    ),
    Equation(
        id="quadratic-state-evolution",
        name="quadratic-network-state-evolution",
        title="Excess risk of the quadratic network with weight decay",
        section=SECTION,
        build=_quadratic_fixed_point,
        quantities=(
            _R,
            _d,
            _n,
            _Delta,
            _lam_quadratic,
            _gamma,
            _c,
            _nu,
            Quantity(t_threshold, "effective threshold in units of nu", "t >= 0"),
        ),
        assumptions=("target matrix with eigenvalues c k**(-gamma)", "few detected eigenvalues, K << d", _QUADRATIC),
        evidence=NUMERICAL,
        derivation="quadratic_network",
        evaluation=Evaluation(
            routes=(
                Route("spiked", _quadratic("spiked")),
                Route("free convolution", _quadratic("free-convolution")),
            ),
            parameters=_STATE,
            spectrum=False,
        ),
        remark="Route `free convolution` keeps all orders in the target (errors of order 1/d): another number than "
        "that of the statement, which is its sparse limit. The features x x^T - 1 must act like Gaussian ones, which "
        "fails where n is a few times d and the noise is weak.",
    ),
    Equation(
        id="quadratic-optimal-rate",
        name="quadratic-network-optimal-risk",
        title="Risk of the quadratic network at its best weight decay",
        section=SECTION,
        build=_quadratic_optimum,
        quantities=(_R, _d, _n, _Delta, _gamma, _c),
        assumptions=(
            _TARGET,
            _NOISY,
            "d << n << d**(1 + 2 gamma), lam = sqrt(2 d Delta/n)",
            "leading order",
            _QUADRATIC,
        ),
        evidence=NUMERICAL,
        derivation="quadratic_network",
        depends_on=("quadratic-state-evolution",),
        evaluation=Evaluation(
            routes=(_by_statement(_quadratic_optimum),), parameters=(_D, _GAMMA, _N, _NOISE, _C), spectrum=False
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
            _gamma,
        ),
        assumptions=("label noise of order 1", "lam -> 0, n << d**2", _QUADRATIC),
        evidence=NUMERICAL,
        derivation="phase_diagram",
        depends_on=("quadratic-optimal-rate", "interpolation-gain"),
        evaluation=Evaluation(routes=(_by_statement(_benign_boundary),), parameters=(_GAMMA,), spectrum=False),
    ),
    Equation(
        id="tail-exponent",
        name="weight-spectrum-tail-exponent",
        title="Tail exponent of the spectrum of trained weights",
        section=SECTION,
        build=_tail_exponent,
        quantities=(Quantity(A_tail, "the density of eigenvalues of W W^T falls as x**(-A)", "1 < A < 3"), _gamma),
        assumptions=("x far above the effective threshold and below the largest eigenvalue", _QUADRATIC),
        evidence=PROVED,
        derivation="quadratic_network",
        depends_on=("quadratic-state-evolution",),
        evaluation=Evaluation(routes=(_by_statement(_tail_exponent),), parameters=(_GAMMA,), spectrum=False),
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
        assumptions=(_NOISY, "up to logarithms in the diagonal network", _PROPORTIONAL, _QUADRATIC),
        evidence=NUMERICAL,
        derivation="quadratic_network",
        depends_on=("tail-exponent", "quadratic-optimal-rate", "lasso-optimal-rate"),
        remark="Heavier tails (smaller A) go with better generalisation.",
    ),
)
