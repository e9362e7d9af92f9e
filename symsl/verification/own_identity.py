"""A user's own identity, decided by the methods that decide the claims of the derivations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from symsl import symbols
from symsl.errors import UsageError
from symsl.verification.decide import Verdict, decide_equal


def check(lhs: Any, rhs: Any, domain: Mapping[Any, Any] | None = None, samples: int = 0) -> Verdict:
    """Whether lhs = rhs: `Verdict.PROVED`, `ENCLOSED`, `REFUTED` or `UNDECIDED`.

    Refuted means certified: at an exact sample of `domain` (symbol -> (low, high), or a list of values) the balls of
    the two sides do not meet. Proved: the difference has the normal form zero. Sums over eigenvalues are compared
    for any L; to check a statement for given L, substitute L and call `.doit()` first. With `samples` > 0 agreement on
    that many samples is enough, and is called enclosed: evidence, not a proof.

    >>> from symsl import check, equation
    >>> from symsl.symbols import eta
    >>> escape = equation("15").statement
    >>> check(escape.rhs * eta, escape.rhs.subs(eta, 1)).value
    'proved'
    >>> check(escape.rhs, 2 * escape.rhs).value
    'refuted'

    `UsageError` for floats, which are not exact, and for a symbol that has the name but not the assumptions of one in
    `symsl.symbols`: SymPy takes them for two symbols, and nothing would cancel.
    """
    left, right = sp.sympify(lhs), sp.sympify(rhs)
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
    return decide_equal(left, right, domain, samples=samples)
