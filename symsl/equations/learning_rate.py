"""App. B.2.1: the general learning rate in the companion basis."""

from __future__ import annotations

from fractions import Fraction

from sympy import Sum, exp

from symsl.equations.evaluation import Evaluation, Parameter, Route
from symsl.equations.linear_terms import (
    AVERAGED,
    CURVE,
    CURVE_QUANTITIES,
    ETA,
    MODE,
    ONE_UNIT,
    ORDER,
    SPECTRUM,
    STABLE,
    entry_start,
)
from symsl.equations.model import PROVED, Equation, Quantity
from symsl.equations.notation import equal
from symsl.linear.entries import shifted_coefficient, student_inverse_vector, student_inverse_vector_by_modes
from symsl.symbols import (
    L,
    S_inverse,
    V_3_inverse,
    V_y_inverse,
    a,
    alpha,
    c,
    c_shifted,
    eps_g,
    eta,
    j,
    k,
    l,
    m,
    sigma_J,
    u,
    v,
)

SHIFTED = Evaluation(
    routes=(Route("companion", lambda g: [shifted_coefficient(g["spectrum"], g["eta"], g["j"])], entry_start),),
    parameters=(ETA, Parameter("j", "power of a/(2 eta), 0..L", "integer", at_least=Fraction(0))),
)

EQUATIONS = (
    Equation(
        id="54",
        name="shifted-constant-coefficient",
        title="The constant coefficient is not shifted by the learning rate",
        section="B.2.1",
        build=lambda: equal(c_shifted[0], c[0]),
        quantities=SPECTRUM,
        assumptions=("sum_j c'_j y^j vanishes at y = a_k/(2 eta)",),
        evidence=PROVED,
        derivation="general_learning_rate",
        depends_on=("27",),
    ),
    Equation(
        id="55",
        name="shifted-coefficients",
        title="Characteristic polynomial of A_3: the shifted coefficients",
        section="B.2.1",
        build=lambda: equal(c_shifted[j], c[j] + eta / (2 - eta * u[1]) * Sum(c[j + m - 1] * u[m], (m, 1, L - j + 1))),
        quantities=(*SPECTRUM, Quantity(eta, "learning rate", "eta > 0")),
        assumptions=("j from 1 to L", "c_L = 1", "eta != 2/u_1"),
        evidence=PROVED,
        derivation="general_learning_rate",
        depends_on=("27",),
        evaluation=SHIFTED,
        remark="For j = 0 the value is that of Eq. 54.",
    ),
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
    Equation(
        id="57",
        name="student-eigenvector-inverse",
        title="Inverse of the eigenvector matrix of A_3: Vandermonde and triangular factors",
        section="B.2.1",
        build=lambda: equal(V_3_inverse[k, l], Sum(V_y_inverse[k, j] * S_inverse[j, l], (j, 0, L - 1))),
        quantities=(
            Quantity(
                V_y_inverse, "inverse of the matrix with columns 1, y_k, ..., y_k^{L-1}, y_k = a_k/(2 eta)", "real"
            ),
            Quantity(S_inverse, "inverse of the triangular matrix between these columns and the eigenvectors", "real"),
        ),
        assumptions=("eta != 2/u_1", "eigenvectors normalised to v_{k,0} = 1"),
        evidence=PROVED,
        derivation="general_learning_rate",
        depends_on=("55", "vandermonde-inverse"),
        evaluation=Evaluation(
            routes=(
                Route(
                    "companion",
                    lambda g: [student_inverse_vector(g["spectrum"], g["eta"], g["k"], g["l"])],
                    entry_start,
                ),
                Route(
                    "eigenbasis",
                    lambda g: [student_inverse_vector_by_modes(g["spectrum"], g["eta"], g["k"], g["l"])],
                    entry_start,
                ),
            ),
            parameters=(ETA, MODE, ORDER),
        ),
    ),
)
