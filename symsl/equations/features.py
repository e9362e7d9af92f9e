"""Sec. 4.3, App. B.3: feature scaling, in the eigenbasis of the covariance and outside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from flint import arb
from sympy import Integral, Matrix, MatrixSymbol, Rational, Sum, exp, harmonic, sqrt, uppergamma

from symsl.equations.evaluation import Arguments, Evaluation, Parameter, Route, from_statement
from symsl.equations.linear import (
    ALPHA,
    AVERAGED,
    CURVE_QUANTITIES,
    ETA,
    FIRST_ORDER,
    ONE_UNIT,
    SIGMA_J,
    SPECTRUM,
    short_enough,
)
from symsl.equations.model import DEFINITION, PROVED, Equation, Quantity
from symsl.equations.notation import equal, velocity
from symsl.equations.scaling import POWER_LAW, QUANTITIES, amplitude, exponent, time
from symsl.errors import UsageError
from symsl.features.random_basis import covariance_matrix, haar_orthogonal
from symsl.features.schur_complement import certified_stationary_error
from symsl.features.trainable_directions import stationary_approximation, stationary_error
from symsl.linear.scaling import approximation
from symsl.linear.small_learning_rate import eps_g as eps_g_asymptotic
from symsl.linear.small_learning_rate import trainable_directions
from symsl.spectrum import Spectrum
from symsl.symbols import (
    B_a,
    B_a_row,
    B_b,
    B_b_row,
    B_mode,
    B_rotated,
    B_vector,
    J,
    J_a,
    J_a_start,
    J_b,
    J_b_row,
    J_first,
    J_mode,
    J_next,
    J_rotated,
    J_start,
    J_vector,
    L,
    Lambda_matrix,
    N,
    N_l,
    O_matrix,
    O_transposed,
    Q_first,
    Q_mean,
    R_first,
    R_mean,
    S_aa,
    S_ab,
    S_ba,
    S_bb,
    Sigma,
    a_input,
    alpha,
    beta,
    eps_g,
    eta,
    k,
    lam,
    lambda_plus,
    noise,
    sigma_J,
    trace_aa,
    trace_bb,
    trace_explained,
    x,
    x_output,
    xi,
    y_output,
)

DIRECTIONS = Parameter("N_l", "number of trainable eigendirections, 1..L", "integer", at_least=Fraction(1))
ONE_EACH = "one component for each distinct eigenvalue (each stands for N/L of them)"
MEAN_PATH = "fluctuations of the path neglected (first order in eta)"
OUTSIDE = "the first N_l input components are trained, a; the others, b, keep their first values"
WEIGHTS = (
    Quantity(J_mode, "student weights in the eigenbasis of Sigma", "real"),
    Quantity(J_start, "student weights at the start", "real, variance sigma_J^2"),
    Quantity(B_mode, "teacher weights in the eigenbasis of Sigma", "real, variance 1"),
    *SPECTRUM[:1],
    *CURVE_QUANTITIES[5:],
)
TRAINABLE = (Quantity(N_l, "number of trainable eigendirections", "1 <= N_l <= L"), *SPECTRUM, *CURVE_QUANTITIES[4:])
BLOCKS = (
    Quantity(S_aa, "covariance of the trained components", "positive definite N_l x N_l matrix"),
    Quantity(S_ab, "covariance of trained and frozen components", "N_l x (N - N_l) matrix, S_ba transposed"),
    Quantity(S_bb, "covariance of the frozen components", "positive definite matrix"),
    Quantity(J_a, "trained student weights", "vector"),
    Quantity(J_b, "frozen student weights", "vector"),
    Quantity(B_a, "teacher weights on the trained components", "vector"),
    Quantity(B_b, "teacher weights on the frozen components", "vector"),
    Quantity(N, "input dimension", "integer"),
)


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


def random_basis_error(given: Arguments) -> list[arb]:
    """Eq. 88 for the covariance drawn with the seed; its entries are doubles, which are taken as exact."""
    spectrum = Spectrum.power_law(given["L"] or given["N"], given["beta"])
    covariance = covariance_matrix(spectrum, haar_orthogonal(given["N"], given["seed"]))
    return [certified_stationary_error(covariance, given["N_l"], sigma_J=given["sigma_J"])]


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
    Equation(
        id="58",
        name="linear-gradient-descent",
        title="Stochastic gradient descent for the linear network",
        section="B.3",
        build=lambda: equal(J_next[1, a_input], J[1, a_input] - eta / sqrt(N) * (x_output - y_output) * xi[a_input]),
        quantities=(
            Quantity(xi, "a fresh Gaussian example", "real"),
            Quantity(x_output, "output of the student", "real"),
            Quantity(y_output, "output of the teacher", "real"),
        ),
        assumptions=(ONE_UNIT,),
        evidence=PROVED,
        derivation="features",
        depends_on=("3",),
    ),
    Equation(
        id="59",
        name="langevin-equation",
        title="Langevin equation of the weights",
        section="B.3",
        build=lambda: equal(velocity(J_vector), -eta * Sigma * (J_vector - B_vector) + eta / sqrt(N) * noise),
        quantities=(
            Quantity(J_vector, "student weights", "vector"),
            Quantity(B_vector, "teacher weights", "vector"),
            Quantity(Sigma, "covariance of the inputs", "positive definite matrix"),
            Quantity(noise, "fluctuations of the path, white in time", "E[gamma gamma^T] = 2 eps_g Sigma"),
        ),
        assumptions=(ONE_UNIT, "N -> infinity; one unit of time is N examples"),
        evidence=PROVED,
        derivation="features",
        depends_on=("58",),
    ),
    Equation(
        id="60",
        name="mean-path",
        title="Mean path of the weights",
        section="B.3",
        build=lambda: equal(velocity(J_vector), -eta * Sigma * (J_vector - B_vector)),
        quantities=(
            Quantity(J_vector, "student weights", "vector"),
            Quantity(B_vector, "teacher weights", "vector"),
            Quantity(Sigma, "covariance of the inputs", "positive definite matrix"),
        ),
        assumptions=(ONE_UNIT, MEAN_PATH),
        evidence=PROVED,
        derivation="features",
        depends_on=("59",),
    ),
    Equation(
        id="61",
        name="mode-solution",
        title="Each weight is learned exponentially fast",
        section="B.3",
        build=lambda: equal(J_mode[k], path(J_start[k], B_mode[k])),
        quantities=WEIGHTS,
        assumptions=(ONE_UNIT, MEAN_PATH, "diagonal covariance"),
        evidence=PROVED,
        derivation="features",
        depends_on=("60",),
    ),
    Equation(
        id="62",
        name="mean-path-student-teacher",
        title="First-order student-teacher order parameter on the mean path",
        section="B.3",
        build=lambda: equal(R_first, first_orders(1, L, path(J_start[k], B_mode[k]), B_mode[k])[0]),
        quantities=WEIGHTS,
        assumptions=(ONE_UNIT, MEAN_PATH, ONE_EACH),
        evidence=PROVED,
        derivation="features",
        depends_on=("61",),
    ),
    Equation(
        id="63",
        name="mean-path-student-student",
        title="First-order student-student order parameter on the mean path",
        section="B.3",
        build=lambda: equal(Q_first, first_orders(1, L, path(J_start[k], B_mode[k]), B_mode[k])[1]),
        quantities=WEIGHTS,
        assumptions=(ONE_UNIT, MEAN_PATH, ONE_EACH),
        evidence=PROVED,
        derivation="features",
        depends_on=("61",),
    ),
    Equation(
        id="64",
        name="mean-path-student-teacher-mean",
        title="Its expectation over teacher and initial student",
        section="B.3",
        build=lambda: equal(R_mean[1], mean_first_orders(L)[0]),
        quantities=(*SPECTRUM, *CURVE_QUANTITIES[4:]),
        assumptions=(ONE_UNIT, AVERAGED, MEAN_PATH),
        evidence=PROVED,
        derivation="features",
        depends_on=("62",),
    ),
    Equation(
        id="65",
        name="mean-path-student-student-mean",
        title="Expectation of the student-student order parameter",
        section="B.3",
        build=lambda: equal(Q_mean[1], mean_first_orders(L)[1]),
        quantities=(*SPECTRUM, *CURVE_QUANTITIES[4:]),
        assumptions=(ONE_UNIT, AVERAGED, MEAN_PATH),
        evidence=PROVED,
        derivation="features",
        depends_on=("63",),
    ),
    Equation(
        id="66",
        name="mean-path-error-inserted",
        title="Generalisation error on the mean path, order parameters inserted",
        section="B.3",
        build=lambda: equal(
            eps_g,
            (mean_first_orders(L)[1] - 2 * mean_first_orders(L)[0] + Sum(lam[k], (k, 1, L)) / L) / 2,
        ),
        quantities=(*SPECTRUM, *CURVE_QUANTITIES[4:]),
        assumptions=(ONE_UNIT, AVERAGED, MEAN_PATH),
        evidence=PROVED,
        derivation="features",
        depends_on=("23", "64", "65"),
    ),
    Equation(
        id="67",
        name="mean-path-error",
        title="Generalisation error on the mean path: that of Eq. 8",
        section="B.3",
        build=lambda: equal(
            eps_g, (1 + sigma_J**2) / (2 * L) * Sum(lam[k] * exp(-2 * eta * lam[k] * alpha), (k, 1, L))
        ),
        quantities=(*SPECTRUM, *CURVE_QUANTITIES[4:]),
        assumptions=(ONE_UNIT, AVERAGED, MEAN_PATH),
        evidence=PROVED,
        derivation="features",
        depends_on=("66",),
    ),
    Equation(
        id="68",
        name="learned-directions",
        title="Student that has learned the first N_l eigendirections and nothing else",
        section="B.3",
        build=lambda: equal(
            Matrix([J_mode[k], J_mode[N_l + k]]),
            Matrix([B_mode[k], J_start[N_l + k]]),
        ),
        quantities=(*TRAINABLE[:1], *WEIGHTS),
        assumptions=("k <= N_l in the first row, k <= L - N_l in the second", ONE_EACH),
        evidence=DEFINITION,
    ),
    Equation(
        id="69",
        name="learned-directions-order-parameters",
        title="First-order order parameters of that student",
        section="B.3",
        build=lambda: equal(
            Matrix([R_first, Q_first]),
            both(
                first_orders(1, N_l, B_mode[k], B_mode[k]),
                first_orders(N_l + 1, L, J_start[k], B_mode[k]),
            ),
        ),
        quantities=(*TRAINABLE[:1], *WEIGHTS),
        assumptions=(ONE_UNIT, ONE_EACH),
        evidence=PROVED,
        derivation="features",
        depends_on=("68",),
    ),
    Equation(
        id="70",
        name="learned-directions-means",
        title="Their expectations",
        section="B.3",
        build=lambda: equal(
            Matrix([R_mean[1], Q_mean[1]]),
            both([Sum(lam[k], (k, 1, N_l)) / L] * 2, frozen_mean()),
        ),
        quantities=TRAINABLE[:4],
        assumptions=(ONE_UNIT, AVERAGED),
        evidence=PROVED,
        derivation="features",
        depends_on=("69",),
    ),
    Equation(
        id="71",
        name="feature-scaling-limit",
        title="Asymptotic generalisation error with N_l learned eigendirections",
        section="B.3",
        build=lambda: equal(eps_g, frozen_error()),
        quantities=TRAINABLE[:4],
        assumptions=(ONE_UNIT, AVERAGED, "alpha -> infinity"),
        evidence=PROVED,
        derivation="features",
        depends_on=("23", "70"),
        evaluation=LIMIT,
    ),
    Equation(
        id="72",
        name="feature-scaling-limit-power-law",
        title="The same in generalised harmonic numbers",
        section="B.3",
        build=lambda: equal(eps_g, (1 + sigma_J**2) / 2 * (1 - harmonic(N_l, 1 + beta) / harmonic(L, 1 + beta))),
        quantities=(TRAINABLE[0], *QUANTITIES[1:4]),
        assumptions=(ONE_UNIT, AVERAGED, POWER_LAW, "alpha -> infinity"),
        evidence=PROVED,
        derivation="features",
        depends_on=("1", "71"),
        evaluation=Evaluation(
            routes=(Route("closed form", lambda g: [stationary_error(g["spectrum"], g["N_l"], sigma_J=g["sigma_J"])]),),
            parameters=(DIRECTIONS, SIGMA_J),
        ),
    ),
    Equation(
        id="73",
        name="eigenvalue-integral",
        title="Integral of the power law over the frozen directions",
        section="B.3",
        build=lambda: equal(
            Integral(lambda_plus * x ** (-1 - beta), (x, N_l, L)), lambda_plus / beta * (N_l**-beta - L**-beta)
        ),
        quantities=(TRAINABLE[0], *QUANTITIES[:3]),
        assumptions=(POWER_LAW,),
        evidence=PROVED,
        derivation="features",
        depends_on=("48",),
    ),
    Equation(
        id="74",
        name="feature-scaling-law",
        title="Asymptotic generalisation error as a power law in the number of features",
        section="B.3",
        build=lambda: equal(eps_g, limit_approximation()),
        quantities=(TRAINABLE[0], *QUANTITIES[:4]),
        assumptions=(ONE_UNIT, AVERAGED, POWER_LAW, "alpha -> infinity", "approximate: the sum as an integral"),
        evidence=PROVED,
        derivation="features",
        depends_on=("71", "73"),
        evaluation=Evaluation(
            routes=(
                Route(
                    "closed form", lambda g: [stationary_approximation(g["spectrum"], g["N_l"], sigma_J=g["sigma_J"])]
                ),
            ),
            parameters=(DIRECTIONS, SIGMA_J),
        ),
    ),
    Equation(
        id="75",
        name="trainable-directions",
        title="Student that learns the first N_l eigendirections",
        section="B.3",
        build=lambda: equal(
            Matrix([J_mode[k], J_mode[N_l + k]]),
            Matrix([path(J_start[k], B_mode[k]), J_start[N_l + k]]),
        ),
        quantities=(*TRAINABLE[:1], *WEIGHTS),
        assumptions=("k <= N_l in the first row, k <= L - N_l in the second", ONE_EACH, MEAN_PATH),
        evidence=DEFINITION,
        depends_on=("61",),
    ),
    Equation(
        id="76",
        name="trainable-directions-order-parameters",
        title="First-order order parameters with N_l trainable eigendirections",
        section="B.3",
        build=lambda: equal(
            Matrix([R_first, Q_first]),
            both(
                first_orders(1, N_l, path(J_start[k], B_mode[k]), B_mode[k]),
                first_orders(N_l + 1, L, J_start[k], B_mode[k]),
            ),
        ),
        quantities=(*TRAINABLE[:1], *WEIGHTS),
        assumptions=(ONE_UNIT, ONE_EACH, MEAN_PATH),
        evidence=PROVED,
        derivation="features",
        depends_on=("75",),
    ),
    Equation(
        id="77",
        name="trainable-directions-means",
        title="Their expectations",
        section="B.3",
        build=lambda: equal(Matrix([R_mean[1], Q_mean[1]]), both(mean_first_orders(N_l), frozen_mean())),
        quantities=TRAINABLE,
        assumptions=(ONE_UNIT, AVERAGED, MEAN_PATH),
        evidence=PROVED,
        derivation="features",
        depends_on=("76",),
    ),
    Equation(
        id="78",
        name="trainable-directions-error",
        title="Generalisation error with N_l trainable eigendirections",
        section="B.3",
        build=lambda: equal(eps_g, trainable_error()),
        quantities=TRAINABLE,
        assumptions=(ONE_UNIT, AVERAGED, MEAN_PATH),
        evidence=PROVED,
        derivation="features",
        depends_on=("23", "77"),
        evaluation=TRAINABLE_ERROR,
    ),
    Equation(
        id="79",
        name="trainable-directions-approximation",
        title="The same with integrals for both sums",
        section="B.3",
        build=lambda: equal(eps_g, trainable_approximation()),
        quantities=(TRAINABLE[0], *QUANTITIES),
        assumptions=(ONE_UNIT, AVERAGED, MEAN_PATH, POWER_LAW, "approximate: the sums as integrals"),
        evidence=PROVED,
        derivation="features",
        depends_on=("50", "74", "78"),
        evaluation=TRAINABLE_APPROXIMATION,
    ),
    Equation(
        id="80",
        name="rotated-mean-path",
        title="Mean path for a covariance that is not diagonal",
        section="B.3",
        build=lambda: equal(
            J_vector,
            B_vector + O_transposed * exp(-eta * alpha * Lambda_matrix) * O_matrix * (J_first - B_vector),
        ),
        quantities=(
            Quantity(O_matrix, "orthogonal matrix with Sigma = O^T Lambda O", "N x N"),
            Quantity(Lambda_matrix, "diagonal matrix of the eigenvalues", "N x N"),
            Quantity(J_vector, "student weights", "vector"),
            Quantity(J_first, "student weights at the start", "vector"),
            Quantity(B_vector, "teacher weights", "vector"),
        ),
        assumptions=(ONE_UNIT, MEAN_PATH),
        evidence=PROVED,
        derivation="features",
        depends_on=("60",),
    ),
    Equation(
        id="81",
        name="rotated-order-parameters",
        title="First-order order parameters in the rotated weights",
        section="B.3",
        build=lambda: equal(
            Matrix([R_first, Q_first]),
            Matrix(first_orders(1, L, path(J_rotated[k], B_rotated[k]), B_rotated[k])),
        ),
        quantities=(
            Quantity(J_rotated, "student weights in the eigenbasis at the start", "real, variance sigma_J^2"),
            Quantity(B_rotated, "teacher weights in the eigenbasis", "real, variance 1"),
            *WEIGHTS[3:],
        ),
        assumptions=(ONE_UNIT, MEAN_PATH, ONE_EACH),
        evidence=PROVED,
        derivation="features",
        depends_on=("80",),
    ),
    Equation(
        id="82",
        name="covariance-blocks",
        title="Blocks of the covariance for trained and frozen components",
        section="B.3.1",
        build=lambda: equal(MatrixSymbol("Sigma", 2, 2), Matrix([[S_aa, S_ab], [S_ba, S_bb]])),
        quantities=BLOCKS[:3],
        assumptions=(OUTSIDE,),
        evidence=DEFINITION,
    ),
    Equation(
        id="83",
        name="frozen-components-dynamics",
        title="Mean path with frozen components",
        section="B.3.1",
        build=lambda: equal(
            Matrix([velocity(J_a), velocity(J_b)]),
            Matrix([-eta * (S_aa * (J_a - B_a) + S_ab * (J_b - B_b)), 0]),
        ),
        quantities=BLOCKS,
        assumptions=(ONE_UNIT, OUTSIDE, MEAN_PATH),
        evidence=PROVED,
        derivation="outside_the_eigenbasis",
        depends_on=("60", "82"),
    ),
    Equation(
        id="84",
        name="frozen-components-solution",
        title="The trained components at any time",
        section="B.3.1",
        build=lambda: equal(
            J_a,
            B_a
            + S_aa**-1 * S_ab * (B_b - J_b)
            + exp(-eta * alpha * S_aa) * (J_a_start - B_a - S_aa**-1 * S_ab * (B_b - J_b)),
        ),
        quantities=BLOCKS,
        assumptions=(ONE_UNIT, OUTSIDE, MEAN_PATH),
        evidence=PROVED,
        derivation="outside_the_eigenbasis",
        depends_on=("83",),
    ),
    Equation(
        id="85",
        name="frozen-components-limit",
        title="The trained components at stationarity",
        section="B.3.1",
        build=lambda: equal(J_a, B_a + S_aa**-1 * S_ab * (B_b - J_b)),
        quantities=BLOCKS,
        assumptions=(ONE_UNIT, OUTSIDE, "alpha -> infinity"),
        evidence=PROVED,
        derivation="outside_the_eigenbasis",
        depends_on=("84",),
    ),
    Equation(
        id="86",
        name="frozen-components-order-parameters",
        title="First-order order parameters at stationarity",
        section="B.3.1",
        build=lambda: equal(
            Matrix([R_first, Q_first]),
            Matrix(
                [
                    (
                        B_a_row * S_aa * B_a
                        + B_a_row * S_ab * B_b
                        + B_b_row * S_ba * B_a
                        + (B_b_row - J_b_row) * S_ba * S_aa**-1 * S_ab * B_b
                        + J_b_row * S_bb * B_b
                    )
                    / N,
                    (
                        B_a_row * S_aa * B_a
                        + B_a_row * S_ab * B_b
                        + B_b_row * S_ba * B_a
                        + B_b_row * S_ba * S_aa**-1 * S_ab * B_b
                        + J_b_row * (S_bb - S_ba * S_aa**-1 * S_ab) * J_b
                    )
                    / N,
                ]
            ),
        ),
        quantities=BLOCKS,
        assumptions=(ONE_UNIT, OUTSIDE, "alpha -> infinity"),
        evidence=PROVED,
        derivation="outside_the_eigenbasis",
        depends_on=("85",),
    ),
    Equation(
        id="87",
        name="frozen-components-means",
        title="Their expectations",
        section="B.3.1",
        build=lambda: equal(
            Matrix([R_mean[1], Q_mean[1]]),
            Matrix(
                [
                    (trace_aa + trace_explained) / N,
                    (trace_aa + trace_explained + sigma_J**2 * (trace_bb - trace_explained)) / N,
                ]
            ),
        ),
        quantities=(*BLOCKS[:3], BLOCKS[-1], *CURVE_QUANTITIES[4:5]),
        assumptions=(ONE_UNIT, AVERAGED, OUTSIDE, "alpha -> infinity"),
        evidence=PROVED,
        derivation="outside_the_eigenbasis",
        depends_on=("86",),
    ),
    Equation(
        id="88",
        name="schur-complement-error",
        title="Asymptotic generalisation error outside the eigenbasis: the Schur complement",
        section="B.3.1",
        build=lambda: equal(eps_g, Rational(1, 2) * (1 + sigma_J**2) / N * (trace_bb - trace_explained)),
        quantities=(*BLOCKS[:3], BLOCKS[-1], *CURVE_QUANTITIES[4:5]),
        assumptions=(ONE_UNIT, AVERAGED, OUTSIDE, "alpha -> infinity"),
        evidence=PROVED,
        derivation="outside_the_eigenbasis",
        depends_on=("23", "87"),
        evaluation=Evaluation(
            routes=(Route("Schur complement", random_basis_error),),
            parameters=(
                Parameter("N", "input dimension, at most 256", "integer", at_least=Fraction(1)),
                Parameter("N_l", "number of trained components, 0..N", "integer", at_least=Fraction(0)),
                Parameter("beta", "power-law exponent of the spectrum (Eq. 1)", above=Fraction(0)),
                Parameter("L", "number of distinct eigenvalues, absent: N", "integer", optional=True),
                SIGMA_J,
                Parameter("seed", "seed of the random basis", "integer", default="0", at_least=Fraction(0)),
            ),
            spectrum=False,
        ),
        remark="The value is that of a Haar-random basis drawn with the seed, the drawn covariance taken as exact.",
    ),
)
