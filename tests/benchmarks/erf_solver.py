"""The order-parameter equations of the erf network: cost against L, scipy on the same rates, certified digits."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

import numpy as np
from measure import Contender, Measured, growth, race
from scipy.integrate import solve_ivp

from symsl import Spectrum
from symsl.erf.generalisation_error import generalisation_error
from symsl.erf.mode_system import ModeSystem
from symsl.erf.solve import solve
from symsl.erf.state import OrderParameters, State
from symsl.erf.taylor import solve_certified

ETA = Fraction(1, 10)


def run(quick: bool) -> Iterator[list[Measured]]:
    """Beside scipy; growth with L for K = M = 2 and 8, orders 1 and 2; the certified solver."""
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
    for K, order in ((2, 1), (2, 2), (8, 1), (8, 2)):
        yield _growth(K, order, (64, 256) if quick else (256, 1024, 4096, 16384)[: 4 if K == 2 else 3])
    end = 10 if quick else 10**4
    yield race(
        f"standard case, eta^2 included, alpha to {end}",
        [
            Contender("symsl, certified", partial(_certified, end), "20 certain digits"),
            Contender("symsl, structured BDF", partial(_standard, end), "float64, rtol 1e-9"),
        ],
        limit=240,
        repeats=1,
    )


def _growth(K: int, order: int, sizes: tuple[int, ...]) -> list[Measured]:
    """Processor time and memory against L, states included."""
    contenders = {L: Contender(f"L={L}", partial(_random, L, K, order), "float64, state included") for L in sizes}
    return growth(f"erf network, K = M = {K}, order {order}, alpha to 10^6, growth with L", "L", contenders, 240)


STANDARD = State.from_modes(
    Spectrum.from_eigenvalues([1]),
    [["1/4", "1/100"], ["1/100", "1/5"]],
    [["2/1000", "1/1000"], ["1/1000", "15/10000"]],
    [[1, 0], [0, 1]],
    output="plain sum",
)
"""The case on which public codes for isotropic inputs are compared: plain sums, eta = 0.1."""


def _certified(end: int) -> list[str]:
    return [str(solve_certified(STANDARD, ETA, [end], digits=20, order=2).eps_g[0])]


def _standard(end: int) -> list[float]:
    return [float(solve(STANDARD, ETA, [end], order=2, rtol=1e-9).eps_g[0])]


def _symsl(state: State, end: float, order: int = 1) -> list[float]:
    return [float(solve(state, ETA, [0, end], order=order).eps_g[-1])]


def _random(L: int, K: int, order: int) -> list[float]:
    return _symsl(State.random(Spectrum.power_law(L, 1), K=K, M=K, N=L, seed=1), 1e6, order)


def _scipy(state: State, method: str, end: float) -> list[float]:
    """The same velocity, with scipy's own error control and dense linear algebra."""
    lam = np.array([float(value.mid()) for value in state.spectrum.eigenvalues()])
    Q, R, T = (np.moveaxis(block, 0, -1) for block in state.float_modes())
    system = ModeSystem(lam, T, state.K, float(ETA), 1, deviation=False)
    start = system.pack(Q, R)
    with np.errstate(invalid="ignore"):  # it tries points that are no states, and takes them back
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
