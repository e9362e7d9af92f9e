"""The certified laws of second order: both routes, the full equations solved in balls, states, what is refused."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from flint import ctx
from hypothesis import given, settings
from hypothesis import strategies as st

import symsl
from symsl.erf.late_phase import Deviations, error_from_modes, from_state
from symsl.erf.late_phase_complete import (
    complete_error,
    complete_error_by_exponential,
    noise_forms,
    second_order_error,
    second_order_error_by_exponential,
)
from symsl.erf.late_phase_exact import exact_error
from symsl.erf.late_phase_second_order import noise
from symsl.erf.state import State
from symsl.erf.taylor import solve_certified
from symsl.errors import ParameterError
from symsl.spectrum import Spectrum

SMALL = Fraction(1, 10**9)


def near_the_solution(spectrum: Spectrum, M: int, size: Fraction) -> State:
    """R_k = (1 - a_k) delta + b off it, Q_k with an orthogonal part of size^2: all of it of the order `size`."""
    q, r = [], []
    for k in range(1, spectrum.L + 1):
        diagonal, off = 1 - size * k, size / 3
        r.append([[diagonal if i == n else off for n in range(M)] for i in range(M)])
        student = [[sum(r[-1][i][n] * r[-1][j][n] for n in range(M)) for j in range(M)] for i in range(M)]
        q.append(
            [[x + (3 * size**2 if i == j else size**2 / 2) for j, x in enumerate(row)] for i, row in enumerate(student)]
        )
    unit = [[int(i == n) for n in range(M)] for i in range(M)]
    return State.from_modes(spectrum, q, r, unit)


@pytest.mark.parametrize(
    ("M", "L", "order"), [(2, 2, 1), (2, 2, 2), pytest.param(3, 1, 2, marks=pytest.mark.slow), (1, 2, 2)]
)
def test_the_full_equations_solved_in_balls_differ_by_the_size_of_the_deviation(M: int, L: int, order: int) -> None:
    """Relative differences of the order of 1e-9 at |J - B| ~ 1e-9: every coefficient of second order is right."""
    spectrum, eta, times = Spectrum.power_law(L, 1), Fraction(3, 2), [Fraction(0), Fraction(1), Fraction(8)]
    state = near_the_solution(spectrum, M, SMALL)
    full = solve_certified(state, eta, times, digits=14, order=order)
    law = complete_error if order == 2 else second_order_error
    with ctx.workprec(250):
        for found, solved in zip(law(from_state(state), eta, times), full.eps_g, strict=True):
            assert found.rel_accuracy_bits() > 150
            difference = abs(found / solved.ball - 1)
            assert difference < 100 * float(SMALL)
        first = error_from_modes(from_state(state), eta, times)[-1]
        assert abs(first / full.eps_g[-1].ball - 1) > 0.05  # Eq. 17 misses terms as large as those it keeps


@settings(deadline=None, max_examples=10)
@given(
    st.integers(1, 4),
    st.integers(1, 2),
    st.fractions(Fraction(1, 10), 4, max_denominator=20),
    st.lists(st.fractions(Fraction(-1, 10), Fraction(1, 10), max_denominator=50), min_size=4, max_size=4),
)
def test_routes_overlap(M: int, L: int, eta: Fraction, values: list[Fraction]) -> None:
    w_d, w_o, r, s = ((value,) for value in values)
    start = Deviations(Spectrum.power_law(L, "1/2"), M, w_d, w_o, r=r, s=s)
    times = [Fraction(0), Fraction(3), Fraction(40)]
    with ctx.workprec(300):
        for closed, exponential in (
            (second_order_error, second_order_error_by_exponential),
            (complete_error, complete_error_by_exponential),
        ):
            for a, b in zip(closed(start, eta, times), exponential(start, eta, times), strict=True):
                assert a.is_finite()
                assert b.is_finite()
                assert a.overlaps(b)
                assert a.rad() < 1e-30
                assert b.rad() < 1e-30


@pytest.mark.parametrize("M", [1, 2, 3])
def test_without_overlap_they_are_the_linear_laws(M: int) -> None:
    start = Deviations(Spectrum.power_law(6, 1), M, (Fraction(1, 50),), (Fraction(-1, 300),))
    times = [Fraction(t) for t in (0, 1, 30)]
    with ctx.workprec(200):
        for law, linear in ((second_order_error, error_from_modes), (complete_error, exact_error)):
            for a, b in zip(law(start, Fraction(2), times), linear(start, Fraction(2), times), strict=True):
                assert a.overlaps(b)
                assert a.rel_accuracy_bits() > 100


@pytest.mark.parametrize(("M", "j"), [*product((2, 3, 5), (0, 1)), (1, 0)])
def test_quadratic_forms_of_the_noise_are_the_sums_over_units(M: int, j: int) -> None:
    for r, s in ((1.0, 0.0), (0.0, 1.0), (2.0, -3.0)):
        rr, rs, ss = (float(value.mid()) for value in noise_forms(M)[j])
        assert rr * r * r + rs * r * s + ss * s * s == pytest.approx(-noise([r, s, 0.0, 0.0], M, 0, j), rel=1e-13)


def test_a_state_gives_its_means_and_its_convention() -> None:
    spectrum = Spectrum.power_law(2, 1)
    state = near_the_solution(spectrum, 2, Fraction(1, 100))
    start = from_state(state)
    assert start.r == (Fraction(-1, 100), Fraction(-1, 50))
    assert start.s == (Fraction(1, 300),) * 2
    grams = [state.mode(k) for k in (1, 2)]
    Q, R, T = ([getattr(gram, name).tolist() for gram in grams] for name in "QRT")
    rational = [
        [[[Fraction(int(x.p), int(x.q)) for x in row] for row in X] for X in matrices] for matrices in (Q, R, T)
    ]
    plain = from_state(State.from_modes(spectrum, *rational, output="plain sum"))
    with ctx.workprec(100):
        (paper,), (other,) = (
            complete_error(one, rate, [Fraction(5)]) for one, rate in ((start, Fraction(1)), (plain, Fraction(1, 2)))
        )
        assert other.overlaps(2 * paper)


def test_certified_digits_and_a_file(tmp_path) -> None:
    state = near_the_solution(Spectrum.power_law(3, 1), 2, Fraction(1, 100))
    state.save(tmp_path / "state.json")
    for name in ("late-phase-second-order", "late-phase-complete"):
        values = symsl.equation(name).evaluate(state=str(tmp_path / "state.json"), eta=1, alpha=[0, 10], digits=60)
        assert all(value.reached >= 60 for value in values)
        with ctx.workprec(80):
            expected = symsl.erf.generalisation_error(state.order_parameters(1))
            assert abs(values[0].ball / expected - 1) < 0.05


def test_too_many_modes_are_refused() -> None:
    given = {"M": 2, "beta": 1, "eta": 1, "alpha": 1, "w_d": 1, "w_o": 0, "r": 0}
    with pytest.raises(ParameterError, match="L <= 64"):
        symsl.equation("late-phase-complete").evaluate(L=65, **given)
    with pytest.raises(ParameterError, match="L <= 5"):
        symsl.equation("late-phase-second-order").evaluate(L=6, route="matrix exponential", **given)
    with pytest.raises(ParameterError, match="M >= 1"), ctx.workprec(80):
        complete_error(Deviations(Spectrum.power_law(1, 1), 0, (SMALL,), (SMALL,)), Fraction(1), [Fraction(1)])
