"""Run online SGD and record the learning curve: split into groups of runs and stretches of time, resumable."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symsl.arguments import (
    double,
    fits_in_memory,
    positive_integer,
    require_path,
    seed_number,
    standard_deviation,
)
from symsl.errors import ParameterError
from symsl.precision import exact
from symsl.simulation.descent import BLOCK, Measurement, Rule, State, advance
from symsl.simulation.inputs import Inputs
from symsl.simulation.order_parameters import order_parameters
from symsl.simulation.parameters import (
    WHERE,
    example_counts,
    fingerprint,
    learning_rule,
    run_numbers,
    weights,
)
from symsl.simulation.result import Simulation
from symsl.simulation.resume import before_the_first_example, resumed
from symsl.simulation.start import example_stream, initial_weights

Array = NDArray[np.float64]

_STRETCHES = 50
_SHORTEST_STRETCH = 64 * BLOCK
_SECONDS_BETWEEN_SAVES = 60.0
_LARGEST_WORK_SPACE = 2**26
_DIVERGED = 1e6
"""So often the teachers' and the start's size is more than any learning rate of use makes of sum_i Q_ii."""


def simulate(
    inputs: Inputs,
    *,
    eta: object,
    alpha: Iterable[object],
    activation: str = "linear",
    K: object = 1,
    M: object = 1,
    sigma_J: object = "1/100",
    runs: object = 1,
    seed: object = 0,
    trainable: object = None,
    J: Array | None = None,
    B: Array | None = None,
    file: str | Path | None = None,
    processes: object = 1,
    executor: Executor | None = None,
) -> Simulation:
    """Online SGD, Eq. 3: J_i -> J_i - eta (sqrt(M)/K) (sigma - zeta) g'(x_i) xi/sqrt(N), a fresh example each step.

    sigma = (sqrt(M)/K) sum_i g(x_i), zeta = (1/sqrt(M)) sum_n g(y_n), x_i = xi.J_i/sqrt(N), y_n = xi.B_n/sqrt(N)
    (Eq. 2), with g(x) = x for `activation="linear"` and g(x) = erf(x/sqrt 2) for "erf".

    `alpha`: the times alpha = p/N to record, p the number of examples, rounded to whole examples (times that round to
    the same one are recorded once). `trainable`: only the first `trainable` directions learn: eigendirections of N/L
    components each for `diagonal_inputs`, input components otherwise (Secs. 4.3, B.3); all by default.
    J(0) = sigma_J N(0,1) and B = N(0,1) are drawn unless given, with shape (K, N), (M, N) or one such for each run.

    `runs`: how many, or a sequence of run numbers. Run r depends on `seed` and r alone, whatever runs beside it.
    `file`: a npz file that is written as the simulation goes on; where it exists already with the same parameters the
    simulation goes on from it, also to later times than before. `processes`: so many groups of runs advance in parallel
    processes, or in `executor`, any `concurrent.futures.Executor` (processes must import symsl and use one BLAS thread
    each to be of use; scripts need the usual `if __name__ == "__main__"`).

    Raises `ParameterError` on bad parameters, and where the students grow without bound: sum_i Q_ii a million times
    what sum_n T_nn and the start are (a learning rate above the critical one).
    """
    rule, numbers = learning_rule(inputs, eta, activation, trainable), run_numbers(runs)
    students, teachers = positive_integer(K, "K", WHERE), positive_integer(M, "M", WHERE)
    for argument, units, given in (("K", students, K), ("M", teachers, M)):
        fits_in_memory(len(numbers) * units * inputs.N, argument, given, WHERE)
    entropy, parallel = seed_number(seed, WHERE), min(positive_integer(processes, "processes", WHERE), len(numbers))
    deviation = standard_deviation(sigma_J, WHERE)
    start_size = double(deviation, "sigma_J", WHERE)
    require_path(file, "file", WHERE)
    steps = example_counts(alpha, inputs.N)
    drawn = [initial_weights(entropy, run, N=inputs.N, K=students, M=teachers, sigma_J=start_size) for run in numbers]
    streams = tuple(dict(example_stream(entropy, run).bit_generator.state) for run in numbers)
    state = State(
        0, weights(J, "J", [pair[0] for pair in drawn]), weights(B, "B", [pair[1] for pair in drawn]), streams
    )
    parameters: dict[str, Any] = {
        "inputs": inputs.describe(),
        "activation": activation,
        "eta": str(exact(eta, "eta", WHERE)),
        "K": students,
        "M": teachers,
        "sigma_J": str(deviation),
        "seed": entropy,
        "runs": numbers,
        "trained components": rule.trained,
        "J": fingerprint(J),
        "B": fingerprint(B),
    }
    first = order_parameters(inputs, state.J, state.B)
    begun = resumed(before_the_first_example(rule, parameters, state), steps, file)
    largest = _DIVERGED * (_trace(first.Q) + _trace(first.T))
    with _pool(executor, parallel) as pool:
        return _run(rule, begun, steps, _groups(len(numbers), inputs.N, parallel), pool, file, largest)


def _groups(runs: int, N: int, parallel: int) -> int:
    """How many groups of runs: one a process, and so many that the inputs of a block fit into memory."""
    needed = -(-runs * BLOCK * N * 8 // _LARGEST_WORK_SPACE)
    return min(runs, max(parallel, needed))


def _run(
    rule: Rule,
    done: Simulation,
    steps: Sequence[int],
    groups: int,
    pool: Executor | None,
    file: str | Path | None,
    largest: Array,
) -> Simulation:
    last = steps[-1]
    stretch = max(_SHORTEST_STRETCH, last // _STRETCHES // BLOCK * BLOCK)
    saved = time.monotonic()
    with _progress(last) as progress:
        try:
            while True:
                records = [step for step in steps if step > (done.steps[-1] if len(done.steps) else -1)]
                if done.step == last and not records:
                    break
                end = min(last, (done.step // stretch + 1) * stretch)
                done = _extended(rule, done, [step for step in records if step <= end], end, groups, pool, largest)
                progress(done.step)
                if file is not None and time.monotonic() - saved > _SECONDS_BETWEEN_SAVES:
                    done.save(file)
                    saved = time.monotonic()
        except (KeyboardInterrupt, ParameterError):
            if file is not None:
                done.save(file)
            raise
    if file is not None:
        done.save(file)
    return done


def _extended(
    rule: Rule,
    done: Simulation,
    records: Sequence[int],
    end: int,
    groups: int,
    pool: Executor | None,
    largest: Array,
) -> Simulation:
    """`done`, continued to example `end`; `ParameterError` where sum_i Q_ii of a run is not below its `largest`."""
    parts = np.array_split(np.arange(len(done.J)), groups)
    states = [State(done.step, done.J[p], done.B[p], tuple(done.streams[run] for run in p)) for p in parts]
    if pool is None:
        outcomes = [advance(rule, state, records, end) for state in states]
    else:
        futures = [pool.submit(advance, rule, state, records, end) for state in states]
        outcomes = [future.result() for future in futures]
    J = np.concatenate([state.J for state, _ in outcomes])
    measured = [
        Measurement(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("Q", "R", "eps_g")))
        for parts in zip(*(measurements for _, measurements in outcomes), strict=True)
    ]
    with np.errstate(over="ignore", invalid="ignore"):
        now = order_parameters(rule.inputs, J, done.B).Q
        sizes = [_trace(Q) for Q in (*(entry.Q for entry in measured), now)]
    if not all(np.all(size < largest) for size in sizes):
        raise ParameterError(
            WHERE,
            "eta",
            f"{rule.eta:g}",
            "a learning rate below the critical one (M/K eta < 2/u_1 for linear activation, Sec. 4.1; entry "
            "late-phase-critical-learning-rate for erf)",
            f"the weights diverged before alpha = {end / done.N:g}: lower eta or stop earlier",
        )
    streams = tuple(stream for state, _ in outcomes for stream in state.streams)
    return _recorded(replace(done, J=J, streams=streams, step=end), records, measured)


def _trace(matrices: Array) -> Array:
    """Of the matrices in the last two axes."""
    return np.asarray(np.trace(matrices, axis1=-2, axis2=-1))


def _recorded(done: Simulation, steps: Sequence[int], measured: Sequence[Measurement]) -> Simulation:
    if not steps:
        return done
    return replace(
        done,
        steps=np.concatenate([done.steps, np.asarray(steps, dtype=np.int64)]),
        Q=np.concatenate([done.Q, np.stack([entry.Q for entry in measured], axis=1)], axis=1),
        R=np.concatenate([done.R, np.stack([entry.R for entry in measured], axis=1)], axis=1),
        eps_g=np.concatenate([done.eps_g, np.stack([entry.eps_g for entry in measured], axis=1)], axis=1),
    )


@contextmanager
def _pool(executor: Executor | None, processes: int) -> Iterator[Executor | None]:
    """The given executor, a process pool, or None for this process."""
    if executor is not None or processes == 1:
        yield executor
        return
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], object]]:
    """A function to call with the number of examples seen; draws on stderr if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("online SGD", total=total)
        yield lambda step: bar.update(task, completed=step)
