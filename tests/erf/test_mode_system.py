"""The structured velocity and Newton solve against dense linear algebra on the same equations."""

from __future__ import annotations

import numpy as np
import pytest

from symsl.erf.exchange_symmetry import exchange_symmetries
from symsl.erf.mode_system import ModeSystem
from symsl.erf.state import OrderParameters


def make_system(K: int, M: int, *, deviation: bool, order: int, L: int = 5) -> tuple[ModeSystem, np.ndarray]:
    """Random vectors; near the teachers (deviation frame) or anywhere."""
    generator = np.random.default_rng(7)
    eigenvalues = generator.uniform(0.1, 3, L)
    eigenvalues /= eigenvalues.mean()
    B, vectors = generator.normal(size=(M, L, 6)), 0.8 * generator.normal(size=(K, L, 6))
    w, r, T = (np.einsum("iks,jks->ijk", x, y) / 6 for x, y in ((vectors, vectors), (vectors, B), (B, B)))
    system = ModeSystem(eigenvalues, T, K, 0.7, order, deviation=deviation)
    return system, system.pack(w, r)


CASES = [(1, 1, True), (2, 2, False), (2, 2, True), (3, 2, False), (1, 3, False), (3, 3, True)]


@pytest.mark.parametrize(("K", "M", "deviation"), CASES)
@pytest.mark.parametrize("order", [1, 2])
def test_newton_solve_inverts_the_jacobian(K: int, M: int, deviation: bool, order: int) -> None:
    system, y = make_system(K, M, deviation=deviation, order=order)
    h, step, size = 0.9, 1e-5, y.size
    directions = np.eye(size).reshape(size, *y.shape)
    columns = [(system.velocity(y + step * d) - system.velocity(y - step * d)).ravel() / (2 * step) for d in directions]
    b = np.random.default_rng(1).normal(size=y.shape)
    dense = np.linalg.solve(np.eye(size) - h * np.array(columns).T, b.ravel()).reshape(y.shape)
    assert system.linearise(y).factorise(h)(b) == pytest.approx(dense, rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("distance", [1e-3, 1e-60, 1e-140])
@pytest.mark.parametrize("order", [1, 2])
def test_newton_solve_near_the_solution_keeps_scales_apart(distance: float, order: int) -> None:
    """w is of the size of r^2: the solve must not mix their rounding errors. The system is nearly homogeneous there."""
    system, y = make_system(2, 2, deviation=True, order=order)

    def scaled(size: float) -> np.ndarray:
        w, r = system.unpack(y)
        return system.pack(w * size * size, r * size)

    reference = system.linearise(scaled(1e-12)).factorise(0.5)(scaled(1e-12)) / scaled(1e-12)
    result = system.linearise(scaled(distance)).factorise(0.5)(scaled(distance)) / scaled(distance)
    assert result == pytest.approx(reference, rel=10 * max(distance, 1e-8))


def test_velocities_of_both_frames_agree() -> None:
    deviation, y = make_system(3, 3, deviation=True, order=2)
    plain = ModeSystem(deviation.eigenvalues, deviation.T, 3, 0.7, 2, deviation=False)
    w, r = deviation.unpack(y)
    R = r + deviation.T
    dQ, dR = plain.unpack(plain.velocity(plain.pack(w + R + R.swapaxes(0, 1) - deviation.T, R)))
    dw, dr = deviation.unpack(deviation.velocity(y))
    assert dr == pytest.approx(dR, abs=1e-12)
    assert dw == pytest.approx(dQ - dR - dR.swapaxes(0, 1), abs=1e-12)


def test_symmetric_states_have_fewer_unknowns_and_the_same_velocity() -> None:
    L, K, M = 4, 3, 2
    eigenvalues = np.array([2.0, 1.0, 0.7, 0.3])
    modes = OrderParameters(
        np.broadcast_to(0.3 * np.eye(K) + 0.1, (L, K, K)),
        np.broadcast_to(np.full((K, M), 0.2), (L, K, M)),
        np.broadcast_to(np.eye(M), (L, M, M)),
    )
    w, r, T = (np.ascontiguousarray(np.moveaxis(X, 0, -1)) for X in modes)
    symmetries = exchange_symmetries(modes)
    full = ModeSystem(eigenvalues, T, K, 0.7, 2, deviation=False)
    reduced = ModeSystem(eigenvalues, T, K, 0.7, 2, deviation=False, symmetries=symmetries)
    assert (full.rows, reduced.rows) == (12, 3)
    y, z = full.pack(w, r), reduced.pack(w, r)
    for one, other in zip(full.unpack(full.velocity(y)), reduced.unpack(reduced.velocity(z)), strict=True):
        assert other == pytest.approx(one, rel=1e-13)
    solved = full.linearise(y).factorise(0.5)(full.velocity(y))
    for one, other in zip(
        full.unpack(solved), reduced.unpack(reduced.linearise(z).factorise(0.5)(reduced.velocity(z))), strict=True
    ):
        assert other == pytest.approx(one, rel=1e-12)


@pytest.mark.parametrize("deviation", [False, True])
def test_an_allowed_error_keeps_the_order_1_sums_and_those_of_all_slower_modes(deviation: bool) -> None:
    """What the norm calls 1 changes sum_j (lambda_j/L) w_j over the modes not faster than any k by < tolerance."""
    system, y = make_system(2, 2, deviation=deviation, order=1, L=9)
    tolerance, generator = 1e-6, np.random.default_rng(2)
    scale = system.scale(y, tolerance)
    amplitude = np.mean(np.diagonal(system.unpack(y)[0], axis1=0, axis2=1), axis=1)
    teachers = np.mean(np.diagonal(system.T, axis1=0, axis2=1), axis=1)
    floor = 0 if deviation else 0.01
    allowed = tolerance * (5 if deviation else 0.3)  # before eps_g has fallen
    for _ in range(20):
        error = generator.normal(size=y.shape) * generator.choice([0.0, 1.0], size=(1, system.L))
        size = system.norm(error, scale)
        w, r = system.unpack(error / size if size else error)
        for k in range(system.L):
            kept = system.measure * (system.eigenvalues <= system.eigenvalues[k])
            students, others = (amplitude + floor * teachers) @ kept, teachers @ kept
            assert np.max(np.abs(w @ kept)) < 1.001 * allowed * students
            assert np.max(np.abs(r @ kept)) < 1.001 * allowed * np.sqrt(students * others)
