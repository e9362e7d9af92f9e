"""Sparse networks: the diagonal network with weight decay, which is the LASSO."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb
from sympy import Matrix, Rational, Sum, erfc, exp, log, pi, sqrt
from sympy import gamma as gamma_function

from symsl.equations.evaluation import Arguments, Evaluation, Parameter, Route, from_statement
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
from symsl.errors import ParameterError
from symsl.precision import ball
from symsl.symbols import (
    Delta_noise,
    K_detected,
    R_risk,
    a_threshold,
    alpha_threshold,
    c_target,
    d_inputs,
    dof,
    gamma,
    i,
    kummer,
    lam_decay,
    m_signal,
    mellin_risk,
    n_samples,
    p_tail,
    phi_gain,
    soft_active,
    soft_risk,
    tau,
    test_error,
    train_error,
)
from symsl.weight_decay import interpolation_gain_balls, lasso_balls, scalar_risk

_lam = Quantity(lam_decay, "weight decay, loss (1/2n) sum (y-f)**2 + (lam/2)(|a|**2 + |w|**2)", "lam >= 0")
_m = Quantity(m_signal, "coefficient in units of the effective noise", "real")
_a = Quantity(a_threshold, "threshold in units of the effective noise", "a >= 0")
_tau = Quantity(tau, "standard deviation of the effective noise", "tau > 0")
_dof = Quantity(dof, "expected number of active parameters", "0 <= dof <= n")
_TAIL = Parameter("p", "1/gamma, between 0 and 2", above=Fraction(0))
_THRESHOLD = Parameter("a", "threshold", at_least=Fraction(0))


def _lasso(route: str) -> Any:
    return lambda g: [lasso_balls(power_law_target(g), g["n"], g["Delta"], lam=g["lam"], route=route).R]


def _mellin(given: Arguments) -> list[arb]:
    if given["p"] >= 2:
        raise ParameterError("lasso-mellin-transform", "p", given["p"], "p < 2 (gamma > 1/2)", "choose a smaller p")
    return [scalar_risk.mellin_risk(given["p"], ball(given["a"]))]


def _at(function: Any) -> Route:
    return Route("error function", lambda g: [function(ball(g["m"]), ball(g["a"]))])


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


def _regularised(threshold: Any) -> Any:
    return 2 * gamma / (2 * gamma - 1) * c_target ** (1 / gamma) * threshold ** (2 - 1 / gamma)


def _lasso_optimum() -> Any:
    threshold = sqrt(2 * Delta_noise * log(d_inputs / K_detected) / n_samples)
    return equal(R_risk, _regularised(threshold))


def _plateau() -> Any:
    return equal(R_risk, Delta_noise / log(d_inputs / n_samples))


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
            routes=(_at(scalar_risk.soft_risk), by_statement(_soft_risk)),
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
            routes=(_at(scalar_risk.soft_active), by_statement(_soft_active)),
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
            R_quantity,
            d_quantity,
            n_quantity,
            Delta_quantity,
            _lam,
            gamma_quantity,
            c_quantity,
            _tau,
            Quantity(alpha_threshold, "effective threshold in units of tau", "alpha > 0"),
        ),
        assumptions=(TARGET, "standard Gaussian inputs", PROPORTIONAL),
        evidence=NUMERICAL,
        derivation="lasso",
        depends_on=("lasso-soft-threshold-risk", "lasso-active-probability"),
        evaluation=Evaluation(
            routes=(Route("sum", _lasso("sum")), Route("continuum", _lasso("continuum"))),
            parameters=STATE,
            spectrum=False,
        ),
        remark="f(x) = sum_i a_i w_i x_i. Route `continuum` replaces the sums by integrals from i = 0, their leading "
        "order where many coefficients are detected: another number, not another way to the same one. "
        "`symsl.weight_decay.lasso` gives the whole fixed point and solves for the best weight decay.",
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
            n_quantity,
        ),
        assumptions=("holds in both networks", PROPORTIONAL, QUADRATIC, "lam > 0"),
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
            R_quantity,
            d_quantity,
            n_quantity,
            Delta_quantity,
            gamma_quantity,
            c_quantity,
            Quantity(K_detected, "number of detected coefficients, (c/lam)**(1/gamma)", "K << d"),
        ),
        assumptions=(
            TARGET,
            NOISY,
            "leading order; lam = sqrt(2 Delta log(d/K)/n)",
            "n < d**(2 gamma)",
            PROPORTIONAL,
        ),
        evidence=NUMERICAL,
        derivation="lasso",
        depends_on=("lasso-state-evolution",),
        evaluation=Evaluation(
            routes=(_below_d("K", _lasso_optimum),),
            parameters=(D, GAMMA, N, NOISE, Parameter("K", "detected coefficients, K < d", above=Fraction(0)), C),
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
        quantities=(R_quantity, d_quantity, n_quantity, Delta_quantity),
        assumptions=(NOISY, "n << d, lam -> 0", "leading order in 1/log(d/n)", PROPORTIONAL),
        evidence=PROVED,
        derivation="lasso",
        depends_on=("interpolation-gain", "lasso-soft-threshold-risk"),
        evaluation=Evaluation(routes=(_below_d("n", _plateau),), parameters=(D, N, NOISE), spectrum=False),
    ),
    Equation(
        id="interpolation-gain",
        name="cost-of-interpolating-noise",
        title="Risk of an interpolator of pure noise",
        section=SECTION,
        build=_gain,
        quantities=(
            R_quantity,
            Delta_quantity,
            Quantity(
                phi_gain, "d r(0, alpha)/n (diagonal) or V(t)/(2 D_2(t)) (quadratic) where dof = n", "0 < phi < 1"
            ),
        ),
        assumptions=("no target", "lam -> 0, below the interpolation threshold n = d or d**2/4", PROPORTIONAL),
        evidence=PROVED,
        derivation="lasso",
        evaluation=Evaluation(
            routes=(
                Route(
                    "closed form", lambda g: [ball(g["Delta"]) * interpolation_gain_balls("quadratic", g["ratio"]).risk]
                ),
            ),
            parameters=(Parameter("ratio", "n/d**2, between 0 and 1/4", above=Fraction(0)), NOISE),
            spectrum=False,
        ),
        remark="The value is that of the quadratic network; `symsl.weight_decay.interpolation_gain` knows all models.",
    ),
)
