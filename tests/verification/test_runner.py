"""Claims, derivations and verdicts."""

from collections.abc import Iterator

import pytest
import sympy as sp

import symsl
from symsl import UsageError
from symsl.equations.model import Kind
from symsl.symbols import M, x
from symsl.verification import Case, Claim, Derivation, Verdict, enclosed, exact_up_to, identity
from symsl.verification.report import print_derivation
from symsl.verification.runner import derivation_names, derivations_for, load_derivation, run_claim, verify


def test_a_claim_stands_only_with_its_twin_refuted() -> None:
    good = run_claim(identity("square", (x + 1) ** 2, x**2 + 2 * x + 1, wrong=x**2 + 1))
    assert good.stands
    assert (good.verdict, good.twin) == (Verdict.PROVED, Verdict.REFUTED)
    toothless = run_claim(identity("square", (x + 1) ** 2, x**2 + 2 * x + 1, wrong=(1 + x) ** 2))
    assert toothless.verdict is Verdict.PROVED
    assert not toothless.stands


def test_a_false_claim_is_refuted() -> None:
    result = run_claim(identity("square", (x + 1) ** 2, x**2 + 1, wrong=x))
    assert result.verdict is Verdict.REFUTED
    assert not result.stands
    assert result.decided


def test_exact_claims_need_every_case() -> None:
    def triangle(n: int) -> Case:
        return Case(sp.Integer(sum(range(n + 1))), sp.Integer(n * (n + 1) // 2 + (n == 4)), sp.Integer(-1))

    assert run_claim(exact_up_to(3, "sum", triangle)).stands
    assert run_claim(exact_up_to(4, "sum", triangle)).verdict is Verdict.REFUTED


def test_a_claim_without_cases_proves_nothing() -> None:
    assert not run_claim(Claim("nothing", Kind.PROVED, lambda: [])).stands


def test_samples_are_not_a_proof() -> None:
    claim = enclosed("addition", sp.atan(M) + sp.atan(1 / M), sp.pi / 2, wrong=sp.pi / 3, domain={M: [2, 3, 5]})
    result = run_claim(claim)
    assert result.verdict is Verdict.ENCLOSED
    assert result.stands
    as_proof = Claim("addition", Kind.PROVED, claim.cases, claim.domain, samples=claim.samples)
    assert not run_claim(as_proof).stands


def test_printing_reports_failure(capsys: pytest.CaptureFixture[str]) -> None:
    def claims() -> Iterator[Claim]:
        yield identity("right", x + x, 2 * x, wrong=3 * x)
        yield identity("wrong", x + x, 3 * x, wrong=4 * x)

    assert print_derivation(Derivation("Doubling", "x is a number", claims)) == 1
    out = capsys.readouterr().out
    assert "ok: proved" in out
    assert "FAILED: refuted" in out


def test_unknown_equations_name_the_nearest() -> None:
    with pytest.raises(UsageError, match="no equation"):
        verify("no-such-thing")


def test_every_derivation_is_found() -> None:
    assert set(derivations_for(None)) == set(derivation_names())


def test_what_a_derivation_rests_on_is_run_before_it_and_once() -> None:
    assert derivations_for("15") == ["symmetric_sums", "escape_time"]
    assert derivations_for("6")[-1:] == [symsl.equation(6).derivation]
    every = derivation_names()
    assert len(every) == len(set(every))
    assert {other for name in every for other in load_derivation(name).rests_on} == {"symmetric_sums"}
