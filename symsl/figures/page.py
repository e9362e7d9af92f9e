"""The page with sliders: what L, beta, eta and M do to learning curve, plateau and escape, in any browser.

The page holds the catalogue's own statements, exported to JavaScript, so that it cannot drift from them. It needs
neither a network nor symsl, and computes in double precision. The rates of Eq. 6 are found in their distances
2 eta lambda_j - a_k from the poles of the secular equation, which keeps the digits that a_k itself would lose. The erf
network's curve is solved in the browser; its Eqs. 93 and 94 are those of symmetric states (`symsl.erf.symmetric`).
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import sympy as sp

from symsl import __version__
from symsl import symbols as s
from symsl.equations import equation
from symsl.equations.model import Equation, Quantity
from symsl.erf.symmetric import Overlaps, generalisation_error, rates
from symsl.export.code import code
from symsl.figures import palette

DISTANCE = sp.IndexedBase("distance", real=True)
"""2 eta lambda_j - a_k for one k."""
SLOPE = sp.IndexedBase("slope", real=True)
"""D_k = sum_j lambda_j^2/(2 eta lambda_j - a_k)^2."""
POLE_DISTANCE = 2 * s.eta * s.lam[s.j] - s.a[s.k]

_R, _S, _Q, _C = sp.symbols("R S Q C", real=True)
FIRST = Overlaps(_R, _S, _Q, _C, 1, 0)
"""Order 1 of a state in which students and teachers may be permuted together; the teachers are orthogonal."""
RAISED = Overlaps(*sp.symbols("R_next S_next Q_next C_next T_next T_off_next", real=True))
"""The same at order l + 1, in which the equations of motion are linear."""

_STATE = (
    Quantity(FIRST.R, "R_ii of order 1", "real"),
    Quantity(FIRST.S, "R_in of order 1, n != i", "real"),
    Quantity(FIRST.Q, "Q_ii of order 1", "positive"),
    Quantity(FIRST.C, "Q_ij of order 1, j != i", "real"),
    Quantity(s.M, "number of students and of teachers", "integer, M >= 2"),
    Quantity(s.eta, "learning rate", "eta > 0"),
)
_PARTS = ("page.js", "page_erf.js", "page_view.js")
_COLOURS = ("EXACT", "FIRST_ORDER", "EQUATIONS", "GUIDE", "WINDOW")


def statements() -> tuple[Equation, ...]:
    """What the page computes with: entries of the catalogue, some of them written for the page's variables.

    The rates are found from the distances to the poles; Eq. 93 is given by its coefficients on a symmetric state.
    """
    secular, modes = equation("secular-equation"), equation("learning-curve-modes")
    (slope,) = (total for total in modes.statement.rhs.atoms(sp.Sum) if total.variables == [s.j])
    distances = {POLE_DISTANCE: DISTANCE[s.j]}
    return (
        equation("8"),
        replace(secular, name="secular", build=lambda: secular.statement.xreplace(distances)),
        replace(secular, name="secular-slope", build=lambda: sp.Eq(SLOPE[s.k], slope.xreplace(distances))),
        replace(modes, build=lambda: modes.statement.xreplace({slope: SLOPE[s.k]})),
        replace(equation("93"), name="symmetric-drift", build=symmetric_drift, quantities=_STATE),
        replace(equation("94"), name="symmetric-error", build=symmetric_error, quantities=_STATE),
        *map(equation, ("scaling-window", "97", "99", "15", "115")),
    )


def symmetric_drift() -> sp.Eq:
    """Eq. 93 at first order in eta: d(R, S, Q, C)^(l)/da = drift . (R, S, Q, C, T)^(l+1), drift of shape (4, 5)."""
    moved = rates(FIRST, RAISED._replace(T_off=0), s.M)
    drift = sp.Matrix(4, 5, lambda i, j: 2 * s.eta / (sp.pi * s.M) * sp.factor(sp.diff(moved[i], RAISED[j])))
    return sp.Eq(sp.MatrixSymbol("drift", 4, 5), drift, evaluate=False)


def symmetric_error() -> sp.Eq:
    """Eq. 94 on a symmetric state."""
    return sp.Eq(s.eps_g, generalisation_error(FIRST, s.M))


def page() -> str:
    """The page as one HTML document."""
    here = Path(__file__)
    colours = {name: getattr(palette, name) for name in _COLOURS}
    script = [f"const COLOURS = {json.dumps(colours)};", *(code(entry, "javascript") for entry in statements())]
    script += [here.with_name(part).read_text(encoding="utf-8") for part in _PARTS]
    text = here.with_name("page.html").read_text(encoding="utf-8")
    return text.replace("SCRIPT", "\n".join(script), 1).replace("VERSION", __version__, 1)
