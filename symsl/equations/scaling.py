"""Sec. 4.2, App. B.2: scaling with time, from the Euler-Maclaurin formula to the power law."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb
from sympy import Matrix, Sum, bernoulli, exp, factorial, gamma, uppergamma

from symsl.equations.evaluation import Arguments, Evaluation, Parameter, Route, from_statement
from symsl.equations.linear_terms import ALPHA, AVERAGED, CURVE_QUANTITIES, ETA, FIRST_ORDER, ONE_UNIT, SIGMA_J
from symsl.equations.model import PROVED, Equation, Quantity, exact_for
from symsl.equations.notation import equal
from symsl.linear.scaling import approximation, correction_terms, scaling_window
from symsl.symbols import (
    L,
    alpha,
    alpha_high,
    alpha_low,
    beta,
    eps_correction,
    eps_g,
    eta,
    f,
    f_first,
    f_last,
    integral_f,
    j,
    k,
    lambda_plus,
    m,
    remainder,
    sigma_J,
    x,
)

POWER_LAW = "power-law spectrum (Eq. 1)"
QUANTITIES = (
    Quantity(lambda_plus, "largest eigenvalue", "L over the generalised harmonic number of L"),
    Quantity(beta, "power-law exponent of the spectrum", "beta > 0"),
    Quantity(L, "number of distinct eigenvalues", "integer, L >= 1"),
    *CURVE_QUANTITIES[4:],
)
exponent = beta / (1 + beta)


def time(argument: Any = alpha) -> Any:
    """z = 2 eta lambda_+ alpha."""
    return 2 * eta * lambda_plus * argument


def amplitude() -> Any:
    """What every approximation starts with: (1+sigma_J^2)/2 lambda_+/(L (1+beta))."""
    return (1 + sigma_J**2) / 2 * lambda_plus / (L * (1 + beta))


def with_integral() -> Any:
    """eps_g with the integral for the sum."""
    far, near = uppergamma(exponent, time() * L ** (-1 - beta)), uppergamma(exponent, time())
    return amplitude() * time() ** -exponent * (far - near)


def with_one_gamma() -> Any:
    """eps_g once the largest eigenvalue is learned."""
    return amplitude() * time() ** -exponent * uppergamma(exponent, time() * L ** (-1 - beta))


def with_offset() -> Any:
    """eps_g as a power law with what is subtracted from it."""
    return amplitude() * (time() ** -exponent * gamma(exponent) - L**-beta / exponent)


def scaling(kind: str) -> Evaluation:
    """An approximation of Eq. 8, certified as such."""

    def compute(given: Arguments) -> list[arb]:
        return approximation(kind, given["spectrum"], given["eta"], given["sigma_J"], given["alpha"])

    return Evaluation(routes=(Route("closed form", compute),), parameters=(ETA, SIGMA_J, ALPHA))


def leading_correction(given: Arguments) -> list[arb]:
    """The end terms of the Euler-Maclaurin formula at each time."""
    spectrum, rate, spread = given["spectrum"], given["eta"], given["sigma_J"]
    return [correction_terms(spectrum, rate, spread, moment, 1)[0] for moment in given["alpha"]]


EQUATIONS = (
    Equation(
        id="9",
        name="scaling-with-time",
        title="Generalisation error with the integral for the sum over eigenvalues",
        section="4.2",
        build=lambda: equal(eps_g, with_integral()),
        quantities=QUANTITIES,
        assumptions=(ONE_UNIT, AVERAGED, FIRST_ORDER, POWER_LAW, "approximate: the sum as an integral"),
        evidence=PROVED,
        derivation="euler_maclaurin",
        depends_on=("50",),
        evaluation=scaling("integral"),
    ),
    Equation(
        id="48",
        name="euler-maclaurin",
        title="Euler-Maclaurin formula",
        section="B.2",
        build=lambda: equal(
            Sum(f(k), (k, 1, L)),
            integral_f
            + (f_first[0] + f_last[0]) / 2
            + Sum(bernoulli(2 * j) / factorial(2 * j) * (f_last[2 * j - 1] - f_first[2 * j - 1]), (j, 1, m))
            + remainder,
        ),
        quantities=(
            Quantity(f_first, "derivatives of f at 1", "real"),
            Quantity(f_last, "derivatives of f at L", "real"),
            Quantity(integral_f, "integral of f from 1 to L", "real"),
            Quantity(remainder, "minus the integral of B_2m({x}) f^(2m)(x) / (2m)! from 1 to L", "real"),
        ),
        assumptions=("f has 2m continuous derivatives on [1, L]",),
        evidence=exact_for("m <= 6"),
        derivation="euler_maclaurin",
    ),
    Equation(
        id="49",
        name="leading-correction",
        title="Leading correction to the integral: half the end terms",
        section="B.2",
        build=lambda: equal(
            eps_correction,
            (1 + sigma_J**2)
            / 4
            * lambda_plus
            / L
            * (exp(-time()) + L ** (-1 - beta) * exp(-time() * L ** (-1 - beta))),
        ),
        quantities=QUANTITIES,
        assumptions=(ONE_UNIT, AVERAGED, FIRST_ORDER, POWER_LAW, "leading term of Eq. 48"),
        evidence=PROVED,
        derivation="euler_maclaurin",
        depends_on=("8", "48"),
        evaluation=Evaluation(
            routes=(Route("closed form", leading_correction),),
            parameters=(ETA, SIGMA_J, ALPHA),
        ),
    ),
    Equation(
        id="50",
        name="integral-approximation",
        title="The integral in incomplete gamma functions",
        section="B.2",
        build=lambda: equal(eps_g, with_integral()),
        quantities=QUANTITIES,
        assumptions=(ONE_UNIT, AVERAGED, FIRST_ORDER, POWER_LAW, "approximate: the sum as an integral"),
        evidence=PROVED,
        derivation="euler_maclaurin",
        depends_on=("8", "48"),
        evaluation=scaling("integral"),
    ),
    Equation(
        id="51",
        name="incomplete-gamma-small-argument",
        title="Incomplete gamma function for small argument",
        section="B.2",
        build=lambda: equal(uppergamma(exponent, x), gamma(exponent) - x**exponent / exponent),
        quantities=(Quantity(beta, "power-law exponent of the spectrum", "beta > 0"), Quantity(x, "argument", "x > 0")),
        assumptions=("approximate for 0 < x << 1: the error is below x^{p+1}/(p+1), p = beta/(1+beta)",),
        evidence=PROVED,
        derivation="euler_maclaurin",
        evaluation=Evaluation(
            routes=(
                Route(
                    "closed form",
                    from_statement(lambda: equal(x, gamma(exponent) - x**exponent / exponent)),
                ),
            ),
            parameters=(
                Parameter("beta", "power-law exponent of the spectrum", above=Fraction(0)),
                Parameter("x", "argument", above=Fraction(0)),
            ),
            spectrum=False,
        ),
    ),
    Equation(
        id="52",
        name="one-incomplete-gamma",
        title="Once the largest eigenvalue is learned one incomplete gamma function is left",
        section="B.2",
        build=lambda: equal(eps_g, with_one_gamma()),
        quantities=QUANTITIES,
        assumptions=(ONE_UNIT, AVERAGED, FIRST_ORDER, POWER_LAW, "approximate for 2 eta lambda_+ alpha >> 1"),
        evidence=PROVED,
        derivation="euler_maclaurin",
        depends_on=("50",),
        evaluation=scaling("one gamma"),
    ),
    Equation(
        id="53",
        name="power-law-with-offset",
        title="The power law in time and what is subtracted from it",
        section="B.2",
        build=lambda: equal(eps_g, with_offset()),
        quantities=QUANTITIES,
        assumptions=(
            ONE_UNIT,
            AVERAGED,
            FIRST_ORDER,
            POWER_LAW,
            "approximate in the window 1 << 2 eta lambda_+ alpha << L^{1+beta}",
        ),
        evidence=PROVED,
        derivation="euler_maclaurin",
        depends_on=("51", "52"),
        evaluation=scaling("offset"),
    ),
    Equation(
        id="power-law-in-time",
        name="scaling-law",
        title="The scaling law in time",
        section="B.2",
        build=lambda: equal(eps_g, amplitude() * time() ** -exponent * gamma(exponent)),
        quantities=QUANTITIES,
        assumptions=(
            ONE_UNIT,
            AVERAGED,
            FIRST_ORDER,
            POWER_LAW,
            "approximate for L -> infinity at fixed 2 eta lambda_+ alpha >> 1",
        ),
        evidence=PROVED,
        derivation="euler_maclaurin",
        depends_on=("53",),
        evaluation=scaling("power law"),
    ),
    Equation(
        id="scaling-window",
        name="power-law-window",
        title="The window of times in which the error scales",
        section="B.2",
        build=lambda: equal(
            Matrix([alpha_low, alpha_high]),
            Matrix([1 / (2 * eta * lambda_plus), L ** (1 + beta) / (2 * eta * lambda_plus)]),
        ),
        quantities=QUANTITIES[:3],
        assumptions=(POWER_LAW, FIRST_ORDER),
        evidence=PROVED,
        derivation="euler_maclaurin",
        depends_on=("53",),
        evaluation=Evaluation(
            routes=(Route("closed form", lambda given: list(scaling_window(given["spectrum"], given["eta"]))),),
            parameters=(ETA,),
            outputs=("low", "high"),
        ),
    ),
)
