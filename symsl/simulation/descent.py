"""Online SGD, Eq. 3, for several runs at once; blocks of examples make it matrix products. Float64.

Within a block of P examples the weights move in the span of the block's inputs only. The preactivations at step p are
therefore those of the block's start minus what the earlier examples q < p changed, which the overlaps xi_p.xi_q/N tell.
This is plain SGD, rearranged: it agrees with a loop over single examples up to rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from symsl.simulation.inputs import Inputs
from symsl.simulation.order_parameters import generalisation_error, order_parameters

Array = NDArray[np.float64]

BLOCK = 16
"""Examples per block. Blocks end at its multiples, so a continued run repeats an uninterrupted one bit for bit."""


@dataclass(frozen=True, eq=False)
class Rule:
    """What every run of a simulation shares: the inputs and the learning rule. `trained` counts components."""

    inputs: Inputs
    activation: str
    eta: float
    trained: int


@dataclass(frozen=True, eq=False)
class Measurement:
    """At one time, for all runs: Q^(1) (runs, K, K), R^(1) (runs, K, M), eps_g (runs,)."""

    Q: Array
    R: Array
    eps_g: Array


@dataclass(frozen=True, eq=False)
class State:
    """Weights J (runs, K, N), B (runs, M, N) after `step` examples, and the state of each run's random stream."""

    step: int
    J: Array
    B: Array
    streams: tuple[dict[str, Any], ...]


def advance(rule: Rule, state: State, records: Sequence[int], end: int) -> tuple[State, list[Measurement]]:
    """Train from `state`, which is left as it is, to example `end`, and measure after each number in `records`.

    `records` ascend and lie in (state.step, end].
    """
    generators = [_restored(stream) for stream in state.streams]
    J, step = state.J.copy(), state.step
    buffer = np.empty((len(generators), BLOCK, rule.inputs.N))
    measured = []
    with np.errstate(over="ignore", invalid="ignore"):
        for stop in sorted({*records, end}):
            while step < stop:
                count = min(stop, (step // BLOCK + 1) * BLOCK) - step
                _train(rule, J, state.B, generators, buffer[:, :count])
                step += count
            if stop in records:
                measured.append(measure(rule, J, state.B))
    streams = tuple(dict(generator.bit_generator.state) for generator in generators)
    return State(step, J, state.B, streams), measured


def measure(rule: Rule, J: Array, B: Array) -> Measurement:
    """The order parameters and the generalisation error now."""
    overlaps = order_parameters(rule.inputs, J, B)
    return Measurement(overlaps.Q, overlaps.R, generalisation_error(rule.inputs, J, B, rule.activation))


def _train(rule: Rule, J: Array, B: Array, generators: list[np.random.Generator], examples: Array) -> None:
    """One block, J in place. `examples` is a work space of shape (runs, P, N)."""
    runs, P, N = examples.shape
    K, M, trained = J.shape[1], B.shape[1], rule.trained
    student, teacher, overlap = np.empty((runs, P, K)), np.empty((runs, P, M)), np.empty((runs, P, P))
    for run in range(runs):
        rule.inputs.fill(generators[run], examples[run])
        np.matmul(examples[run], J[run].T, out=student[run])
        np.matmul(examples[run], B[run].T, out=teacher[run])
        moving = examples[run, :, :trained]
        np.matmul(moving, moving.T, out=overlap[run])
    output_weight = np.sqrt(M) / K
    student, teacher, overlap = student / np.sqrt(N), teacher / np.sqrt(N), overlap * (rule.eta * output_weight / N)
    learn = _linear_signal if rule.activation == "linear" else _erf_signal
    signal = learn(student, teacher, overlap, output_weight)
    for run in range(runs):
        change = signal[run].T @ examples[run, :, :trained]
        J[run, :, :trained] -= rule.eta * output_weight / np.sqrt(N) * change


def _linear_signal(student: Array, teacher: Array, overlap: Array, output_weight: float) -> Array:
    """(sigma - zeta) g'(x_i) per example and student unit, shape (runs, P, K): a triangular system for g(x) = x."""
    P, K = student.shape[1:]
    before = output_weight * student.sum(axis=2) - teacher.sum(axis=2) / np.sqrt(teacher.shape[2])
    system = np.eye(P) + output_weight * K * np.tril(overlap, -1)
    difference = np.linalg.solve(system, before[:, :, None])
    return np.broadcast_to(difference, student.shape)


def _erf_signal(student: Array, teacher: Array, overlap: Array, output_weight: float) -> Array:
    """(sigma - zeta) g'(x_i) per example and student unit, shape (runs, P, K), one example after the other."""
    target = erf(teacher / np.sqrt(2)).sum(axis=2) / np.sqrt(teacher.shape[2])
    signal = np.zeros_like(student)
    for p in range(student.shape[1]):
        x = student[:, p] - (overlap[:, p : p + 1, :p] @ signal[:, :p])[:, 0]
        difference = output_weight * erf(x / np.sqrt(2)).sum(axis=1) - target[:, p]
        signal[:, p] = difference[:, None] * (np.sqrt(2 / np.pi) * np.exp(-(x**2) / 2))
    return signal


def _restored(stream: dict[str, Any]) -> np.random.Generator:
    generator = np.random.Generator(np.random.PCG64())
    generator.bit_generator.state = stream
    return generator
