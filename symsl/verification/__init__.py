"""Derivations that run: ordered claims, each with a method of proof and a wrong twin that must be refuted."""

from symsl.verification.claims import (
    Case,
    Claim,
    Derivation,
    arrives_at,
    enclosed,
    exact_up_to,
    identity,
)
from symsl.verification.decide import Verdict, decide_equal
from symsl.verification.own_identity import check
from symsl.verification.runner import ClaimResult, DerivationResult, load_derivation, run, verify

__all__ = [
    "Case",
    "Claim",
    "ClaimResult",
    "Derivation",
    "DerivationResult",
    "Verdict",
    "arrives_at",
    "check",
    "decide_equal",
    "enclosed",
    "exact_up_to",
    "identity",
    "load_derivation",
    "run",
    "verify",
]
