"""The derivations of the erf network: every claim stands, and each entry's evidence is what its claims give."""

from __future__ import annotations

import pytest

from symsl.equations import EQUATIONS, equation
from symsl.equations.model import Kind
from symsl.verification import run
from symsl.verification.runner import proved_entries

NAMES = [
    "symmetric_sums",
    "gaussian_averages",
    "erf_dynamics",
    "plateau_of_teacher",
    "plateau",
    "escape_modes",
    "escape_time",
    "escape_limits",
    "late_phase",
    "late_phase_exact",
    "late_phase_complete",
]
STRENGTH = [Kind.PROVED, Kind.EXACT, Kind.ENCLOSED]


@pytest.mark.parametrize("name", NAMES)
def test_every_claim_stands_and_every_wrong_twin_is_refuted(name: str) -> None:
    (result,) = run([name])
    failed = [(item.claim.text, item.verdict, item.twin) for item in result.claims if not item.stands]
    assert result.claims
    assert not failed


@pytest.mark.parametrize("name", NAMES[1:])
def test_evidence_is_the_weakest_kind_that_arrives(name: str) -> None:
    arrived = proved_entries(name)
    assert set(arrived) == {entry.id for entry in EQUATIONS if entry.derivation == name}
    for key, claims in arrived.items():
        assert equation(key).evidence.kind is max((claim.kind for claim in claims), key=STRENGTH.index)
