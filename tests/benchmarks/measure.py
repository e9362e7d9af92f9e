"""Time contenders on the same input, each in a process of its own with a time limit, and check what they return.

`seconds` is the best of a few runs, `mebibytes` the peak memory of the process.
"""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from typing import Any

import mpmath


@dataclass(frozen=True)
class Measured:
    """One contender on one task. `digits` are the decimal digits it shares with the reference; -1: not compared."""

    task: str
    contender: str
    seconds: float | None
    digits: int
    note: str = ""
    mebibytes: float | None = None


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
        seconds, memory, values = _limited(contender.run, limit, repeats)
        if seconds is None:
            rows.append(Measured(task, contender.name, None, -1, values if isinstance(values, str) else "failed"))
            continue
        reference = values if reference is None else reference
        rows.append(Measured(task, contender.name, seconds, _shared_digits(reference, values), contender.note, memory))
    return rows


def as_data(rows: Sequence[Measured]) -> list[dict[str, Any]]:
    """Rows for JSON, each with the ratio of its time to that of its task's first contender."""
    first: dict[str, float] = {}
    data = []
    for row in rows:
        if row.seconds is not None:
            first.setdefault(row.task, row.seconds)
        ratio = row.seconds / first[row.task] if row.seconds is not None else None
        data.append(asdict(row) | {"ratio": ratio})
    return data


def _limited(run: Callable[[], Sequence[Any]], limit: float, repeats: int) -> tuple[float | None, float, Any]:
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=_work, args=(run, limit, repeats, sender))
    process.start()
    sender.close()
    try:
        if receiver.poll(limit + 5):
            found: tuple[float | None, float, Any] = receiver.recv()
            return found
        return None, 0, f"over {limit:g} s"
    except EOFError:
        return None, 0, "crashed"
    finally:
        process.kill()
        process.join()


def _work(run: Callable[[], Sequence[Any]], limit: float, repeats: int, sender: Connection) -> None:
    best, values = None, None
    begin = time.perf_counter()
    for _ in range(repeats):
        start = time.perf_counter()
        try:
            values = list(run())
        except Exception as error:  # a contender that gives up is a result
            sender.send((None, 0, f"{type(error).__name__}: {error}"[:80]))
            return
        taken = time.perf_counter() - start
        best = taken if best is None else min(best, taken)
        if time.perf_counter() - begin > limit / 4:
            break
    sender.send((best, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, values))


def _shared_digits(reference: Sequence[Any], values: Sequence[Any]) -> int:
    if len(reference) != len(values):
        return 0
    with mpmath.workdps(1100):
        worst = 0.0
        for a, b in zip(reference, values, strict=True):
            a, b = mpmath.mpf(a), mpmath.mpf(b)
            worst = max(worst, float(abs(a - b) / abs(a))) if a else worst
    return 1000 if worst == 0 else max(0, int(-mpmath.log10(worst)))
