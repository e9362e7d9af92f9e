"""What a derivation is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from symsl.equations.model import Kind

Domain = Mapping[Any, Any]
"""Where samples are drawn: symbol -> (low, high) for a rational, or a list of values to choose from, or an
family (`IndexedBase`) needs no domain: distinct positive rationals are drawn for its members."""


@dataclass(frozen=True)
class Case:
    """`lhs` equals `rhs`, and `wrong` is a deliberately false `rhs`; expressions or matrices of the same shape."""

    lhs: Any
    rhs: Any
    wrong: Any
    label: str = ""


@dataclass(frozen=True)
class Claim:
    """One step: what it says, how it is proved, its cases (one for a symbolic identity, one for each L if exact).

    `entry` is the equation of the catalogue whose statement this claim arrives at.
    """

    text: str
    kind: Kind
    cases: Callable[[], Iterable[Case]]
    domain: Domain = field(default_factory=dict)
    entry: str | None = None
    samples: int = 0


@dataclass(frozen=True)
class Derivation:
    """An ordered list of claims from premises to the statements of the entries it proves.

    `rests_on` names derivations whose claims it takes for granted, but which prove no entry of their own: they are run
    before it, once for all that rest on them.
    """

    title: str
    premises: str
    claims: Callable[[], Iterable[Claim]]
    rests_on: tuple[str, ...] = ()

    def main(self) -> None:
        """Print the steps as mathematics with their verdicts; exit status 1 if one is not proved."""
        from symsl.verification.report import print_derivation

        raise SystemExit(print_derivation(self))


def identity(text: str, lhs: Any, rhs: Any, *, wrong: Any, domain: Domain | None = None) -> Claim:
    """lhs = rhs for all values of the symbols, by a normal form."""
    return Claim(text, Kind.PROVED, lambda: [Case(lhs, rhs, wrong)], domain or {})


def exact_up_to(
    n: int, text: str, build: Callable[[int], Case], *, start: int = 1, domain: Domain | None = None
) -> Claim:
    """lhs = rhs exactly, symbols and all, for every L (or M) from `start` to `n`."""
    return Claim(text, Kind.EXACT, lambda: (build(size) for size in range(start, n + 1)), domain or {})


def enclosed(text: str, lhs: Any, rhs: Any, *, wrong: Any, domain: Domain, samples: int = 20) -> Claim:
    """lhs and rhs have overlapping narrow enclosures at samples of the domain: evidence, not a proof."""
    return Claim(text, Kind.ENCLOSED, lambda: [Case(lhs, rhs, wrong)], domain, samples=samples)


def arrives_at(
    entry: str,
    text: str,
    derived: Any,
    *,
    wrong: Any = None,
    given: Mapping[Any, Any] | None = None,
    kind: Kind = Kind.PROVED,
    domain: Domain | None = None,
    samples: int = 0,
    sizes: Sequence[int] | None = None,
    components: Sequence[Any] = (),
) -> Claim:
    """The derived expression is the right-hand side of the catalogue's equation `entry`.

    The statement is read from the catalogue, so a corrupted entry is refuted. `given` substitutes symbols in it (for a
    specialisation such as {M: 2}). With `sizes`, `derived` is a function of L and the claim is exact for those L.
    With `components` (the row and column symbols of a statement about the entries of a matrix or a vector) `derived(L)`
    is the whole matrix. The wrong twin is twice the derived expression, unless another is given (as a function of L
    with `sizes`).
    """
    from symsl.equations import equation

    def cases() -> Iterable[Case]:
        statement = equation(entry).statement
        every: Sequence[int | None] = sizes if sizes is not None else [None]
        for size in every:
            substitution = dict(given or {})
            if size is not None:
                from symsl.symbols import L

                substitution[L] = size
            lhs = derived(size) if size is not None else derived
            if components:
                rhs = component_matrix(lhs.shape, components, statement.rhs.subs(substitution))
            else:
                rhs = statement.rhs.subs(substitution)
                rhs = rhs.doit() if substitution and hasattr(rhs, "doit") else rhs  # a general sum is tried in vain
                rhs = rhs.as_explicit() if isinstance(rhs, sp.MatrixExpr) else rhs
            twin = wrong(size) if size is not None and callable(wrong) else wrong
            yield Case(rhs, lhs, twin if twin is not None else 2 * lhs, f"L = {size}" if size is not None else "")

    proof = Kind.EXACT if sizes is not None else kind
    return Claim(text, proof, cases, domain or {}, entry, samples)


def component_matrix(shape: tuple[int, int], components: Sequence[Any], entry: Any) -> Any:
    """The matrix (or column) whose entries are `entry` with the row (and column) symbols replaced by numbers from 0."""
    from sympy import Matrix

    return Matrix(*shape, lambda *position: entry.subs(dict(zip(components, position, strict=False))).doit())
