"""On symmetric states the sums over M units collapse: the named units plus M - (number of named) times any other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import sympy as sp

from symsl.erf.equations_of_motion import velocity_of_moments
from symsl.erf.generalisation_error import generalisation_error as written_out_error
from symsl.erf.state import OrderParameters
from symsl.erf.symmetric import Overlaps, generalisation_error, rates
from symsl.verification import Case, Claim, Derivation, exact_up_to

LARGEST = 5
_FIRST = Overlaps(*sp.symbols("R S Q C T D", positive=True))
_RAISED = Overlaps(*sp.symbols("R_r S_r Q_r C_r T_r D_r", positive=True))
_SMALL = (sp.Rational(1, 20), sp.Rational(1, 10))
_LARGE = (sp.Rational(1, 2), sp.Integer(1))
_DOMAIN = dict(zip(_FIRST, (_SMALL, _SMALL, _LARGE, _SMALL, _LARGE, _SMALL), strict=True))


def matrices(order: Overlaps, M: int) -> OrderParameters:
    """The M x M matrices Q, R, T of a symmetric state at one order."""

    def matrix(diagonal: Any, off_diagonal: Any) -> Any:
        return np.array([[diagonal if a == b else off_diagonal for b in range(M)] for a in range(M)], dtype=object)

    return OrderParameters(matrix(order.Q, order.C), matrix(order.R, order.S), matrix(order.T, order.T_off))


def written_out(M: int) -> Any:
    """The rates of Eq. 93 with all sums written out, in units of 2 eta/(pi M), elements (1, 1) and (1, 2).

    The moments are (raised, first) and the closure puts the raised order after the first.
    """
    moments = [matrices(_RAISED, M), matrices(_FIRST, M)]
    velocity = velocity_of_moments(moments, [-1, 0], [sp.S.One, sp.S.One], 1)[1]
    unit = sp.pi * M / 2
    return sp.Matrix([unit * X[0, n] for X in (velocity.R, velocity.Q) for n in (0, 1)])


def equations_of_motion() -> Claim:
    """What every derivation from symmetric states rests on."""

    def case(M: int) -> Case:
        collapsed, wrong = (sp.Matrix(rates(_FIRST, _RAISED, units)) for units in (M, M + 1))
        return Case(written_out(M), collapsed, wrong, f"M = {M}")

    return exact_up_to(
        LARGEST,
        "the right-hand sides of Eq. 93, written out over all M units of a symmetric state, are the collapsed ones "
        "(so for every M: a summand depends on the equality pattern of its labels only)",
        case,
        start=2,
        domain=_DOMAIN,
    )


def error() -> Claim:
    """The same for the generalisation error."""

    def case(M: int) -> Case:
        full = written_out_error(matrices(_FIRST, M))
        return Case(full, generalisation_error(_FIRST, M), generalisation_error(_FIRST, M + 1), f"M = {M}")

    return exact_up_to(
        LARGEST, "eps_g of Eq. 94, written out over all M units, is the collapsed one", case, start=2, domain=_DOMAIN
    )


def claims() -> Iterator[Claim]:
    """The collapse of all sums that occur."""
    yield equations_of_motion()
    yield error()


DERIVATION = Derivation(
    "Symmetric sums",
    "Eqs. 93 and 94 for matrices Q, R, T with one diagonal and one off-diagonal value each.",
    claims,
)

if __name__ == "__main__":
    DERIVATION.main()
