"""Figure 1: the erf network's learning curve for growing numbers of distinct eigenvalues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from symsl.erf.solve import solve
from symsl.erf.state import State
from symsl.figures import marks, palette
from symsl.figures.numbers import times
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "Plateau and power-law tail of the erf network"
LAYOUT = Layout(height=2.8)
GUIDE = (60.0, 600.0)  # after the escape at the largest L, before the faster group of rates ends
_COMMON = {"K": 2, "M": 2, "eta": "1/10", "beta": "1", "sigma_J": "1/100", "N": 1024, "seed": 1}
PARAMETERS: Mapping[str, Parameters] = {
    "full": {**_COMMON, "sizes": [1, 2, 4, 8, 16, 64, 256], "times": [1, 1e5, 301]},
    "quick": {**_COMMON, "sizes": [1, 2, 4, 8, 16, 64, 256], "times": [1, 5e4, 151]},
}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """eps_g by L, from the order-parameter equations with the eta^2 term."""
    grid, curves = times(*parameters["times"]), []
    for L in parameters["sizes"]:
        with work.stage(f"order-parameter equations, L = {L}"):
            start = State.random(
                Spectrum.power_law(L, parameters["beta"]),
                **{name: parameters[name] for name in ("K", "M", "N", "seed", "sigma_J")},
            )
            curves.append(solve(start, parameters["eta"], grid, order=2).eps_g)
    return {"alpha": np.array(grid), "eps_g": np.array(curves)}


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """One curve for each L."""
    (panel,) = axes
    sizes, alpha = data.parameters["sizes"], data["alpha"]
    for L, colour, curve in zip(sizes, palette.family("L", len(sizes)), data["eps_g"], strict=True):
        panel.plot(alpha, curve, color=colour, label=f"$L = {L}$")
    exponent = marks.decay_exponent(data.parameters["beta"])
    last = data["eps_g"][-1]
    height = 0.45 * float(np.interp(GUIDE[0], alpha, last))
    marks.slope_guide(panel, GUIDE, height, float(exponent), marks.power(r"\alpha", exponent), above=False)
    marks.logarithmic(panel, marks.ALPHA, marks.EPS_G)
    panel.set_xlim(alpha[0], alpha[-1])
    panel.set_ylim(1e-7, 0.4)
    panel.legend(loc="lower left")
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    return (
        rf"Generalization error of the erf network with $K = {parameters['K']}$, $M = {parameters['M']}$ for "
        rf"$L = $ {marks.listing(parameters['sizes'])} distinct eigenvalues, from the order-parameter equations "
        r"(Eqs.~(4), with the $\eta^2$ term) started at weights drawn at "
        rf"$N = {parameters['N']}$; $\eta = {marks.tex_number(parameters['eta'])}$, $\beta = {parameters['beta']}$, "
        rf"$\sigma_J = {marks.tex_number(parameters['sigma_J'])}$. The plateau shortens with $L$ and disappears, "
        r"and the exponential end becomes a power law. Dashed: the exponent $-\beta/(1+\beta)$ of the theory. It is "
        r"approached in a window that widens with $L$, from the escape to the time where the faster of the two groups "
        r"of rates (Eq.~(17)) ends; later the curves are steeper."
    )
