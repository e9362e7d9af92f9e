"""Sec. 5.1.2: the escape time for many units and for many eigenvalues, with error terms."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Integer, Rational, pi, sqrt, zeta

from symsl.equations.escape import ESCAPING, PARAMETERS
from symsl.equations.evaluation import Evaluation, Parameter, Route
from symsl.equations.model import PROVED, Equation, Quantity
from symsl.equations.notation import equal
from symsl.erf.escape_limits import escape_time_of_many_eigenvalues, escape_time_of_many_units
from symsl.symbols import D2, T2, D, L, M, beta, eta, tau_esc, theta_1, theta_2, theta_M

_QUANTITIES = (
    Quantity(tau_esc, "escape time: eps_g* - eps_g grows like exp(alpha/tau_esc)", "tau_esc > 0"),
    Quantity(M, "number of students and of teachers", "integer, M >= 2"),
    Quantity(eta, "learning rate", "eta > 0"),
    Quantity(D, "sum of the off-diagonal elements of a row of the teacher's T^(1)", "-1 < D < M - 1"),
)
_OUTPUTS = ("limit", "bound")


def _many_units() -> Any:
    x = (1 + D) / (2 * M)
    leading = pi * M**2 / (eta * (1 + D) * (T2 - D2 / (M - 1)))
    return equal(tau_esc, leading * (1 + x) * (1 - theta_M * x**2))


def _many_eigenvalues() -> Any:
    first, second = zeta(1 + beta), zeta(2 + 2 * beta)
    leading = pi * sqrt(2 * M - 1 - D) * (2 * M + 1 + D) ** Rational(3, 2) / (4 * eta * (1 + D)) * first**2
    slow = Integer(1) - theta_1 * L ** (-beta) / (beta * first)
    fast = Integer(1) - theta_2 * L ** (-1 - 2 * beta) / ((1 + 2 * beta) * second)
    return equal(tau_esc, leading / (L * second) * slow**2 / fast)


EQUATIONS = (
    Equation(
        id="escape-time-many-units",
        name="escape-time-many-units",
        title="Escape time for many units, with its error",
        section="5.1.2",
        build=_many_units,
        quantities=(
            *_QUANTITIES,
            Quantity(T2, "diagonal element of T^(2), u_2 of the spectrum on average", "T(2) > 0"),
            Quantity(D2, "sum of the off-diagonal elements of a row of T^(2)", "-T(2) <= D(2) < (M - 1) T(2)"),
            Quantity(theta_M, "1/(1 + sqrt(1 - x^2)), x = (1 + D)/(2M)", "1/2 <= theta <= 1"),
        ),
        assumptions=ESCAPING,
        evidence=PROVED,
        derivation="escape_limits",
        depends_on=("15",),
        evaluation=Evaluation(
            routes=(
                Route(
                    "closed form",
                    lambda given: escape_time_of_many_units(
                        given["M"], given["eta"], given["spectrum"].moment(2), given["D"], given["D2"]
                    ),
                ),
            ),
            parameters=PARAMETERS,
            normalised=True,
            outputs=_OUTPUTS,
        ),
        remark="The value is that without the last factor; Eq. 15 lies below it by between one half of the bound and "
        "the bound, x^2 times the value. So tau_esc ~ pi M^2/(eta (1 + D) u_2).",
    ),
    Equation(
        id="escape-time-many-eigenvalues",
        name="escape-time-many-eigenvalues",
        title="Escape time for many eigenvalues, with its error",
        section="5.1.2",
        build=_many_eigenvalues,
        quantities=(
            *_QUANTITIES,
            Quantity(L, "number of distinct eigenvalues", "integer, L >= 1"),
            Quantity(beta, "power-law exponent of the spectrum", "beta > 0"),
            Quantity(theta_1, "tail of zeta(1+beta) after L terms over its integral", "(1 + 1/L)^(-beta) to 1"),
            Quantity(theta_2, "the same of zeta(2+2beta)", "(1 + 1/L)^(-1-2beta) to 1"),
        ),
        assumptions=(*ESCAPING, "the power law of Eq. 1; D^(2) = 0"),
        evidence=PROVED,
        derivation="escape_limits",
        depends_on=("1", "15"),
        evaluation=Evaluation(
            routes=(
                Route(
                    "closed form",
                    lambda given: escape_time_of_many_eigenvalues(
                        given["M"], given["L"], given["beta"], given["eta"], given["D"]
                    ),
                ),
            ),
            parameters=(
                PARAMETERS[0],
                Parameter("L", "number of distinct eigenvalues", "integer", at_least=Fraction(1)),
                Parameter("beta", "power-law exponent of the spectrum", above=Fraction(0)),
                *PARAMETERS[1:3],
            ),
            spectrum=False,
            outputs=_OUTPUTS,
        ),
        remark="The value keeps the first correction, 1 - 2 L^(-beta)/(beta zeta(1+beta)), which fades slowly; Eq. 15 "
        "is within the bound of it. So tau_esc falls like 1/L, and with Eq. escape-time-many-units like M^2/L.",
    ),
)
