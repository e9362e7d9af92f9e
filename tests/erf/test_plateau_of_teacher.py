"""The plateau of any teacher: the literal equations stand still there, symmetric teachers give Eqs. 13, 99, 113."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, arb_mat, ctx

import symsl
from symsl.erf.comparison import measured_height, measured_rate
from symsl.erf.equations_of_motion import velocity_of_modes
from symsl.erf.plateau_approximation import approximate_plateau
from symsl.erf.plateau_of_teacher import (
    escape_rates,
    fixed_point,
    plateau_of_teacher,
    stability,
)
from symsl.erf.solve import solve
from symsl.erf.state import OrderParameters, State
from symsl.errors import ParameterError, PrecisionError
from symsl.precision import ball
from symsl.spectrum import Spectrum

CASES = [(2, 2, 4, 64, 1), (3, 2, 4, 64, 2), (2, 3, 3, 60, 3), (1, 3, 2, 40, 4), (3, 3, 1, 30, 5)]


def state_of(K: int, M: int, L: int, N: int, seed: int) -> State:
    return State.random(Spectrum.power_law(L, "1/2"), K=K, M=M, N=N, seed=seed)


@pytest.mark.parametrize("case", CASES)
def test_the_literal_equations_of_all_modes_stand_still(case: tuple[int, ...]) -> None:
    state = state_of(*case)
    plateau = plateau_of_teacher(state, digits=40)
    K = state.K
    with ctx.workprec(plateau.Q.bits):
        s = [weight.ball for weight in plateau.weights]
        modes = []
        for k in range(1, state.L + 1):
            T = arb_mat(state.mode(k).T)
            R = [sum((s[n] * T[m, n] for n in range(state.M)), arb(0)) for m in range(state.M)]
            Q = sum((x * y for x, y in zip(s, R, strict=True)), arb(0))
            modes.append(OrderParameters(arb_mat([[Q] * K] * K), arb_mat([R] * K), T))
        velocity = velocity_of_modes(modes, state.spectrum.eigenvalues(), ball(Fraction(1)))
        for change in velocity:
            for entry in [*change.Q.ravel(), *change.R.ravel()]:
                assert entry.contains(0)
                assert entry.rad() < 1e-35


@pytest.mark.parametrize("M", [2, 3, 5])
def test_orthogonal_teachers_have_the_plateau_of_the_paper(M: int) -> None:
    state = State.average(Spectrum.power_law(8, 1), K=M, M=M)
    plateau = plateau_of_teacher(state, digits=30)
    stated = symsl.equation(13).values(M=M, digits=30)
    assert all(R.overlaps(stated["R"]) for R in plateau.R)
    assert plateau.Q.overlaps(stated["Q"])
    assert plateau.height.overlaps(symsl.equation(99).evaluate(M=M, digits=30))
    rates = escape_rates(state, "1/10", digits=20)
    assert len(rates) == M - 1
    assert all(rate.overlaps(symsl.equation(113).evaluate(M=M, L=8, beta=1, eta="1/10", digits=25)) for rate in rates)
    R, Q = approximate_plateau(state)
    assert np.allclose(R, [float(value) for value in plateau.R], rtol=1e-14, atol=0)
    assert abs(Q / float(plateau.Q) - 1) < 1e-14


def test_equal_row_sums() -> None:
    """Overlaps 1/5 and 1/2 in the two modes: Eqs. 13, 98, 99, 113 with correlated teachers."""
    spectrum = Spectrum.from_eigenvalues(["3/2", "1/2"])
    d = Fraction(1, 5), Fraction(1, 2)
    D = (Fraction(3, 2) * d[0] + Fraction(1, 2) * d[1]) / 2
    D2 = (Fraction(9, 4) * d[0] + Fraction(1, 4) * d[1]) / 2
    T = [[[1, d[k]], [d[k], 1]] for k in range(2)]
    state = State.from_modes(spectrum, [[1, 0], [0, 1]], [[0, 0], [0, 0]], T)
    plateau = plateau_of_teacher(state, digits=25)
    assert plateau.R[0].overlaps(symsl.equation(13).values(M=2, D=D, digits=25)["R"])
    assert plateau.height.overlaps(symsl.equation(99).evaluate(M=2, D=D, digits=25))
    rate = escape_rates(state, 1, digits=25)[0]
    assert rate.overlaps(symsl.equation(113).evaluate(M=2, eta=1, spectrum=spectrum, D=D, D2=D2, digits=25))
    with ctx.workprec(100):
        second = plateau.order_parameters(2)
        factor = plateau.R[0].ball / (1 + ball(D))
        assert second.R[0, 0].overlaps(factor * (state.spectrum.moment(2) + ball(D2)))


@pytest.mark.parametrize("case", [case for case in CASES if case[0] > 1])
def test_rates_are_the_growing_directions_of_the_full_equations(case: tuple[int, ...]) -> None:
    state = state_of(*case)
    K, M = state.K, state.M
    rates = [float(rate) for rate in escape_rates(state, "1/10")]
    found = stability(plateau_of_teacher(state), "1/10")
    growing = (K - 1) * (M - 1)
    assert found[:growing] == pytest.approx(np.repeat(rates, K - 1), rel=1e-7)
    assert found[growing] < 1e-9


def test_a_solution_passes_the_height() -> None:
    state = state_of(2, 2, 1, 4000, 1)
    curve = solve(state, "1/10", np.linspace(100, 600, 11))
    plateau = plateau_of_teacher(state)
    slowest = int(np.argmin(np.abs(np.diff(np.log(curve.eps_g)))))
    assert curve.eps_g[slowest] == pytest.approx(float(plateau.height), rel=2e-2)
    R, Q = approximate_plateau(state)
    assert np.allclose(R, [float(value) for value in plateau.R], rtol=1e-2, atol=0)
    assert abs(Q / float(plateau.Q) - 1) < 1e-2


@pytest.mark.parametrize(("K", "M", "close"), [(3, 2, 1e-6), (2, 3, 2e-2)])
def test_a_solution_with_other_numbers_of_units_passes_and_leaves_it(K: int, M: int, close: float) -> None:
    """For M = 3 two directions grow, at rates so close that the second still shows."""
    state = State.random(Spectrum.power_law(2, 1), K=K, M=M, N=256, seed=1, sigma_J="1/1000000")
    rates = [float(rate) for rate in escape_rates(state, "1/10", digits=12)]
    curve = solve(state, "1/10", np.linspace(0, 60 / rates[0], 1201), rtol=1e-9)
    assert measured_height(curve) == pytest.approx(float(plateau_of_teacher(state).height), rel=1e-7)
    assert measured_rate(curve) == pytest.approx(rates[0], rel=close)


def test_conventions() -> None:
    paper = state_of(2, 2, 2, 20, 1)
    plain = State.from_weights(paper.spectrum, *paper.weights(), output="plain sum")
    assert float(plateau_of_teacher(plain).height) == pytest.approx(2 * float(plateau_of_teacher(paper).height))
    assert float(escape_rates(plain, "1/20")[0]) == pytest.approx(float(escape_rates(paper, "1/10")[0]))


def test_what_has_no_plateau_is_refused() -> None:
    spectrum = Spectrum.power_law(1, 1)
    cancelling = State.from_modes(spectrum, [[1, 0], [0, 1]], [[0, 0], [0, 0]], [[1, -1], [-1, 1]])
    with pytest.raises((ParameterError, PrecisionError)):
        plateau_of_teacher(cancelling)
    with pytest.raises(ParameterError, match=r"Eq\. 95"):
        approximate_plateau(cancelling)
    single = State.average(spectrum, K=1, M=2)
    with pytest.raises(ParameterError, match="K >= 2"):
        escape_rates(single, 1)
    with pytest.raises(ParameterError, match="eta > 0"):
        escape_rates(State.average(spectrum, K=2, M=2), 0)
    large = State.average(Spectrum.power_law(1000, 1), K=2, M=2)
    with pytest.raises(ParameterError, match="unknowns"):
        stability(plateau_of_teacher(large, digits=5), 1)


def test_fixed_point_of_a_wide_ball_asks_for_precision() -> None:
    from symsl.errors import InsufficientPrecisionError

    with pytest.raises(InsufficientPrecisionError):
        fixed_point(arb_mat([[arb(1, 0.5), arb(0, 0.5)], [arb(0, 0.5), arb(1, 0.5)]]))
