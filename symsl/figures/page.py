"""The page with sliders: what L, beta, eta and M do to learning curve, plateau and escape, in any browser.

The page holds the catalogue's own statements, exported to JavaScript, so that it cannot drift from them. It needs
neither a network nor symsl, and computes in double precision. The rates of Eq. 6 are found in their distances
2 eta lambda_j - a_k from the poles of the secular equation, which keeps the digits that a_k itself would lose.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import sympy as sp

from symsl import __version__
from symsl import symbols as s
from symsl.equations import equation
from symsl.equations.model import Equation
from symsl.export.code import code
from symsl.figures import palette

DISTANCE = sp.IndexedBase("distance", real=True)
"""2 eta lambda_j - a_k for one k."""
SLOPE = sp.IndexedBase("slope", real=True)
"""D_k = sum_j lambda_j^2/(2 eta lambda_j - a_k)^2."""
POLE_DISTANCE = 2 * s.eta * s.lam[s.j] - s.a[s.k]

_PARTS = ("page.js", "page_view.js")
_COLOURS = ("EXACT", "FIRST_ORDER", "CLOSED_FORM", "GUIDE", "WINDOW")


def statements() -> tuple[Equation, ...]:
    """What the page computes with: entries of the catalogue, two of them written in the distances from the poles."""
    secular, modes = equation("secular-equation"), equation("learning-curve-modes")
    (slope,) = (total for total in modes.statement.rhs.atoms(sp.Sum) if total.variables == [s.j])
    distances = {POLE_DISTANCE: DISTANCE[s.j]}
    return (
        equation("8"),
        replace(secular, name="secular", build=lambda: secular.statement.xreplace(distances)),
        replace(secular, name="secular-slope", build=lambda: sp.Eq(SLOPE[s.k], slope.xreplace(distances))),
        replace(modes, build=lambda: modes.statement.xreplace({slope: SLOPE[s.k]})),
        *map(equation, ("scaling-window", "97", "99", "15", "115")),
    )


def page() -> str:
    """The page as one HTML document."""
    here = Path(__file__)
    colours = {name: getattr(palette, name) for name in _COLOURS}
    script = [f"const COLOURS = {json.dumps(colours)};", *(code(entry, "javascript") for entry in statements())]
    script += [here.with_name(part).read_text(encoding="utf-8") for part in _PARTS]
    text = here.with_name("page.html").read_text(encoding="utf-8")
    return text.replace("SCRIPT", "\n".join(script), 1).replace("VERSION", __version__, 1)
