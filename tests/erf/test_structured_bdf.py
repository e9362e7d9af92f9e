"""The integrator on problems with known solutions, with a dense linear algebra of the test's own."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from symsl.erf.structured_bdf import BackwardDifferentiation, StepSizeError


class Dense:
    """dy/dt = f(y) with a given Jacobian."""

    def __init__(self, f: Callable, jacobian: Callable) -> None:
        self.velocity, self._jacobian = f, jacobian

    def linearise(self, y: np.ndarray):
        matrix = self._jacobian(y)

        class Linearised:
            def factorise(self, h: float) -> Callable:
                inverse = np.linalg.inv(np.eye(len(y)) - h * matrix)
                return lambda b: inverse @ b

        return Linearised()

    def scale(self, y: np.ndarray, tolerance: float) -> np.ndarray:
        return 1 / (tolerance * (1e-3 + np.abs(y)))

    def norm(self, error: np.ndarray, scale: np.ndarray) -> float:
        return float(np.max(np.abs(error) * scale))


def run(integrator: BackwardDifferentiation) -> None:
    while integrator.t < integrator.end:
        integrator.step()


def stiff_linear() -> Dense:
    matrix = np.array([[-1000.0, 1.0], [0.0, -0.5]])
    return Dense(lambda y: matrix @ y, lambda _: matrix)


@pytest.mark.parametrize("tolerance", [1e-4, 1e-7, 1e-10])
def test_stiff_linear_problem(tolerance: float) -> None:
    integrator = BackwardDifferentiation(stiff_linear(), np.array([2.0, 1.0]), 5.0, tolerance)
    run(integrator)
    slow = np.exp(-2.5)
    assert integrator.t == 5.0
    assert integrator.history[0] == pytest.approx([slow / 999.5, slow], rel=100 * tolerance)
    assert integrator.steps < 1000


def test_tighter_tolerances_converge_and_cost_steps() -> None:
    """The logistic equation: y = 1 / (1 + 99 e^-t)."""
    errors, steps = [], []
    for tolerance in (1e-4, 1e-6, 1e-8):
        system = Dense(lambda y: y * (1 - y), lambda y: np.diag(1 - 2 * y))
        integrator = BackwardDifferentiation(system, np.array([0.01]), 6.0, tolerance)
        run(integrator)
        errors.append(abs(integrator.history[0][0] - 1 / (1 + 99 * np.exp(-6))))
        steps.append(integrator.steps)
    assert errors[0] > 10 * errors[1] > 100 * errors[2]
    assert steps[0] < steps[1] < steps[2]


def test_interpolation_between_steps() -> None:
    integrator = BackwardDifferentiation(stiff_linear(), np.array([0.0, 1.0]), 4.0, 1e-8)
    while integrator.t < 4.0:
        before = integrator.t
        integrator.step()
        inside = before + 0.37 * (integrator.t - before)
        assert integrator.at(inside)[1] == pytest.approx(np.exp(-inside / 2), rel=1e-6)
        assert integrator.at(inside, lambda y: y[1:]) == pytest.approx(integrator.at(inside)[1:])


def test_unknowns_can_be_changed_in_mid_course() -> None:
    """y -> 3 - 2 y of dy/dt = -y/2 goes on as if nothing had happened."""
    first = Dense(lambda y: -y / 2, lambda _: -np.eye(1) / 2)
    second = Dense(lambda z: (3 - z) / 2, lambda _: -np.eye(1) / 2)
    integrator = BackwardDifferentiation(first, np.array([1.0]), 4.0, 1e-8)
    while integrator.t < 2:
        integrator.step()
    integrator.change_unknowns(second, lambda y: 3 - 2 * y, lambda y: -2 * y)
    steps = integrator.steps
    run(integrator)
    assert integrator.history[0][0] == pytest.approx(3 - 2 * np.exp(-2), rel=1e-6)
    assert integrator.steps - steps < 60


def test_a_solution_that_ends_is_reported() -> None:
    """dy/dt = y^2 from 1 blows up at t = 1."""
    system = Dense(lambda y: y * y, lambda y: np.diag(2 * y))
    integrator = BackwardDifferentiation(system, np.array([1.0]), 2.0, 1e-6)
    with pytest.raises(StepSizeError, match=r"t = (1|0\.9999)"), np.errstate(all="ignore"):
        run(integrator)
