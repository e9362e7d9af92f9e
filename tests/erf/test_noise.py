"""Derivatives of the eta^2 term against complex steps of its value (independent of the backward formulas)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from symsl.erf.noise import (
    noise_derivatives_near_solution,
    noise_near_solution,
    plain_noise,
    plain_noise_derivatives,
)

Array = np.ndarray


def vectors(K: int, M: int, seed: int = 3) -> tuple[Array, Array]:
    """Student and teacher vectors (K, 9), (M, 9)."""
    generator = np.random.default_rng(seed)
    return generator.normal(size=(K, 9)) / 2, generator.normal(size=(M, 9)) / 2


def by_complex_steps(noise: Callable[..., Array], first: Array, second: Array, T: Array) -> tuple[Array, Array]:
    """Derivatives of noise(first, second, T, 0.7) along all entries; the first argument stays symmetric."""
    found = []
    for which, matrix in enumerate((first, second)):
        slopes = np.empty((*first.shape, *matrix.shape))
        step = 1e-8 * np.max(np.abs(matrix))
        for a, b in np.ndindex(matrix.shape):
            moved = [first.astype(complex), second.astype(complex)]
            moved[which][a, b] += 1j * step
            if which == 0 and a != b:
                moved[0][b, a] += 1j * step
            slopes[:, :, a, b] = noise(*moved, T, 0.7).imag / step
        found.append(slopes)
    return found[0], found[1]


def symmetrised(slopes: Array) -> Array:
    """Derivatives with Q_ij and Q_ji moved together."""
    return slopes + slopes.swapaxes(2, 3) * (1 - np.eye(slopes.shape[2]))


@pytest.mark.parametrize(("K", "M"), [(1, 1), (2, 2), (3, 2), (1, 3), (4, 4)])
def test_plain_derivatives(K: int, M: int) -> None:
    J, B = vectors(K, M)
    expected = by_complex_steps(plain_noise, J @ J.T, J @ B.T, B @ B.T)
    of_Q, of_R = plain_noise_derivatives(J @ J.T, J @ B.T, B @ B.T, 0.7)
    assert symmetrised(of_Q) == pytest.approx(expected[0], rel=1e-10, abs=1e-13)
    assert of_R == pytest.approx(expected[1], rel=1e-10, abs=1e-13)


@pytest.mark.parametrize("distance", [2.0, 1e-3, 1e-60, 1e-140])
@pytest.mark.parametrize("M", [1, 2, 4])
def test_derivatives_near_the_solution_keep_their_relative_accuracy(M: int, distance: float) -> None:
    """n is of second order in the distance: its derivatives by w are of order 1, those by r of first order."""
    J, B = vectors(M, M)
    w, r, T = distance**2 * (J @ J.T), distance * (J @ B.T), B @ B.T
    expected = by_complex_steps(noise_near_solution, w, r, T)
    of_w, of_r = noise_derivatives_near_solution(w, r, T, 0.7)
    assert symmetrised(of_w) == pytest.approx(expected[0], rel=1e-9, abs=1e-12)
    assert of_r / distance == pytest.approx(expected[1] / distance, rel=1e-9, abs=1e-12)


def test_both_forms_agree() -> None:
    J, B = vectors(3, 3)
    delta = J - B
    plain = plain_noise(J @ J.T, J @ B.T, B @ B.T, 0.7)
    assert noise_near_solution(delta @ delta.T, delta @ B.T, B @ B.T, 0.7) == pytest.approx(plain, abs=1e-14)
