"""The order-parameter equations of the erf network in float64: cost against L, and plain scipy on the same rates."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

import numpy as np
from measure import Contender, Measured, race
from scipy.integrate import solve_ivp

from symsl import Spectrum
from symsl.erf.generalisation_error import generalisation_error
from symsl.erf.mode_system import ModeSystem
from symsl.erf.solve import solve
from symsl.erf.state import OrderParameters, State

ETA = Fraction(1, 10)


def run(quick: bool) -> Iterator[list[Measured]]:
    """K = M = 2, beta = 1, first order in eta."""
    for L in (4, 16) if quick else (4, 16, 64, 256):
        state = State.random(Spectrum.power_law(L, 1), K=2, M=2, N=64 * L, seed=1)
        yield race(
            f"erf network, L={L}, alpha to 300",
            [
                Contender("symsl, structured BDF", partial(_symsl, state, 300.0), "float64, rtol 1e-6"),
                Contender("scipy BDF", partial(_scipy, state, "BDF", 300.0), "float64, rtol 1e-6"),
                Contender("scipy LSODA", partial(_scipy, state, "LSODA", 300.0), "float64, rtol 1e-6"),
            ],
            limit=60,
            repeats=1,
        )
    rows: list[Measured] = []
    sizes = (64, 256) if quick else (256, 1024, 4096, 16384)
    for L in sizes:
        state = State.random(Spectrum.power_law(L, 1), K=2, M=2, N=L, seed=1)
        task = "erf network, alpha to 10^6, growth with L"
        rows += race(task, [Contender(f"L={L}", partial(_symsl, state, 1e6), "float64")], limit=300, repeats=1)
    done = [(L, row.seconds) for L, row in zip(sizes, rows, strict=True) if row.seconds]
    slope = np.polyfit(np.log([L for L, _ in done]), np.log([seconds for _, seconds in done]), 1)[0]
    yield [*rows, Measured(rows[0].task, f"fit: seconds ~ L^{slope:.2f}", None, -1)]


def _symsl(state: State, end: float) -> list[float]:
    return [float(solve(state, ETA, [0, end]).eps_g[-1])]


def _scipy(state: State, method: str, end: float) -> list[float]:
    """The same velocity, with scipy's own error control and dense linear algebra."""
    lam = np.array([float(value.mid()) for value in state.spectrum.eigenvalues()])
    Q, R, T = (np.moveaxis(block, 0, -1) for block in state.float_modes())
    system = ModeSystem(lam, T, state.K, float(ETA), 1, deviation=False)
    start = system.pack(Q, R)
    found = solve_ivp(
        lambda _, y: system.velocity(y.reshape(start.shape)).ravel(),
        (0, end),
        start.ravel(),
        method=method,
        rtol=1e-6,
        atol=1e-10,
    ).y[:, -1]
    w, r = system.unpack(found.reshape(start.shape) @ system.measure)
    return [float(generalisation_error(OrderParameters(w, r, system.T_one)))]
