"""App. B.2, beyond the paper: what the approximations of the scaling law miss, and the exponent one sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb
from sympy import Sum, exp

from symsl.equations.evaluation import Arguments, Evaluation, Route
from symsl.equations.linear_terms import (
    ALPHA,
    AVERAGED,
    ETA,
    FIRST_ORDER,
    ONE_UNIT,
    SIGMA_J,
    SPECTRUM,
    short_enough,
    small_rate_error,
)
from symsl.equations.model import DEFINITION, PROVED, Equation, Quantity
from symsl.equations.notation import equal
from symsl.equations.scaling import POWER_LAW, QUANTITIES, with_integral, with_offset, with_one_gamma
from symsl.linear.scaling import distance
from symsl.linear.scaling import local_exponent as slope_of
from symsl.symbols import L, alpha, eta, k, lam, local_exponent, missed


def distance_of(kind: str) -> Evaluation:
    """An approximation minus the sum of Eq. 8, as an enclosure of the difference."""

    def compute(route: str) -> Callable[[Arguments], list[arb]]:
        return lambda g: distance(kind, g["spectrum"], g["eta"], g["sigma_J"], g["alpha"], route=route)

    return Evaluation(
        routes=(Route("sum", compute("sum"), suits=short_enough), Route("asymptotic", compute("asymptotic"))),
        parameters=(ETA, SIGMA_J, ALPHA),
    )


def missed_by(key: str, name: str, kind: str, statement: Callable[[], Any]) -> Equation:
    """The entry of what the approximation of equation `key` is off from the sum."""
    return Equation(
        id=name,
        name=f"{name}-from-sum",
        title=f"What Eq. {key} is off from the sum of Eq. 8: certified digits of the difference",
        section="B.2",
        build=lambda: equal(missed, statement() - small_rate_error()),
        quantities=(Quantity(missed, "approximation minus sum", "real"), *QUANTITIES),
        assumptions=(ONE_UNIT, AVERAGED, FIRST_ORDER, POWER_LAW),
        evidence=DEFINITION,
        depends_on=("8", key),
        evaluation=distance_of(kind),
    )


def local_slope(route: str) -> Callable[[Arguments], list[arb]]:
    return lambda g: slope_of(g["spectrum"], g["eta"], g["alpha"], route=route)


EQUATIONS = (
    missed_by("9", "integral-distance", "integral", with_integral),
    missed_by("52", "one-gamma-distance", "one gamma", with_one_gamma),
    missed_by("53", "offset-distance", "offset", with_offset),
    Equation(
        id="local-exponent",
        name="exponent-in-time",
        title="The local exponent: slope of the error on logarithmic axes",
        section="B.2",
        build=lambda: equal(
            local_exponent,
            -2
            * eta
            * alpha
            * Sum(lam[k] ** 2 * exp(-2 * eta * lam[k] * alpha), (k, 1, L))
            / Sum(lam[k] * exp(-2 * eta * lam[k] * alpha), (k, 1, L)),
        ),
        quantities=(Quantity(local_exponent, "d ln eps_g / d ln alpha", "real"), *SPECTRUM[:1], *QUANTITIES[2:]),
        assumptions=(ONE_UNIT, AVERAGED, FIRST_ORDER),
        evidence=PROVED,
        derivation="euler_maclaurin",
        depends_on=("8",),
        evaluation=Evaluation(
            routes=(
                Route("sum", local_slope("sum"), suits=short_enough),
                Route("asymptotic", local_slope("asymptotic")),
            ),
            parameters=(ETA, ALPHA),
        ),
        remark="It approaches -beta/(1+beta) where 1 << 2 eta lambda_+ alpha << L^{1+beta}.",
    ),
)
