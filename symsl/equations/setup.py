"""Sec. 3 and App. A: data, networks, stochastic gradient descent, the equations of motion of the order parameters."""

from __future__ import annotations

from fractions import Fraction

from sympy import Matrix, MatrixSymbol, Sum, sqrt

from symsl.equations.evaluation import Evaluation, Parameter, Route
from symsl.equations.model import DEFINITION, PROVED, Equation, Quantity
from symsl.equations.notation import equal, velocity
from symsl.symbols import (
    I_2,
    I_3,
    I_4,
    I2_xx,
    I2_xy,
    I2_yy,
    I3_xxx,
    I3_xxy,
    I3_xyx,
    I3_xyy,
    I4_xx,
    I4_xy,
    I4_yy,
    J,
    J_next,
    K,
    L,
    M,
    N,
    Q_units,
    R_units,
    T_units,
    a_input,
    beta,
    delta_delta,
    delta_x,
    delta_y,
    eps_g,
    eta,
    g,
    g_slope,
    i,
    j,
    k,
    l,
    lam,
    m,
    n,
    p,
    sigma_output,
    u,
    x_field,
    xi,
    zeta_output,
)

UNITS = (
    Quantity(K, "number of student units", "integer, K >= 1"),
    Quantity(M, "number of teacher units", "integer, M >= 1"),
    Quantity(eta, "learning rate", "eta > 0"),
)
ORDER_PARAMETERS = (
    Quantity(Q_units, "student-student order parameters J_i.Sigma^l J_j / N", "real"),
    Quantity(R_units, "student-teacher order parameters J_i.Sigma^l B_n / N", "real"),
    Quantity(T_units, "teacher-teacher order parameters B_n.Sigma^l B_m / N", "real"),
)
THERMODYNAMIC = "N -> infinity at fixed alpha = p/N"
SIGNAL = "delta_i = (sqrt(M)/K) (zeta - sigma) g'(x_i)"

