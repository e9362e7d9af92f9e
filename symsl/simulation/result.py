"""The outcome of a simulation, complete or on the way, and its file."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symsl.errors import UsageError
from symsl.files import replacing

Array = NDArray[np.float64]

_FORMAT = "symsl simulation 1"
_ARRAYS = ("steps", "Q", "R", "T", "eps_g", "J", "B")


@dataclass(frozen=True, eq=False)
class Simulation:
    """Order parameters of `runs` runs, measured after `steps` examples (times alpha = steps/N). Float64.

    Shapes: `Q` (runs, times, K, K), `R` (runs, times, K, M), `T` (runs, M, M), all of order 1 as in E[x_i x_j] = Q_ij;
    `eps_g` (runs, times). `J` (runs, K, N) and `B` (runs, M, N) are the weights after `step` examples and `streams` the
    states of the random streams then: where a continued simulation starts. `parameters` defines the simulation,
    `provenance` tells the versions that ran it.
    """

    parameters: dict[str, Any]
    provenance: dict[str, str]
    N: int
    steps: NDArray[np.int64]
    Q: Array
    R: Array
    T: Array
    eps_g: Array
    J: Array
    B: Array
    step: int
    streams: tuple[dict[str, Any], ...]

    @property
    def alpha(self) -> Array:
        """The times of the measurements: examples per input dimension."""
        return np.asarray(self.steps / self.N, dtype=np.float64)

    def mean(self) -> Array:
        """eps_g averaged over the runs, shape (times,)."""
        return np.asarray(self.eps_g.mean(axis=0))

    def standard_error(self) -> Array:
        """The standard error of `mean()`, from the scatter of the runs; needs two runs."""
        if len(self.eps_g) < 2:
            raise UsageError("Simulation.standard_error: one run has no scatter; simulate with runs=2 or more")
        return np.asarray(self.eps_g.std(axis=0, ddof=1) / np.sqrt(len(self.eps_g)))

    def save(self, path: str | Path) -> None:
        """Write everything to a npz file, whole or not at all; `UsageError` where that fails."""
        header = json.dumps(
            {
                "format": _FORMAT,
                "parameters": self.parameters,
                "provenance": self.provenance,
                "N": self.N,
                "step": self.step,
                "streams": self.streams,
            }
        )
        with replacing(Path(path)) as partial, partial.open("wb") as stream:
            np.savez(stream, header=np.array(header), **{key: getattr(self, key) for key in _ARRAYS})

    @classmethod
    def load(cls, path: str | Path) -> Simulation:
        """Read what `save` wrote; `UsageError` for anything else."""
        try:
            with Path(path).open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
                header = json.loads(str(stored["header"]))
                arrays = {key: stored[key] for key in _ARRAYS}
            if header["format"] != _FORMAT:
                raise KeyError("format")
            return cls(
                header["parameters"],
                header["provenance"],
                header["N"],
                step=header["step"],
                streams=tuple(header["streams"]),
                **arrays,
            )
        except OSError as error:
            raise UsageError(f"Simulation.load: cannot read {path}: {error.strerror or error}") from None
        except (KeyError, TypeError, ValueError, EOFError, AttributeError, zipfile.BadZipFile):
            raise UsageError(f"Simulation.load: {path} is not a file written by symsl's simulate") from None
