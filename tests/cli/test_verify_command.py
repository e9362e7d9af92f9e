"""`symsl verify`: verdicts, tallies and statuses."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
import sympy as sp

from symsl import symbols as s
from symsl.cli import verify
from symsl.verification import identity

FALSE = identity("a slip", (s.x + 1) ** 2, s.x**2 + s.x + 1, wrong=s.x**2)
WITHOUT_CONTROL = identity("no control", s.x * 2, s.x + s.x, wrong=2 * s.x)
OPEN = identity("unknown functions", sp.Function("f")(s.x), sp.Function("g")(s.x), wrong=s.x)


def test_a_derivation_that_stands(symsl, catalogue, derive, true_claim):
    derive(true_claim, true_claim)
    assert catalogue
    status, out, err = symsl("verify", "8")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "toy: A toy"
    assert lines[1].startswith("  proved     a square (proved symbolically; ")
    assert lines[-1] == "1 of 1 derivations stand; claims: 2 proved symbolically"


def test_a_refuted_claim_is_a_failure(symsl, catalogue, derive, true_claim):
    derive(true_claim, FALSE)
    assert catalogue
    status, out, _ = symsl("verify", "8")
    assert status == 1
    assert "  refuted    a slip" in out
    assert out.splitlines()[-1] == "0 of 1 derivations stand; claims: 1 proved symbolically, 1 refuted"


@pytest.mark.parametrize(
    ("claim", "line"),
    [
        (WITHOUT_CONTROL, "  proved     no control (proved"),
        (OPEN, "  undecided  unknown functions (meant to be proved"),
    ],
)
def test_what_is_not_decided_has_its_own_status(symsl, catalogue, derive, true_claim, claim, line):
    derive(true_claim, claim)
    assert catalogue
    status, out, _ = symsl("verify", "8")
    assert status == 3
    assert line in out
    assert "its wrong twin is not refuted" in out


def test_a_derivation_without_claims_proves_nothing(symsl, catalogue, derive):
    derive()
    assert catalogue
    assert symsl("verify", "8")[0] == 3


def test_json(symsl, catalogue, derive, true_claim):
    derive(true_claim, FALSE)
    assert catalogue
    status, out, _ = symsl("verify", "8", "--json")
    data = json.loads(out)
    assert status == 1
    assert data["tally"] == {"proved symbolically": 1, "refuted": 1}
    assert [claim["verdict"] for claim in data["derivations"][0]["claims"]] == ["proved", "refuted"]


def test_a_definition_has_nothing_to_verify(symsl, catalogue):
    assert catalogue
    status, _, err = symsl("verify", "2")
    assert status == 2
    assert "definition" in err


@pytest.fixture
def derivations_on_disk(tmp_path, monkeypatch):
    """Derivations that a fresh process can import too."""
    text = (
        "from symsl.verification import Derivation, identity\nfrom symsl.symbols import x\n"
        "DERIVATION = Derivation('Title of {0}', '', lambda: iter([identity('{0}', 2 * x, x * {1}, wrong=x)]))\n"
    )
    package = tmp_path / "toy_derivations"
    package.mkdir()
    (package / "__init__.py").touch()
    for name, factor in (("first", 2), ("second", 3), ("third", 2)):
        (package / f"{name}.py").write_text(text.format(name, factor))
    (package / "patient.py").write_text(
        "import os, time, pathlib\npathlib.Path(__file__).with_suffix('.pid').write_text(str(os.getpid()))\n"
        "time.sleep(60)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    return package


def load_toy(name):
    """Stands for `verify_one` in the other process."""
    import importlib

    from symsl.verification.runner import DerivationResult, run_claim

    derivation = importlib.import_module(f"toy_derivations.{name}").DERIVATION
    return verify._outcome(DerivationResult(name, derivation.title, tuple(map(run_claim, derivation.claims()))))


def test_several_processes_give_the_same_answer(symsl, monkeypatch, derivations_on_disk):
    assert derivations_on_disk.is_dir()
    names = ["first", "second", "third"]
    monkeypatch.setattr("symsl.verification.runner.derivations_for", lambda _: names)
    monkeypatch.setattr(verify, "verify_one", load_toy)
    monkeypatch.syspath_prepend(Path(__file__).parent)
    status, out, _ = symsl("verify", "--all", "--jobs", "2", "--json")
    data = json.loads(out)
    assert status == 1
    assert [item["derivation"] for item in data["derivations"]] == names
    assert [item["stands"] for item in data["derivations"]] == [True, False, True]
    assert data["tally"] == {"proved symbolically": 2, "refuted": 1}


def test_what_comes_from_other_processes_is_printed_as_it_comes(symsl, monkeypatch, derivations_on_disk):
    assert derivations_on_disk.is_dir()
    monkeypatch.setattr("symsl.verification.runner.derivations_for", lambda _: ["first", "second"])
    monkeypatch.setattr(verify, "_in_processes", lambda names, _: map(load_toy, reversed(names)))
    status, out, _ = symsl("verify", "--all", "--jobs", "2")
    assert status == 1
    assert out.startswith("second: Title of second\n  refuted    second")
    assert "first: Title of first\n  proved     first" in out


def test_an_interrupt_ends_the_other_processes(monkeypatch, derivations_on_disk):
    monkeypatch.setattr(verify, "verify_one", load_toy)
    monkeypatch.syspath_prepend(Path(__file__).parent)
    outcomes = verify._in_processes(["first", "patient"], 2)
    assert next(outcomes).name == "first"
    pid_file = derivations_on_disk / "patient.pid"
    while not pid_file.exists() or not pid_file.read_text():
        time.sleep(0.05)
    with pytest.raises(KeyboardInterrupt):
        outcomes.throw(KeyboardInterrupt)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_file.read_text()), 0)


def test_the_derivations_of_the_catalogue_are_offered():
    from symsl.equations import EQUATIONS
    from symsl.verification.runner import derivations_for

    assert {entry.derivation for entry in EQUATIONS if entry.derivation} <= set(derivations_for(None))
