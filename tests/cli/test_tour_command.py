"""`symsl tour`, from end to end once the catalogue holds what it shows."""

from __future__ import annotations

import json

import pytest
from flint import fmpq

from symsl.cli.tour import DERIVATIONS, late_state
from symsl.equations import EQUATIONS
from symsl.spectrum import Spectrum
from symsl.verification.runner import derivation_names

COMPLETE = {"6", "15", "17"} <= {entry.id for entry in EQUATIONS} and set(DERIVATIONS) <= set(derivation_names())


def test_the_late_state_is_drawn_near_the_solution_and_repeats():
    spectrum = Spectrum.power_law(16, "1/2")
    state, again, other = (late_state(spectrum, seed) for seed in (3, 3, 4))
    assert (state.K, state.M, state.N) == (2, 2, 16)
    assert state.grams == again.grams
    assert state.grams != other.grams
    diagonal, off_diagonal = state.mean_deviations()
    assert all(0 < w < fmpq(1, 100) for w in diagonal)
    assert len(set(diagonal)) == len(diagonal)
    assert max(map(abs, off_diagonal)) <= max(diagonal)


def test_a_place_that_is_no_directory_is_refused(symsl, tmp_path):
    (tmp_path / "file").touch()
    status, out, err = symsl("tour", "-o", tmp_path / "file")
    assert (status, out) == (2, "")
    assert "cannot make the directory" in err


@pytest.mark.slow
@pytest.mark.skipif(not COMPLETE, reason="the catalogue does not yet hold what the tour shows")
def test_from_end_to_end(symsl, tmp_path):
    folder = tmp_path / "tour"
    status, out, err = symsl("tour", "-o", folder)
    assert (status, err) == (0, "")
    assert "3 of 3 derivations stand" in out
    assert out.count("The enclosures of both routes overlap.") == 2
    assert "4.1000865079153852076" in out
    assert sorted(path.name for path in folder.iterdir()) == [
        "escape-time.tex",
        "learning-curves.pdf",
        "results.json",
        "state.json",
    ]
    results = json.loads((folder / "results.json").read_text())
    assert [result["equation"] for result in results[:6]] == ["6", "6", "6", "15", "17", "17"]
    assert all(result["digits"] == 50 for result in results[:6])
    assert str(tmp_path) not in (folder / "results.json").read_text()
