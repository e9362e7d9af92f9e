"""Certified solutions of the order-parameter equations: recorded values, both bases, float64, and the escape rate."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import arb, ctx

from symsl.erf.equations_of_motion import velocity_of_modes, velocity_of_moments
from symsl.erf.error_box import ErrorBox
from symsl.erf.generalisation_error import generalisation_error
from symsl.erf.solve import solve
from symsl.erf.state import OrderParameters, State
from symsl.erf.taylor import BASES, solve_certified
from symsl.erf.taylor_bounds import enclose_on_disc, largest_disc
from symsl.erf.taylor_coefficients import expand, series_of_length
from symsl.erf.taylor_equations import Basis, Equations
from symsl.errors import ParameterError, PrecisionError
from symsl.precision import ball
from symsl.spectrum import Spectrum

STANDARD = State.from_modes(
    Spectrum.from_eigenvalues([1]),
    [["1/4", "1/100"], ["1/100", "1/5"]],
    [["2/1000", "1/1000"], ["1/1000", "15/10000"]],
    [[1, 0], [0, 1]],
    output="plain sum",
)
"""The standard case of isotropic inputs: K = M = 2, L = 1, plain sums."""


def random_state(L: int, K: int = 2, M: int = 2, beta: str = "1", seed: int = 1) -> State:
    return State.random(Spectrum.power_law(L, beta), K=K, M=M, N=16 * L, seed=seed, sigma_J="1/10")


def equations(state: State, basis: str, order: int = 2, eta: str = "1/2") -> Equations:
    make = Basis.modes if basis == "modes" else Basis.moments
    return Equations(state, ball(Fraction(eta)), order, make(state))


def as_table(equations: Equations, X, row: int) -> OrderParameters:
    """Row `row` of the unknowns X as object arrays."""
    K, M = equations.K, equations.M
    Q = np.array([[X[row, equations.number[i, j]] for j in range(K)] for i in range(K)], dtype=object)
    R = np.array([[X[row, equations.number[i, K + n]] for n in range(M)] for i in range(K)], dtype=object)
    T = np.array([[equations.T[row, n * M + m] for m in range(M)] for n in range(M)], dtype=object)
    return OrderParameters(Q, R, T)


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize(("K", "M", "L"), [(2, 2, 1), (2, 2, 3), (3, 2, 2), (1, 3, 2)])
@pytest.mark.parametrize("order", [1, 2])
def test_first_coefficient_is_the_literal_velocity(basis: str, K: int, M: int, L: int, order: int) -> None:
    state = random_state(L, K, M, beta="1/2")
    with ctx.workprec(160):
        system = equations(state, basis, order)
        found = as_table(system, expand(system, system.start, arb(1), 6, 3).X[1], L - 1)
        tables = [as_table(system, system.start, row) for row in range(L)]
        if basis == "modes":
            literal = velocity_of_modes(tables, state.spectrum.eigenvalues(), system.eta, order=order)
        else:
            c = state.spectrum.characteristic_polynomial().coeffs()[:-1]
            u = [state.spectrum.moment(l) for l in range(1, L + 1)]
            literal = velocity_of_moments(tables, c, u, system.eta, order=order)
        for name in ("Q", "R"):
            for index in np.ndindex(getattr(found, name).shape):
                value = getattr(found, name)[index]
                assert value.overlaps(getattr(literal[L - 1], name)[index])
                assert value.rel_accuracy_bits() > 120


@pytest.mark.parametrize("basis", BASES)
def test_series_solves_the_equations(basis: str) -> None:
    """At s = 2^-20 24 correct coefficients obey the literal equations to 2^-400, below the balls here."""
    with ctx.workprec(300):
        system = equations(random_state(2), basis)
        expansion = expand(system, system.start, arb(1), 24, 5)
        s = arb(2) ** -20
        value = sum((X * s**n for n, X in enumerate(expansion.X)), 0 * system.start)
        slope = sum((X * (n * s ** (n - 1)) for n, X in enumerate(expansion.X[1:], 1)), 0 * system.start)
        tables, source = [as_table(system, value, row) for row in range(2)], system.basis.source.entries()
        if basis == "modes":
            literal = velocity_of_modes(tables, source, system.eta, order=2)
        else:
            literal = velocity_of_moments(
                tables, [-c for c in system.basis.shift.tolist()[1]], source, system.eta, order=2
            )
        for row in range(2):
            found = as_table(system, slope, row)
            for name in ("Q", "R"):
                for index in np.ndindex(2, 2):
                    assert getattr(found, name)[index].overlaps(getattr(literal[row], name)[index])
                    assert getattr(found, name)[index].rel_accuracy_bits() > 200


def test_series_length_is_restored() -> None:
    before = ctx.cap
    with pytest.raises(ZeroDivisionError), series_of_length(30):
        raise ZeroDivisionError
    assert ctx.cap == before


def test_disc_bounds_hold_inside() -> None:
    """At points of the disc, off the polynomial by less than the thickness, the couplings obey their bounds."""
    with ctx.workprec(120):
        system = equations(random_state(2), "modes")
        expansion = expand(system, system.start, arb(1), 30, 6)
        disc = enclose_on_disc(system, expansion, largest_disc(expansion, 0.2))
        generator = np.random.default_rng(5)
        for _ in range(20):
            s = arb(float(disc.radius * generator.uniform(-1, 1)))
            one = [sum((row[x] * s**n for n, row in enumerate(expansion.one)), arb(0)) for x in range(7)]
            shift = generator.uniform(-0.002, 0.002, size=7)
            values = system.coupling_values([value + arb(float(d)) for value, d in zip(one, shift, strict=True)])
            for i in range(2):
                assert sum((abs(value) for value in values[4 * i : 4 * i + 4]), arb(0)) < disc.Gamma
            assert all(abs(value) < disc.noise for value in values[8:])
            derivative = sum((n * expansion.X[n][1, 0] * s ** (n - 1) for n in range(1, 30)), arb(0))
            assert abs(derivative) < disc.slope


def test_error_box_contains_the_images() -> None:
    """Points of a box stay in the box that is advanced, through maps that shear and contract, with local errors."""
    generator = np.random.default_rng(3)
    box = ErrorBox.around(np.array([1.0, 1e-3, 5.0, 1e-8]), 100)
    points = generator.choice([-1.0, 1.0], size=(4, 50)) * np.array([1.0, 1e-3, 5.0, 1e-8])[:, None]
    local = np.array([1e-3, 1e-3, 1e-2, 1e-6])
    for _ in range(30):
        flow = np.eye(4) + 0.4 * generator.normal(size=(4, 4))
        box = box.advance(flow, 1e-4, local)
        kick = generator.uniform(-1, 1, size=(4, 50))
        points = flow @ points + 1e-4 * np.max(np.abs(points), axis=0) * kick + local[:, None] * kick[::-1]
        assert np.all(np.abs(points) <= box.hull()[:, None])
        inside = np.abs(np.linalg.solve(box.axes, points))
        assert np.all(inside <= box.extent[:, None] * (1 + 1e-9))


RECORDED = {10: ".07748766830464350796", 100: ".01250592951428087203", 1000: ".01121664401849538989"}
"""eps_g of the standard case to 20 digits, made with a compiled arbitrary-precision Taylor integrator (given)."""


LATER = {2000: "8.9568623774722504600e-06", 5000: "2.5973558503876074581e-17", 10000: "1.6743025275691048376e-36"}
"""After the specialisation, rounded to 20 digits: made here; the same from heyoka.py 7.13 at 320 bits."""


@pytest.mark.slow
def test_standard_case_to_the_end() -> None:
    """Along the plateau and through the specialisation, where eps_g falls to 1e-36; float64 against it."""
    times = [*RECORDED, *LATER]
    result = solve_certified(STANDARD, "1/10", times, digits=20, order=2)
    for time, error in zip(times, result.eps_g, strict=True):
        if time in RECORDED:
            with ctx.workdps(40):
                assert abs(error.ball - arb(RECORDED[time])) < arb(10) ** -20
        else:
            assert str(error) == LATER[time]
    fast = solve(STANDARD, "1/10", times, order=2, rtol=1e-9)
    assert fast.eps_g == pytest.approx([float(error) for error in result.eps_g], rel=1e-4)


@pytest.mark.parametrize("basis", BASES)
def test_standard_case(basis: str) -> None:
    result = solve_certified(STANDARD, "1/10", [10], digits=20, order=2, basis=basis)
    assert str(result.eps_g[0]) == "0.077487668304643507964"
    assert str(result.eps_g[0]).startswith("0" + RECORDED[10])
    assert result.eps_g[0].route == basis


def test_times_in_between_change_nothing() -> None:
    """Landing on further times makes other steps; the balls must still overlap."""
    direct = solve_certified(STANDARD, "1/10", [4], digits=15, order=2)
    stops = solve_certified(STANDARD, "1/10", ["0", "1/3", "2", 4], digits=22, order=2)
    assert stops.eps_g[-1].overlaps(direct.eps_g[0])
    assert stops.bits > direct.bits
    initial = generalisation_error(STANDARD.order_parameters(1)) * 2
    assert stops.eps_g[0].ball.overlaps(initial)


def test_against_another_integrator() -> None:
    """mpmath's Taylor integrator on the literal equations, K = 1, M = 2, L = 2, eta^2 included."""
    state = State.random(Spectrum.from_eigenvalues(["3/2", "1/2"]), K=1, M=2, N=16, seed=4, sigma_J="1/2")
    result = solve_certified(state, "3/2", ["1/4"], digits=18, order=2)
    with mpmath.workdps(20):
        eigenvalues = [mpmath.mpf(3) / 2, mpmath.mpf(1) / 2]
        modes = [state.mode(k) for k in (1, 2)]

        def numbers(matrix) -> np.ndarray:
            rows = [[mpmath.mpf(int(x.p)) / int(x.q) for x in row] for row in matrix.tolist()]
            return np.array(rows, dtype=object)

        def tables(y: list) -> list[OrderParameters]:
            return [
                OrderParameters(
                    np.array([[y[3 * k]]], dtype=object), np.array([y[3 * k + 1 : 3 * k + 3]]), numbers(modes[k].T)
                )
                for k in range(2)
            ]

        def velocity(_: object, y: list) -> list:
            found = velocity_of_modes(tables(y), eigenvalues, mpmath.mpf(3) / 2, order=2)
            return [x for v in found for x in (v.Q[0, 0], v.R[0, 0], v.R[0, 1])]

        start = [x for mode in modes for x in (*numbers(mode.Q)[0], *numbers(mode.R)[0])]
        y = mpmath.odefun(velocity, 0, start, tol=mpmath.mpf(10) ** -16)(mpmath.mpf(1) / 4)
        final = [[getattr(table, name) for table in tables(y)] for name in ("Q", "R", "T")]
        one = OrderParameters(*((eigenvalues[0] * X + eigenvalues[1] * Y) / 2 for X, Y in final))
        assert abs(generalisation_error(one) / result.eps_g[0].mpf() - 1) < mpmath.mpf(10) ** -14


