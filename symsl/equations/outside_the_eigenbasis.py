"""App. B.3.1: training input components outside the eigenbasis of the covariance."""

from __future__ import annotations

from fractions import Fraction

from flint import arb
from sympy import Matrix, MatrixSymbol, Rational, exp

from symsl.equations.evaluation import Arguments, Evaluation, Parameter, Route
from symsl.equations.feature_terms import MEAN_PATH
from symsl.equations.linear_terms import AVERAGED, CURVE_QUANTITIES, ONE_UNIT, SIGMA_J
from symsl.equations.model import DEFINITION, PROVED, Equation, Quantity
from symsl.equations.notation import equal, velocity
from symsl.features.random_basis import covariance_matrix, haar_orthogonal
from symsl.features.schur_complement import certified_stationary_error
from symsl.spectrum import Spectrum
from symsl.symbols import (
    B_a,
    B_a_row,
    B_b,
    B_b_row,
    J_a,
    J_a_start,
    J_b,
    J_b_row,
    N,
    Q_first,
    Q_mean,
    R_first,
    R_mean,
    S_aa,
    S_ab,
    S_ba,
    S_bb,
    alpha,
    eps_g,
    eta,
    sigma_J,
    trace_aa,
    trace_bb,
    trace_explained,
)

OUTSIDE = "the first N_l input components are trained, a; the others, b, keep their first values"
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


def random_basis_error(given: Arguments) -> list[arb]:
    """Eq. 88 for the covariance drawn with the seed; its entries are doubles, which are taken as exact."""
    spectrum = Spectrum.power_law(given["L"] or given["N"], given["beta"])
    covariance = covariance_matrix(spectrum, haar_orthogonal(given["N"], given["seed"]))
    return [certified_stationary_error(covariance, given["N_l"], sigma_J=given["sigma_J"])]


EQUATIONS = (
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
