"""Solved curves against digits from elsewhere, other integrators, high precision, theory and gradient descent."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from symsl.erf.couplings import plain_couplings
from symsl.erf.equations_of_motion import velocity_of_modes
from symsl.erf.generalisation_error import generalisation_error
from symsl.erf.solve import solve
from symsl.erf.state import OrderParameters, State
from symsl.errors import ParameterError
from symsl.spectrum import Spectrum


def standard_state(output: str = "plain sum") -> State:
    """The case on which peers' codes are compared: K = M = 2, L = 1, T = 1, plain sums, eta = 0.1."""
    return State.from_modes(
        Spectrum.power_law(1, 1),
        [["0.25", "0.01"], ["0.01", "0.2"]],
        [["0.002", "0.001"], ["0.001", "0.0015"]],
        [[1, 0], [0, 1]],
        output=output,
    )


def by_scipy(state: State, eta: float, alpha: np.ndarray, order: int) -> np.ndarray:
    """eps_g by scipy's Radau on Q_k, R_k: no deviations, no structure."""
    eigenvalues = np.array([float(x) for x in state.spectrum.eigenvalues()])
    Q0, R0, T = state.float_modes()
    L, K, M = R0.shape

    def one(X: np.ndarray) -> np.ndarray:
        return np.tensordot(eigenvalues / L, X, 1)

    def unpack(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return y[: Q0.size].reshape(L, K, K), y[Q0.size :].reshape(L, K, M)

    def velocity(_: float, y: np.ndarray) -> np.ndarray:
        Q, R = unpack(y)
        c, b, noise = plain_couplings(one(Q), one(R), one(T), eta, order)
        half = c @ Q + b @ R.swapaxes(1, 2)
        dQ = half + half.swapaxes(1, 2) + (0 if noise is None else noise)
        return np.concatenate([(eigenvalues[:, None, None] * X).ravel() for X in (dQ, c @ R + b @ T)])

    start = np.concatenate([Q0.ravel(), R0.ravel()])
    solution = solve_ivp(velocity, (0, alpha[-1]), start, "Radau", t_eval=alpha, rtol=1e-10, atol=1e-13)
    assert solution.success
    parts = (unpack(y) for y in solution.y.T)
    return np.array([generalisation_error(OrderParameters(one(Q), one(R), one(T))) for Q, R in parts])


def test_standard_case_of_the_field() -> None:
    """Digits from arbitrary-precision Taylor integration elsewhere, given with the problem."""
    curve = solve(standard_state(), "1/10", [10, 100, 1000], order=2, rtol=1e-8)
    expected = [0.07748766830464350796, 0.01250592951428087203, 0.01121664401849538989]
    assert curve.eps_g == pytest.approx(expected, rel=1e-6)


def test_conventions_give_the_same_curve() -> None:
    plain = solve(standard_state(), "1/10", [10, 100], order=2)
    paper = solve(standard_state("paper"), "2/10", [10, 100], order=2)
    mean = solve(standard_state("mean"), "4/10", [10, 100], order=2)
    assert plain.eps_g == pytest.approx(2 * paper.eps_g, rel=1e-12)
    assert mean.eps_g == pytest.approx(paper.eps_g / 2, rel=1e-12)


@pytest.mark.parametrize(
    ("K", "M", "L", "eta", "order"), [(2, 2, 4, "1/2", 2), (3, 2, 4, "1/2", 2), (1, 2, 6, "1/5", 1), (2, 2, 8, "1", 2)]
)
def test_against_another_integrator(K: int, M: int, L: int, eta: str, order: int) -> None:
    state = State.random(Spectrum.power_law(L, 1), K=K, M=M, N=32 * L, seed=1)
    alpha = np.logspace(-1, 2, 13)
    expected = by_scipy(state, float(mpmath.mpf(eta.partition("/")[0]) / int(eta.partition("/")[2] or 1)), alpha, order)
    assert solve(state, eta, alpha, order=order).eps_g == pytest.approx(expected, rel=3e-5)


@pytest.mark.parametrize(("L", "K", "order"), [(1, 2, 2), (16, 2, 1), (64, 2, 2), (8, 4, 1)])
def test_default_accuracy_is_1e_4_at_all_times(L: int, K: int, order: int) -> None:
    """Against a run with tolerances a hundred times smaller; L = 16 ends at about 1e-83."""
    state = State.random(Spectrum.power_law(L, 1), K=K, M=K, N=1024, seed=1)
    alpha = np.logspace(-1, {1: 4, 8: 5}.get(L, 6), 15)
    tight = solve(state, "1/10", alpha, order=order, rtol=1e-8)
    assert solve(state, "1/10", alpha, order=order).eps_g == pytest.approx(tight.eps_g, rel=1e-4)
    assert tight.eps_g[-1] < 1e-5


@pytest.mark.slow
@pytest.mark.parametrize(("L", "K", "order"), [(64, 8, 2), (1024, 2, 2), (1024, 4, 1)])
def test_default_accuracy_of_large_systems(L: int, K: int, order: int) -> None:
    """The same for many modes and units, at all decades."""
    state = State.random(Spectrum.power_law(L, 1), K=K, M=K, N=1024, seed=2)
    alpha = np.logspace(-1, 6, 29)
    tight = solve(state, "1/10", alpha, order=order, rtol=1e-8)
    default = solve(state, "1/10", alpha, order=order)
    assert default.eps_g == pytest.approx(tight.eps_g, rel=1e-4)
    assert default.steps < 900


@pytest.mark.parametrize("order", [1, 2])
def test_deep_in_the_late_phase_against_60_digits(order: int) -> None:
    """Start 1e-15 from the teachers: the literal equations, by Runge-Kutta in mpmath, lose 30 of 60 digits."""
    generator = np.random.default_rng(5)
    B = [[int(x) for x in row] for row in generator.integers(-9, 10, (2, 4))]
    noise = generator.integers(-9, 10, (2, 4))
    J = [
        [f"{b}.{'0' * 14}{abs(d)}" if b * d >= 0 and (b or d >= 0) else str(b) for b, d in zip(*rows, strict=True)]
        for rows in zip(B, noise, strict=True)
    ]
    spectrum = Spectrum.from_eigenvalues(["3/2", "1/2"])
    state = State.from_weights(spectrum, J, B)
    curve = solve(state, "1/2", [0, 2, 4], order=order)
    with mpmath.workdps(60):

        def convert(X) -> np.ndarray:
            return np.array([[mpmath.mpf(int(x.p)) / int(x.q) for x in row] for row in X.tolist()], dtype=object)

        modes = [OrderParameters(*(convert(X) for X in state.mode(k))) for k in (1, 2)]
        eigenvalues = [mpmath.mpf("1.5"), mpmath.mpf("0.5")]

        def shifted(by: mpmath.mpf, velocity: list[OrderParameters] | None) -> list[OrderParameters]:
            if velocity is None:
                return modes
            return [
                OrderParameters(mode.Q + by * v.Q, mode.R + by * v.R, mode.T)
                for mode, v in zip(modes, velocity, strict=True)
            ]

        def error() -> mpmath.mpf:
            parts = ((eigenvalues[0] * x + eigenvalues[1] * y) / 2 for x, y in zip(*modes, strict=True))
            return generalisation_error(OrderParameters(*parts))

        expected, h = [error()], mpmath.mpf("0.1")
        for step in range(40):
            stages: list = [None]
            for by in (0, h / 2, h / 2, h):
                stages.append(
                    velocity_of_modes(shifted(mpmath.mpf(by), stages[-1]), eigenvalues, mpmath.mpf("0.5"), order=order)
                )
            k1, k2, k3, k4 = stages[1:]
            modes = [
                OrderParameters(
                    *(
                        getattr(mode, name)
                        + h
                        / 6
                        * sum(c * getattr(k[i], name) for c, k in zip((1, 2, 2, 1), (k1, k2, k3, k4), strict=True))
                        for name in ("Q", "R")
                    ),
                    mode.T,
                )
                for i, mode in enumerate(modes)
            ]
            if step in (19, 39):
                expected.append(error())
        expected = [float(x) for x in expected]
    assert 0 < expected[0] < 1e-26
    assert curve.eps_g == pytest.approx(expected, rel=1e-5)


def test_average_state_ends_on_the_plateau_of_eq_99() -> None:
    """Indistinguishable units stay so: eps_g = (1/pi) [pi/6 - M asin(1/(2M))] for T = delta."""
    for M in (2, 3):
        curve = solve(State.average(Spectrum.power_law(4, 1), K=M, M=M), "1/10", [1e4, 1e6])
        height = (np.pi / 6 - M * np.arcsin(1 / (2 * M))) / np.pi
        assert curve.eps_g == pytest.approx([height, height], rel=1e-6)
        assert np.all(curve.R[-1] == curve.R[-1][0, 0])


def test_escape_from_rounding_errors_is_refused() -> None:
    R = [["1e-25", 0], [0, 0]]
    state = State.from_modes(Spectrum.power_law(1, 1), [["1/100", 0], [0, "1/100"]], R, [[1, 0], [0, 1]])
    with pytest.raises(ParameterError, match="arbitrary precision"):
        solve(state, 1, [1e4])
    assert solve(state, 1, [100]).eps_g[0] == pytest.approx((np.pi / 6 - 2 * np.arcsin(0.25)) / np.pi, rel=1e-3)


def test_students_may_find_any_teacher() -> None:
    """The same network with its students exchanged gives the same curve, to the last decades."""
    state = State.random(Spectrum.power_law(4, 1), K=3, M=3, N=256, seed=2)
    J, B = state.weights()
    alpha = [10, 300, 3000]
    curve = solve(state, 1, alpha, order=2)
    exchanged = solve(State.from_weights(state.spectrum, J[[2, 0, 1]], B), 1, alpha, order=2)
    assert curve.eps_g[-1] < 1e-8
    assert exchanged.eps_g == pytest.approx(curve.eps_g, rel=1e-4)
    assert np.allclose(exchanged.R, curve.R[:, [2, 0, 1]], rtol=0, atol=1e-5)
    assert np.allclose(exchanged.Q, curve.Q[:, [2, 0, 1]][:, :, [2, 0, 1]], rtol=0, atol=1e-5)


def test_a_kept_state_continues_the_curve() -> None:
    state = State.random(Spectrum.power_law(4, 1), K=2, M=2, N=64, seed=3)
    whole = solve(state, 1, [50, 1000, 2000], order=2, rtol=1e-7, modes=True)
    for index in (0, 1):
        reached = whole.state(index)
        later = [float(alpha - whole.alpha[index]) for alpha in whole.alpha[index + 1 :]]
        again = solve(reached, 1, [0, *later], order=2, rtol=1e-7)
        assert again.eps_g == pytest.approx(whole.eps_g[index:], rel=1e-4)
    assert whole.eps_g[2] < 1e-8
    with pytest.raises(ParameterError, match="modes=True"):
        solve(state, 1, [1]).state(0)


def test_plateau_is_found() -> None:
    curve = solve(standard_state(), "1/10", np.logspace(0, 4, 81), order=2)
    (plateau,) = curve.plateaus()
    assert 0.01121664401849538989 < plateau.height < 0.01250592951428087203  # between alpha = 100 and 1000
    assert 30 < plateau.start < 100
    assert 500 < plateau.end < 1000


def test_extreme_starts() -> None:
    B = np.random.default_rng(0).normal(size=(2, 8))
    spectrum = Spectrum.power_law(4, 1)
    assert not solve(State.from_weights(spectrum, B, B), 1, [0, 10], order=2).eps_g.any()
    teacher = [["1", "2", "-3", "4"], ["2", "-1", "5", "3"]]
    student = [[f"{x}.{'0' * 139}{c}" for x, c in zip(row, "1532", strict=True)] for row in teacher]
    tiny = solve(State.from_weights(spectrum, student, teacher), 1, [0, 1, 30000], order=2).eps_g
    assert 0 < tiny[1] < tiny[0] < 1e-270
    assert tiny[2] == 0
    ended = solve(State.average(spectrum, K=2, M=2, sigma_J=0), 1, [0, 1e4]).eps_g
    assert ended[0] == pytest.approx(1 / 6, rel=1e-14)
    assert ended[1] < 0.01


def test_progress_is_told() -> None:
    seen: list[tuple[float, int]] = []
    curve = solve(standard_state(), "1/10", [5], progress=lambda alpha, steps: seen.append((alpha, steps)))
    assert seen[-1] == (5.0, curve.steps)
    assert [steps for _, steps in seen] == list(range(1, curve.steps + 1))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"alpha": [10, 1]}, "increasing"),
        ({"alpha": [1, 1]}, "increasing"),
        ({"alpha": [-1, 1]}, "increasing"),
        ({"alpha": [float("nan")]}, "increasing"),
        ({"alpha": []}, "increasing"),
        ({"alpha": ["x"]}, "increasing"),
        ({"eta": 0}, "eta > 0"),
        ({"eta": "nan"}, "exact number"),
        ({"order": 3}, "order 1 or 2"),
        ({"rtol": 1e-20}, "rtol"),
        ({"rtol": float("nan")}, "rtol"),
    ],
)
def test_bad_arguments_are_refused(arguments: dict, message: str) -> None:
    given = {"eta": 1, "alpha": [1.0], **arguments}
    with pytest.raises(ParameterError, match=message):
        solve(standard_state(), given.pop("eta"), given.pop("alpha"), **given)


