"""An equation over a grid of parameters, in any `concurrent.futures.Executor`, resumable."""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from symsl.equations import equation
from symsl.errors import PrecisionError, UsageError
from symsl.files import provenance, read_bytes, require_writable, write_whole
from symsl.precision import Certified, check_digits, dump, load

_SECONDS_BETWEEN_SAVES = 10.0
Point = tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False)
class Result:
    """The value at one point of the grid, or why there is none (`PrecisionError` at that point)."""

    parameters: dict[str, str]
    value: Certified | None
    failure: str = ""


def sweep(
    which: str | int,
    grid: Mapping[str, Sequence[object]],
    *,
    digits: int = 15,
    route: str | None = None,
    executor: Executor | None = None,
    processes: int | None = None,
    file: str | Path | None = None,
    on_result: Callable[[int, int], None] | None = None,
) -> list[Result]:
    """The equation at every point of the product of the lists in `grid`, in the order of `itertools.product`.

    Every point is certified to `digits` digits. Work goes to `executor` (for example `client.get_executor()` of
    dask.distributed), else to a pool of `processes`. With `file` (.json) results are kept there as they arrive; a file
    of the same sweep is continued, one of another is refused. `on_result(done, total)` is told of progress.

    All points are read before any is computed: bad parameters raise `ParameterError` or `UsageError` at once.
    """
    entry = equation(which)
    check_digits(digits, "sweep")
    if entry.evaluation is None:
        raise UsageError(f"sweep: equation {entry.id} ({entry.name}) has no number to evaluate")
    points = [tuple(zip(grid, map(str, values), strict=True)) for values in itertools.product(*grid.values())]
    for point in points:
        entry.evaluation.read(dict(point), None, f"equation {entry.id}")
    store = _Store.open(file, provenance(equation=entry.id, digits=digits, route=route or "default"))
    missing = [point for point in points if point not in store.results]
    with _workers(executor, processes, len(missing)) as workers:
        futures: dict[Future[Certified], Point] = {
            workers.submit(_evaluate, entry.id, point, digits, route): point for point in missing
        }
        try:
            for future in as_completed(futures):
                point = futures[future]
                store.add(point, _result(point, future))
                if on_result:
                    on_result(len(points) - len(missing) + len(store.new), len(points))
        finally:
            for future in futures:
                future.cancel()
            store.save()
    return [store.results[point] for point in points]


def _evaluate(which: str, point: Point, digits: int, route: str | None) -> Certified:
    parameters: dict[str, Any] = dict(point)
    found = equation(which).evaluate(digits=digits, route=route, **parameters)
    assert isinstance(found, Certified)
    return found


def _result(point: Point, future: Future[Certified]) -> Result:
    try:
        return Result(dict(point), future.result())
    except PrecisionError as error:
        return Result(dict(point), None, str(error))


def _workers(executor: Executor | None, processes: int | None, tasks: int) -> AbstractContextManager[Executor]:
    if executor is not None:
        return nullcontext(executor)
    count = max(1, min(processes or os.cpu_count() or 1, tasks))
    return ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))


class _Store:
    """Results by point, kept in a file that is always whole."""

    def __init__(self, path: Path | None, about: dict[str, Any], results: dict[Point, Result]) -> None:
        self.path, self.about, self.results = path, about, results
        self.new: list[Point] = []
        self._saved = time.monotonic()

    @classmethod
    def open(cls, file: str | Path | None, about: dict[str, Any]) -> _Store:
        if file is None:
            return cls(None, about, {})
        path = Path(file)
        require_writable(path, (".json",))
        if not path.exists():
            return cls(path, about, {})
        try:
            data = json.loads(read_bytes(path))
            results = {_point(row["parameters"]): _from_row(row, about) for row in data["rows"]}
            same = data["provenance"] == about
        except (ValueError, KeyError, TypeError):
            raise UsageError(f"sweep: {path} is not a file of a sweep; choose another name") from None
        if not same:
            raise UsageError(f"sweep: {path} holds another sweep ({_difference(data['provenance'], about)}); rename it")
        return cls(path, about, results)

    def add(self, point: Point, result: Result) -> None:
        self.results[point] = result
        self.new.append(point)
        if time.monotonic() - self._saved > _SECONDS_BETWEEN_SAVES:
            self.save()

    def save(self) -> None:
        if self.path is not None and (self.new or not self.path.exists()):
            rows = [_row(result) for result in self.results.values()]
            write_whole(self.path, json.dumps({"provenance": self.about, "rows": rows}, indent=1) + "\n")
            self._saved = time.monotonic()


def _point(parameters: Mapping[str, str]) -> Point:
    return tuple(parameters.items())


def _row(result: Result) -> dict[str, Any]:
    if result.value is None:
        return {"parameters": result.parameters, "failure": result.failure}
    value = result.value
    about = {"value": str(value), "working_precision": value.bits, "route": value.route}
    return {"parameters": result.parameters, **about, **dump(value.ball)}


def _from_row(row: Mapping[str, Any], about: Mapping[str, Any]) -> Result:
    if "failure" in row:
        return Result(row["parameters"], None, row["failure"])
    ball = load({"mid": row["mid"], "rad": row["rad"]})
    return Result(row["parameters"], Certified(ball, about["digits"], row["working_precision"], row["route"]))


def _difference(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    names: Iterable[str] = sorted(set(found) | set(wanted))
    return ", ".join(
        f"{name} {found.get(name)} there, {wanted.get(name)} here"
        for name in names
        if found.get(name) != wanted.get(name)
    )
