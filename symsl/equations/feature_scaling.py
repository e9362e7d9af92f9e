"""Sec. 4.3: learning curves where only N_l eigendirections are trained."""

from __future__ import annotations

from symsl.equations.feature_terms import (
    TRAINABLE,
    TRAINABLE_APPROXIMATION,
    TRAINABLE_ERROR,
    trainable_approximation,
    trainable_error,
)
from symsl.equations.linear_terms import AVERAGED, FIRST_ORDER, ONE_UNIT
from symsl.equations.model import PROVED, Equation
from symsl.equations.notation import equal
from symsl.equations.scaling import POWER_LAW, QUANTITIES
from symsl.symbols import eps_g

EQUATIONS = (
    Equation(
        id="10",
        name="feature-scaling",
        title="Generalisation error with N_l trainable eigendirections",
        section="4.3",
        build=lambda: equal(eps_g, trainable_error()),
        quantities=TRAINABLE,
        assumptions=(ONE_UNIT, AVERAGED, FIRST_ORDER),
        evidence=PROVED,
        derivation="features",
        depends_on=("78",),
        evaluation=TRAINABLE_ERROR,
    ),
    Equation(
        id="11",
        name="feature-scaling-approximation",
        title="The same with integrals for both sums",
        section="4.3",
        build=lambda: equal(eps_g, trainable_approximation()),
        quantities=(TRAINABLE[0], *QUANTITIES),
        assumptions=(ONE_UNIT, AVERAGED, FIRST_ORDER, POWER_LAW, "approximate: the sums as integrals"),
        evidence=PROVED,
        derivation="features",
        depends_on=("79",),
        evaluation=TRAINABLE_APPROXIMATION,
        remark="For alpha -> infinity Eq. 74 is left: eps_g ~ N_l^{-beta} for N_l << L.",
    ),
)
