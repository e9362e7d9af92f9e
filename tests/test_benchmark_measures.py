"""What the benchmarks count: shared digits, contenders that fail or return nothing, ratios."""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def measure() -> ModuleType:
    """tests/benchmarks is not a package: its files import each other by name when run as a script."""
    spec = importlib.util.spec_from_file_location("measure", Path(__file__).parent / "benchmarks" / "measure.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["measure"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("other", "digits"),
    [
        (["1.5", "2"], 1000),
        (["1.5", "2.0002"], 4),
        (["1.5"], 0),
        (["1.5", "2." + 400 * "0" + "1"], 401),
        (["1.5", "nan"], 0),
        (["inf", "2"], 0),
        ([-1.5, 2], 0),
    ],
)
def test_shared_digits(measure: ModuleType, other: list[object], digits: int) -> None:
    first = measure.Contender("first", lambda: ["1.5", "2"])
    rows = measure.race("task", [first, measure.Contender("other", lambda: other)], limit=20, repeats=1)
    assert rows[0].digits == 1000
    assert rows[1].digits == digits


def test_failures_and_time_limits_are_rows(measure: ModuleType) -> None:
    contenders = [
        measure.Contender("gives up", lambda: [1 / 0]),
        measure.Contender("never ends", lambda: time.sleep(60)),
        measure.Contender("returns nothing", lambda: []),
    ]
    rows = measure.race("task", contenders, limit=-4.5, repeats=1)  # plus five seconds
    assert [row.seconds is None for row in rows] == [True, True, False]
    assert "ZeroDivisionError" in rows[0].note
    assert "over" in rows[1].note
    assert rows[2].digits == -1
    data = measure.as_data(rows)
    assert [row["ratio"] for row in data] == [None, None, 1]


def test_the_exponent_of_growth(measure: ModuleType) -> None:
    assert measure._exponent([1, 2, 4], [3.0, 12.0, 48.0]) == "2.00"
    assert measure._exponent([1, 2], [None, 1.0]) == "?"
