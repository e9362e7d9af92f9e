"""Variable-order backward differentiation whose linear algebra is left to the system that is integrated.

The numerical differentiation formulas of orders 1 to 5 of Klopfenstein, Shampine and Reichelt (SIAM J. Sci. Comput.
18 (1997) 1) on backward differences, with quasi-constant steps. scipy's BDF is of the same family; this one differs
in what the problem needs: the system supplies the Newton solve, the error scales and the norm, and the history can be
mapped affinely to other unknowns in mid-course.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from symsl.errors import SymslError

Array = np.ndarray[Any, Any]

_MAX_ORDER = 5
_MAX_NEWTON = 4
_NEWTON_TOLERANCE = 0.1  # part of the local error that may be left in the solution of a step
_KAPPA = np.array([0.0, -0.1850, -1 / 9, -0.0823, -0.0415, 0.0])
_GAMMA = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, _MAX_ORDER + 1))])
_ALPHA = (1 - _KAPPA) * _GAMMA
_ERROR = _KAPPA * _GAMMA + 1 / np.arange(1, _MAX_ORDER + 2)


class Linearised(Protocol):
    """A Jacobian J that can be used in Newton's method."""

    def factorise(self, h: float) -> Callable[[Array], Array]:
        """b -> (1 - h J)^-1 b."""


class StiffSystem(Protocol):
    """dy/dt = velocity(y) for an array y of any shape."""

    def velocity(self, y: Array) -> Array: ...

    def linearise(self, y: Array) -> Linearised: ...

    def scale(self, y: Array, tolerance: float) -> Any: ...

    def norm(self, error: Array, scale: Any) -> float: ...


class StepSizeError(SymslError, ArithmeticError):
    """No step size above the rounding of t is accepted."""