@pytest.mark.parametrize(("L", "beta", "order"), [(2, "1/2", 2), (3, "1", 1), (4, "1/2", 1)])
def test_both_bases_agree(L: int, beta: str, order: int) -> None:
    check_both_bases(random_state(L, beta=beta), ["1/2", 2], order)


@pytest.mark.slow
@pytest.mark.parametrize(("L", "beta", "order"), [(8, "1", 1), (12, "1/2", 1), (16, "1", 1), (6, "1", 2)])
def test_both_bases_agree_at_large_L(L: int, beta: str, order: int) -> None:
    """L = 16, beta = 1 is where the moment hierarchy in double precision returns a number 700 times too large."""
    check_both_bases(random_state(L, beta=beta), [2], order)


def check_both_bases(state: State, times: list, order: int) -> None:
    """Certified from the same weights: eps_g, and all moments, overlap; float64 in the mode basis agrees."""
    modes, moments = (solve_certified(state, "1/2", times, digits=20, order=order, basis=basis) for basis in BASES)
    fast = solve(state, "1/2", [float(Fraction(time)) for time in times], order=order, rtol=1e-9)
    for i in range(len(times)):
        assert modes.eps_g[i].overlaps(moments.eps_g[i])
        assert modes.eps_g[i].reached >= 20
        assert moments.eps_g[i].reached >= 20
        assert fast.eps_g[i] == pytest.approx(float(modes.eps_g[i]), rel=1e-6)
        for l in range(state.L):
            for one, other in zip(modes.order_parameters(i, l), moments.order_parameters(i, l), strict=True):
                for a, b in zip(one.entries(), other.entries(), strict=True):
                    assert a.is_finite()
                    assert a.overlaps(b)


