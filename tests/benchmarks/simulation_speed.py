"""How fast is `simulate` beside the loop one would write first? Prints SGD steps per second; run it as a script.

OPENBLAS_NUM_THREADS=1 python tests/benchmarks/simulation_speed.py
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import numpy as np
from scipy.special import erf

from symsl.simulation import diagonal_inputs, initial_weights, simulate
from symsl.spectrum import Spectrum

SPECTRUM = Spectrum.power_law(L=8, beta="1/2")
STEPS = {256: 8_192, 1024: 4_096, 4096: 1_024}
RUNS = 16


def plain_loop(N: int, K: int, steps: int, activation: str) -> None:
    """Eq. 3 for one run, one example at a time."""
    generator, eta, M = np.random.default_rng(0), 0.1, K
    J, B = initial_weights(0, 0, N=N, K=K, M=M)
    deviations = np.sqrt(diagonal_inputs(SPECTRUM, N).variances)
    for _ in range(steps):
        xi = deviations * generator.standard_normal(N)
        x, y = J @ xi / np.sqrt(N), B @ xi / np.sqrt(N)
        if activation == "linear":
            difference, slope = (x.sum() - y.sum()) / np.sqrt(M), np.ones(K)
        else:
            difference = (erf(x / np.sqrt(2)).sum() - erf(y / np.sqrt(2)).sum()) / np.sqrt(M)
            slope = np.sqrt(2 / np.pi) * np.exp(-(x**2) / 2)
        J -= eta / np.sqrt(M) * difference * np.outer(slope, xi) / np.sqrt(N)


def rate(work: Callable[[], object], steps: int) -> float:
    """Steps per second, the best of three."""
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return steps / min(seconds)


def sgd(N: int, K: int, activation: str, *, steps: int, runs: int, processes: int = 1) -> float:
    """Steps per second of `simulate`, over all runs."""
    inputs = diagonal_inputs(SPECTRUM, N)
    setting = {"eta": "1/10", "K": K, "M": K, "runs": runs, "activation": activation, "processes": processes}
    return rate(lambda: simulate(inputs, alpha=[f"{steps}/{N}"], **setting), steps * runs)


def main() -> None:
    generator = np.random.default_rng(0)
    columns = ("activation", "plain loop", "1 run", f"{RUNS} runs", "2 processes", "inputs only")
    print("    N" + "".join(f"{column:>13}" for column in columns))
    for N, steps in STEPS.items():
        example = np.empty((16, N))
        drawing = rate(lambda example=example: [generator.standard_normal(out=example) for _ in range(100)], 1600)
        for activation, K in (("linear", 1), ("erf", 2)):
            loop = partial(plain_loop, N, K, steps, activation)
            rates = (
                rate(loop, steps),
                sgd(N, K, activation, steps=steps, runs=1),
                sgd(N, K, activation, steps=steps, runs=RUNS),
                sgd(N, K, activation, steps=4 * steps, runs=RUNS, processes=2),
                drawing,
            )
            print(f"{N:>5}{activation:>13}" + "".join(f"{value:>13.0f}" for value in rates))


if __name__ == "__main__":
    main()
