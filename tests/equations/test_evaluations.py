"""Every entry with a number, by every route, against the independent values in the tables rows_*.py."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

import mpmath
import pytest

from symsl import EQUATIONS, equation
from symsl.equations.evaluation import Route

HERE = Path(__file__).parent


def table(path: Path) -> list[Any]:
    specification = importlib.util.spec_from_file_location(path.stem, path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[path.stem] = module  # dataclasses look their module up
    specification.loader.exec_module(module)
    return list(module.ROWS)


ROWS = [row for path in sorted(HERE.glob("rows_*.py")) for row in table(path)]


def routes(row: Any) -> tuple[Route, ...]:
    """All routes of the equation, or those that the row names (where routes are different approximations)."""
    evaluation = equation(row.equation).evaluation
    assert evaluation is not None, f"equation {row.equation} has no evaluation"
    named = getattr(row, "routes", ())
    return tuple(route for route in evaluation.routes if not named or route.name in named)


@pytest.mark.parametrize(
    ("row", "route"),
    [pytest.param(row, route.name, id=f"{row.equation}-{route.name}") for row in ROWS for route in routes(row)],
)
def test_value_by_every_route(row: Any, route: str) -> None:
    digits = 25
    found = equation(row.equation).values(**row.parameters, digits=digits, route=route)
    with mpmath.workdps(60):
        expected = row.expected()
    values = expected if isinstance(expected, tuple) else (expected,)
    assert len(values) == len(found)
    for value, certified in zip(values, found.values(), strict=True):
        assert certified.reached >= digits
        with mpmath.workdps(60):
            assert abs(certified.mpf() - value) <= abs(value) * mpmath.mpf(10) ** (-digits)


def test_every_evaluation_has_a_row() -> None:
    assert {entry.id for entry in EQUATIONS if entry.evaluation} == {row.equation for row in ROWS}


def test_every_route_has_a_row() -> None:
    covered = {(row.equation, route.name) for row in ROWS for route in routes(row)}
    assert covered == {(e.id, route.name) for e in EQUATIONS if e.evaluation for route in e.evaluation.routes}