EQUATIONS = (
    Equation(
        id="1",
        name="power-law-spectrum",
        title="Power-law spectrum of the data covariance, normalised to total variance N",
        section="3",
        build=lambda: equal(lam[k], L * k ** (-1 - beta) / Sum(j ** (-1 - beta), (j, 1, L))),
        quantities=(
            Quantity(lam, "distinct eigenvalues, each of multiplicity N/L", "lambda_k > 0"),
            Quantity(L, "number of distinct eigenvalues", "integer, L >= 1"),
            Quantity(beta, "power-law exponent of the spectrum", "beta > 0"),
        ),
        assumptions=("sum_k lambda_k = L, that is u_1 = 1",),
        evidence=PROVED,
        derivation="power_law",
        evaluation=Evaluation(
            routes=(Route("closed form", lambda given: [given["spectrum"].eigenvalue(given["k"])]),),
            parameters=(Parameter("k", "index of the eigenvalue, 1..L", "integer", at_least=Fraction(1)),),
        ),
        remark="lambda_+ = lambda_1 is the largest eigenvalue, L over the generalised harmonic number of L.",
    ),
    Equation(
        id="2",
        name="student-output",
        title="Output of the student, a soft committee machine",
        section="3",
        build=lambda: equal(sigma_output, sqrt(M) / K * Sum(g(x_field[i]), (i, 1, K))),
        quantities=(*UNITS[:2], Quantity(x_field, "student fields xi.J_i / sqrt(N)", "real")),
        assumptions=("the teacher's output is zeta = sum_n g(y_n) / sqrt(M)",),
        evidence=DEFINITION,
    ),
    Equation(
        id="3",
        name="stochastic-gradient-descent",
        title="Online stochastic gradient descent on the squared loss (sigma - zeta)^2 / 2",
        section="3",
        build=lambda: equal(
            J_next[i, a_input],
            J[i, a_input]
            - eta * sqrt(M) / K * (sigma_output - zeta_output) * g_slope(x_field[i]) * xi[a_input] / sqrt(N),
        ),
        quantities=(*UNITS, Quantity(xi, "a fresh Gaussian example with covariance Sigma", "real")),
        assumptions=("every example is used once",),
        evidence=DEFINITION,
        depends_on=("2",),
    ),
    Equation(
        id="4",
        name="order-parameter-dynamics",
        title="Equations of motion of the order parameters",
        section="3",
        build=lambda: equal(
            Matrix([velocity(R_units[i, n, l]), velocity(Q_units[i, j, l])]),
            Matrix(
                [
                    eta * delta_y[i, n],
                    eta * (delta_x[i, j] + delta_x[j, i]) + eta**2 * u[l + 1] * delta_delta[i, j],
                ]
            ),
        ),
        quantities=(*UNITS, *ORDER_PARAMETERS, Quantity(u, "moments of the spectrum", "u_l > 0")),
        assumptions=(THERMODYNAMIC, SIGNAL),
        evidence=PROVED,
        derivation="order_parameters",
        depends_on=("3",),
    ),
    Equation(
        id="18",
        name="order-parameter-integrals",
        title="The equations of motion in Gaussian integrals I_3 and I_4",
        section="A",
        build=lambda: equal(
            Matrix([velocity(R_units[i, n, l]), velocity(Q_units[i, j, l])]),
            Matrix(
                [
                    eta * (Sum(I3_xyy[i, n, m], (m, 1, M)) / K - M * Sum(I3_xyx[i, n, k], (k, 1, K)) / K**2),
                    eta * (Sum(I3_xxy[i, j, m], (m, 1, M)) / K - M * Sum(I3_xxx[i, j, k], (k, 1, K)) / K**2)
                    + eta * (Sum(I3_xxy[j, i, m], (m, 1, M)) / K - M * Sum(I3_xxx[j, i, k], (k, 1, K)) / K**2)
                    + eta**2
                    * u[l + 1]
                    * (
                        Sum(I4_yy[i, j, n, m], (n, 1, M), (m, 1, M)) / K**2
                        - 2 * M * Sum(I4_xy[i, j, k, n], (k, 1, K), (n, 1, M)) / K**3
                        + M**2 * Sum(I4_xx[i, j, k, p], (k, 1, K), (p, 1, K)) / K**4
                    ),
                ]
            ),
        ),
        quantities=(
            *UNITS,
            *ORDER_PARAMETERS,
            Quantity(I_3, "I_3(a, b, c) = E[g'(a) b g(c)]", "real"),
            Quantity(I_4, "I_4(a, b, c, d) = E[g'(a) g'(b) g(c) g(d)]", "real"),
        ),
        assumptions=(THERMODYNAMIC,),
        evidence=PROVED,
        derivation="order_parameters",
        depends_on=("2", "4"),
    ),
    Equation(
        id="19",
        name="generalisation-error-integrals",
        title="Generalisation error in Gaussian integrals I_2",
        section="A",
        build=lambda: equal(
            eps_g,
            M * Sum(I2_xx[i, j], (i, 1, K), (j, 1, K)) / (2 * K**2)
            - Sum(I2_xy[i, n], (i, 1, K), (n, 1, M)) / K
            + Sum(I2_yy[n, m], (n, 1, M), (m, 1, M)) / (2 * M),
        ),
        quantities=(*UNITS[:2], Quantity(I_2, "I_2(a, b) = E[g(a) g(b)]", "real")),
        assumptions=(THERMODYNAMIC,),
        evidence=PROVED,
        derivation="order_parameters",
        depends_on=("2",),
    ),
    Equation(
        id="20",
        name="covariance-of-two-fields",
        title="Covariance matrix behind I_2(x_i, x_j)",
        section="A",
        build=lambda: equal(
            MatrixSymbol("C_2", 2, 2),
            Matrix([[Q_units[i, i, 1], Q_units[i, j, 1]], [Q_units[i, j, 1], Q_units[j, j, 1]]]),
        ),
        quantities=ORDER_PARAMETERS[:1],
        assumptions=(THERMODYNAMIC,),
        evidence=PROVED,
        derivation="order_parameters",
    ),
    Equation(
        id="21",
        name="covariance-of-three-fields",
        title="Covariance matrix behind I_3(x_i, y_n^(l), y_m)",
        section="A",
        build=lambda: equal(
            MatrixSymbol("C_3", 3, 3),
            Matrix(
                [
                    [Q_units[i, i, 1], R_units[i, n, l + 1], R_units[i, m, 1]],
                    [R_units[i, n, l + 1], T_units[n, n, 2 * l + 1], T_units[n, m, l + 1]],
                    [R_units[i, m, 1], T_units[n, m, l + 1], T_units[m, m, 1]],
                ]
            ),
        ),
        quantities=ORDER_PARAMETERS,
        assumptions=(THERMODYNAMIC,),
        evidence=PROVED,
        derivation="order_parameters",
    ),
    Equation(
        id="22",
        name="covariance-of-four-fields",
        title="Covariance matrix behind I_4(x_i, x_j, x_k, y_n)",
        section="A",
        build=lambda: equal(
            MatrixSymbol("C_4", 4, 4),
            Matrix(
                [
                    [Q_units[i, i, 1], Q_units[i, j, 1], Q_units[i, k, 1], R_units[i, n, 1]],
                    [Q_units[i, j, 1], Q_units[j, j, 1], Q_units[j, k, 1], R_units[j, n, 1]],
                    [Q_units[i, k, 1], Q_units[j, k, 1], Q_units[k, k, 1], R_units[k, n, 1]],
                    [R_units[i, n, 1], R_units[j, n, 1], R_units[k, n, 1], T_units[n, n, 1]],
                ]
            ),
        ),
        quantities=ORDER_PARAMETERS,
        assumptions=(THERMODYNAMIC,),
        evidence=PROVED,
        derivation="order_parameters",
    ),
)