class BackwardDifferentiation:
    """Integrates forward in t by `step()`; `at(t)` interpolates in the last step."""

    def __init__(self, system: StiffSystem, y: Array, end: float, tolerance: float) -> None:
        self.system, self.tolerance, self.end = system, tolerance, end
        self.t, self.order, self.steps, self.evaluations, self.factorisations = 0.0, 1, 0, 0, 0
        self.history = np.zeros((_MAX_ORDER + 3, *y.shape))
        self.history[0] = y
        velocity = self._velocity(y)
        self.h = self._first_step(y, velocity)
        self.history[1] = self.h * velocity
        self._equal_steps = 0
        self._rate = 1.0  # of convergence of Newton's method, remembered while the factorisation is kept
        self._jacobian: Linearised | None = None
        self._solve: Callable[[Array], Array] | None = None

    def step(self) -> None:
        """One accepted step, not beyond `end`; raises `StepSizeError`."""
        history, order = self.history, self.order
        fresh = False
        while True:
            left = self.end - self.t
            final = self.h * (1 + 1e-9) >= left
            if final:
                self._rescale(left / self.h)
            elif self.h < 16 * np.spacing(self.t):
                raise StepSizeError(
                    f"no step above {self.h:.1e} is accepted at t = {self.t:.6g}; ask for less accuracy, or "
                    "start from smaller weights"
                )
            predicted = history[: order + 1].sum(axis=0)
            scale = self.system.scale(predicted, self.tolerance)
            if self._jacobian is None:
                self._jacobian, self._solve, fresh = self.system.linearise(predicted), None, True
            correction, iterations = self._newton(predicted, scale)
            if correction is None:
                if fresh:
                    self._rescale(0.5)
                else:
                    self._jacobian = None
                continue
            error = _ERROR[order] * self.system.norm(correction, scale)
            safety = 0.9 * (2 * _MAX_NEWTON + 1) / (2 * _MAX_NEWTON + iterations)
            if error <= 1:
                break
            self._rescale(max(0.2, safety * error ** (-1 / (order + 1))))
        self.t = self.end if final else self.t + self.h
        self.steps += 1
        self._equal_steps += 1
        history[order + 2] = correction - history[order + 1]
        history[order + 1] = correction
        for j in range(order, -1, -1):
            history[j] += history[j + 1]
        if iterations > 2:
            self._jacobian = None
        if self._equal_steps > order:
            self._choose_order(error, safety, scale)

    def at(self, t: float, project: Callable[[Array], Array] = np.asarray) -> Array:
        """The solution at t in the last step; `project`, a linear map, is applied to the few arrays it is made of."""
        total, weight = project(self.history[0]), 1.0
        for j in range(self.order):
            weight *= (t - self.t + j * self.h) / ((j + 1) * self.h)
            total = total + weight * project(self.history[j + 1])
        return total

    def change_unknowns(
        self, system: StiffSystem, affine: Callable[[Array], Array], linear: Callable[[Array], Array]
    ) -> None:
        """Go on with `system`, whose unknowns are affine(y); `linear` is the linear part of that map."""
        self.system = system
        self.history = np.stack([affine(self.history[0]), *(linear(difference) for difference in self.history[1:])])
        self._jacobian = self._solve = None

    def _velocity(self, y: Array) -> Array:
        self.evaluations += 1
        return self.system.velocity(y)

    def _newton(self, predicted: Array, scale: Any) -> tuple[Array | None, int]:
        """Solve d = h/alpha_k velocity(predicted + d) - psi for the correction d; None without convergence."""
        order = self.order
        h = self.h / _ALPHA[order]
        psi = _combine(_GAMMA[None, 1 : order + 1] / _ALPHA[order], self.history[1 : order + 1])[0]
        if self._solve is None:
            assert self._jacobian is not None
            self._solve = self._jacobian.factorise(h)
            self.factorisations += 1
            self._rate = 1.0
        correction, before = np.zeros_like(predicted), 0.0
        for iteration in range(1, _MAX_NEWTON + 1):
            residual = h * self._velocity(predicted + correction) - psi - correction
            change = self._solve(residual)
            size = self.system.norm(change, scale)
            if not math.isfinite(size):
                return None, iteration
            if before:
                self._rate = max(0.1 * self._rate, size / before)
            rate, left = self._rate, _MAX_NEWTON - iteration
            if before and (rate >= 1 or rate**left / (1 - rate) * size > _NEWTON_TOLERANCE):
                return None, iteration
            correction += change
            if size == 0 or (rate < 1 and rate / (1 - rate) * size < _NEWTON_TOLERANCE):
                return correction, iteration
            before = size
        return None, _MAX_NEWTON

    def _choose_order(self, error: float, safety: float, scale: Any) -> None:
        """The order, one up or down at most, and the step that promise the fastest progress."""
        order = self.order
        errors = {order: error}
        if order > 1:
            errors[order - 1] = _ERROR[order - 1] * self.system.norm(self.history[order], scale)
        if order < _MAX_ORDER:
            errors[order + 1] = _ERROR[order + 1] * self.system.norm(self.history[order + 2], scale)
        factors = {k: max(value, 1e-12) ** (-1 / (k + 1)) for k, value in errors.items()}
        self.order = max(factors, key=lambda k: factors[k])
        self._rescale(min(10.0, safety * factors[self.order]))

    def _rescale(self, factor: float) -> None:
        """Change the step by `factor`: the differences of the same polynomial on the new grid."""
        order = self.order
        transform = _grid_change(order, factor) @ _grid_change(order, 1.0)
        self.history[: order + 1] = _combine(transform.T, self.history[: order + 1])
        self.h *= factor
        self._equal_steps = 0
        self._solve = None

    def _first_step(self, y: Array, velocity: Array) -> float:
        """Where the second-order term of the solution reaches the tolerance."""
        scale = self.system.scale(y, self.tolerance)
        speed = self.system.norm(velocity, scale)
        trial = min(self.end, 0.01 / speed if speed > 0 else self.end)
        bend = self.system.norm(self._velocity(y + trial * velocity) - velocity, scale) / trial
        step = math.sqrt(1 / bend) if bend > 0 and math.isfinite(bend) else 100 * trial
        return min(self.end, 0.5 * step)


def _combine(matrix: Array, arrays: Array) -> Array:
    """Linear combinations of arrays stacked on the first axis."""
    result: Array = (matrix @ arrays.reshape(len(arrays), -1)).reshape(len(matrix), *arrays.shape[1:])
    return result


def _grid_change(order: int, factor: float) -> Array:
    """Matrix of the map between backward differences on grids of steps h and factor h (Shampine and Reichelt)."""
    matrix = np.zeros((order + 1, order + 1))
    matrix[0] = 1.0
    for j in range(1, order + 1):
        for i in range(1, order + 1):
            matrix[i, j] = matrix[i - 1, j] * (i - 1 - factor * j) / i
    return matrix