def near_plateau(L: int, beta: int, perturbation: Fraction) -> State:
    """K = M = 2, T_k = 1: the plateau J_i = c (B_1 + B_2), c = 6^(-1/2) to 110 digits (Sec. 4.1), perturbed along the
    growing direction r^(l) ~ T^(l+1) of Eq. 112, J_i on mode k by +- lambda_k (perturbation) (B_1 - B_2)."""
    spectrum = Spectrum.power_law(L, beta)
    with mpmath.workdps(130):
        c = Fraction(int(mpmath.floor(mpmath.mpf(10) ** 110 / mpmath.sqrt(6))), 10**110)
    Q, R = [], []
    for eigenvalue in spectrum.rational_eigenvalues() or []:
        r = eigenvalue * perturbation
        J = [[c + r, c - r], [c - r, c + r]]
        Q.append([[sum(a * b for a, b in zip(x, y, strict=True)) for y in J] for x in J])
        R.append(J)
    return State.from_modes(spectrum, Q, R, [[1, 0], [0, 1]])


def escape_rate(spectrum: Spectrum) -> arb:
    """Eq. 113 with M = 2, D = 0, eta = 1: gamma = (2/pi) u_2 / (sqrt(3) 5^(3/2))."""
    return 2 * spectrum.moment(2) / (arb.pi() * arb(3).sqrt() * 5 * arb(5).sqrt())


