"""The derivations of the sparse networks: every claim stands, every wrong twin is refuted."""

from __future__ import annotations

import pytest

from symsl.verification import run


@pytest.mark.parametrize("name", ["lasso", "quadratic_network", "phase_diagram"])
def test_every_claim_of_the_sparse_networks_stands(name: str) -> None:
    (result,) = run([name])
    failed = [(item.claim.text, item.verdict, item.twin) for item in result.claims if not item.stands]
    assert result.claims
    assert not failed
