"""A user's own identity, decided by the methods that decide the claims of the derivations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

import sympy as sp

from symsl import symbols
from symsl.arguments import expression, mapping, sequence
from symsl.errors import UsageError
from symsl.verification.decide import Verdict, decide_equal


def check(
    lhs: Any,
    rhs: Any,
    domain: Mapping[Any, Any] | None = None,
    samples: int = 0,
    sizes: Mapping[Any, Iterable[int]] | None = None,
) -> Verdict:
    """Whether lhs = rhs: `Verdict.PROVED`, `EXACT`, `ENCLOSED`, `REFUTED` or `UNDECIDED`.

    Refuted means certified: at an exact sample of `domain` (symbol -> (low, high), or a list of values) the balls of
    the two sides do not meet. Proved: the difference has the normal form zero. Sums over eigenvalues are compared
    for any L; with `sizes` (such as {L: range(1, 7)}) sums and products are written out and the identity is decided
    for each of these L: exact, a proof for these and no others. With `samples` > 0 agreement on that many samples is
    enough, and is called enclosed: evidence, not a proof.

    >>> from symsl import check, equation
    >>> from symsl.symbols import eta
    >>> escape = equation("15").statement
    >>> check(escape.rhs * eta, escape.rhs.subs(eta, 1)).value
    'proved'
    >>> check(escape.rhs, 2 * escape.rhs).value
    'refuted'
    >>> import sympy as sp
    >>> from symsl.symbols import L, k, lam
    >>> square = sp.Sum(lam[k], (k, 1, L)) ** 2
    >>> check(square, sp.Sum(lam[k] ** 2, (k, 1, L)), sizes={L: [1]}).value
    'proved for the sizes given'
    >>> check(square, sp.Sum(lam[k] ** 2, (k, 1, L)), sizes={L: [1, 2]}).value
    'refuted'

    `UsageError` for sizes that do not occur, for floats, which are not exact, and for a symbol that has the name but
    not the assumptions of one in `symsl.symbols`: SymPy takes them for two symbols, and nothing would cancel.
    """
    left, right = expression(lhs, "lhs", "check"), expression(rhs, "rhs", "check")
    known = {value.name: value for value in vars(symbols).values() if isinstance(value, sp.Symbol)}
    for side in (left, right):
        for number in side.atoms(sp.Float):
            raise UsageError(f"check: the float {number} is not exact; write a ratio, such as Rational('{number}')")
        for symbol in side.atoms(sp.Symbol):
            own = known.get(symbol.name)
            if own is not None and own != symbol and not isinstance(symbol, sp.Dummy) and symbol not in known.values():
                raise UsageError(
                    f"check: the symbol {symbol.name} is not that of the catalogue, whose assumptions differ; "
                    f"write `from symsl import symbols` and use symbols.{symbol.name}"
                )
    ranges = mapping(domain, "domain", "check") or None
    if sizes is None:
        return decide_equal(left, right, ranges, samples=samples)
    if samples:
        raise UsageError("check: give `sizes` (for exact proofs) or `samples` (for enclosures), not both")
    given = mapping(sizes, "sizes", "check")
    return _for_sizes(left, right, ranges, {L: sequence(given[L], f"sizes[{L}]", "check") for L in given})


def _for_sizes(left: Any, right: Any, domain: Mapping[Any, Any] | None, sizes: Mapping[Any, list[int]]) -> Verdict:
    for size, values in sizes.items():
        if size not in left.free_symbols | right.free_symbols or not values:
            raise UsageError(f"check: sizes={{{size}: {values}}}, but a symbol of the identity and values are needed")
    verdicts = set()
    for chosen in product(*sizes.values()):
        here = dict(zip(sizes, map(sp.Integer, chosen), strict=True))
        verdicts.add(decide_equal(left.subs(here).doit(), right.subs(here).doit(), domain))
    for verdict in (Verdict.REFUTED, Verdict.UNDECIDED):
        if verdict in verdicts:
            return verdict
    return Verdict.EXACT
