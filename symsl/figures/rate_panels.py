"""Figures 10 to 12: the rates a_k of the linear network against 2 eta lambda_k, one curve for each value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from flint import arb

from symsl.figures import marks, palette
from symsl.figures.numbers import doubles
from symsl.figures.plan import Array, FigureData, Layout
from symsl.linear import rates
from symsl.precision import exact
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LAYOUT = Layout(columns=2, height=2.7)
SYMBOLS = {"eta": r"\eta", "beta": r"\beta", "L": "L"}


def relative_rates(spectrum: Spectrum, eta: object) -> dict[str, Array]:
    """`eigenvalues` lambda_k, `ratio` = a_k/(2 eta) and `gap` = 1 - a_k/(2 eta lambda_k), each of length L.

    The gap is certified as such: it keeps its digits where the rates nearly agree.
    """

    def gaps() -> list[arb]:
        pairs = zip(rates(spectrum, exact(eta, "eta")), spectrum.eigenvalues(), strict=True)
        return [1 - rate.y / eigenvalue for rate, eigenvalue in pairs]

    return {
        "eigenvalues": doubles(spectrum.eigenvalues),
        "ratio": doubles(lambda: [rate.y for rate in rates(spectrum, exact(eta, "eta"))]),
        "gap": doubles(gaps),
    }


def draw_rates(axes: Sequence[Axes], data: FigureData, parameter: str, values: Sequence[object]) -> Sequence[Axes]:
    """The spectra on the left, their relative difference on the right; `data` has `ratio_0`, `gap_0`, ... by value."""
    left, right = axes
    for i, (value, colour) in enumerate(zip(values, palette.family(parameter, len(values)), strict=True)):
        k = np.arange(1, len(data[f"gap_{i}"]) + 1)
        label = f"${SYMBOLS[parameter]} = {marks.tex_number(value)}$"
        left.plot(k, data[f"eigenvalues_{i}"], color=colour, ls=":", lw=0.9)
        left.plot(k, data[f"ratio_{i}"], color=colour, marker="o", ms=1.8, lw=0.7, label=label)
        right.plot(k, data[f"gap_{i}"], color=colour, marker="o", ms=1.8, lw=0.7)
    left.plot([], [], color=palette.GUIDE, ls=":", lw=0.9, label=r"$\lambda_k$")
    marks.logarithmic(left, "$k$", r"$a_k/(2\eta)$ and $\lambda_k$")
    marks.logarithmic(right, "$k$", r"$1 - a_k/(2\eta\lambda_k)$")
    left.legend(loc="lower left")
    return axes
