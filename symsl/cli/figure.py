"""`symsl figure`: the paper's figures and our own, as PDF, PNG, data and caption."""

from __future__ import annotations

import os
import time
from pathlib import Path

from symsl.cli.progress import counting

# Parallel simulations are processes of one thread each; numpy reads this when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def run_figure(key: str | None, folder: Path, *, quick: bool) -> None:
    """Make one figure, or all of them where `key` is None."""
    from symsl.figures.make import make_figure, prepare
    from symsl.figures.registry import KEYS, module_name

    keys = KEYS if key is None else (key,)
    for name in keys:
        module_name(name)
    prepare(folder)
    start = time.perf_counter()
    with counting("figures", len(keys)) as advance:
        for name in keys:
            begun = time.perf_counter()
            made = make_figure(name, folder, "quick" if quick else "full")
            how = "data read" if made.reused else "data computed"
            print(f"figure {name}: {made.pictures[0]} ({how}, {time.perf_counter() - begun:.1f} s)", flush=True)
            advance()
    if len(keys) > 1:
        print(f"{len(keys)} figures in {time.perf_counter() - start:.0f} s")
