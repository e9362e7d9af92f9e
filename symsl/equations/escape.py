"""Sec. 5.1.2 and Appendices C.3, C.4: the escape from the plateau."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb
from sympy import Derivative, Eq, Rational, exp, log, pi, sqrt

from symsl.equations.evaluation import Arguments, Evaluation, Parameter, Route, from_statement
from symsl.equations.model import PROVED, Equation, Quantity
from symsl.equations.plateau import ASSUMPTIONS, TEACHER
from symsl.erf.escape import escape_rate, escape_time, plateau_length, require_escape
from symsl.symbols import (
    D2,
    T2,
    D,
    D_next,
    Delta_0,
    Delta_P,
    M,
    N,
    Q_star,
    R_star,
    T_next,
    alpha,
    alpha_0,
    alpha_P,
    b,
    eps_g,
    eps_star,
    eta,
    gamma,
    l,
    r_1,
    r_l,
    sigma_J,
    tau_esc,
)

PARAMETERS = (
    *TEACHER,
    Parameter("eta", "learning rate", above=Fraction(0)),
    Parameter("D2", "sum of the off-diagonal elements of a row of T^(2)", default="0"),
)
_UNITS = Quantity(M, "number of students and of teachers", "integer, M >= 2")
_RATE = Quantity(eta, "learning rate", "eta > 0")
_ROW = Quantity(D, "sum of the off-diagonal elements of a row of the teacher's T^(1)", "-1 < D < M - 1")
_ROW_2 = Quantity(D2, "sum of the off-diagonal elements of a row of T^(2)", "-T(2) <= D(2) < (M - 1) T(2)")
_DIAGONAL_2 = Quantity(T2, "diagonal element of T^(2), u_2 of the spectrum on average", "T(2) > 0")
_TIME = Quantity(alpha, "time, examples seen per input dimension", "alpha >= alpha_0")
_START = Quantity(alpha_0, "an arbitrary time on the plateau", "alpha_0 >= 0")
_NEXT = (
    Quantity(l, "order", "l = 0, ..., L - 1"),
    Quantity(T_next, "diagonal element of T^(l+1)", "T(l+1) > 0"),
    Quantity(D_next, "sum of the off-diagonal elements of a row of T^(l+1)", "D(l+1) < (M - 1) T(l+1)"),
)
_TAU = Quantity(tau_esc, "escape time: eps_g* - eps_g grows like exp(alpha/tau_esc)", "tau_esc > 0")
_DEVIATIONS = (
    Quantity(
        r_l(alpha), "deviation of R_ii^(l) from the plateau; that of R_in^(l), i != n, is -1/(M-1) of it", "small"
    ),
    Quantity(r_1(alpha), "the same deviation at order 1", "small"),
)
_LINEAR = (*ASSUMPTIONS, "first order in the deviations from the plateau, sum_n r_in = sum_i r_in = 0")
ESCAPING = (*_LINEAR, "u_1 = 1; 1 + D > 0, 2M - 1 - D > 0 and T(2) > D(2)/(M-1), so that gamma > 0")


def _contrast(diagonal: Any, row: Any) -> Any:
    return diagonal - row / (M - 1)


def _drift() -> Any:
    return 2 * eta * (1 + D) / (pi * sqrt(2 * M - 1 - D) * (2 * M + 1 + D) ** Rational(3, 2))


def _escape_time() -> Eq:
    roots = sqrt(2 * M - 1 - D) * (2 * M + 1 + D) ** Rational(3, 2)
    return Eq(tau_esc, pi * roots / (4 * eta * (1 + D) * _contrast(T2, D2)))


def _rate() -> Eq:
    return Eq(gamma, _drift() * _contrast(T2, D2))


def _checked(build: Any) -> Any:
    walk = from_statement(build)

    def compute(given: Arguments) -> list[arb]:
        require_escape(given["M"], given["spectrum"].moment(2), given["D"], given["D2"])
        return walk(given)

    return compute


def _from_order_parameters(function: Any) -> Any:
    return lambda given: [function(given["M"], given["eta"], given["spectrum"].moment(2), given["D"], given["D2"])]


def _plateau_length(given: Arguments) -> list[arb]:
    (tau,) = _from_order_parameters(escape_time)(given)
    return [plateau_length(tau, *(given[name] for name in ("N", "sigma_J", "Delta_P", "b")))]


def _evaluation(build: Any, function: Any) -> Evaluation:
    return Evaluation(
        routes=(
            Route("closed form", _checked(build)),
            Route("order parameters", _from_order_parameters(function)),
        ),
        parameters=PARAMETERS,
        normalised=True,
    )


_TIME_EVALUATION = _evaluation(_escape_time, escape_time)
_TIME_QUANTITIES = (_TAU, _UNITS, _RATE, _ROW, _DIAGONAL_2, _ROW_2)
_TIME_REMARK = (
    "For many eigenvalues T^(2) = u_2 ~ L zeta(2+2 beta)/zeta(1+beta)^2, for many units the roots ~ 4 M^2, so that "
    "tau_esc ~ pi M^2/(eta u_2) ~ M^2/L: Eqs. escape-time-many-eigenvalues and escape-time-many-units bound the errors."
)
_POSITIVE = Fraction(0)
_LENGTH_EVALUATION = Evaluation(
    routes=(Route("closed form", _plateau_length),),
    parameters=(
        *PARAMETERS,
        Parameter("N", "input dimension", "integer", at_least=Fraction(1)),
        Parameter("Delta_P", "deviation of R at the escape", above=_POSITIVE),
        Parameter("b", "fluctuation of R on the plateau relative to that at the start", above=_POSITIVE),
        Parameter("sigma_J", "standard deviation of the initial student weights", default="1/100", above=_POSITIVE),
    ),
    normalised=True,
)
_LENGTH = (
    Quantity(alpha_P, "time of the escape", "alpha_P > alpha_0"),
    Quantity(alpha_0, "an arbitrary time on the plateau", "alpha_0 >= 0"),
    _TAU,
    Quantity(Delta_P, "deviation of R from the plateau at the escape", "Delta_P > Delta_0"),
)
_SPREAD = (
    Quantity(b, "fluctuation of R on the plateau relative to that at the start", "b > 0, of order 1"),
    Quantity(sigma_J, "standard deviation of the initial student weights", "sigma_J > 0"),
    Quantity(N, "input dimension", "integer, N >= 1"),
)
_HEURISTIC = (
    *ESCAPING,
    "the linear growth of Eq. 114 holds up to the escape",
    "the deviation at alpha_0 is b sigma_J/sqrt(N), with b estimated from an ensemble of solutions",
)
_LENGTH_REMARK = (
    "Our reading of the lost formula: the deviation r of Eq. 114 grows from b sigma_J/sqrt(N) to Delta_P at half the "
    "rate of eps_g, hence the factor 2. What is proved is this growth; that the escape is where r = Delta_P is a "
    "convention, after Biehl et al. (1996)."
)

EQUATIONS = (
    Equation(
        id="12",
        name="plateau-length",
        title="Length of the plateau",
        section="5.1",
        build=lambda: Eq(alpha_P - alpha_0, tau_esc * (log(N) + 2 * log(Delta_P / (b * sigma_J))), evaluate=False),
        quantities=(*_LENGTH, *_SPREAD),
        assumptions=_HEURISTIC,
        evidence=PROVED,
        derivation="escape_time",
        depends_on=("15", "114"),
        evaluation=_LENGTH_EVALUATION,
        remark=_LENGTH_REMARK,
    ),
    Equation(
        id="117",
        name="plateau-length-growth",
        title="Length of the plateau from the deviation it starts with (Eq. 12)",
        section="C.4",
        build=lambda: Eq(alpha_P - alpha_0, 2 * tau_esc * log(Delta_P / Delta_0), evaluate=False),
        quantities=(*_LENGTH, Quantity(Delta_0, "deviation of R at alpha_0, b sigma_J/sqrt(N)", "Delta_0 > 0")),
        assumptions=_HEURISTIC,
        evidence=PROVED,
        derivation="escape_time",
        depends_on=("15", "114"),
        evaluation=_LENGTH_EVALUATION,
        remark=_LENGTH_REMARK,
    ),
    Equation(
        id="14",
        name="escape-dynamics",
        title="Linear dynamics of the deviation from the plateau",
        section="5.1.2",
        build=lambda: Eq(Derivative(r_l(alpha), alpha), _drift() * _contrast(T_next, D_next) * r_1(alpha)),
        quantities=(*_DEVIATIONS, *_NEXT, _TIME, _UNITS, _RATE, _ROW),
        assumptions=_LINEAR,
        evidence=PROVED,
        derivation="escape_time",
        depends_on=("92", "93", "97", "112"),
        remark="The paper writes the matrix of this rank-one system; here one row of it, with R* and Q* inserted.",
    ),
    Equation(
        id="112",
        name="escape-matrix",
        title="The rank-one system behind the escape, in terms of R* and Q*",
        section="C.3",
        build=lambda: Eq(
            Derivative(r_l(alpha), alpha),
            2
            * eta
            / (pi * M)
            * R_star
            / (2 * (1 + Q_star) - R_star**2) ** Rational(3, 2)
            * _contrast(T_next, D_next)
            * r_1(alpha),
        ),
        quantities=(
            *_DEVIATIONS,
            *_NEXT,
            Quantity(R_star, "student-teacher order parameter on the plateau (Eq. 97)", "R* > 0"),
            Quantity(Q_star, "student-student order parameter on the plateau (Eq. 97)", "Q* > 0"),
            _TIME,
            _UNITS,
            _RATE,
        ),
        assumptions=_LINEAR,
        evidence=PROVED,
        derivation="escape_time",
        depends_on=("92", "93", "97"),
        remark="The terms in r^(l+1) cancel, so no closure is needed.",
    ),
    Equation(
        id="113",
        name="escape-rate",
        title="The one positive eigenvalue at the plateau",
        section="C.3",
        build=_rate,
        quantities=(
            Quantity(gamma, "growth rate of the deviation r", "gamma > 0"),
            _UNITS,
            _RATE,
            _ROW,
            _DIAGONAL_2,
            _ROW_2,
        ),
        assumptions=ESCAPING,
        evidence=PROVED,
        derivation="escape_time",
        depends_on=("112", "97"),
        evaluation=_evaluation(_rate, escape_rate),
        remark="The other L - 1 eigenvalues of the rank-one system vanish.",
    ),
    Equation(
        id="114",
        name="escape-growth",
        title="Growth of the deviation from the plateau",
        section="C.3",
        build=lambda: Eq(r_1(alpha), r_1(alpha_0) * exp(gamma * (alpha - alpha_0))),
        quantities=(
            _DEVIATIONS[1],
            Quantity(gamma, "growth rate (Eq. 113)", "gamma > 0"),
            _TIME,
            _START,
        ),
        assumptions=ESCAPING,
        evidence=PROVED,
        derivation="escape_time",
        depends_on=("112", "113"),
    ),
    Equation(
        id="115",
        name="escape-error",
        title="How the generalisation error leaves the plateau",
        section="C.3",
        build=lambda: Eq(
            eps_star - eps_g,
            M**2
            * (1 + D)
            / (pi * (M - 1) * sqrt(2 * M - 1 - D) * (2 * M + 1 + D) ** Rational(3, 2))
            * r_1(alpha_0) ** 2
            * exp((alpha - alpha_0) / tau_esc),
            evaluate=False,
        ),
        quantities=(
            Quantity(eps_star, "generalisation error on the plateau (Eq. 99)", "eps_g* > 0"),
            Quantity(eps_g, "generalisation error at time alpha", "eps_g > 0"),
            Quantity(r_1(alpha_0), "deviation of order 1 at the time alpha_0", "small"),
            _TAU,
            _TIME,
            _START,
            _UNITS,
            _ROW,
        ),
        assumptions=(*ESCAPING, "second order in the deviation, the first that does not vanish"),
        evidence=PROVED,
        derivation="escape_time",
        depends_on=("94", "97", "114"),
        remark="The prefactor in terms of r^(1) at alpha_0 is our reading; the exponential is the paper's result.",
    ),
    Equation(
        id="15",
        name="escape-time",
        title="Escape time from the plateau",
        section="5.1.2",
        build=_escape_time,
        quantities=_TIME_QUANTITIES,
        assumptions=ESCAPING,
        evidence=PROVED,
        derivation="escape_time",
        depends_on=("113", "115"),
        evaluation=_TIME_EVALUATION,
        remark=_TIME_REMARK,
    ),
    Equation(
        id="116",
        name="escape-time-derived",
        title="Escape time from the plateau (Eq. 15), where it is derived",
        section="C.3",
        build=_escape_time,
        quantities=_TIME_QUANTITIES,
        assumptions=ESCAPING,
        evidence=PROVED,
        derivation="escape_time",
        depends_on=("113", "115"),
        evaluation=_TIME_EVALUATION,
        remark=_TIME_REMARK,
    ),
)
