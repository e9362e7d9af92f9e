"""Print a derivation as mathematics: each step, then its verdict."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symsl.verification.claims import Claim, Derivation
from symsl.verification.runner import run_claim

_WIDTH = 118
_MARKS = {True: "ok", False: "FAILED"}


def print_derivation(derivation: Derivation) -> int:
    """Print and run a derivation; 0 if every claim stands, else 1."""
    print(derivation.title)
    print("=" * len(derivation.title))
    print(f"Premises: {derivation.premises}\n")
    good = True
    for number, claim in enumerate(derivation.claims(), start=1):
        goal = f"   [arrives at Eq. {claim.entry}]" if claim.entry else ""
        print(f"{number}. {claim.text}{goal}")
        print(step(claim))
        result = run_claim(claim)
        good = good and result.stands
        cases = f", {result.cases} cases" if result.cases > 1 else ""
        print(
            f"   {_MARKS[result.stands]}: {result.verdict.value} ({claim.kind.value}{cases}); "
            f"wrong twin {result.twin.value}; {result.seconds:.2f} s\n"
        )
    return 0 if good else 1


def step(claim: Claim) -> str:
    """The claim's first non-trivial case as pretty-printed mathematics (as one line where that is too wide)."""
    cases = list(claim.cases())
    case = cases[min(1, len(cases) - 1)]
    label = f"   ({case.label})\n" if case.label else ""
    return label + _indent(_pretty(case.lhs, case.rhs))


def _pretty(lhs: Any, rhs: Any) -> str:
    equation = sp.Eq(sp.sympify(lhs), sp.sympify(rhs), evaluate=False)
    text = str(sp.pretty(equation, wrap_line=False, use_unicode=True))
    if max(len(line) for line in text.splitlines()) <= _WIDTH:
        return text
    return f"{lhs}\n  = {rhs}"


def _indent(text: str) -> str:
    return "\n".join("   " + line for line in text.splitlines())
