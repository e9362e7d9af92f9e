"""Run derivations: a verdict for each claim and for its wrong twin, and a tally."""

from __future__ import annotations

import importlib
import pkgutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from symsl.equations import EQUATIONS, equation
from symsl.equations.model import Kind
from symsl.errors import UsageError
from symsl.verification.claims import Claim, Derivation
from symsl.verification.decide import Verdict, decide_equal


@dataclass(frozen=True)
class ClaimResult:
    """`verdict` of the claim, `twin` of its wrong twin; the claim stands only if the twin is refuted."""

    claim: Claim
    verdict: Verdict
    twin: Verdict
    cases: int
    seconds: float

    @property
    def stands(self) -> bool:
        """Proved (or enclosed, for a claim that asks no more), with the wrong twin refuted."""
        good = Verdict.ENCLOSED if self.claim.kind is Kind.ENCLOSED else Verdict.PROVED
        return self.verdict is good and self.twin is Verdict.REFUTED

    @property
    def decided(self) -> bool:
        """Whether both verdicts are in."""
        return Verdict.UNDECIDED not in (self.verdict, self.twin)


@dataclass(frozen=True)
class DerivationResult:
    """The results of one derivation, in order."""

    name: str
    title: str
    claims: tuple[ClaimResult, ...]

    @property
    def stands(self) -> bool:
        """Whether every claim stands."""
        return bool(self.claims) and all(claim.stands for claim in self.claims)

    @property
    def decided(self) -> bool:
        """Whether every claim was decided."""
        return all(claim.decided for claim in self.claims)


def verify(which: str | int | None = None) -> list[DerivationResult]:
    """Run the derivation behind an equation (number or name), or all of them.

    >>> [result.name for result in verify("15") if result.stands]
    ['symmetric_sums', 'escape_time']
    """
    return list(run(derivations_for(which)))


def derivations_for(which: str | int | None) -> list[str]:
    """Names of the derivations to run: that of one equation and those it rests on, which come first, or all."""
    if which is None:
        return derivation_names()
    entry = equation(which)
    if entry.derivation is None:
        raise UsageError(f"verify: equation {entry.id} ({entry.name}) is a definition; it has no derivation")
    return [*load_derivation(entry.derivation).rests_on, entry.derivation]


def derivation_names() -> list[str]:
    """All derivations, in the order in which the catalogue first needs them."""
    package = importlib.import_module("symsl.derivations")
    present = {module.name for module in pkgutil.iter_modules(package.__path__)}
    ordered = dict.fromkeys(entry.derivation for entry in EQUATIONS if entry.derivation)
    return [name for name in ordered if name in present] + sorted(present - set(ordered))


def load_derivation(name: str) -> Derivation:
    """The `Derivation` in `derivations/NAME.py`."""
    derivation = importlib.import_module(f"symsl.derivations.{name}").DERIVATION
    assert isinstance(derivation, Derivation)
    return derivation


def run(names: list[str], on_claim: Callable[[str, ClaimResult], None] | None = None) -> Iterator[DerivationResult]:
    """Run derivations one after the other; `on_claim` is told of each claim as it is decided."""
    for name in names:
        derivation = load_derivation(name)
        results = []
        for claim in derivation.claims():
            result = run_claim(claim)
            results.append(result)
            if on_claim:
                on_claim(name, result)
        yield DerivationResult(name, derivation.title, tuple(results))


def run_claim(claim: Claim) -> ClaimResult:
    """Decide every case of a claim, and every wrong twin."""
    start = time.perf_counter()
    verdicts, twins = [], []
    for case in claim.cases():
        verdicts.append(decide_equal(case.lhs, case.rhs, claim.domain, samples=claim.samples))
        twins.append(decide_equal(case.lhs, case.wrong, claim.domain, samples=claim.samples))
    return ClaimResult(claim, _weakest(verdicts), _twin(twins), len(verdicts), time.perf_counter() - start)


def _weakest(verdicts: list[Verdict]) -> Verdict:
    for verdict in (Verdict.REFUTED, Verdict.UNDECIDED, Verdict.ENCLOSED):
        if verdict in verdicts:
            return verdict
    return Verdict.PROVED if verdicts else Verdict.UNDECIDED


def _twin(twins: list[Verdict]) -> Verdict:
    """Refuted only if every wrong case is."""
    return Verdict.REFUTED if twins and all(twin is Verdict.REFUTED for twin in twins) else Verdict.UNDECIDED


def tally(results: list[DerivationResult]) -> dict[str, int]:
    """How many claims stand, by kind of evidence, and how many do not."""
    counts: dict[str, int] = {}
    for result in results:
        for claim in result.claims:
            key = claim.claim.kind.value if claim.stands else ("refuted" if claim.decided else "undecided")
            counts[key] = counts.get(key, 0) + 1
    return counts


def as_data(results: list[DerivationResult]) -> list[dict[str, Any]]:
    """The results as plain data for `--json`."""
    return [
        {
            "derivation": result.name,
            "title": result.title,
            "stands": result.stands,
            "claims": [
                {
                    "text": item.claim.text,
                    "entry": item.claim.entry,
                    "method": item.claim.kind.value,
                    "verdict": item.verdict.value,
                    "wrong_twin": item.twin.value,
                    "cases": item.cases,
                    "seconds": round(item.seconds, 3),
                }
                for item in result.claims
            ],
        }
        for result in results
    ]


def proved_entries(derivation: str) -> dict[str, list[Claim]]:
    """Entry id -> the claims of a derivation that arrive at it."""
    found: dict[str, list[Claim]] = {}
    for claim in load_derivation(derivation).claims():
        if claim.entry is not None:
            found.setdefault(claim.entry, []).append(claim)
    return found


__all__ = [
    "ClaimResult",
    "DerivationResult",
    "as_data",
    "derivation_names",
    "derivations_for",
    "load_derivation",
    "proved_entries",
    "run",
    "run_claim",
    "tally",
    "verify",
]
