"""Side by side, in one run, on the same input: symsl and every other way to the same number.

    python tests/benchmarks/run.py [--quick] [--only NAME] [-o benchmarks.json]

Every contender's numbers are compared with symsl's certified ones before its time counts. Times are the best of a few
runs, each contender in a process of its own; the column "ratio" is its processor time (with that of the programs it
starts) over that of the first row of the task: other work on the machine disturbs it least.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from measure import Measured, as_data
from rich.console import Console
from rich.table import Table

from symsl.export.data import json_text
from symsl.files import provenance, require_writable, write_whole

BENCHMARKS = (
    "learning_curves",
    "rates",
    "late_phase",
    "long_sums",
    "vandermonde",
    "erf_solver",
    "erf_certified",
    "gradient_descent",
    "walker",
    "start_up",
)


def main() -> int:
    """Run, print a table for each benchmark, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small sizes")
    parser.add_argument("--only", choices=BENCHMARKS, help="one benchmark")
    parser.add_argument("-o", "--output", type=Path, help="file to write, .json")
    given = parser.parse_args()
    if given.output:
        require_writable(given.output, (".json",))
    rows: list[Measured] = []
    for name in [given.only] if given.only else BENCHMARKS:
        module = importlib.import_module(name)
        print(f"\n{(module.__doc__ or name).splitlines()[0]}", flush=True)
        for task in module.run(given.quick):
            show(task)
            rows += task
            if given.output:
                about = provenance(quick=given.quick, cores=os.cpu_count())
                write_whole(given.output, json_text({"provenance": about, "rows": as_data(rows)}))
    return 0


def show(task: list[Measured]) -> None:
    """One task as a table."""
    table = Table(title=task[0].task, title_justify="left")
    for column in ("contender", "seconds", "CPU s", "ratio", "digits shared", "MiB", "note"):
        table.add_column(column, justify="left" if column in ("contender", "note") else "right")
    for row in as_data(task):
        seconds = "-" if row["seconds"] is None else f"{row['seconds']:.3g}"
        cpu = "-" if row["cpu_seconds"] is None else f"{row['cpu_seconds']:.3g}"
        ratio = "-" if row["ratio"] is None else f"{row['ratio']:.3g}"
        digits = {-1: "-", 1000: "all"}.get(row["digits"], str(row["digits"]))
        memory = f"{row['mebibytes']:.0f}" if row["mebibytes"] else "-"
        table.add_row(row["contender"], seconds, cpu, ratio, digits, memory, row["note"])
    Console(width=120).print(table)


if __name__ == "__main__":
    raise SystemExit(main())
