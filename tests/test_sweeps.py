"""Sweeps: same values in every executor, resumed without work done twice, clear refusals."""

from __future__ import annotations

import json
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from symsl import ParameterError, PrecisionError, UsageError, equation
from symsl.sweeps import sweep

GRID: dict[str, list[object]] = {"L": [2, 5], "beta": ["1/2", 1], "eta": ["1/2"], "alpha": [3]}

PLANE: dict[str, list[object]] = {"beta": ["1/2", 1], "eta": ["1/2", "3/2"], "L": [3, 20], "alpha": [3]}


class InThisProcess(Executor):
    """Runs at once, and counts."""

    def __init__(self, fail_after: int | None = None) -> None:
        self.calls, self.fail_after = 0, fail_after

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if self.fail_after is not None and self.calls >= self.fail_after:
            future.set_exception(KeyboardInterrupt())
            return future
        self.calls += 1
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def test_every_point_is_the_equation_there() -> None:
    results = sweep(6, GRID, digits=20, executor=InThisProcess())
    assert [(r.parameters["L"], r.parameters["beta"]) for r in results] == [
        ("2", "1/2"),
        ("2", "1"),
        ("5", "1/2"),
        ("5", "1"),
    ]
    for result in results:
        alone = equation(6).evaluate(digits=20, **result.parameters)
        assert str(result.value) == str(alone)


def test_processes_give_the_same() -> None:
    here = sweep(6, GRID, executor=InThisProcess())
    there = sweep(6, GRID, processes=2)
    assert [str(r.value) for r in here] == [str(r.value) for r in there]


def test_a_file_is_continued(tmp_path: Path) -> None:
    file = tmp_path / "sweep.json"
    with pytest.raises(KeyboardInterrupt):
        sweep(6, GRID, executor=InThisProcess(fail_after=2), file=file)
    kept = len(json.loads(file.read_text())["rows"])
    assert kept <= 2
    counting = InThisProcess()
    results = sweep(6, GRID, executor=counting, file=file)
    assert counting.calls == 4 - kept
    assert [str(r.value) for r in results] == [str(r.value) for r in sweep(6, GRID, executor=InThisProcess())]
    again = InThisProcess()
    reread = sweep(6, GRID, executor=again, file=file)
    assert again.calls == 0
    assert all(a.value and b.value and a.value.overlaps(b.value) for a, b in zip(results, reread, strict=True))


def test_another_sweep_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "sweep.json"
    sweep(6, GRID, executor=InThisProcess(), file=file)
    with pytest.raises(UsageError, match="digits 15 there, 20 here"):
        sweep(6, GRID, digits=20, executor=InThisProcess(), file=file)
    file.write_text("[]")
    with pytest.raises(UsageError, match="not a file of a sweep"):
        sweep(6, GRID, executor=InThisProcess(), file=file)
    with pytest.raises(UsageError, match=r"\.json"):
        sweep(6, GRID, executor=InThisProcess(), file=tmp_path / "sweep.csv")


def test_bad_points_are_found_before_any_work() -> None:
    counting = InThisProcess()
    with pytest.raises(ParameterError, match="eta"):
        sweep(6, GRID | {"eta": ["1/2", 0]}, executor=counting)
    with pytest.raises(UsageError, match="sigma"):
        sweep(6, GRID | {"sigma": [1]}, executor=counting)
    with pytest.raises(UsageError, match="no number"):
        sweep(2, {}, executor=counting)
    assert counting.calls == 0


def test_points_that_are_not_decided_are_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def undecided(*_: object) -> None:
        raise PrecisionError("equation 6", 15, 3, 200)

    monkeypatch.setattr("symsl.sweeps._evaluate", undecided)
    results = sweep(6, GRID, executor=InThisProcess(), file=tmp_path / "sweep.json")
    assert all(result.value is None and "3 of 15 digits" in result.failure for result in results)
    reread = sweep(6, GRID, executor=InThisProcess(), file=tmp_path / "sweep.json")
    assert [r.failure for r in reread] == [r.failure for r in results]


def test_threads_are_never_the_default() -> None:
    """The precision contexts are process-wide; a single thread is still safe."""
    with ThreadPoolExecutor(1) as one:
        assert len(sweep(6, GRID, executor=one)) == 4


@pytest.mark.slow
def test_a_pool_goes_on_where_it_was_stopped_and_tells_of_progress(tmp_path: Path) -> None:
    """Stopped after two results (as by Ctrl-C), continued by another pool: nothing is computed twice."""
    file, told = tmp_path / "sweep.json", []

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(6, PLANE, processes=2, file=file, on_result=stop)
    kept = len(json.loads(file.read_text())["rows"])
    assert told == [(1, 8), (2, 8)]
    assert kept == 2
    resumed: list[tuple[int, int]] = []
    results = sweep(6, PLANE, processes=2, file=file, on_result=lambda *counts: resumed.append(counts))
    assert resumed == [(done, 8) for done in range(3, 9)]
    assert [str(r.value) for r in results] == [str(r.value) for r in sweep(6, PLANE, executor=InThisProcess())]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_gives_the_same_and_goes_on(tmp_path: Path) -> None:
    from distributed import Client, LocalCluster

    file, told = tmp_path / "sweep.json", []
    with pytest.raises(KeyboardInterrupt):
        sweep(6, PLANE, executor=InThisProcess(fail_after=3), file=file)
    kept = len(json.loads(file.read_text())["rows"])
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        there = sweep(6, PLANE, executor=client.get_executor(), file=file, on_result=lambda *n: told.append(n))
    assert told == [(done, 8) for done in range(kept + 1, 9)]
    here = sweep(6, PLANE, executor=InThisProcess())
    assert [str(r.value) for r in here] == [str(r.value) for r in there]
