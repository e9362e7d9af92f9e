"""Time contenders on the same input, each in a process of its own with a time limit, and check what they return.

`seconds` is the best of a few runs, `cpu_seconds` the processor time of that run with that of the programs it started,
`mebibytes` the peak memory of the process.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from typing import Any

import mpmath
import numpy as np


@dataclass(frozen=True)
class Measured:
    """One contender on one task. `digits` are the decimal digits it shares with the reference; -1: not compared."""

    task: str
    contender: str
    seconds: float | None
    digits: int
    note: str = ""
    mebibytes: float | None = None
    cpu_seconds: float | None = None


@dataclass(frozen=True)
class Contender:
    """A name and what to run: `run()` returns numbers as decimal text (or as floats)."""

    name: str
    run: Callable[[], Sequence[Any]]
    note: str = ""


def race(task: str, contenders: Sequence[Contender], *, limit: float = 60, repeats: int = 3) -> list[Measured]:
    """Time every contender; the first is the reference that the numbers of the others are compared with."""
    rows: list[Measured] = []
    reference: Sequence[Any] | None = None
    for contender in contenders:
        found = _limited(contender.run, limit, repeats)
        if isinstance(found, str):
            rows.append(Measured(task, contender.name, None, -1, found))
            continue
        seconds, cpu_seconds, memory, values = found
        reference = values if reference is None else reference
        digits = _shared_digits(reference, values) if values else -1
        rows.append(Measured(task, contender.name, seconds, digits, contender.note, memory, cpu_seconds))
    return rows


def growth(task: str, variable: str, contenders: dict[int, Contender], limit: float) -> list[Measured]:
    """Time and memory of the same work at several sizes, and the exponents p of x^p through the larger half of them.

    Memory is counted from that of a process that does nothing.
    """
    idle = race(task, [Contender("nothing", lambda: [])], repeats=1)[0].mebibytes or 0
    sizes, rows = list(contenders), []
    for contender in contenders.values():
        rows += race(task, [contender], limit=limit, repeats=3)
    half = len(sizes) // 2
    fits = [
        f"{name} ~ {variable}^{_exponent(sizes[half:], values[half:])}"
        for name, values in (
            ("seconds", [row.cpu_seconds for row in rows]),
            ("memory", [(row.mebibytes or 0) - idle for row in rows]),
        )
    ]
    return [*rows, Measured(task, f"fit: {', '.join(fits)}", None, -1, f"{variable} >= {sizes[half]}")]


def _exponent(sizes: Sequence[int], values: Sequence[float | None]) -> str:
    known = [(size, value) for size, value in zip(sizes, values, strict=True) if value and value > 0]
    if len(known) < 2:
        return "?"
    return f"{np.polyfit(np.log([size for size, _ in known]), np.log([value for _, value in known]), 1)[0]:.2f}"


def as_data(rows: Sequence[Measured]) -> list[dict[str, Any]]:
    """Rows for JSON, each with the ratio of its processor time to that of its task's first contender."""
    first: dict[str, float] = {}
    data = []
    for row in rows:
        if row.cpu_seconds is not None:
            first.setdefault(row.task, row.cpu_seconds)
        ratio = row.cpu_seconds / first[row.task] if row.cpu_seconds is not None else None
        data.append(asdict(row) | {"ratio": ratio})
    return data


def _limited(run: Callable[[], Sequence[Any]], limit: float, repeats: int) -> tuple[float, float, float, Any] | str:
    """Seconds, processor seconds, memory, values; or why there are none."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=_work, args=(run, limit, repeats, sender))
    process.start()
    sender.close()
    try:
        if receiver.poll(limit + 5):
            found: tuple[float, float, float, Any] | str = receiver.recv()
            return found
        return f"over {limit:g} s"
    except EOFError:
        return "crashed"
    finally:
        if process.is_alive() and process.pid is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # and the programs it started
        process.join()


def _work(run: Callable[[], Sequence[Any]], limit: float, repeats: int, sender: Connection) -> None:
    os.setpgid(0, 0)
    best, values = None, None
    begin = time.perf_counter()
    for _ in range(repeats):
        start, cpu = time.perf_counter(), _processor_seconds()
        try:
            values = list(run())
        except Exception as error:  # a contender that gives up is a result
            sender.send(f"{type(error).__name__}: {error}"[:80])
            return
        taken = time.perf_counter() - start, _processor_seconds() - cpu
        best = taken if best is None else min(best, taken)
        if time.perf_counter() - begin > limit / 4:
            break
    assert best is not None
    sender.send((*best, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, values))


def _processor_seconds() -> float:
    """Of this process and of the programs it has run."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _shared_digits(reference: Sequence[Any], values: Sequence[Any]) -> int:
    if len(reference) != len(values):
        return 0
    with mpmath.workdps(1100):
        worst = mpmath.mpf(0)
        for a, b in zip(reference, values, strict=True):
            a, b = mpmath.mpf(a), mpmath.mpf(b)
            if not (mpmath.isfinite(a) and mpmath.isfinite(b)):
                return 0
            worst = max(worst, abs(a - b) / abs(a) if a else abs(b))
        return 1000 if worst == 0 else max(0, int(-mpmath.log10(worst)))
