"""The derivations of the linear network stand, claim by claim, and fail when an entry is corrupted."""

import dataclasses

import pytest

from symsl.equations import EQUATIONS, equation
from symsl.equations.notation import equal
from symsl.verification import load_derivation, run
from symsl.verification.runner import run_claim

MODULES = (
    "power_law",
    "order_parameters",
    "companion",
    "linear_dynamics",
    "small_learning_rate",
    "learning_curve",
    "given_pair",
    "euler_maclaurin",
    "general_learning_rate",
    "features",
    "outside_the_eigenbasis",
)


@pytest.mark.parametrize("name", MODULES)
def test_every_claim_stands(name: str) -> None:
    (result,) = run([name])
    assert result.stands, [(c.claim.text, c.verdict, c.twin) for c in result.claims if not c.stands]


@pytest.mark.parametrize("entry", [entry for entry in EQUATIONS if entry.derivation in MODULES], ids=lambda e: e.id)
def test_a_corrupted_entry_is_refuted(entry, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each claim that arrives at an entry must fail once the entry says twice as much."""
    true = entry.statement
    claims = [claim for claim in load_derivation(entry.derivation).claims() if claim.entry == entry.id]
    corrupted = dataclasses.replace(entry, build=lambda: equal(true.lhs, 2 * true.rhs))
    monkeypatch.setitem(__import__("symsl.equations", fromlist=["_BY_KEY"])._BY_KEY, entry.id, corrupted)
    assert equation(entry.id) is corrupted
    assert not all(run_claim(claim).stands for claim in claims)
