"""The end of training of the erf network: solutions, where it begins, and Eq. 17 from there (Figures 6, 20, d)."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from symsl.erf.late_phase import error_from_modes, from_state
from symsl.erf.solve import solve
from symsl.erf.state import State
from symsl.erf.trajectory import Trajectory
from symsl.figures.numbers import doubles
from symsl.figures.plan import Array, Parameters
from symsl.spectrum import Spectrum


def solution(spectrum: Spectrum, parameters: Parameters, grid: list[float], order: int = 1) -> Trajectory:
    """The equations from weights drawn with the `M`, `N`, `seed`, `sigma_J` and at the `eta` of `parameters`."""
    drawn = {name: parameters[name] for name in ("M", "N", "seed", "sigma_J")}
    start = State.random(spectrum, K=parameters["M"], **drawn)
    return solve(start, parameters["eta"], grid, order=order, modes=True)


def reference(trajectory: Trajectory, height: float) -> int:
    """The index of the first recorded time from which eps_g stays below `height`."""
    above = np.flatnonzero(trajectory.eps_g > height)
    return int(above[-1]) + 1 if len(above) else 0


def first_order_error(trajectory: Trajectory, index: int) -> Array:
    """Eq. 17 at the recorded times from number `index` on, with the deviations of that time."""
    start = from_state(trajectory.state(index))
    later = [Fraction(float(time - trajectory.alpha[index])) for time in trajectory.alpha[index:]]
    return doubles(lambda: error_from_modes(start, trajectory.eta, later))


def linearised_error(trajectory: Trajectory, index: int) -> Array:
    """Eq. 121 with the deviations of the solution: (1/pi) [w_d/sqrt 3 + (M-1) w_o/2] at order 1, from `index` on."""
    errors = []
    for number in range(index, len(trajectory.alpha)):
        w, _ = trajectory.state(number).matched().float_deviations()
        weights = np.array([float(value.mid()) for value in trajectory.initial.spectrum.eigenvalues()])
        first = np.einsum("k,kij->ij", weights, w) / trajectory.initial.L
        errors.append((np.trace(first) / np.sqrt(3) + (first.sum() - np.trace(first)) / 2) / (np.pi * len(first)))
    return np.array(errors)
