"""A user's own identities, limits and series from the catalogue, and corrupted entries, which must be refuted."""

from __future__ import annotations

import dataclasses
import random

import pytest
import sympy as sp

import symsl
from symsl import UsageError, check, equation
from symsl import equations as catalogue
from symsl.symbols import D2, T2, D, L, M, alpha, eta, k, lam
from symsl.verification import Verdict

ESCAPE = equation("15").statement.rhs


def test_identities_of_a_user() -> None:
    assert check(ESCAPE, 1 / (2 * equation("113").statement.rhs)) is Verdict.PROVED
    assert check(ESCAPE, -ESCAPE) is Verdict.REFUTED
    assert check(sp.Sum(lam[k] * (1 + eta), (k, 1, L)), (1 + eta) * sp.Sum(lam[k], (k, 1, L))) is Verdict.PROVED
    wave = sp.exp(sp.sin(eta))
    assert check(wave, wave + 0 * alpha, samples=5) is Verdict.ENCLOSED
    assert check(sp.Abs(D) ** 3, D**3, {D: (0, 1)}) is Verdict.UNDECIDED
    assert check(sp.Abs(D) ** 3, D**3, {D: (-1, 0)}) is Verdict.REFUTED


def test_substitution_limit_and_series() -> None:
    isotropic = ESCAPE.subs({D: 0, D2: 0})
    assert sp.limit(isotropic / M**2, M, sp.oo) == sp.pi / (eta * T2)
    large = sp.Symbol("large", positive=True)  # SymPy expands in a positive real; M is declared an integer
    series = sp.series(isotropic.subs(M, 1 / large) * large**2, large, 0, 2).removeO()
    assert check(series, sp.pi / (eta * T2) * (1 + large / 2)) is Verdict.PROVED
    assert check(series, sp.pi / (eta * T2) * (1 - large / 2)) is Verdict.REFUTED


def test_exact_for_the_sizes_given() -> None:
    """(a + b)(a - b) over products, which the normal form for any L cannot decide."""
    left = sp.Product(1 + lam[k] * eta, (k, 1, L)) * sp.Product(1 - lam[k] * eta, (k, 1, L))
    right = sp.Product(1 - lam[k] ** 2 * eta**2, (k, 1, L))
    assert check(left, right) is Verdict.UNDECIDED
    assert check(left, right, sizes={L: range(1, 5)}) is Verdict.EXACT
    assert check(left, right + sp.KroneckerDelta(L, 3), sizes={L: [1, 2]}) is Verdict.EXACT
    assert check(left, right + sp.KroneckerDelta(L, 3), sizes={L: [1, 2, 3]}) is Verdict.REFUTED
    assert check(sp.Sum(k, (k, 1, L)) * M, L * (L + 1) * M / 2, sizes={L: [2, 3], M: [1, 2]}) is Verdict.EXACT
    with pytest.raises(UsageError, match="not both"):
        check(left, right, samples=3, sizes={L: [1]})
    for sizes in ({M: [1]}, {L: []}):
        with pytest.raises(UsageError, match="a symbol of the identity"):
            check(left, right, sizes=sizes)


def test_traps_are_named() -> None:
    with pytest.raises(UsageError, match="symbol eta is not that of the catalogue"):
        check(sp.Symbol("eta"), eta)
    with pytest.raises(UsageError, match="float 0"):
        check(0.5 * eta, eta / 2)


def proved_with_one_value() -> list[str]:
    return [e.id for e in symsl.EQUATIONS if e.derivation and not isinstance(e.statement.rhs, sp.MatrixBase)]


@pytest.mark.slow
@pytest.mark.parametrize("key", random.Random(20_240).sample(proved_with_one_value(), 10))
def test_a_corrupted_entry_is_refuted(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign flipped or factor 2: the claim that arrives at the entry is refuted, and with it the derivation."""
    entry = equation(key)
    factor = random.Random(key).choice([-1, 2])
    statement = sp.Eq(entry.statement.lhs, factor * entry.statement.rhs, evaluate=False)
    corrupted = dataclasses.replace(entry, build=lambda: statement)
    for name in (entry.id, entry.name):
        monkeypatch.setitem(catalogue._BY_KEY, name, corrupted)
    *_, result = symsl.verify(key)  # after those that it rests on
    arrivals = [claim for claim in result.claims if claim.claim.entry == key]
    assert arrivals
    assert not result.stands
    assert any(claim.verdict is Verdict.REFUTED for claim in arrivals)
