"""The catalogue as a whole: every entry is complete, known by one number and one name, and rests on a derivation."""

import re
from functools import cache

import pytest

from symsl import EQUATIONS, Equation, UsageError, equation
from symsl.equations.model import Kind
from symsl.precision.evaluate import compile_expression
from symsl.verification.claims import Claim
from symsl.verification.runner import proved_entries

WEAKEST_LAST = [Kind.PROVED, Kind.EXACT, Kind.ENCLOSED, Kind.NUMERICAL, Kind.OPEN]

every_entry = pytest.mark.parametrize("entry", EQUATIONS, ids=lambda entry: entry.id)


@cache
def arrivals(derivation: str) -> dict[str, list[Claim]]:
    return proved_entries(derivation)


def test_numbers_and_names_are_unique() -> None:
    keys = [key for entry in EQUATIONS for key in {entry.id, entry.name}]
    assert len(keys) == len(set(keys))
    assert all(re.fullmatch(r"[0-9]+|[a-z0-9-]+", entry.id) for entry in EQUATIONS)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", entry.name) for entry in EQUATIONS)


def test_no_numbered_equation_of_the_paper_is_missing() -> None:
    assert {entry.id for entry in EQUATIONS if entry.id.isdigit()} == {str(number) for number in range(1, 123)}


@every_entry
def test_entry_is_complete(entry: Equation) -> None:
    assert entry.title
    assert entry.section
    assert entry.quantities
    assert entry.latex().strip()
    assert "_index" not in entry.latex()
    assert entry.statement.rel_op == "=="
    assert (entry.derivation is None) == (entry.evidence.kind is Kind.DEFINITION)


@every_entry
def test_declared_evidence_is_that_of_the_derivation(entry: Equation) -> None:
    if entry.derivation is None:
        return
    kinds = [claim.kind for claim in arrivals(entry.derivation).get(entry.id, [])]
    assert kinds, f"no claim of {entry.derivation} arrives at equation {entry.id}"
    assert entry.evidence.kind is max(kinds, key=WEAKEST_LAST.index)


def test_dependencies_exist_and_have_no_cycle() -> None:
    settled: set[str] = set()

    def settle(key: str, path: tuple[str, ...]) -> None:
        assert key not in path, f"cycle: {' -> '.join((*path, key))}"
        if key not in settled:
            for parent in equation(key).depends_on:
                settle(parent, (*path, key))
            settled.add(key)

    for entry in EQUATIONS:
        settle(entry.id, ())


@every_entry
def test_evaluation_asks_for_what_it_documents(entry: Equation) -> None:
    if entry.evaluation is None:
        with pytest.raises(UsageError, match="without a number"):
            entry.evaluate()
        return
    names = [parameter.name for parameter in entry.evaluation.parameters]
    assert len(names) == len(set(names))
    assert all(parameter.meaning for parameter in entry.evaluation.parameters)
    with pytest.raises(UsageError, match="no parameter"):
        entry.evaluate(no_such_parameter=1)
    assert len({route.name for route in entry.evaluation.routes}) == len(entry.evaluation.routes)


def test_lookup_by_number_name_and_near_miss() -> None:
    assert equation(6) is equation("6") is equation("(6)") is equation("learning-curve")
    with pytest.raises(UsageError, match="learning-curve"):
        equation("learning-curv")


def test_statements_that_routes_walk_can_be_walked() -> None:
    walked = [entry for entry in EQUATIONS if entry.id in ("8", "47")]
    assert walked
    for entry in walked:
        compile_expression(entry.statement.rhs)
