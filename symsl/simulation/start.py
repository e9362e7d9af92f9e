"""The start of a run: its random streams and its weights, a function of the seed and the number of the run alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_STUDENT, _TEACHER, _EXAMPLES = range(3)


def generator(seed: int, run: int, purpose: int) -> np.random.Generator:
    """The stream of one purpose in one run: the child `purpose` of the child `run` of numpy's SeedSequence(seed)."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(run, purpose)))


def example_stream(seed: int, run: int) -> np.random.Generator:
    """The stream the inputs of run `run` are drawn from."""
    return generator(seed, run, _EXAMPLES)


def initial_weights(
    seed: int, run: int, *, N: int, K: int = 1, M: int = 1, sigma_J: float = 0.01
) -> tuple[Array, Array]:
    """What `simulate` draws: J(0) of shape (K, N), entries sigma_J N(0,1), and B of shape (M, N), entries N(0,1)."""
    student = sigma_J * generator(seed, run, _STUDENT).standard_normal((K, N))
    return student, generator(seed, run, _TEACHER).standard_normal((M, N))
