"""The escape: the growth rate against the Jacobian of the full equations, the error against the full error."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

import symsl
from symsl.erf.equations_of_motion import velocity_of_modes
from symsl.erf.escape import escape_rate, escape_time, plateau_length
from symsl.erf.gaussian_averages import two_point_average
from symsl.erf.state import OrderParameters
from symsl.errors import ParameterError, UsageError
from symsl.symbols import r_1

LAMBDA = np.array([1.6, 0.4])


def full_jacobian(M: int, rows: tuple[float, float]) -> np.ndarray:
    """d velocity / d (Q_k, R_k), k = 1, 2, at the plateau by central differences; no symmetry assumed."""
    D = float(LAMBDA @ np.array(rows)) / 2
    c = 1 / math.sqrt(M * (2 * M - 1 - D))
    T = [np.eye(M) + (np.ones((M, M)) - np.eye(M)) * row / (M - 1) for row in rows]
    plateau = np.array([[M * c**2 * (1 + row) * np.ones((M, M)), c * (1 + row) * np.ones((M, M))] for row in rows])

    def velocity(x: np.ndarray) -> np.ndarray:
        Q, R = x.reshape(plateau.shape).swapaxes(0, 1)
        modes = [OrderParameters((Q[k] + Q[k].T) / 2, R[k], T[k]) for k in range(2)]
        return np.array([[v.Q, v.R] for v in velocity_of_modes(modes, LAMBDA, 1.0)], dtype=float).ravel()

    step, x = 1e-5, plateau.ravel()
    columns = [(velocity(x + step * e) - velocity(x - step * e)) / (2 * step) for e in np.eye(len(x))]
    return np.array(columns).T


@pytest.mark.parametrize(("M", "rows"), [(2, (0.0, 0.0)), (2, (0.3, -0.2)), (3, (0.2, -0.3))])
def test_the_rate_is_the_one_positive_eigenvalue_of_the_full_equations(M: int, rows: tuple[float, float]) -> None:
    values = np.sort(np.linalg.eigvals(full_jacobian(M, rows)).real)[::-1]
    D = Fraction(str(round(float(LAMBDA @ np.array(rows)) / 2, 12)))
    D2 = Fraction(str(round(float(LAMBDA**2 @ np.array(rows)) / 2, 12)))
    with ctx.workprec(80):
        gamma = float(escape_rate(M, Fraction(1), arb(float(np.mean(LAMBDA**2))), D, D2))
    growing = (M - 1) ** 2  # choices of a direction with vanishing row and column sums
    assert np.allclose(values[:growing], gamma, rtol=1e-6)
    assert values[growing] < 1e-6


@pytest.mark.parametrize(
    ("M", "L", "beta", "expected"),
    [  # from integrations of the full equations, continued with 60-digit linear algebra
        (2, 1, 1, "15.2091700349010446"),
        (2, 8, 1, "4.1000865079153852076"),
        (3, 8, "1/2", "12.627678026655507149"),
    ],
)
@pytest.mark.parametrize("route", ["closed form", "order parameters"])
@pytest.mark.parametrize("number", [15, 116])
def test_check_values(number: int, M: int, L: int, beta: object, expected: str, route: str) -> None:
    digits = len(expected) - 1
    assert str(symsl.equation(number).evaluate(M=M, L=L, beta=beta, eta=1, digits=digits, route=route)) == expected


@settings(deadline=None, max_examples=50)
@given(
    st.integers(2, 12),
    st.integers(1, 40),
    st.fractions(Fraction(1, 10), 3, max_denominator=20),
    st.fractions(Fraction(1, 100), 3, max_denominator=100),
    st.fractions(Fraction(-9, 10), Fraction(9, 10), max_denominator=50),
    st.integers(5, 60),
)
def test_routes_overlap_and_the_time_is_half_the_inverse_rate(
    M: int, L: int, beta: Fraction, eta: Fraction, D: Fraction, digits: int
) -> None:
    arguments = {"M": M, "L": L, "beta": beta, "eta": eta, "D": D, "D2": D / 2, "digits": digits}
    first, second = (
        symsl.equation(15).evaluate(route=name, **arguments) for name in ("closed form", "order parameters")
    )
    rate = symsl.equation(113).evaluate(**arguments)
    assert first.overlaps(second)
    assert first.reached >= digits
    assert first.ball.overlaps(1 / (2 * rate.ball))
    finer = symsl.equation(15).evaluate(**(arguments | {"digits": digits + 20}))
    assert first.ball.overlaps(finer.ball)


def test_large_L_and_M() -> None:
    """tau_esc ~ pi M^2/(eta u_2), u_2 ~ L zeta(2+2 beta)/zeta(1+beta)^2."""
    L, M = 10**7, 1000
    with ctx.workprec(60):
        u_2 = L * arb(3).zeta() / arb("1.5").zeta() ** 2
        expected = float(arb.pi() * M**2 / u_2)
    value = float(symsl.equation(15).evaluate(M=M, L=L, beta="1/2", eta=1))
    assert math.isclose(value, expected, rel_tol=2e-3)


@pytest.mark.parametrize("M", [2, 3, 5])
def test_prefactor_of_the_error_on_concrete_vectors(M: int) -> None:
    """Eq. 115 for one eigenvalue: J_i = J* + s (B_i - mean B) with orthogonal B, eps_g from all arcsines."""
    entry = symsl.equation(115).statement.rhs
    with ctx.workprec(400):
        s = arb(10) ** -20
        c = 1 / arb(M * (2 * M - 1)).sqrt()
        J = [[c + s * ((1 if i == n else 0) - arb(1) / M) for n in range(M)] for i in range(M)]

        def dot(a: list[arb], b: list[arb]) -> arb:
            return sum((x * y for x, y in zip(a, b, strict=True)), arb(0))

        B = [[arb(1 if i == n else 0) for n in range(M)] for i in range(M)]
        plateau = [[c] * M] * M

        def error(students: list[list[arb]]) -> arb:
            total = arb(0)
            for sign, first, second in ((1, students, students), (1, B, B), (-2, students, B)):
                for a in first:
                    for b in second:
                        total = total + sign * two_point_average(dot(a, a), dot(a, b), dot(b, b))
            return total / (2 * M)

        r = s * (1 - arb(1) / M)
        measured = (error(plateau) - error(J)) / r**2
    symbols = {symbol.name: symbol for symbol in entry.free_symbols}
    stated = entry.subs({symbols["M"]: M, symbols["D"]: 0, symbols["alpha"]: symbols["alpha_0"]})
    prefactor = stated.subs(dict.fromkeys(stated.atoms(r_1), 1))
    assert math.isclose(float(measured), float(prefactor), rel_tol=1e-15)


def test_plateau_length() -> None:
    tau = symsl.equation(15).evaluate(M=2, L=8, beta=1, eta="1/10")
    arguments = {"M": 2, "L": 8, "beta": 1, "eta": "1/10", "N": 8000, "Delta_P": "1/5", "b": 3}
    value = symsl.equation(12).evaluate(**arguments)
    assert math.isclose(float(value), 2 * float(tau) * math.log(0.2 / (3 * 0.01 / math.sqrt(8000))), rel_tol=1e-14)
    assert value.overlaps(symsl.equation(117).evaluate(**arguments))
    with pytest.raises(ParameterError, match="Delta_P"):
        plateau_length(arb(1), 100, Fraction(1), Fraction(1, 10), Fraction(1))


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"M": 1}, "M >= 2"),
        ({"eta": 0}, "eta > 0"),
        ({"D": 1}, "D = 1"),
        ({"D": -1}, "D = -1"),
        ({"D2": 4}, "D2 = 4"),
        ({"D2": -4}, "D2 = -4"),
        ({"L": 0}, "L >= 1"),
        ({"beta": 0}, "beta > 0"),
    ],
)
def test_no_escape_is_an_error_that_names_the_condition(change: dict[str, object], match: str) -> None:
    arguments: dict[str, object] = {"M": 2, "L": 8, "beta": 1, "eta": 1}
    for route in ("closed form", "order parameters"):
        with pytest.raises(ParameterError, match=match):
            symsl.equation(15).evaluate(route=route, **(arguments | change))


def test_direct_calls_refuse_too() -> None:
    with pytest.raises(ParameterError, match="M >= 2"):
        escape_time(1, Fraction(1), arb(1))
    with pytest.raises(UsageError, match="did you mean eta"):
        symsl.equation(15).evaluate(M=2, L=8, beta=1, etta=1)
