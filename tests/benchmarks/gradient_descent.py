"""Online SGD: the same number of steps, beside a plain numpy loop and the limits of random numbers and of memory."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from measure import Contender, Measured, race
from scipy.special import erf

from symsl.simulation import diagonal_inputs, initial_weights, simulate
from symsl.spectrum import Spectrum

SPECTRUM = Spectrum.power_law(L=8, beta="1/2")
RUNS = 16


def run(quick: bool) -> Iterator[list[Measured]]:
    """16 runs of `steps` steps each. No step can do without its inputs, nor without reading and writing weights."""
    sizes = {256: 2_048} if quick else {256: 8_192, 1024: 4_096, 4096: 1_024}
    for N, steps in sizes.items():
        for activation, K in (("linear", 1), ("erf", 2)):
            yield race(
                f"SGD, {activation}, N={N}, {RUNS} x {steps} steps",
                [
                    Contender(
                        "symsl, runs together",
                        partial(_symsl, N, K, activation, steps, RUNS),
                        f"{RUNS * steps} steps",
                    ),
                    Contender("symsl, one run after the other", partial(_one_by_one, N, K, activation, steps)),
                    Contender("plain numpy loop", partial(_plain_loop, N, K, activation, steps)),
                    Contender("drawing the inputs alone", partial(_inputs, N, steps)),
                    Contender("reading and writing weights and inputs alone", partial(_memory, N, K, steps)),
                ],
                limit=90,
            )


def _symsl(N: int, K: int, activation: str, steps: int, runs: int) -> list[str]:
    simulate(
        diagonal_inputs(SPECTRUM, N), eta="1/10", K=K, M=K, runs=runs, activation=activation, alpha=[f"{steps}/{N}"]
    )
    return []


def _one_by_one(N: int, K: int, activation: str, steps: int) -> list[str]:
    for _ in range(RUNS):
        _symsl(N, K, activation, steps, 1)
    return []


def _plain_loop(N: int, K: int, activation: str, steps: int) -> list[str]:
    """Eq. 3, one example at a time."""
    generator, eta = np.random.default_rng(0), 0.1
    deviations = np.sqrt(diagonal_inputs(SPECTRUM, N).variances)
    for number in range(RUNS):
        J, B = initial_weights(0, number, N=N, K=K, M=K)
        for _ in range(steps):
            xi = deviations * generator.standard_normal(N)
            x, y = J @ xi / np.sqrt(N), B @ xi / np.sqrt(N)
            if activation == "linear":
                difference, slope = (x.sum() - y.sum()) / np.sqrt(K), np.ones(K)
            else:
                difference = (erf(x / np.sqrt(2)).sum() - erf(y / np.sqrt(2)).sum()) / np.sqrt(K)
                slope = np.sqrt(2 / np.pi) * np.exp(-(x**2) / 2)
            J -= eta / np.sqrt(K) * difference * np.outer(slope, xi) / np.sqrt(N)
    return []


def _inputs(N: int, steps: int) -> list[str]:
    generator = np.random.default_rng(0)
    for _ in range(RUNS * steps // 64):
        generator.standard_normal((64, N))
    return []


def _memory(N: int, K: int, steps: int) -> list[str]:
    """One pass over the weights of all runs for each step, reading the inputs: what memory bandwidth allows."""
    generator = np.random.default_rng(0)
    weights, inputs = generator.standard_normal((RUNS, K, N)), generator.standard_normal((RUNS, 1, N))
    for _ in range(steps):
        np.add(weights, inputs, out=weights)
    return []
