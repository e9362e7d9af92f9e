"""What the entries of feature scaling share: parameters, quantities, sums over trained and frozen directions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from flint import arb
from sympy import Matrix, Sum, exp, uppergamma

from symsl.equations.evaluation import Arguments, Evaluation, Parameter, Route, from_statement
from symsl.equations.linear_terms import ALPHA, CURVE_QUANTITIES, ETA, SIGMA_J, SPECTRUM, short_enough
from symsl.equations.model import Quantity
from symsl.equations.notation import equal
from symsl.equations.scaling import amplitude, exponent, time
from symsl.errors import UsageError
from symsl.features.trainable_directions import stationary_approximation, stationary_error
from symsl.linear.scaling import approximation
from symsl.linear.small_learning_rate import eps_g as eps_g_asymptotic
from symsl.linear.small_learning_rate import trainable_directions
from symsl.symbols import B_mode, J_mode, J_start, L, N_l, alpha, beta, eps_g, eta, k, lam, lambda_plus, sigma_J

DIRECTIONS = Parameter("N_l", "number of trainable eigendirections, 1..L", "integer", at_least=Fraction(1))
ONE_EACH = "one component for each distinct eigenvalue (each stands for N/L of them)"
MEAN_PATH = "fluctuations of the path neglected (first order in eta)"
WEIGHTS = (
    Quantity(J_mode, "student weights in the eigenbasis of Sigma", "real"),
    Quantity(J_start, "student weights at the start", "real, variance sigma_J^2"),
    Quantity(B_mode, "teacher weights in the eigenbasis of Sigma", "real, variance 1"),
    *SPECTRUM[:1],
    *CURVE_QUANTITIES[5:],
)
TRAINABLE = (Quantity(N_l, "number of trainable eigendirections", "1 <= N_l <= L"), *SPECTRUM, *CURVE_QUANTITIES[4:])


def decay() -> Any:
    return exp(-eta * lam[k] * alpha)


def path(start: Any, teacher: Any) -> Any:
    """J_k(alpha) on the mean path."""
    return teacher + decay() * (start - teacher)


def first_orders(low: Any, high: Any, weight: Any, teacher: Any) -> list[Any]:
    """The contributions of modes low..high to R^(1) and Q^(1)."""
    return [
        Sum(lam[k] * weight * teacher, (k, low, high)) / L,
        Sum(lam[k] * weight**2, (k, low, high)) / L,
    ]


def both(first: list[Any], second: list[Any]) -> Matrix:
    return Matrix([a + b for a, b in zip(first, second, strict=True)])


def mean_first_orders(high: Any) -> list[Any]:
    """What trained modes 1..high contribute to the means of R^(1) and Q^(1)."""
    learned = 1 - decay()
    return [
        Sum(lam[k] * learned, (k, 1, high)) / L,
        Sum(lam[k] * (learned**2 + sigma_J**2 * decay() ** 2), (k, 1, high)) / L,
    ]


def frozen_mean() -> list[Any]:
    return [0, sigma_J**2 * Sum(lam[k], (k, N_l + 1, L)) / L]


def trainable_error() -> Any:
    trained = Sum(lam[k] * exp(-2 * eta * lam[k] * alpha), (k, 1, N_l))
    return (1 + sigma_J**2) / (2 * L) * (trained + Sum(lam[k], (k, N_l + 1, L)))


def limit_approximation() -> Any:
    return (1 + sigma_J**2) / 2 * lambda_plus / (L * beta) * (N_l**-beta - L**-beta)


def trainable_approximation() -> Any:
    far, near = uppergamma(exponent, time() * N_l ** (-1 - beta)), uppergamma(exponent, time())
    return amplitude() * time() ** -exponent * (far - near) + limit_approximation()


def limit_if_no_time(compute: Callable[[Arguments], list[arb]], limit: Callable[[Arguments], arb]) -> Any:
    """A route that gives the limit alpha -> infinity where alpha is absent."""

    def choose(given: Arguments) -> list[arb]:
        if given["alpha"] is None:
            return [limit(given)]
        if given["eta"] is None:
            raise UsageError("feature scaling: alpha needs eta (learning rate); without alpha the limit is meant")
        return compute(given)

    return choose


def exact_limit(given: Arguments) -> arb:
    return stationary_error(given["spectrum"], given["N_l"], sigma_J=given["sigma_J"])


def approximate_limit(given: Arguments) -> arb:
    return stationary_approximation(given["spectrum"], given["N_l"], sigma_J=given["sigma_J"])


def small_rate(given: Arguments) -> list[arb]:
    return eps_g_asymptotic(
        given["spectrum"], given["eta"], given["sigma_J"], given["alpha"], N_l=given["N_l"], route="asymptotic"
    )


def summed(build: Callable[[], Any]) -> Callable[[Arguments], list[arb]]:
    """The route that walks a statement, once N_l <= L is known."""
    walk = from_statement(build)

    def compute(given: Arguments) -> list[arb]:
        trainable_directions(given["N_l"], given["spectrum"], "feature scaling")
        return walk(given)

    return compute


def integrals(given: Arguments) -> list[arb]:
    return approximation(
        "integral", given["spectrum"], given["eta"], given["sigma_J"], given["alpha"], N_l=given["N_l"]
    )


RATE_OR_NONE = replace(ETA, optional=True)
TIME_OR_NONE = replace(ALPHA, meaning=f"{ALPHA.meaning}; absent: the limit alpha -> infinity", optional=True)
TRAINABLE_ERROR = Evaluation(
    routes=(
        Route(
            "sum", limit_if_no_time(summed(lambda: equal(eps_g, trainable_error())), exact_limit), suits=short_enough
        ),
        Route("asymptotic", limit_if_no_time(small_rate, exact_limit)),
    ),
    parameters=(DIRECTIONS, RATE_OR_NONE, SIGMA_J, TIME_OR_NONE),
)
TRAINABLE_APPROXIMATION = Evaluation(
    routes=(Route("closed form", limit_if_no_time(integrals, approximate_limit)),),
    parameters=(DIRECTIONS, RATE_OR_NONE, SIGMA_J, TIME_OR_NONE),
)
LIMIT = Evaluation(
    routes=(
        Route("closed form", lambda g: [stationary_error(g["spectrum"], g["N_l"], sigma_J=g["sigma_J"])]),
        Route("sum", summed(lambda: equal(eps_g, frozen_error()))),
    ),
    parameters=(DIRECTIONS, SIGMA_J),
)


def frozen_error() -> Any:
    return (1 + sigma_J**2) / (2 * L) * Sum(lam[k], (k, N_l + 1, L))
