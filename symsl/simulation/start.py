"""The start of a run: its random streams and its weights, a function of the seed and the number of the run alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symsl.arguments import double, fits_in_memory, positive_integer, seed_number, standard_deviation
from symsl.errors import ParameterError
from symsl.precision import exact_integer

Array = NDArray[np.float64]

_STUDENT, _TEACHER, _EXAMPLES = range(3)


def generator(seed: int, run: int, purpose: int) -> np.random.Generator:
    """The stream of one purpose in one run: the child `purpose` of the child `run` of numpy's SeedSequence(seed)."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(run, purpose)))


def example_stream(seed: int, run: int) -> np.random.Generator:
    """The stream the inputs of run `run` are drawn from."""
    return generator(seed, run, _EXAMPLES)


def initial_weights(
    seed: object, run: object, *, N: object, K: object = 1, M: object = 1, sigma_J: object = "1/100"
) -> tuple[Array, Array]:
    """What `simulate` draws: J(0) of shape (K, N), entries sigma_J N(0,1), and B of shape (M, N), entries N(0,1).

    Float64; a function of `seed` and the number `run` >= 0 alone. Raises `ParameterError` for what is no such number.
    """
    where = "initial_weights"
    entropy, number = seed_number(seed, where), exact_integer(run, "run", where)
    if number < 0:
        raise ParameterError(where, "run", run, "run >= 0", "runs are numbered from 0")
    dimension, students, teachers = (
        positive_integer(value, name, where) for value, name in ((N, "N"), (K, "K"), (M, "M"))
    )
    fits_in_memory(max(students, teachers) * dimension, "N", N, where)
    deviation = double(standard_deviation(sigma_J, where), "sigma_J", where)
    student = deviation * generator(entropy, number, _STUDENT).standard_normal((students, dimension))
    return student, generator(entropy, number, _TEACHER).standard_normal((teachers, dimension))
