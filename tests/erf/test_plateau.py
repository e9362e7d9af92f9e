"""The plateau: the full equations stand still there, and eps_g has the stated value."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import ctx
from hypothesis import given
from hypothesis import strategies as st

import symsl
from symsl.erf.equations_of_motion import velocity_of_modes
from symsl.erf.generalisation_error import generalisation_error
from symsl.erf.plateau import Q_star, R_star, plateau_height
from symsl.erf.state import OrderParameters
from symsl.errors import ParameterError

LAMBDA = np.array([1.6, 0.4])


def teacher(M: int, rows: tuple[float, float]) -> list[np.ndarray]:
    """T_k with unit diagonal and row sums 1 + rows[k] for the two modes of `LAMBDA`."""
    return [np.eye(M) + (np.ones((M, M)) - np.eye(M)) * row / (M - 1) for row in rows]


def plateau_modes(M: int, rows: tuple[float, float]) -> list[OrderParameters]:
    """Q_k, R_k, T_k on the plateau: R_k = c S_k, Q_k = M c^2 S_k (Eq. 98 is linear in the order's row sum)."""
    D = float(LAMBDA @ np.array(rows)) / 2
    c = 1 / math.sqrt(M * (2 * M - 1 - D))
    ones = np.ones((M, M))
    return [
        OrderParameters(M * c**2 * (1 + row) * ones, c * (1 + row) * ones, T)
        for row, T in zip(rows, teacher(M, rows), strict=True)
    ]


@pytest.mark.parametrize(("M", "rows"), [(2, (0.0, 0.0)), (3, (0.2, -0.3)), (4, (-0.15, 0.4))])
def test_the_full_equations_stand_still_on_the_plateau(M: int, rows: tuple[float, float]) -> None:
    modes = plateau_modes(M, rows)
    for velocity in velocity_of_modes(modes, LAMBDA, 1.0):
        assert np.max(np.abs(np.array(velocity.R, dtype=float))) < 1e-14
        assert np.max(np.abs(np.array(velocity.Q, dtype=float))) < 1e-14
    moved = [OrderParameters(mode.Q * 1.01, mode.R, mode.T) for mode in modes]
    assert np.max(np.abs(np.array(velocity_of_modes(moved, LAMBDA, 1.0)[0].R, dtype=float))) > 1e-5


@pytest.mark.parametrize(("M", "rows"), [(2, (0.0, 0.0)), (3, (0.2, -0.3)), (4, (-0.15, 0.4))])
def test_values_and_height_agree_with_the_full_error(M: int, rows: tuple[float, float]) -> None:
    modes = plateau_modes(M, rows)
    first = OrderParameters(*(sum(LAMBDA[k] * modes[k][part] for k in range(2)) / 2 for part in range(3)))
    D = Fraction(str(round(1.6 * rows[0] / 2 + 0.4 * rows[1] / 2, 10)))
    with ctx.workprec(80):
        assert math.isclose(float(R_star(M, D)), first.R[0, 0], rel_tol=1e-14)
        assert math.isclose(float(Q_star(M, D)), first.Q[0, 0], rel_tol=1e-14)
        assert math.isclose(float(plateau_height(M, D)), generalisation_error(first), rel_tol=1e-12)


def test_isotropic_plateau_of_saad_and_solla() -> None:
    """Saad and Solla 1995, K = M, T = identity: R* = 1/sqrt(M(2M-1)), Q* = 1/(2M-1)."""
    values = symsl.equation(13).values(M=3, digits=25)
    with mpmath.workdps(40):
        assert str(values["R"]) == mpmath.nstr(1 / mpmath.sqrt(15), 25)
    assert str(values["Q"]) == "0.2000000000000000000000000"
    assert math.isclose(float(symsl.equation(99).evaluate(M=3)), 1 / 6 - 3 / math.pi * math.asin(1 / 6), rel_tol=1e-14)


def test_97_is_13() -> None:
    assert symsl.equation(97).statement == symsl.equation(13).statement


@given(st.integers(2, 30), st.fractions(-1, 1, max_denominator=100))
def test_order_parameters_obey_the_cauchy_schwarz_inequality(M: int, share: Fraction) -> None:
    D = share * Fraction(99, 100) * (M - 1 if share > 0 else 1)
    with ctx.workprec(100):
        R, Q = R_star(M, D), Q_star(M, D)
        assert R * R < Q
        assert plateau_height(M, D) > 0


@pytest.mark.parametrize(("M", "D"), [(1, 0), (0, 0), (2, -1), (3, "-3/2"), (2, "1.01"), (3, 5)])
@pytest.mark.parametrize("equation", [13, 97, 99])
def test_impossible_teachers_are_refused(equation: int, M: int, D: object) -> None:
    with pytest.raises(ParameterError, match=r"M >= 2|-1 < D <= M - 1"):
        symsl.equation(equation).evaluate(M=M, D=D)
