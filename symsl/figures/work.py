"""What computing a figure needs from outside: a place for unfinished work, processes, and somebody to tell."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from symsl.errors import UsageError
from symsl.simulation import Simulation, simulate
from symsl.simulation.inputs import DataInputs, Inputs


class Work:
    """One figure's computation. Simulations are kept in `folder` as they go on, so that they can be resumed."""

    def __init__(self, folder: Path, stem: str, processes: int | None = None) -> None:
        self._folder, self._stem = folder, stem
        self._processes = processes if processes is not None else os.cpu_count() or 1

    @contextmanager
    def stage(self, text: str) -> Iterator[None]:
        """A moving sign with `text` while the block runs, if stderr is a terminal."""
        if not sys.stderr.isatty():
            yield
            return
        from rich.console import Console

        with Console(stderr=True).status(f"{self._stem}: {text}"):
            yield

    def simulate(self, name: str, inputs: Inputs, **options: Any) -> Simulation:
        """`symsl.simulation.simulate`, kept under `name` until the figure's data are complete.

        What another simulation left under this name is replaced. Real data stay in this process: to send them to others
        takes longer than to train on them.
        """
        path = self._folder / f"{self._stem}.{name}.part.npz"
        processes = 1 if isinstance(inputs, DataInputs) else min(self._processes, int(options["runs"]))
        options = {**options, "file": path, "processes": processes}
        try:
            return simulate(inputs, **options)
        except UsageError:
            if not path.exists():
                raise
            path.unlink()
            return simulate(inputs, **options)

    def forget_parts(self) -> None:
        """Remove the files of finished simulations."""
        for path in self._folder.glob(f"{self._stem}.*.part.npz"):
            path.unlink()
