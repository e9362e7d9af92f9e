"""Sec. 5.2 and Appendix C.5: the end of training of the erf network."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import arb
from sympy import Derivative, Eq, Matrix, Rational, Sum, exp, pi, sqrt

from symsl.equations.evaluation import Arguments, Evaluation, Parameter, Route
from symsl.equations.model import PROVED, Equation, Quantity
from symsl.erf.late_phase import (
    Deviations,
    bits_lost_by_moments,
    error_from_equal_modes,
    error_from_modes,
    error_from_moments,
    from_state,
)
from symsl.linear.exponential_sum import preferred_route
from symsl.symbols import (
    A_a,
    A_b,
    L,
    M,
    alpha,
    dev_c,
    dev_q,
    dev_r,
    dev_s,
    eps_g,
    eta,
    k,
    l,
    lam,
    u,
    w_d,
    w_d_k,
    w_o,
    w_o_k,
    x_1,
    x_l_rate,
    x_next,
)

_Error = Callable[[Deviations, Fraction, Any], list[arb]]
_UNITS = Quantity(M, "number of students and of teachers", "integer, M >= 1")
_RATE = Quantity(eta, "learning rate", "eta > 0")
_TIME = Quantity(alpha, "time after the reference time, examples per input dimension", "alpha >= 0")
_SPECTRUM = (
    Quantity(L, "number of distinct eigenvalues", "integer, L >= 1"),
    Quantity(lam[k], "k-th distinct eigenvalue of the data covariance", "lambda_k > 0, mean 1"),
)
_DEVIATIONS = (
    Quantity(dev_r, "deviation of R_ii of order 1 from the solution", "small"),
    Quantity(dev_s, "deviation of R_in, i != n, of order 1", "small"),
    Quantity(dev_q, "deviation of Q_ii of order 1", "small"),
    Quantity(dev_c, "deviation of Q_ij, i != j, of order 1", "small"),
)
_VECTORS = (
    Quantity(x_l_rate, "rate of the deviations (r, s, q, c) of order l", "l = 0, ..., L - 1"),
    Quantity(x_next, "deviations (r, s, q, c) of order l + 1", "closed at l = L - 1 by Cayley-Hamilton"),
    Quantity(x_1, "deviations (r, s, q, c) of order 1", "small"),
    Quantity(l, "order", "l = 0, ..., L - 1"),
    Quantity(u[l + 1], "moment (1/L) sum_k lambda_k^(l+1) of the spectrum", "u > 0"),
)
ASSUMPTIONS = (
    "K = M, error-function activation",
    "first order in the learning rate eta, N -> infinity",
    "T_nm^(l) = u_l delta_nm at every order l, u_1 = 1",
    "deviations from Q = R = T: the same on the diagonal, the same off it, kept to first order",
)
_AVERAGED = (
    *ASSUMPTIONS,
    "where deviations differ from unit to unit, their means over the diagonal and off it enter in the same way",
)


def relaxation_matrix() -> Matrix:
    """H, which acts on (diagonal, off-diagonal)."""
    return Matrix([[1 / sqrt(3), (M - 1) / 2], [Rational(1, 2), 1 / sqrt(3) + (M - 2) / 2]])


def first_order_matrices() -> tuple[Matrix, Matrix]:
    """P and S: what (r, s) and (q, c) of order 1 add to the rates of (r, s)."""
    P = Matrix([[-1 / (3 * sqrt(3)), -(M - 1) / 4], [0, 0]])
    S = Matrix([[1 / (2 * sqrt(3)), (M - 1) / 4], [Rational(1, 8), 0]])
    return P, S


def _blocks(a: Matrix, b: Matrix, c: Matrix, d: Matrix) -> Matrix:
    return a.row_join(b).col_join(c.row_join(d))


def _matrix_a() -> Eq:
    H = relaxation_matrix()
    return Eq(A_a, _blocks(H, 0 * H, -2 * H, 2 * H), evaluate=False)


def _matrix_b() -> Eq:
    P, S = first_order_matrices()
    return Eq(A_b, _blocks(P, S, 2 * P, 2 * S), evaluate=False)


def _relaxation() -> Eq:
    modes = Matrix([w_d_k(alpha), w_o_k(alpha)])
    rates = Matrix([Derivative(w_d_k(alpha), alpha), Derivative(w_o_k(alpha), alpha)])
    return Eq(rates, -4 * eta / (pi * M) * lam[k] * (relaxation_matrix() * modes), evaluate=False)


def _curve() -> Eq:
    h_plus, h_minus = 1 / sqrt(3) + (M - 1) / 2, 1 / sqrt(3) - Rational(1, 2)
    plus = h_plus * (w_d[k] + (M - 1) * w_o[k]) * exp(-4 * eta / (pi * M) * h_plus * lam[k] * alpha)
    minus = (M - 1) * h_minus * (w_d[k] - w_o[k]) * exp(-4 * eta / (pi * M) * h_minus * lam[k] * alpha)
    return Eq(eps_g, Sum(lam[k] * (plus + minus), (k, 1, L)) / (pi * M * L))


def _read_state(path: Any) -> dict[str, Any]:
    start = from_state(path)
    return {"spectrum": start.spectrum, "M": start.M}


def along(error: _Error) -> Callable[[Arguments], list[arb]]:
    def compute(given: Arguments) -> list[arb]:
        if "state" in given:
            start = from_state(given["state"])
        else:
            overlaps = {name: given[name] for name in ("r", "s") if name in given}
            start = Deviations(given["spectrum"], given["M"], given["w_d"], given["w_o"], **overlaps)
        return error(start, given["eta"], given["alpha"])

    return compute


def _short_or_unequal(given: Arguments) -> bool:
    """Whether the plain sum over all modes is the way: always from a file, and for deviations given mode by mode."""
    equal = "state" not in given and len(given["w_d"]) == len(given["w_o"]) == 1
    return not equal or preferred_route(given["spectrum"]) == "sum"


EVALUATION = Evaluation(
    routes=(
        Route("eigenbasis", along(error_from_modes), suits=_short_or_unequal),
        Route("asymptotic", along(error_from_equal_modes)),
        Route(
            "companion",
            along(error_from_moments),
            lambda given, digits: 4 * digits + bits_lost_by_moments(given["spectrum"].L),
        ),
    ),
    parameters=(
        Parameter("M", "number of students and of teachers", "integer", at_least=Fraction(1), in_file=True),
        Parameter("eta", "learning rate", above=Fraction(0)),
        Parameter("alpha", "time after the reference time", "times", at_least=Fraction(0)),
        Parameter("w_d", "Q_ii - 2 R_ii + T_ii at the reference time, for all modes or each", "numbers", in_file=True),
        Parameter("w_o", "the same off the diagonal, Q_ij - R_ij - R_ji + T_ij", "numbers", in_file=True),
        Parameter("state", "file with concrete networks, instead of L, beta, M, w_d, w_o", "file", default=""),
    ),
    normalised=True,
    read_file=_read_state,
)


def second_order_evaluation(closed: _Error, exponential: _Error) -> Evaluation:
    """Of the laws to second order in J - B, which need r and s as well."""
    return Evaluation(
        routes=(Route("pairs of rates", along(closed)), Route("matrix exponential", along(exponential))),
        parameters=(
            *EVALUATION.parameters,
            Parameter("r", "R_ii - T_ii at the reference time, for all modes or each", "numbers", in_file=True),
            Parameter("s", "R_in - T_in, i != n, at the reference time", "numbers", default="0", in_file=True),
        ),
        normalised=True,
        read_file=EVALUATION.read_file,
    )


_CURVE_QUANTITIES = (
    Quantity(eps_g, "generalisation error", "eps_g >= 0"),
    Quantity(w_d[k], "mode k of Q_ii - 2 R_ii + T_ii at the reference time, mean over i", "w_d >= 0, small"),
    Quantity(w_o[k], "mode k of Q_ij - R_ij - R_ji + T_ij, i != j, at the reference time, mean", "small"),
    _UNITS,
    _RATE,
    _TIME,
    *_SPECTRUM,
)
_CURVE_REMARK = (
    "Our reading of the lost formula, in terms of the modes w_k; the paper's coefficients are those of the "
    "eigenvectors of A_a (x) A_1, that is w_k = L (V^-1 w)_k with the Vandermonde matrix V: route `companion`. The "
    "group with h_- = 1/sqrt 3 - 1/2 decays last. With w_k the same for all k both sums have the incomplete-gamma "
    "form of Eq. 9: route `asymptotic`, for power laws of any L. Terms of second order in R - T are left out; where "
    "J - B is not orthogonal to the teachers they are as large as those kept."
)

EQUATIONS = (
    Equation(
        id="16",
        name="late-phase-dynamics",
        title="Linear dynamics close to the solution, mode by mode",
        section="5.2",
        build=_relaxation,
        quantities=(
            Quantity(w_d_k(alpha), "mode k of Q_ii - 2 R_ii + T_ii", "w_d >= 0, small"),
            Quantity(w_o_k(alpha), "mode k of Q_ij - R_ij - R_ji + T_ij, i != j", "small"),
            _UNITS,
            _RATE,
            _TIME,
            _SPECTRUM[1],
        ),
        assumptions=ASSUMPTIONS,
        evidence=PROVED,
        derivation="late_phase",
        depends_on=("118", "119", "120"),
        remark="The paper displays the linear system of all four deviations (Eq. 118) here; this is the part of it "
        "that the generalisation error depends on, in the eigenbasis of the covariance.",
    ),
    Equation(
        id="17",
        name="late-phase-curve",
        title="Generalisation error at the end of training",
        section="5.2",
        build=_curve,
        quantities=_CURVE_QUANTITIES,
        assumptions=_AVERAGED,
        evidence=PROVED,
        derivation="late_phase",
        depends_on=("16", "121"),
        evaluation=EVALUATION,
        remark=_CURVE_REMARK,
    ),
    Equation(
        id="118",
        name="late-phase-system",
        title="The linear system of all deviations",
        section="C.5",
        build=lambda: Eq(x_l_rate, 2 * eta / (pi * M) * (u[l + 1] * A_b * x_1 - A_a * x_next), evaluate=False),
        quantities=(
            *_VECTORS,
            Quantity(A_a, "matrix of Eq. 119", "4 x 4"),
            Quantity(A_b, "matrix of Eq. 120", "4 x 4"),
            _UNITS,
            _RATE,
        ),
        assumptions=ASSUMPTIONS,
        evidence=PROVED,
        derivation="late_phase",
        depends_on=("92", "93", "119", "120"),
        remark="All orders together: (2 eta/(pi M)) [A_a (x) A_1 + A_b (x) u e_1^T] with the companion matrix A_1, u = "
        "(u_1, ..., u_L) and e_1 selecting order 1. The paper's term of order eta^2 is left out.",
    ),
    Equation(
        id="119",
        name="late-phase-matrix-a",
        title="How deviations of order l + 1 move those of order l",
        section="C.5",
        build=_matrix_a,
        quantities=(Quantity(A_a, "matrix on (r, s, q, c), prefactor 2 eta/(pi M) taken out", "4 x 4"), _UNITS),
        assumptions=ASSUMPTIONS,
        evidence=PROVED,
        derivation="late_phase",
        depends_on=(
            "92",
            "93",
        ),
        remark="In blocks [[H, 0], [-2H, 2H]]; its eigenvalues are h_-, h_+, 2 h_-, 2 h_+.",
    ),
    Equation(
        id="120",
        name="late-phase-matrix-b",
        title="How deviations of order 1 move those of all orders",
        section="C.5",
        build=_matrix_b,
        quantities=(Quantity(A_b, "matrix on (r, s, q, c), prefactor 2 eta/(pi M) taken out", "4 x 4"), _UNITS),
        assumptions=ASSUMPTIONS,
        evidence=PROVED,
        derivation="late_phase",
        depends_on=(
            "92",
            "93",
        ),
        remark="Its range lies in the directions (r, s, 2r, 2s), which eps_g does not see at first order.",
    ),
    Equation(
        id="121",
        name="late-phase-error",
        title="Generalisation error to first order in the deviations",
        section="C.5",
        build=lambda: Eq(eps_g, ((dev_q - 2 * dev_r) / sqrt(3) + (M - 1) * (dev_c - 2 * dev_s) / 2) / pi),
        quantities=(Quantity(eps_g, "generalisation error", "eps_g >= 0"), *_DEVIATIONS, _UNITS),
        assumptions=ASSUMPTIONS,
        evidence=PROVED,
        derivation="late_phase",
        depends_on=("94",),
    ),
    Equation(
        id="122",
        name="late-phase-curve-derived",
        title="Generalisation error at the end of training (Eq. 17), where it is derived",
        section="C.5",
        build=_curve,
        quantities=_CURVE_QUANTITIES,
        assumptions=_AVERAGED,
        evidence=PROVED,
        derivation="late_phase",
        depends_on=("16", "121"),
        evaluation=EVALUATION,
        remark=_CURVE_REMARK,
    ),
)