def test_steps_do_not_grow_with_the_number_of_modes() -> None:
    alpha = np.logspace(0, 6, 7)
    few, many = (
        solve(State.random(Spectrum.power_law(L, 1), K=2, M=2, N=1024, seed=1), "1/10", alpha).steps for L in (64, 1024)
    )
    assert many < 1.5 * few


@pytest.mark.slow
def test_gradient_descent_follows_the_curve() -> None:
    """SGD at N = 1024, L = 4, K = M = 2, eta = 1/2 (Eq. 3): inside its run-to-run spread at all recorded times."""
    from scipy.special import erf

    N, L, M, eta, runs = 1024, 4, 2, 0.5, 6
    state = State.random(Spectrum.power_law(L, 1), K=M, M=M, N=N, seed=4)
    times = np.array([1, 4, 16, 64, 150, 250])
    expected = solve(state, "1/2", times, order=2).eps_g
    start, B = state.weights()
    eigenvalues = np.repeat([float(x) for x in state.spectrum.rational_eigenvalues()], N // L)
    scale, generator = np.sqrt(eigenvalues), np.random.default_rng(11)
    J = np.repeat(start[None], runs, axis=0)
    measured = []
    for step in range(1, times[-1] * N + 1):
        xi = generator.standard_normal((runs, N)) * scale
        x, y = np.einsum("rin,rn->ri", J, xi) / np.sqrt(N), xi @ B.T / np.sqrt(N)
        error = (erf(x / np.sqrt(2)).sum(1) - erf(y / np.sqrt(2)).sum(1)) / np.sqrt(M)
        push = -eta / np.sqrt(M) * error[:, None] * np.sqrt(2 / np.pi) * np.exp(-x * x / 2) / np.sqrt(N)
        J += push[:, :, None] * xi[:, None, :]
        if step % N == 0 and step // N in times:
            grams = ((a * eigenvalues @ b.swapaxes(-1, -2) / N) for a, b in ((J, J), (J, B[None]), (B[None], B[None])))
            Q, R, T = grams
            measured.append([generalisation_error(OrderParameters(Q[r], R[r], T[0])) for r in range(runs)])
    mean, spread = np.mean(measured, axis=1), np.std(measured, axis=1, ddof=1)
    assert np.all(np.abs(mean - expected) < 3 * spread + 0.01 * expected)
    assert np.all(spread < 0.5 * expected)


def test_growth_without_bound_is_an_error() -> None:
    """Far above the critical learning rate the equations hold, but need ever smaller steps."""
    state = State.random(Spectrum.power_law(2, 1), K=2, M=2, N=16, seed=1)
    with pytest.raises(ParameterError, match=r"a learning rate nearer to the critical one.* grown 1e\+06-fold"):
        solve(state, 10**7, [1], order=2)
