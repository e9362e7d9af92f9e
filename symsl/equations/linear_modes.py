"""App. B.1, beyond the paper: rates and learning curve from the secular equation in the eigenbasis."""

from __future__ import annotations

from sympy import KroneckerDelta, Sum, exp

from symsl.equations.evaluation import Evaluation, Route
from symsl.equations.linear_terms import (
    AVERAGED,
    CURVE,
    CURVE_QUANTITIES,
    ETA,
    MODE,
    ONE_UNIT,
    SPECTRUM,
    STABLE,
    VECTORS,
)
from symsl.equations.model import PROVED, Equation
from symsl.equations.notation import equal
from symsl.linear.entries import rate
from symsl.symbols import L, a, alpha, eps_g, eta, eta_c, j, k, lam, mode_matrix, sigma_J, u

EQUATIONS = (
    Equation(
        id="eigenbasis-matrix",
        name="student-matrix-in-modes",
        title="In the eigenbasis the equations of motion are a symmetric matrix: diagonal plus rank one",
        section="B.1",
        build=lambda: equal(mode_matrix[k, j], -2 * eta * lam[k] * KroneckerDelta(k, j) + eta**2 / L * lam[k] * lam[j]),
        quantities=(*SPECTRUM, *VECTORS[-2:-1]),
        assumptions=("X^(l) = (1/L) sum_k lambda_k^l X_k for X = Q - 2R + T",),
        evidence=PROVED,
        derivation="learning_curve",
        depends_on=("24", "33"),
    ),
    Equation(
        id="secular-equation",
        name="linear-rates",
        title="The rates of the linear network are the roots of the secular equation",
        section="B.1",
        build=lambda: equal(Sum(lam[j] ** 2 / (2 * eta * lam[j] - a[k]), (j, 1, L)), L / eta**2),
        quantities=(*SPECTRUM, *CURVE_QUANTITIES[1:2], *VECTORS[-2:-1]),
        assumptions=("2 eta lambda_{k+1} < a_k < 2 eta lambda_k, and the last rate is below 2 eta lambda_L",),
        evidence=PROVED,
        derivation="learning_curve",
        depends_on=("eigenbasis-matrix",),
        evaluation=Evaluation(
            routes=(Route("eigenbasis", lambda g: [rate(g["spectrum"], g["eta"], g["k"])]),),
            parameters=(ETA, MODE),
            outputs=("a",),
        ),
        remark="The value is the rate a_k, largest first.",
    ),
    Equation(
        id="critical-learning-rate",
        name="linear-critical-learning-rate",
        title="Below this learning rate all rates are positive, whatever the spectrum",
        section="B.1",
        build=lambda: equal(eta_c, 2 / u[1]),
        quantities=SPECTRUM[1:2],
        assumptions=(ONE_UNIT,),
        evidence=PROVED,
        derivation="learning_curve",
        depends_on=("secular-equation",),
        evaluation=Evaluation(routes=(Route("closed form", lambda g: [2 / g["spectrum"].moment(1)]),)),
    ),
    Equation(
        id="learning-curve-modes",
        name="learning-curve-eigenbasis",
        title="The learning curve at any learning rate with one sum over the rates",
        section="B.1",
        build=lambda: equal(
            eps_g,
            (1 + sigma_J**2)
            * L
            * (2 - eta * u[1])
            / (2 * eta**3)
            * Sum(
                exp(-a[k] * alpha) / (a[k] * Sum(lam[j] ** 2 / (2 * eta * lam[j] - a[k]) ** 2, (j, 1, L))), (k, 1, L)
            ),
        ),
        quantities=(*SPECTRUM, *CURVE_QUANTITIES),
        assumptions=(ONE_UNIT, AVERAGED, STABLE),
        evidence=PROVED,
        derivation="learning_curve",
        depends_on=("23", "secular-equation"),
        evaluation=Evaluation(routes=CURVE.routes[:1], parameters=CURVE.parameters),
    ),
)
