"""Sec. 4.1, App. B.1: the linear network in both bases, exact and to first order in eta."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import arb
from sympy import Function, Integral, KroneckerDelta, Matrix, Sum, exp

from symsl.equations.evaluation import Arguments, Evaluation, Parameter, Route, from_statement
from symsl.equations.model import PROVED, Equation, Quantity
from symsl.equations.notation import equal, velocity
from symsl.linear.companion import moments
from symsl.linear.curve import by_companion, by_eigenbasis, companion_bits
from symsl.linear.entries import (
    characteristic_value,
    characteristic_value_by_modes,
    companion_entry,
    companion_entry_by_modes,
    inverse_entry,
    inverse_entry_by_modes,
    order_parameter_entry,
    rate,
    student_inverse_entry,
    student_inverse_entry_by_modes,
    vandermonde_entry,
    vandermonde_inverse_entry,
)
from symsl.linear.exponential_sum import preferred_route
from symsl.linear.small_learning_rate import eps_g as eps_g_asymptotic
from symsl.linear.small_learning_rate import order_parameters
from symsl.symbols import (
    A_1,
    A_2,
    A_3,
    A_1_entry,
    A_1_inverse_entry,
    A_3_inverse_entry,
    L,
    Q,
    Q_mean,
    Q_start,
    Q_vector,
    R,
    R_limit,
    R_mean,
    R_start,
    R_vector,
    T,
    T_vector,
    U_vector,
    V,
    V_inverse,
    a,
    alpha,
    b_mode,
    c,
    e_1,
    eps_g,
    eta,
    eta_c,
    j,
    k,
    l,
    lam,
    m,
    mode_matrix,
    s,
    sigma_J,
    u,
    v,
    x,
)

ETA = Parameter("eta", "learning rate", above=Fraction(0))
SIGMA_J = Parameter("sigma_J", "standard deviation of the student's first weights", default="1/100")
ALPHA = Parameter("alpha", "time, examples per input dimension", "times", at_least=Fraction(0))
UNSTABLE = Parameter("unstable", "1 to evaluate for eta >= 2/u_1 all the same", "flag", default="0")
ROW = Parameter("row", "row, counted from 0", "integer")
COLUMN = Parameter("column", "column, counted from 0", "integer")
ORDER = Parameter("l", "order, 0..L-1", "integer")
MODE = Parameter("k", "index of the eigenvalue, 1..L", "integer", at_least=Fraction(1))


def entry_start(given: Arguments, digits: int) -> int:
    """A first working precision for the closed forms and for sums with the inverse Vandermonde matrix."""
    return companion_bits(given["spectrum"], digits)


CURVE = Evaluation(
    routes=(
        Route(
            "eigenbasis",
            lambda g: by_eigenbasis(g["spectrum"], g["eta"], g["sigma_J"], g["alpha"], bool(g["unstable"])),
        ),
        Route(
            "companion",
            lambda g: by_companion(g["spectrum"], g["eta"], g["sigma_J"], g["alpha"], bool(g["unstable"])),
            entry_start,
        ),
    ),
    parameters=(ETA, SIGMA_J, ALPHA, UNSTABLE),
)
FIRST_ORDER = "first order in eta"
ONE_UNIT = "g(x) = x and K = M = 1 (other K, M: replace eta by eta M/K and sigma_J^2 by sigma_J^2 M/K)"
AVERAGED = "averaged over B_a ~ N(0, 1) and J_a(0) ~ N(0, sigma_J^2)"
STABLE = "0 < eta < 2/u_1, where the sum decays"

VECTORS = (
    Quantity(R_vector, "(R^(0), ..., R^(L-1))", "real vector"),
    Quantity(Q_vector, "(Q^(0), ..., Q^(L-1))", "real vector"),
    Quantity(T_vector, "(T^(0), ..., T^(L-1))", "real vector"),
    Quantity(U_vector, "(u_1, ..., u_L)", "positive vector"),
    Quantity(e_1, "the row that selects order 1 (for L = 1 the number -c_0)", "row"),
    Quantity(A_1, "minus the action of Sigma on moments, a companion matrix (Eq. 27)", "L x L matrix"),
    Quantity(A_2, "2 eta A_1 - 2 A_3", "L x L matrix"),
    Quantity(A_3, "2 eta A_1 + eta^2 U e_1", "L x L matrix"),
    Quantity(eta, "learning rate", "eta > 0"),
    Quantity(alpha, "time", "alpha >= 0"),
)
SPECTRUM = (
    Quantity(lam, "distinct eigenvalues of the data covariance", "lambda_k > 0"),
    Quantity(u, "moments (1/L) sum_k lambda_k^l", "u_l > 0"),
    Quantity(c, "coefficients of prod_k (x - lambda_k), c_L = 1", "real"),
    Quantity(L, "number of distinct eigenvalues", "integer, L >= 1"),
)
CURVE_QUANTITIES = (
    Quantity(eps_g, "generalisation error", "eps_g > 0"),
    Quantity(a, "rates: minus the eigenvalues of A_3, roots of the secular equation", "real, positive for eta < 2/u_1"),
    Quantity(v, "v_{k,l}: component l of the k-th eigenvector of A_3, v_{k,0} = 1", "real"),
    Quantity(b_mode, "coefficients of (u_0, ..., u_{L-1}) in the eigenvectors", "real"),
    Quantity(sigma_J, "standard deviation of the student's first weights", "sigma_J > 0"),
    Quantity(eta, "learning rate", "0 < eta < 2/u_1"),
    Quantity(alpha, "time", "alpha >= 0"),
)


def asymptotic_moments(output: int) -> Callable[[Arguments], list[arb]]:
    """<R^(l)> (output 0) or <Q^(l)> (output 1) for a power law at a cost independent of L."""

    def compute(given: Arguments) -> list[arb]:
        pairs = order_parameters(
            given["spectrum"],
            given["eta"],
            given.get("sigma_J", 0),
            given["alpha"],
            order=given["l"],
            route="asymptotic",
        )
        return [pair[output] for pair in pairs]

    return compute


def asymptotic_error(given: Arguments) -> list[arb]:
    """Eq. 8 for a power law at a cost independent of L."""
    return eps_g_asymptotic(given["spectrum"], given["eta"], given["sigma_J"], given["alpha"], route="asymptotic")


def small_rate_moments() -> tuple[Any, Any]:
    """<R^(l)> and <Q^(l)> to first order in eta."""
    learned = 1 - exp(-eta * lam[k] * alpha)
    return (
        Sum(lam[k] ** l * learned, (k, 1, L)) / L,
        Sum(lam[k] ** l * (learned**2 + sigma_J**2 * exp(-2 * eta * lam[k] * alpha)), (k, 1, L)) / L,
    )


def small_rate_error() -> Any:
    """eps_g to first order in eta."""
    return (1 + sigma_J**2) / (2 * L) * Sum(lam[k] * exp(-2 * eta * lam[k] * alpha), (k, 1, L))


def first_orders(given: Arguments) -> list[arb]:
    """<R^(1)> and <Q^(1)> at one time."""
    at = {**given, "alpha": (given["alpha"],)}
    return [
        from_statement(lambda: equal(R_mean[1], small_rate_moments()[0].subs(l, 1)))(at)[0],
        from_statement(lambda: equal(Q_mean[1], small_rate_moments()[1].subs(l, 1)))(at)[0],
    ]


def short_enough(given: Arguments) -> bool:
    """Whether the plain sum over all modes of this spectrum is the way."""
    return preferred_route(given["spectrum"]) == "sum"


SMALL_RATE = (
    Route("sum", from_statement(lambda: equal(eps_g, small_rate_error())), suits=short_enough),
    Route("asymptotic", asymptotic_error),
)

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
    Equation(
        id="23",
        name="linear-generalisation-error",
        title="Generalisation error of the linear network in order parameters",
        section="B.1",
        build=lambda: equal(eps_g, (Q[1] - 2 * R[1] + T[1]) / 2),
        quantities=CURVE_QUANTITIES[:1],
        assumptions=(ONE_UNIT,),
        evidence=PROVED,
        derivation="order_parameters",
        depends_on=("19", "20"),
    ),
    Equation(
        id="24",
        name="linear-moment-hierarchy",
        title="The hierarchy of equations of motion, order by order",
        section="B.1",
        build=lambda: equal(
            Matrix([velocity(R[l]), velocity(Q[l])]),
            Matrix(
                [
                    eta * (T[l + 1] - R[l + 1]),
                    2 * eta * (R[l + 1] - Q[l + 1]) + eta**2 * u[l + 1] * (Q[1] - 2 * R[1] + T[1]),
                ]
            ),
        ),
        quantities=(*VECTORS[-2:], *SPECTRUM[1:2]),
        assumptions=(ONE_UNIT, "l < L - 1; the last order is closed by Eq. 25"),
        evidence=PROVED,
        derivation="order_parameters",
        depends_on=("18", "20", "21"),
    ),
    Equation(
        id="25",
        name="linear-closure",
        title="The last order, closed by the Cayley-Hamilton theorem",
        section="B.1",
        build=lambda: equal(
            Matrix([velocity(R[L - 1]), velocity(Q[L - 1])]),
            Matrix(
                [
                    eta * (Sum(c[l] * R[l], (l, 0, L - 1)) - Sum(c[l] * T[l], (l, 0, L - 1))),
                    2 * eta * (Sum(c[l] * Q[l], (l, 0, L - 1)) - Sum(c[l] * R[l], (l, 0, L - 1)))
                    + eta**2 * u[L] * (Q[1] - 2 * R[1] + T[1]),
                ]
            ),
        ),
        quantities=(*VECTORS[-2:], *SPECTRUM[1:]),
        assumptions=(ONE_UNIT,),
        evidence=PROVED,
        derivation="order_parameters",
        depends_on=("24",),
    ),
    Equation(
        id="26",
        name="order-parameter-matrix",
        title="The equations of motion as one linear system",
        section="B.1",
        build=lambda: equal(
            Matrix([velocity(R_vector), velocity(Q_vector)]),
            Matrix(
                [
                    eta * A_1 * R_vector - eta * A_1 * T_vector,
                    A_2 * R_vector + A_3 * Q_vector + eta**2 * U_vector * e_1 * T_vector,
                ]
            ),
        ),
        quantities=VECTORS,
        assumptions=(ONE_UNIT,),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("5",),
        evaluation=Evaluation(
            routes=(
                Route(
                    "companion",
                    lambda g: [order_parameter_entry(g["spectrum"], g["eta"], g["row"], g["column"])],
                    entry_start,
                ),
            ),
            parameters=(ETA, ROW, COLUMN),
        ),
        remark="The value is an entry of the 2L x 2L matrix [[eta A_1, 0], [A_2, A_3]], row and column from 0.",
    ),
    Equation(
        id="27",
        name="companion-matrix",
        title="Minus the action of Sigma on the vector of moments",
        section="B.1",
        build=lambda: equal(A_1_entry[l, m], c[m] * KroneckerDelta(l, L - 1) - KroneckerDelta(l + 1, m)),
        quantities=SPECTRUM,
        assumptions=("rows l and columns m from 0 to L - 1",),
        evidence=PROVED,
        derivation="companion",
        depends_on=("24", "25"),
        evaluation=Evaluation(
            routes=(
                Route(
                    "companion",
                    lambda g: [companion_entry(g["spectrum"], g["row"], g["column"])],
                    entry_start,
                ),
                Route(
                    "eigenbasis",
                    lambda g: [companion_entry_by_modes(g["spectrum"], g["row"], g["column"])],
                    entry_start,
                ),
            ),
            parameters=(ROW, COLUMN),
        ),
    ),
    Equation(
        id="28",
        name="student-teacher-dynamics",
        title="Equation of motion of the student-teacher order parameters",
        section="B.1",
        build=lambda: equal(velocity(R_vector), eta * A_1 * (R_vector - T_vector)),
        quantities=VECTORS,
        assumptions=(ONE_UNIT,),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("26",),
    ),
    Equation(
        id="29",
        name="student-student-dynamics",
        title="Equation of motion of the student-student order parameters",
        section="B.1",
        build=lambda: equal(velocity(Q_vector), A_3 * Q_vector + A_2 * R_vector + eta**2 * U_vector * e_1 * T_vector),
        quantities=VECTORS,
        assumptions=(ONE_UNIT,),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("26",),
    ),
    Equation(
        id="30",
        name="student-teacher-solution",
        title="Student-teacher order parameters at any time",
        section="B.1",
        build=lambda: equal(R_vector, (1 - exp(eta * alpha * A_1)) * T_vector + exp(eta * alpha * A_1) * R_start),
        quantities=(*VECTORS, Quantity(R_start, "R at the start, zero on average", "real vector")),
        assumptions=(ONE_UNIT,),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("28",),
    ),
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
    Equation(
        id="34",
        name="student-teacher-limit-decomposed",
        title="Asymptotic student-teacher order parameters in the eigenbasis of the companion matrix",
        section="B.1",
        build=lambda: equal(R_limit[l], Sum(V[l, k] / lam[k] * V_inverse[k, m] * u[m + 1], (k, 1, L), (m, 0, L - 1))),
        quantities=SPECTRUM,
        assumptions=(AVERAGED, "alpha -> infinity"),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("30", "33"),
    ),
    Equation(
        id="35",
        name="student-teacher-limit-modes",
        title="Asymptotic student-teacher order parameters as a sum over modes",
        section="B.1",
        build=lambda: equal(R_limit[l], Sum(lam[k] ** l, (k, 1, L)) / L),
        quantities=SPECTRUM,
        assumptions=(AVERAGED, "alpha -> infinity"),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("34",),
    ),
    Equation(
        id="36",
        name="student-teacher-limit",
        title="The student-teacher order parameters converge to those of the teacher",
        section="B.1",
        build=lambda: equal(R_limit[l], u[l]),
        quantities=SPECTRUM,
        assumptions=(AVERAGED, "alpha -> infinity"),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("35",),
        evaluation=Evaluation(
            routes=(Route("closed form", lambda g: [moments(g["spectrum"], g["l"])[-1]]),),
            parameters=(Parameter("l", "order", "integer", at_least=Fraction(0)),),
        ),
    ),
    Equation(
        id="37",
        name="mode-coefficients-of-the-teacher",
        title="Coefficients of the averaged teacher in the eigenvectors of the companion matrix",
        section="B.1",
        build=lambda: equal(Sum(V_inverse[k, l] * u[l], (l, 0, L - 1)), 1 / L),
        quantities=SPECTRUM,
        assumptions=(AVERAGED,),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("33",),
    ),
    Equation(
        id="38",
        name="student-teacher-mean",
        title="Mean student-teacher order parameters at any time",
        section="B.1",
        build=lambda: equal(R_mean[l], small_rate_moments()[0]),
        quantities=(*SPECTRUM, *VECTORS[-2:]),
        assumptions=(ONE_UNIT, AVERAGED),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("30", "36", "37"),
        evaluation=Evaluation(
            routes=(
                Route("sum", from_statement(lambda: equal(R_mean[l], small_rate_moments()[0])), suits=short_enough),
                Route("asymptotic", asymptotic_moments(0)),
            ),
            parameters=(ETA, Parameter("l", "order", "integer", default="1", at_least=Fraction(0)), ALPHA),
        ),
        remark="Exact for any eta: the student-teacher order parameters do not see the term in eta^2.",
    ),
    Equation(
        id="39",
        name="student-student-dynamics-inserted",
        title="Equation of motion of the student-student order parameters with the solution for R",
        section="B.1",
        build=lambda: equal(
            velocity(Q_vector),
            A_3 * Q_vector + A_2 * (1 - exp(eta * alpha * A_1)) * T_vector + eta**2 * U_vector * e_1 * T_vector,
        ),
        quantities=VECTORS,
        assumptions=(ONE_UNIT, "R(0) = 0, its average"),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("29", "30"),
    ),
    Equation(
        id="40",
        name="companion-inverse",
        title="Inverse of the companion matrix",
        section="B.1",
        build=lambda: equal(A_1_inverse_entry[l, m], c[m + 1] / c[0] * KroneckerDelta(l, 0) - KroneckerDelta(l, m + 1)),
        quantities=SPECTRUM,
        assumptions=("c_L = 1", "rows l and columns m from 0 to L - 1"),
        evidence=PROVED,
        derivation="companion",
        depends_on=("27",),
        evaluation=Evaluation(
            routes=(
                Route(
                    "companion",
                    lambda g: [inverse_entry(g["spectrum"], g["row"], g["column"])],
                    entry_start,
                ),
                Route(
                    "eigenbasis",
                    lambda g: [inverse_entry_by_modes(g["spectrum"], g["row"], g["column"])],
                    entry_start,
                ),
            ),
            parameters=(ROW, COLUMN),
        ),
    ),
    Equation(
        id="41",
        name="student-student-dynamics-simplified",
        title="The same equation with the fixed point taken out",
        section="B.1",
        build=lambda: equal(
            velocity(Q_vector),
            A_3 * (Q_vector - T_vector) - A_2 * exp(eta * alpha * A_1) * T_vector,
        ),
        quantities=VECTORS,
        assumptions=(ONE_UNIT, "R(0) = 0, its average"),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("39", "40"),
    ),
    Equation(
        id="42",
        name="student-student-solution-integral",
        title="Student-student order parameters by variation of constants",
        section="B.1",
        build=lambda: equal(
            Q_vector,
            T_vector
            + exp(alpha * A_3) * (Q_start - T_vector)
            - Integral(exp((alpha - s) * A_3) * A_2 * exp(eta * s * A_1) * T_vector, (s, 0, alpha)),
        ),
        quantities=(*VECTORS, Quantity(Q_start, "Q at the start", "real vector")),
        assumptions=(ONE_UNIT, "R(0) = 0, its average"),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("41",),
    ),
    Equation(
        id="43",
        name="student-student-solution-matrices",
        title="The integral done: student-student order parameters in matrix exponentials",
        section="B.1",
        build=lambda: equal(
            Q_vector,
            exp(alpha * A_3) * (Q_start + 2 * T_vector + A_3**-1 * (A_2 + eta**2 * U_vector * e_1) * T_vector)
            - 2 * exp(eta * alpha * A_1) * T_vector
            - A_3**-1 * (A_2 + eta**2 * U_vector * e_1) * T_vector,
        ),
        quantities=(*VECTORS, Quantity(Q_start, "Q at the start", "real vector")),
        assumptions=(ONE_UNIT, "R(0) = 0, its average", "eta != 2/u_1"),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("42",),
    ),
    Equation(
        id="44",
        name="student-inverse",
        title="Inverse of the matrix that moves the student-student order parameters",
        section="B.1",
        build=lambda: equal(
            A_3_inverse_entry[l, m],
            A_1_inverse_entry[l, m] / (2 * eta) - u[l] * KroneckerDelta(m, 0) / (2 * (2 - eta * u[1])),
        ),
        quantities=(*SPECTRUM, *VECTORS[-2:-1]),
        assumptions=("eta != 2/u_1", "rows l and columns m from 0 to L - 1"),
        evidence=PROVED,
        derivation="companion",
        depends_on=("40",),
        evaluation=Evaluation(
            routes=(
                Route(
                    "companion",
                    lambda g: [student_inverse_entry(g["spectrum"], g["eta"], g["row"], g["column"])],
                    entry_start,
                ),
                Route(
                    "eigenbasis",
                    lambda g: [student_inverse_entry_by_modes(g["spectrum"], g["eta"], g["row"], g["column"])],
                    entry_start,
                ),
            ),
            parameters=(ETA, ROW, COLUMN),
        ),
    ),
    Equation(
        id="45",
        name="student-student-solution",
        title="Student-student order parameters at any time and learning rate",
        section="B.1",
        build=lambda: equal(
            Q_vector,
            T_vector - 2 * exp(eta * alpha * A_1) * T_vector + exp(alpha * A_3) * (Q_start + T_vector),
        ),
        quantities=(*VECTORS, Quantity(Q_start, "Q at the start", "real vector")),
        assumptions=(ONE_UNIT, "R(0) = 0, its average"),
        evidence=PROVED,
        derivation="linear_dynamics",
        depends_on=("43", "44"),
    ),
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