@pytest.mark.parametrize(("L", "times"), [(1, [0, 10]), pytest.param(8, [0, 20, 40], marks=pytest.mark.slow)])
def test_escape_rate_from_perturbations_of_1e_minus_40(L: int, times: list) -> None:
    """r^(1) grows at the rate of Eq. 113, to 20 digits, while eps_g stands on the plateau of Eq. 99."""
    state = near_plateau(L, 1, Fraction(1, 10**40))
    result = solve_certified(state, 1, times, digits=22, observables=lambda one: [one.R[0, 0] - one.R[0, 1]])
    with ctx.workdps(60):
        r = [values[0].ball for values in result.observed]
        gamma = escape_rate(state.spectrum)
        for i in range(1, len(times)):
            assert abs((r[i] / r[i - 1]).log() / (times[i] - times[i - 1]) / gamma - 1) < arb(10) ** -20
        height = (arb.pi() / 6 - 2 * (arb(1) / 4).asin()) / arb.pi()
        assert all(abs(error.ball / height - 1) < arb(10) ** -20 for error in result.eps_g)


@pytest.mark.slow
def test_from_1e_minus_40_through_the_plateau_and_the_specialisation() -> None:
    """The growing direction only shifts time: a start at 1e-8 is 32 ln(10)/gamma ahead; float64 solves that one."""
    state, ahead = (near_plateau(1, 1, Fraction(1, 10**k)) for k in (40, 8))
    times = [100, 2500, 3000, 3500]
    result = solve_certified(state, 1, times, digits=15)
    with ctx.workdps(30):
        shift = float(32 * arb(10).log() / escape_rate(state.spectrum))
    fast = solve(ahead, 1, [time - shift for time in times[1:]], rtol=1e-9)
    assert fast.eps_g == pytest.approx([float(error) for error in result.eps_g[1:]], rel=1e-4)
    assert 0 < float(result.eps_g[-1]) < 1e-15


@pytest.mark.slow
def test_from_1e_minus_40_through_the_plateau_at_L_8() -> None:
    """gamma from r^(1) between alpha = 100 and 200; after the escape near 755 float64 from 1e-8, shifted in time."""
    state, ahead = (near_plateau(8, 1, Fraction(1, 10**k)) for k in (40, 8))
    times = [100, 200, 800, 1000]
    result = solve_certified(state, 1, times, digits=22, observables=lambda one: [one.R[0, 0] - one.R[0, 1]])
    with ctx.workdps(60):
        gamma = escape_rate(state.spectrum)
        early, late = (values[0].ball for values in result.observed[:2])
        assert abs((late / early).log() / 100 / gamma - 1) < arb(10) ** -20
        shift = float(32 * arb(10).log() / gamma)
    fast = solve(ahead, 1, [time - shift for time in times[2:]], rtol=1e-9)
    assert fast.eps_g == pytest.approx([float(error) for error in result.eps_g[2:]], rel=1e-6)


def test_bad_input() -> None:
    for bad in ([], [1, 1], [2, 1], [-1], [float("nan")]):
        with pytest.raises(ParameterError):
            solve_certified(STANDARD, "1/10", bad)
    for options in ({"order": 3}, {"basis": "fourier"}, {"digits": 0}):
        with pytest.raises(ParameterError):
            solve_certified(STANDARD, "1/10", [1], **options)
    with pytest.raises(ParameterError, match="eta"):
        solve_certified(STANDARD, 0, [1])


def test_a_number_that_vanishes_is_not_certified() -> None:
    """At the solution itself eps_g = 0: there are no significant digits, and the error says so."""
    solution = State.from_modes(Spectrum.from_eigenvalues([1]), [[1]], [[1]], [[1]])
    with pytest.raises(PrecisionError, match="0"):
        solve_certified(solution, 1, [1], digits=3)
