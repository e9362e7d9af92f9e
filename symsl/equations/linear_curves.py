"""Sec. 4.1: the dynamics of the linear network and its learning curves, exact and to first order in eta."""

from __future__ import annotations

from fractions import Fraction

from flint import arb
from sympy import Matrix, Sum, exp

from symsl.equations.evaluation import Arguments, Evaluation, Parameter, Route, from_statement
from symsl.equations.linear_terms import (
    ALPHA,
    AVERAGED,
    CURVE,
    CURVE_QUANTITIES,
    ETA,
    FIRST_ORDER,
    ONE_UNIT,
    SIGMA_J,
    SMALL_RATE,
    SPECTRUM,
    STABLE,
    VECTORS,
    short_enough,
    small_rate_error,
    small_rate_moments,
)
from symsl.equations.model import PROVED, Equation
from symsl.equations.notation import equal, velocity
from symsl.linear.small_learning_rate import order_parameters
from symsl.symbols import (
    A_1,
    L,
    Q_mean,
    Q_vector,
    R_mean,
    R_vector,
    T_vector,
    U_vector,
    a,
    alpha,
    b_mode,
    e_1,
    eps_g,
    eta,
    k,
    l,
    sigma_J,
    v,
)


def first_orders(given: Arguments) -> list[arb]:
    """<R^(1)> and <Q^(1)> at one time."""
    at = {**given, "alpha": (given["alpha"],)}
    return [
        from_statement(lambda: equal(R_mean[1], small_rate_moments()[0].subs(l, 1)))(at)[0],
        from_statement(lambda: equal(Q_mean[1], small_rate_moments()[1].subs(l, 1)))(at)[0],
    ]


EQUATIONS = (
    Equation(
        id="5",
        name="linear-dynamics",
        title="Equations of motion of the linear network",
        section="4.1",
        build=lambda: equal(
            Matrix([velocity(R_vector), velocity(Q_vector)]),
            Matrix(
                [
                    eta * A_1 * (R_vector - T_vector),
                    2 * eta * A_1 * (Q_vector - R_vector)
                    + eta**2 * U_vector * e_1 * (Q_vector - 2 * R_vector + T_vector),
                ]
            ),
        ),
        quantities=VECTORS,
        assumptions=(ONE_UNIT, "N -> infinity"),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("24", "25", "27"),
    ),
    Equation(
        id="6",
        name="learning-curve",
        title="Generalisation error of the linear network at any learning rate",
        section="4.1",
        build=lambda: equal(
            eps_g,
            (1 + sigma_J**2) / 2 * Sum(b_mode[k] * v[k, 1] * exp(-a[k] * alpha), (k, 1, L)),
        ),
        quantities=CURVE_QUANTITIES,
        assumptions=(ONE_UNIT, AVERAGED, STABLE),
        evidence=PROVED,
        derivation="learning_curve",
        depends_on=("23", "45"),
        evaluation=CURVE,
    ),
    Equation(
        id="7",
        name="small-learning-rate-order-parameters",
        title="First-order order parameters at small learning rate",
        section="4.1",
        build=lambda: equal(
            Matrix([R_mean[1], Q_mean[1]]), Matrix([moment.subs(l, 1) for moment in small_rate_moments()])
        ),
        quantities=(*SPECTRUM, *CURVE_QUANTITIES[4:]),
        assumptions=(ONE_UNIT, AVERAGED, FIRST_ORDER),
        evidence=PROVED,
        derivation="small_learning_rate",
        depends_on=("38", "46"),
        evaluation=Evaluation(
            routes=(
                Route("sum", first_orders, suits=short_enough),
                Route(
                    "asymptotic",
                    lambda g: order_parameters(g["spectrum"], g["eta"], g["sigma_J"], [g["alpha"]], route="asymptotic")[
                        0
                    ],
                ),
            ),
            parameters=(ETA, SIGMA_J, Parameter("alpha", ALPHA.meaning, at_least=Fraction(0))),
            outputs=("R", "Q"),
        ),
    ),
    Equation(
        id="8",
        name="small-learning-rate-curve",
        title="Generalisation error at small learning rate",
        section="4.1",
        build=lambda: equal(eps_g, small_rate_error()),
        quantities=(*SPECTRUM, *CURVE_QUANTITIES[4:]),
        assumptions=(ONE_UNIT, AVERAGED, FIRST_ORDER),
        evidence=PROVED,
        derivation="small_learning_rate",
        depends_on=("47",),
        evaluation=Evaluation(
            routes=SMALL_RATE,
            parameters=(ETA, SIGMA_J, ALPHA),
        ),
    ),
)
