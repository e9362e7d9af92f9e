"""`symsl sweep`: an equation over a grid of parameters."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from symsl.errors import UsageError


def run_sweep(
    key: str, given: Mapping[str, str], *, digits: int, route: str | None, output: Path | None, jobs: int | None
) -> int:
    """Evaluate every point of the grid; 3 if some were not decided."""
    from rich.console import Console
    from rich.progress import Progress

    from symsl.sweeps import sweep

    if not given:
        raise UsageError("a sweep needs its grid: lists such as L=16,64 beta=1/2,1")
    grid = {name: text.split(",") for name, text in given.items()}
    if any(not value.strip() for values in grid.values() for value in values):
        raise UsageError("a list of the grid holds nothing between two commas")
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as progress:
        task = progress.add_task("points")
        results = sweep(
            key,
            grid,
            digits=digits,
            route=route,
            processes=jobs,
            file=output,
            on_result=lambda done, total: progress.update(task, completed=done, total=total),
        )
    print("\t".join([*grid, "value"]))
    for result in results:
        shown = str(result.value) if result.value is not None else f"not decided: {result.failure}"
        print("\t".join([*result.parameters.values(), shown]))
    if output is not None:
        print(f"wrote {output}")
    return 3 if any(result.value is None for result in results) else 0
