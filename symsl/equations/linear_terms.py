"""What the entries of the linear network share: parameters, assumptions, quantities, sums."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import arb
from sympy import Sum, exp

from symsl.equations.evaluation import Arguments, Evaluation, Parameter, Route, from_statement
from symsl.equations.model import Quantity
from symsl.equations.notation import equal
from symsl.linear.curve import by_companion, by_eigenbasis, companion_bits
from symsl.linear.exponential_sum import preferred_route
from symsl.linear.small_learning_rate import eps_g as eps_g_asymptotic
from symsl.linear.small_learning_rate import order_parameters
from symsl.symbols import (
    A_1,
    A_2,
    A_3,
    L,
    Q_vector,
    R_vector,
    T_vector,
    U_vector,
    a,
    alpha,
    b_mode,
    c,
    e_1,
    eps_g,
    eta,
    k,
    l,
    lam,
    sigma_J,
    u,
    v,
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


def short_enough(given: Arguments) -> bool:
    """Whether the plain sum over all modes of this spectrum is the way."""
    return preferred_route(given["spectrum"]) == "sum"


SMALL_RATE = (
    Route("sum", from_statement(lambda: equal(eps_g, small_rate_error())), suits=short_enough),
    Route("asymptotic", asymptotic_error),
)
