"""App. B.1, beyond the paper: the linear learning curve of one given pair of networks, and how much pairs differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from flint import arb
from sympy import Sum, exp

from symsl.equations.evaluation import Arguments, Evaluation, Parameter, Route
from symsl.equations.linear_terms import (
    ALPHA,
    AVERAGED,
    CURVE_QUANTITIES,
    ETA,
    ONE_UNIT,
    SIGMA_J,
    SPECTRUM,
    STABLE,
    UNSTABLE,
    entry_start,
)
from symsl.equations.model import PROVED, Equation, Quantity
from symsl.equations.notation import equal
from symsl.erf.state import State
from symsl.linear.realisation import effective_rate, ensemble_variance
from symsl.linear.realised_curve import by_companion, by_eigenbasis, distances_by_mode, exact_coefficients
from symsl.precision import ball
from symsl.symbols import L, N, W, a, alpha, eps_g, eta, j, k, lam, m, sensitivity, sigma_J, var_eps_g

DISTANCE = Quantity(W, "(L/N) times the squared distance of J and B in eigenspace k at the start", "W_k >= 0")


def length(rate: Any) -> Any:
    """D_k: the squared length of the eigenvector of the rate."""
    return Sum(lam[m] ** 2 / (2 * eta * lam[m] - rate) ** 2, (m, 1, L))


def given_curve() -> Any:
    """eps_g of one pair."""
    overlap = Sum(lam[j] * W[j] / (2 * eta * lam[j] - a[k]), (j, 1, L))
    return Sum(exp(-a[k] * alpha) * overlap / length(a[k]), (k, 1, L)) / (2 * eta**2)


def read_state(path: Any) -> dict[str, Any]:
    state = State.load(path)
    return {"spectrum": state.spectrum, "K": state.K, "M": state.M}


def distances_of(state: State) -> list[Fraction]:
    """W_k of concrete networks, exactly: (M/K^2) sum_ij Q_ij + (1/M) sum_nm T_nm - (2/K) sum_in R_in of mode k."""
    weights = {"Q": Fraction(state.M, state.K**2), "R": -Fraction(2, state.K), "T": Fraction(1, state.M)}
    entries = (
        [(weight, entry) for name, weight in weights.items() for entry in getattr(state.mode(k), name).entries()]
        for k in range(1, state.L + 1)
    )
    return [sum((weight * Fraction(int(x.p), int(x.q)) for weight, x in mode), Fraction(0)) for mode in entries]


def along(curve: Callable[..., Sequence[arb]]) -> Callable[[Arguments], list[arb]]:
    """The error from the distances given, or from those of the networks in the file, in their convention."""

    def compute(given: Arguments) -> list[arb]:
        where = "equation learning-curve-given-pair"
        eta_factor, error_factor = Fraction(1), Fraction(1)
        if "state" in given:
            state = State.load(given["state"])
            eta_factor, error_factor = state.paper_learning_rate(Fraction(1)), state.error_factor
            distances = distances_of(state)
        else:
            distances = distances_by_mode(given["spectrum"], given["W"], where)
        rate = effective_rate(given["eta"] * eta_factor, given["K"], given["M"], where)
        errors = curve(given["spectrum"], distances, rate, given["alpha"], bool(given["unstable"]))
        return [ball(error_factor) * error for error in errors]

    return compute


def variance(route: str) -> Callable[[Arguments], list[arb]]:
    def compute(given: Arguments) -> list[arb]:
        coefficients = (
            exact_coefficients(
                given["spectrum"], eta=given["eta"], alpha=time, route=route, unstable=bool(given["unstable"])
            )
            for time in given["alpha"]
        )
        return [ensemble_variance(values, N=given["N"], sigma_J=given["sigma_J"]) for values in coefficients]

    return compute


EQUATIONS = (
    Equation(
        id="learning-curve-given-pair",
        name="given-pair",
        title="The learning curve of one given student and teacher at any learning rate",
        section="B.1",
        build=lambda: equal(eps_g, given_curve()),
        quantities=(*SPECTRUM, *CURVE_QUANTITIES[:2], DISTANCE, *CURVE_QUANTITIES[5:]),
        assumptions=(ONE_UNIT, STABLE, "N -> infinity at given W_k"),
        evidence=PROVED,
        derivation="given_pair",
        depends_on=("23", "secular-equation"),
        evaluation=Evaluation(
            routes=(
                Route("eigenbasis", along(by_eigenbasis)),
                Route("companion", along(by_companion), entry_start),
            ),
            parameters=(
                ETA,
                ALPHA,
                Parameter("W", "squared distances at the start, for all modes or each", "numbers", in_file=True),
                Parameter("K", "number of students", "integer", "1", at_least=Fraction(1), in_file=True),
                Parameter("M", "number of teachers", "integer", "1", at_least=Fraction(1), in_file=True),
                Parameter("state", "file with concrete networks, instead of L, beta, W, K, M", "file", default=""),
                UNSTABLE,
            ),
            read_file=read_state,
        ),
        remark="For K students and M teachers W_k is that of (sqrt(M)/K) sum_i J_i - (1/sqrt(M)) sum_n B_n, and the "
        "learning rate eta M/K. The mean over pairs is Eq. 6.",
    ),
    Equation(
        id="learning-curve-variance",
        name="spread-of-pairs",
        title="How much learning curves differ from one pair of networks to the next",
        section="B.1",
        build=lambda: equal(var_eps_g, (1 + sigma_J**2) ** 2 * 2 * L / N * Sum(sensitivity[j] ** 2, (j, 1, L))),
        quantities=(
            Quantity(var_eps_g, "variance of eps_g over J(0) and B", "positive"),
            Quantity(N, "input dimension, a multiple of L", "integer"),
            Quantity(sensitivity, "derivative of Eq. learning-curve-given-pair by W_j, at eta and alpha", "real"),
            *SPECTRUM[-1:],
            *CURVE_QUANTITIES[4:],
        ),
        assumptions=(ONE_UNIT, AVERAGED, STABLE, "of Eq. learning-curve-given-pair; exact for every N in the weights"),
        evidence=PROVED,
        derivation="given_pair",
        depends_on=("learning-curve-given-pair",),
        evaluation=Evaluation(
            routes=(
                Route("eigenbasis", variance("eigenbasis")),
                Route("companion", variance("companion"), entry_start),
            ),
            parameters=(
                ETA,
                SIGMA_J,
                ALPHA,
                Parameter("N", "input dimension, a multiple of L", "integer", at_least=Fraction(1)),
                UNSTABLE,
            ),
        ),
    ),
)
