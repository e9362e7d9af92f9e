"""App. B.2.1: the general learning rate in the companion basis."""

from __future__ import annotations

from sympy import Sum, exp

from symsl.equations.linear import AVERAGED, CURVE, CURVE_QUANTITIES, ONE_UNIT, SPECTRUM, STABLE
from symsl.equations.model import PROVED, Equation
from symsl.equations.notation import equal
from symsl.symbols import L, V_3_inverse, a, alpha, eps_g, k, l, sigma_J, u, v

EQUATIONS = (
    Equation(
        id="56",
        name="learning-curve-companion",
        title="The learning curve with the eigenvector matrix of A_3 and its inverse",
        section="B.2.1",
        build=lambda: equal(
            eps_g,
            (1 + sigma_J**2)
            / 2
            * Sum(v[k, 1] * exp(-a[k] * alpha) * Sum(V_3_inverse[k, l] * u[l], (l, 0, L - 1)), (k, 1, L)),
        ),
        quantities=(*CURVE_QUANTITIES, *SPECTRUM),
        assumptions=(ONE_UNIT, AVERAGED, STABLE),
        evidence=PROVED,
        derivation="learning_curve",
        depends_on=("6",),
        evaluation=CURVE,
    ),
)
