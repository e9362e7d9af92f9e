"""App. B.1.1: the order parameters and the error to first order in eta."""

from __future__ import annotations

from fractions import Fraction

from symsl.equations.evaluation import Evaluation, Parameter, Route, from_statement
from symsl.equations.linear_terms import (
    ALPHA,
    AVERAGED,
    CURVE_QUANTITIES,
    ETA,
    FIRST_ORDER,
    ONE_UNIT,
    SIGMA_J,
    SMALL_RATE,
    SPECTRUM,
    asymptotic_moments,
    short_enough,
    small_rate_error,
    small_rate_moments,
)
from symsl.equations.model import PROVED, Equation
from symsl.equations.notation import equal
from symsl.symbols import Q_mean, eps_g, l

EQUATIONS = (
    Equation(
        id="46",
        name="small-learning-rate-student-student",
        title="Mean student-student order parameters at small learning rate",
        section="B.1.1",
        build=lambda: equal(Q_mean[l], small_rate_moments()[1]),
        quantities=(*SPECTRUM, *CURVE_QUANTITIES[4:]),
        assumptions=(ONE_UNIT, AVERAGED, FIRST_ORDER),
        evidence=PROVED,
        derivation="small_learning_rate",
        depends_on=("45",),
        evaluation=Evaluation(
            routes=(
                Route("sum", from_statement(lambda: equal(Q_mean[l], small_rate_moments()[1])), suits=short_enough),
                Route("asymptotic", asymptotic_moments(1)),
            ),
            parameters=(ETA, SIGMA_J, Parameter("l", "order", "integer", default="1", at_least=Fraction(0)), ALPHA),
        ),
    ),
    Equation(
        id="47",
        name="small-learning-rate-error",
        title="Generalisation error at small learning rate, from the order parameters",
        section="B.1.1",
        build=lambda: equal(eps_g, small_rate_error()),
        quantities=(*SPECTRUM, *CURVE_QUANTITIES[4:]),
        assumptions=(ONE_UNIT, AVERAGED, FIRST_ORDER),
        evidence=PROVED,
        derivation="small_learning_rate",
        depends_on=("23", "38", "46"),
        evaluation=Evaluation(
            routes=SMALL_RATE,
            parameters=(ETA, SIGMA_J, ALPHA),
        ),
    ),
)
