"""The parameters of a simulation, checked: what `simulate` was given becomes what it computes with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from symsl.arguments import as_array, double, fits_in_memory, learning_rate, many_times, one_of, positive_integer
from symsl.errors import ParameterError, UsageError
from symsl.precision import exact_integer
from symsl.simulation.descent import Rule
from symsl.simulation.inputs import Inputs

Array = NDArray[np.float64]

WHERE = "simulate"
ACTIVATIONS = ("linear", "erf")
_MOST_EXAMPLES = 2**53


def learning_rule(inputs: Inputs, eta: object, activation: str, trainable: object) -> Rule:
    """The rule of all runs; `trainable` counts directions of `inputs.multiplicity` components each."""
    if not isinstance(inputs, Inputs):
        raise UsageError(
            f"{WHERE}: inputs must come from diagonal_inputs, rotated_inputs, gaussian_inputs or data_inputs"
        )
    one_of(activation, ACTIVATIONS, "activation", WHERE)
    rate = double(learning_rate(eta, WHERE), "eta", WHERE)
    directions = inputs.N // inputs.multiplicity
    count = directions if trainable is None else exact_integer(trainable, "trainable", WHERE)
    if not 1 <= count <= directions:
        raise ParameterError(
            WHERE, "trainable", trainable, f"1 <= N_l <= {directions} (Eq. 10)", "count the directions that may learn"
        )
    return Rule(inputs, activation, rate, count * inputs.multiplicity)


def run_numbers(runs: object) -> list[int]:
    """0 .. runs-1, or the distinct numbers listed."""
    if isinstance(runs, Sequence) and not isinstance(runs, str):
        numbers = [exact_integer(run, "runs", WHERE) for run in runs]
        if not numbers or min(numbers) < 0 or len(set(numbers)) < len(numbers):
            raise ParameterError(WHERE, "runs", runs, "distinct run numbers >= 0", "list each run once")
        return numbers
    count = positive_integer(runs, "runs", WHERE)
    fits_in_memory(count, "runs", runs, WHERE)
    return list(range(count))


def example_counts(alpha: Iterable[object], N: int) -> list[int]:
    """The numbers of examples alpha N, rounded, ascending, each once."""
    times = many_times(alpha, WHERE)
    if not times or times != sorted(times):
        raise ParameterError(
            WHERE, "alpha", [str(time) for time in times], "ascending times >= 0, at least one", "sort the times"
        )
    if times[-1] * N > _MOST_EXAMPLES:
        raise ParameterError(
            WHERE, f"alpha[{len(times) - 1}]", times[-1], f"alpha N <= {_MOST_EXAMPLES} examples", "stop earlier"
        )
    return sorted({round(time * N) for time in times})


def weights(given: Array | None, argument: str, drawn: Sequence[Array]) -> Array:
    """The weights of all runs, shape (runs, units, N): those drawn, or the given ones."""
    default = np.stack(drawn)
    if given is None:
        return default
    array = as_array(given, argument, WHERE, np.float64)
    if array.shape not in (default.shape[1:], default.shape):
        raise ParameterError(
            WHERE,
            f"{argument}.shape",
            array.shape,
            f"{default.shape[1:]}, or {default.shape} for all runs",
            "match K, M, N and runs",
        )
    if not np.isfinite(array).all():
        raise ParameterError(WHERE, argument, "not finite", "finite weights", "remove nan and infinities")
    return np.array(np.broadcast_to(array, default.shape))


def fingerprint(given: Array | None) -> str:
    """What provenance says of weights: drawn from the seed, or the digest of those given."""
    if given is None:
        return "drawn"
    array = np.ascontiguousarray(given, dtype=np.float64)
    return f"{array.shape} {hashlib.sha256(array.tobytes()).hexdigest()}"
