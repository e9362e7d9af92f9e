"""The end of training of the erf network: solutions, where it begins, and Eq. 17 from there (Figures 6, 20, d)."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from symsl.erf.late_phase import error_from_modes, from_state, relaxation_eigenvalues
from symsl.erf.plateau_approximation import approximate_escape_time
from symsl.erf.solve import solve
from symsl.erf.state import State
from symsl.erf.trajectory import Trajectory
from symsl.figures.numbers import doubles, times
from symsl.figures.plan import Array, Parameters
from symsl.precision import exact
from symsl.spectrum import Spectrum


def solution(spectrum: Spectrum, parameters: Parameters) -> Trajectory:
    """The equations to first order in eta from `typical_start`, until after the last mode is learned.

    `parameters` gives M, N, seed, sigma_J, eta, the first time and the number of times.
    """
    M, eta = parameters["M"], parameters["eta"]
    start = typical_start(spectrum, M, parameters["N"], parameters["seed"], parameters["sigma_J"])
    last = 20 * slowest_time(spectrum, M, eta) + 25 * approximate_escape_time(start, exact(eta, "eta"))
    grid = times(parameters["first"], last, parameters["points"])
    return solve(start, eta, grid, modes=True)


def typical_start(spectrum: Spectrum, M: int, N: int, seed: int, sigma_J: str) -> State:
    """Random weights, but with T_k = 1 for every mode (to rounding): T^(l)_nm = u_l delta_nm, as Eq. 17 takes it.

    The paper calls it the typical teacher configuration; drawn at random, it is so on average. The teachers are made
    orthogonal within each eigenspace; it needs N/L >= M.
    """
    generator = np.random.default_rng(seed)
    size = spectrum.multiplicity(N)
    teachers = [np.linalg.qr(generator.standard_normal((size, M)))[0].T * np.sqrt(size) for _ in range(spectrum.L)]
    student = float(exact(sigma_J, "sigma_J")) * generator.standard_normal((M, N))
    return State.from_weights(spectrum, student, np.concatenate(teachers, axis=1))


def slowest_time(spectrum: Spectrum, M: int, eta: object) -> float:
    """1/((4 eta/(pi M)) h_- lambda_L): the slowest of the relaxation times of Eq. 17."""
    h_minus = float(relaxation_eigenvalues(M)[1].mid())
    smallest = min(float(value.mid()) for value in spectrum.eigenvalues())
    return float(np.pi * M / (4 * float(exact(eta, "eta")) * h_minus * smallest))


def fast_group_time(spectrum: Spectrum, M: int, eta: object) -> float:
    """1/((4 eta/(pi M)) h_+ lambda_L): when the last mode of the faster group of Eq. 17 is learned."""
    h_plus, h_minus = (float(value.mid()) for value in relaxation_eigenvalues(M))
    return slowest_time(spectrum, M, eta) * h_minus / h_plus


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
