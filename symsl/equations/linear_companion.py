"""App. B.1: the companion matrix, its eigenvectors and the Vandermonde matrix with its inverse."""

from __future__ import annotations

from sympy import Function, Sum

from symsl.equations.evaluation import Evaluation, Parameter, Route
from symsl.equations.linear_terms import MODE, ORDER, SPECTRUM, entry_start
from symsl.equations.model import PROVED, Equation, Quantity
from symsl.equations.notation import equal
from symsl.linear.entries import (
    characteristic_value,
    characteristic_value_by_modes,
    vandermonde_entry,
    vandermonde_inverse_entry,
)
from symsl.symbols import A_1, L, V, V_inverse, c, j, k, l, lam, v, x

EQUATIONS = (
    Equation(
        id="31",
        name="companion-determinant",
        title="Characteristic polynomial of the companion matrix",
        section="B.1",
        build=lambda: equal(Function("det")(A_1 - x), Sum(c[j] * (-x) ** j, (j, 0, L - 1)) + (-x) ** L),
        quantities=SPECTRUM,
        assumptions=("its roots are x = -lambda_k",),
        evidence=PROVED,
        derivation="companion",
        depends_on=("27",),
        evaluation=Evaluation(
            routes=(
                Route("companion", lambda g: [characteristic_value(g["spectrum"], g["x"])], entry_start),
                Route("eigenbasis", lambda g: [characteristic_value_by_modes(g["spectrum"], g["x"])]),
            ),
            parameters=(Parameter("x", "argument of the characteristic polynomial"),),
        ),
    ),
    Equation(
        id="32",
        name="companion-eigenvectors",
        title="Components of the eigenvectors of the companion matrix",
        section="B.1",
        build=lambda: equal(v[k, l], lam[k] ** l * v[k, 0]),
        quantities=(*SPECTRUM, Quantity(v, "v_{k,l}: component l of the eigenvector to -lambda_k", "real")),
        assumptions=("A_1 v_k = -lambda_k v_k",),
        evidence=PROVED,
        derivation="companion",
        depends_on=("27", "31"),
        evaluation=Evaluation(
            routes=(Route("closed form", lambda g: [vandermonde_entry(g["spectrum"], g["l"], g["k"])]),),
            parameters=(ORDER, MODE),
        ),
        remark="The value is v_{k,l} for v_{k,0} = 1.",
    ),
    Equation(
        id="33",
        name="vandermonde-matrix",
        title="The eigenvector matrix of the companion matrix is the transposed Vandermonde matrix",
        section="B.1",
        build=lambda: equal(V[l, k], lam[k] ** l),
        quantities=SPECTRUM,
        assumptions=("orders l from 0 to L - 1, eigenvalues k from 1 to L",),
        evidence=PROVED,
        derivation="companion",
        depends_on=("32",),
        evaluation=Evaluation(
            routes=(Route("closed form", lambda g: [vandermonde_entry(g["spectrum"], g["l"], g["k"])]),),
            parameters=(ORDER, MODE),
        ),
    ),
    Equation(
        id="vandermonde-inverse",
        name="inverse-vandermonde-matrix",
        title="Inverse of the Vandermonde matrix: coefficients of the Lagrange polynomials",
        section="B.1",
        build=lambda: equal(
            V_inverse[k, l],
            Sum(c[j] * lam[k] ** (j - l - 1), (j, l + 1, L)) / Sum(j * c[j] * lam[k] ** (j - 1), (j, 1, L)),
        ),
        quantities=SPECTRUM,
        assumptions=("c_L = 1",),
        evidence=PROVED,
        derivation="companion",
        depends_on=("33",),
        evaluation=Evaluation(
            routes=(
                Route("companion", lambda g: [vandermonde_inverse_entry(g["spectrum"], g["k"], g["l"])], entry_start),
            ),
            parameters=(MODE, ORDER),
        ),
    ),
)
