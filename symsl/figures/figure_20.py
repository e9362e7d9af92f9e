"""Figure 20: the linearised error of solutions (Eq. 121) against its closed form (Eq. 122)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from symsl.figures import late, marks, palette
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "The linearised error in the late phase"
LAYOUT = Layout(height=3.6, height_ratios=(2.6, 1), sharex=True)
_COMMON = {"M": 2, "eta": "1/10", "sigma_J": "1/100", "N": 1024, "seed": 1, "beta": "1", "below": 1e-4}
PARAMETERS: Mapping[str, Parameters] = {
    "full": {**_COMMON, "sizes": [1, 4, 16, 64, 256], "first": 1e2, "points": 201},
    "quick": {**_COMMON, "sizes": [1, 4, 16, 64], "first": 1e2, "points": 81},
}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """For each L: Eq. 121 along the solution, eps_g itself, and Eq. 122 from the time where eps_g is below `below`."""
    data: dict[str, Array] = {}
    for i, L in enumerate(parameters["sizes"]):
        with work.stage(f"order-parameter equations and Eq. 122, L = {L}"):
            spectrum = Spectrum.power_law(L, parameters["beta"])
            trajectory = late.solution(spectrum, parameters)
            start = late.reference(trajectory, parameters["below"])
            data |= {
                f"alpha_{i}": trajectory.alpha,
                f"eps_g_{i}": trajectory.eps_g,
                f"start_{i}": np.array(start),
                f"linearised_{i}": late.linearised_error(trajectory, start),
                f"theory_{i}": late.first_order_error(trajectory, start),
            }
    return data


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """Curves above, relative differences below."""
    above, below = axes
    sizes = data.parameters["sizes"]
    for i, (L, colour) in enumerate(zip(sizes, palette.family("L", len(sizes)), strict=True)):
        start, theory, linearised = int(data[f"start_{i}"]), data[f"theory_{i}"], data[f"linearised_{i}"]
        alpha = data[f"alpha_{i}"]
        later = alpha[start:]
        shown = (linearised > 1e-10) & (later > later[0])  # they agree at the start by definition
        above.plot(alpha[: start + 1], data[f"eps_g_{i}"][: start + 1], color=colour, ls=":", lw=0.9)
        marks.sparse_points(above, later, linearised, color=colour)
        above.plot(later, theory, color=colour, label=f"$L = {L}$")
        below.plot(later[shown], np.abs(linearised[shown] / theory[shown] - 1), color=colour, marker=".", ms=2, lw=0.8)
    marks.logarithmic(above, ylabel=marks.EPS_G)
    above.set_xlim(data.parameters["first"], max(float(data[f"alpha_{i}"][-1]) for i in range(len(sizes))))
    above.set_ylim(1e-10, 0.05)
    above.legend(loc="lower left")
    marks.logarithmic(below, marks.ALPHA, r"$|\mathrm{(121)/(122)} - 1|$")
    below.set_ylim(1e-3, 30)
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    return (
        r"(a) The generalization error to first order in the deviations, Eq.~(121), along solutions of the "
        r"order-parameter "
        r"equations (points), against its closed form, Eq.~(122) (lines), with the deviations at the time $\alpha_0$ "
        rf"where $\epsilon_g$ falls below ${marks.tex_number(parameters['below'])}$ (dotted: the solution before); "
        rf"$L = $ {marks.listing(parameters['sizes'])}. (b) Their relative difference: terms of second order in the "
        rf"distance from the teacher, which at $L = 1$ outlive those of Eq.~(122). $\beta = {parameters['beta']}$, "
        rf"$K = M = {parameters['M']}$, $\eta = {marks.tex_number(parameters['eta'])}$, "
        rf"$\sigma_J = {marks.tex_number(parameters['sigma_J'])}$, weights drawn at $N = {parameters['N']}$; "
        rf"equations to "
        r"first order in $\eta$; teachers orthogonal in every mode, so that $T^{(l)}_{nm} = u_l \delta_{nm}$ holds "
        r"exactly: the configuration that the paper takes for this phase. "
        r"Parameters chosen here."
    )
