"""The late phase: both routes, concrete networks, and the full equations close to the solution."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

import symsl
from symsl import Spectrum
from symsl.erf.equations_of_motion import velocity_of_modes
from symsl.erf.generalisation_error import generalisation_error_from_deviations
from symsl.erf.late_phase import from_state, late_phase_error, moments_of_modes, relaxation_eigenvalues
from symsl.erf.state import OrderParameters, State
from symsl.errors import ParameterError, UsageError
from symsl.precision import ball
from symsl.precision.evaluate import evaluate

small = st.fractions(-1, 1, max_denominator=1000)


@pytest.mark.parametrize("M", [1, 2, 5])
def test_relaxation_eigenvalues(M: int) -> None:
    H = np.array([[3**-0.5, (M - 1) / 2], [0.5, 3**-0.5 + (M - 2) / 2]])
    with ctx.workprec(80):
        assert np.allclose(sorted(np.linalg.eigvals(H)), sorted(float(h) for h in relaxation_eigenvalues(M)))


@pytest.mark.parametrize("M", [2, 3])
def test_the_full_equations_follow_eq_17(M: int) -> None:
    """J = B plus something orthogonal to it: R = T = delta, Q = delta + w with w of order 1e-6, at O(eta)."""
    spectrum, eta, size = Spectrum.power_law(2, 1), 0.5, 1e-6
    eigenvalues, one = [1.6, 0.4], np.eye(M)
    w_d, w_o = [2 * size, size], [0.5 * size, -0.3 * size]
    w = np.array([d * one + o * (np.ones((M, M)) - one) for d, o in zip(w_d, w_o, strict=True)])
    start = np.concatenate([w.ravel(), np.zeros(w.size)])

    def velocity(_: float, x: np.ndarray) -> np.ndarray:
        w, r = x.reshape(2, 2, M, M)
        modes = [OrderParameters(one + w[k] + r[k] + r[k].T, one + r[k], one) for k in range(2)]
        rates = velocity_of_modes(modes, eigenvalues, eta)
        dR = np.array([rate.R for rate in rates], dtype=float)
        dQ = np.array([rate.Q for rate in rates], dtype=float)
        return np.concatenate([(dQ - dR - dR.swapaxes(1, 2)).ravel(), dR.ravel()])

    times = [0, 2, 10]
    run = solve_ivp(velocity, (0, 10), start, t_eval=times, rtol=1e-8, atol=1e-16, method="DOP853")
    exact_w = [[Fraction(str(x)) for x in values] for values in (w_d, w_o)]
    with ctx.workprec(100):
        predicted = late_phase_error(
            spectrum, M, Fraction(1, 2), [Fraction(t) for t in times], *[[ball(x) for x in v] for v in exact_w]
        )
    for i, value in enumerate(predicted):
        w, r = run.y[:, i].reshape(2, 2, M, M)
        first = [np.tensordot(eigenvalues, x, 1) / 2 for x in (w, r)]
        assert math.isclose(float(value), generalisation_error_from_deviations(*first, one), rel_tol=2e-5)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=7, unique=True),
    st.integers(1, 5),
    st.fractions(Fraction(1, 100), 2, max_denominator=100),
    st.data(),
)
def test_routes_overlap_and_are_the_statement(values: list[int], M: int, eta: Fraction, data: st.DataObject) -> None:
    spectrum = Spectrum.from_eigenvalues(values, normalise=True)
    w_d = data.draw(st.lists(small.map(lambda x: x + 2), min_size=len(values), max_size=len(values)))
    w_o = data.draw(st.lists(small, min_size=len(values), max_size=len(values)))
    alpha, digits = data.draw(st.lists(st.integers(0, 50), min_size=2, max_size=3)), data.draw(st.integers(5, 40))
    arguments = {"spectrum": spectrum, "M": M, "eta": eta, "alpha": alpha, "w_d": w_d, "w_o": w_o, "digits": digits}
    entry = symsl.equation(17)
    modes = entry.evaluate(route="eigenbasis", **arguments)
    moments = entry.evaluate(route="companion", **arguments)
    for time, first, second in zip(alpha, modes, moments, strict=True):
        assert first.overlaps(second)
        assert first.reached >= digits
        with ctx.workprec(300):
            bound = {"L": len(values), "lambda": spectrum.eigenvalues(), "w_d": w_d, "w_o": w_o, "M": M, "eta": eta}
            walked = evaluate(entry.statement.rhs, bound | {"alpha": time})
        assert first.ball.overlaps(walked)
        assert second.ball.contains(walked)


def test_one_number_stands_for_every_mode() -> None:
    arguments = {"M": 3, "L": 6, "beta": "1/2", "eta": "1/5", "alpha": "7/2", "digits": 30}
    one = symsl.equation(17).evaluate(w_d="1/100", w_o="-1/300", **arguments)
    each = symsl.equation(122).evaluate(w_d=["1/100"] * 6, w_o=["-1/300"] * 6, **arguments)
    assert str(one) == str(each)


def test_single_unit_is_the_closed_form() -> None:
    """M = 1: eps_g = (1/(sqrt 3 pi L)) sum_k lambda_k w_k e^(-4 eta lambda_k a/(sqrt 3 pi)), whatever w_o."""
    value = symsl.equation(17).evaluate(M=1, L=2, beta=1, eta="1/2", alpha=3, w_d="1/10", w_o=7, digits=15)
    rate = 4 * 0.5 * 3 / (math.sqrt(3) * math.pi)
    expected = 0.1 * sum(x * math.exp(-rate * x) for x in (1.6, 0.4)) / (2 * math.sqrt(3) * math.pi)
    assert math.isclose(float(value), expected, rel_tol=1e-14)


def test_many_modes_and_digits() -> None:
    arguments = {"M": 2, "L": 1024, "beta": "1/2", "eta": "1/10", "alpha": 100, "w_d": "1/100", "w_o": "-1/1000"}
    value = symsl.equation(17).evaluate(digits=50, **arguments)
    finer = symsl.equation(17).evaluate(digits=80, **arguments)
    assert value.reached >= 50
    assert value.overlaps(finer)


@pytest.fixture
def networks(tmp_path: Path) -> tuple[State, Path]:
    spectrum = Spectrum.power_law(12, "1/2")
    generator = np.random.default_rng(7)
    teacher = generator.standard_normal((3, 24))
    student = (teacher + generator.standard_normal((3, 24)) / 50)[[2, 0, 1]]
    state = State.from_weights(spectrum, student, teacher)
    path = tmp_path / "state.json"
    state.save(path)
    return state, path


def test_concrete_networks_by_both_routes(networks: tuple[State, Path]) -> None:
    _, path = networks
    arguments = {"state": path, "eta": "1/10", "alpha": [0, 20], "digits": 30}
    modes = symsl.equation(17).evaluate(route="eigenbasis", **arguments)
    moments = symsl.equation(17).evaluate(route="companion", **arguments)
    for first, second in zip(modes, moments, strict=True):
        assert first.overlaps(second)
        assert second.bits > first.bits


def test_deviations_of_concrete_networks(networks: tuple[State, Path]) -> None:
    """Students are matched to teachers; the means over units are those of the weights themselves."""
    state, path = networks
    start = from_state(path)
    teacher, student = state.weights()[1], state.weights()[0][[1, 2, 0]]
    difference = (student - teacher).reshape(3, 12, 2)
    w = np.einsum("ikc,jkc->kij", difference, difference) / 2
    off_diagonal = (w.sum(axis=(1, 2)) - np.trace(w, axis1=1, axis2=2)) / 6
    assert start.M == 3
    assert np.allclose([float(x) for x in start.w_d], np.trace(w, axis1=1, axis2=2) / 3, rtol=1e-12)
    assert np.allclose([float(x) for x in start.w_o], off_diagonal, rtol=1e-10, atol=1e-18)


@pytest.mark.parametrize(("output", "rate", "error"), [("plain sum", 3, 3), ("mean", Fraction(1, 3), Fraction(1, 3))])
def test_conventions_of_the_output(
    networks: tuple[State, Path], tmp_path: Path, output: str, rate: Fraction, error: Fraction
) -> None:
    """The same networks with outputs summed or averaged: another learning rate, errors in other units."""
    state, path = networks
    other = tmp_path / "other.json"
    State.from_weights(state.spectrum, *state.weights(), output=output).save(other)
    entry = symsl.equation(17)
    here = entry.evaluate(state=other, eta="1/10", alpha=5, digits=20)
    paper = entry.evaluate(state=path, eta=Fraction(1, 10) * rate, alpha=5, digits=20)
    assert here.ball.overlaps(paper.ball * ball(Fraction(error)))


def test_moments_of_equal_modes_are_those_of_the_spectrum() -> None:
    spectrum = Spectrum.power_law(5, 2)
    with ctx.workprec(120):
        for order, moment in enumerate(moments_of_modes(spectrum, [arb(2)] * 5)):
            assert moment.overlaps(2 * spectrum.moment(order))


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        ({"w_o": None}, UsageError, "needs w_o"),
        ({"w_d": [1, 2]}, ParameterError, "one number or L = 4"),
        ({"M": 0}, ParameterError, "M >= 1"),
        ({"eta": 0}, ParameterError, "eta > 0"),
        ({"alpha": -1}, ParameterError, "alpha >= 0"),
        ({"w_d": []}, ParameterError, "at least one"),
        ({"w_d": "x"}, ParameterError, "exact number"),
        ({"state": "/nowhere/state.json"}, UsageError, "exclude each other"),
    ],
)
def test_wrong_use(change: dict[str, object], error: type[Exception], match: str) -> None:
    arguments: dict[str, object] = {"M": 2, "L": 4, "beta": 1, "eta": 1, "alpha": 1, "w_d": "1/10", "w_o": 0}
    arguments = {name: value for name, value in (arguments | change).items() if value is not None}
    with pytest.raises(error, match=match):
        symsl.equation(17).evaluate(**arguments)


def test_a_file_that_is_none_and_a_spectrum_that_is_not_normalised(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        symsl.equation(17).evaluate(state=tmp_path / "none.json", eta=1, alpha=1)
    path = tmp_path / "state.json"
    State.random(Spectrum.from_eigenvalues([1, 2]), K=2, M=2, N=4, seed=1).save(path)
    with pytest.raises(ParameterError, match="u_1"):
        symsl.equation(17).evaluate(state=path, eta=1, alpha=1)


def test_direct_calls_refuse_wrong_lengths() -> None:
    spectrum = Spectrum.power_law(3, 1)
    with pytest.raises(ParameterError, match="L = 3"):
        late_phase_error(spectrum, 2, Fraction(1), [Fraction(0)], [arb(1)] * 2, [arb(1)] * 3)
    with pytest.raises(ParameterError, match="M >= 1"):
        late_phase_error(spectrum, 0, Fraction(1), [Fraction(0)], [arb(1)] * 3, [arb(1)] * 3)


@pytest.mark.parametrize(("L", "beta", "M"), [(1, "1", 2), (40, "1/2", 1), (1500, "1/2", 3)])
def test_equal_modes_have_the_asymptotic_route(L: int, beta: str, M: int) -> None:
    entry = symsl.equation(17)
    arguments = {"L": L, "beta": beta, "M": M, "eta": "1/10", "alpha": [0, 3, 1000], "w_d": "1/100", "w_o": "-1/300"}
    routes = [entry.evaluate(digits=30, route=route, **arguments) for route in ("eigenbasis", "asymptotic")]
    for one, other in zip(*routes, strict=True):
        assert one.ball.overlaps(other.ball)
        assert min(one.digits, other.digits) >= 30


def test_a_trillion_equal_modes_have_the_incomplete_gamma_form() -> None:
    """Eq. 9 for both groups, by mpmath: its correction is of relative order 1/L here."""
    L, beta, M, eta, alpha, d, o = 10**12, mpmath.mpf(1) / 2, 2, mpmath.mpf("0.1"), 10**6, mpmath.mpf("0.01"), 0
    value = symsl.equation(17).evaluate(L=L, beta="1/2", M=M, eta="1/10", alpha=alpha, w_d="1/100", w_o=o, digits=20)
    assert value.route == "asymptotic"
    with mpmath.workdps(30):
        p = beta / (1 + beta)
        largest = L / (mpmath.zeta(1 + beta) - mpmath.zeta(1 + beta, L + 1))
        total = mpmath.mpf(0)
        for h, weight in (
            (1 / mpmath.sqrt(3) + mpmath.mpf(M - 1) / 2, 1),
            (1 / mpmath.sqrt(3) - mpmath.mpf(1) / 2, M - 1),
        ):
            z = 4 * eta / (mpmath.pi * M) * h * largest * alpha
            gammas = mpmath.gammainc(p, z * mpmath.mpf(L) ** (-1 - beta), z)
            total += weight * h * d * largest / (1 + beta) * z**-p * gammas
        expected = total / (mpmath.pi * M * L)
    assert math.isclose(float(value), expected, rel_tol=1e-9)


def test_what_the_routes_of_eq_17_cannot_do() -> None:
    arguments = {"beta": 1, "M": 2, "eta": "1/10", "alpha": 1, "w_o": 0}
    with pytest.raises(ParameterError, match="L <= 10000000 for a list"):
        symsl.equation(17).evaluate(L=10**12, w_d=1, route="eigenbasis", **arguments)
    with pytest.raises(ParameterError, match="one number for all modes on route asymptotic"):
        symsl.equation(17).evaluate(L=2, w_d=[1, 2], route="asymptotic", **arguments)
