"""Figure 6: the late phase for several exponents of the spectrum, Eq. 17 against the full equations."""

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

TITLE = "The late phase of the erf network"
LAYOUT = Layout(height=3.6, height_ratios=(2.6, 1), sharex=True)
_COMMON = {"M": 2, "eta": "1/10", "sigma_J": "1/100", "seed": 1, "betas": ["1/2", "1", "2"], "below": 2e-3}
PARAMETERS: Mapping[str, Parameters] = {
    "full": {**_COMMON, "L": 1024, "N": 2048, "first": 1, "points": 281},
    "quick": {**_COMMON, "L": 512, "N": 1024, "first": 1, "points": 121},
}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """For each beta: eps_g of the equations, and Eq. 17 from the time where eps_g has fallen below `below`."""
    data: dict[str, Array] = {}
    for i, beta in enumerate(parameters["betas"]):
        with work.stage(f"order-parameter equations and Eq. 17, beta = {beta}"):
            spectrum = Spectrum.power_law(parameters["L"], beta)
            trajectory = late.solution(spectrum, parameters)
            start = late.reference(trajectory, parameters["below"])
            data |= {
                f"alpha_{i}": trajectory.alpha,
                f"eps_g_{i}": trajectory.eps_g,
                f"start_{i}": np.array(start),
                f"theory_{i}": late.first_order_error(trajectory, start),
                f"end_{i}": np.array(late.fast_group_time(spectrum, parameters["M"], parameters["eta"])),
            }
    return data


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """Learning curves above, relative differences below."""
    above, below = axes
    betas = data.parameters["betas"]
    for i, (beta, colour) in enumerate(zip(betas, palette.family("beta", len(betas)), strict=True)):
        start, theory, full = int(data[f"start_{i}"]), data[f"theory_{i}"], data[f"eps_g_{i}"]
        alpha = data[f"alpha_{i}"]
        later = alpha[start:]
        shown = theory > 1e-9
        marks.sparse_points(above, alpha, full, color=colour)
        above.plot(alpha[start], full[start], "o", color=colour, ms=5, mfc="none")
        below.plot(later[shown], theory[shown] / full[start:][shown] - 1, color=colour)
        exponent, ends = marks.decay_exponent(beta), (later[0], float(data[f"end_{i}"]) / 10)
        label = rf"$\beta = {marks.tex_number(beta)}$"
        if ends[1] > 2 * ends[0]:
            label += ", dashed: " + marks.power(r"\alpha", exponent)
            marks.slope_guide(above, ends, 0.5 * theory[0], float(exponent), "", color=colour)
        above.plot(later, theory, color=colour, label=label)
    marks.logarithmic(above, ylabel=marks.EPS_G)
    above.set_xlim(1, max(float(data[f"alpha_{i}"][-1]) for i in range(len(betas))))
    above.set_ylim(1e-9, 0.5)
    above.legend(loc="lower left")
    below.axhline(0, color=palette.GUIDE, lw=0.8)
    below.set(xscale="log", xlabel=marks.ALPHA, ylabel=r"$\mathrm{(17)/full} - 1$")
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    return (
        rf"(a) Eq.~(17) (lines), started from the deviations of the solution at the circles, where $\epsilon_g$ falls "
        rf"below ${marks.tex_number(parameters['below'])}$, against the full order-parameter equations to first order "
        rf"in $\eta$ (points), for $\beta = $ {marks.listing(parameters['betas'])}; (b) their relative difference: "
        r"Eq.~(17) drops terms of second order in the distance from the teacher, which matter at the start. "
        rf"$L = {parameters['L']}$, $K = M = {parameters['M']}$, $\eta = {marks.tex_number(parameters['eta'])}$, "
        rf"$\sigma_J = {marks.tex_number(parameters['sigma_J'])}$, weights drawn at $N = {parameters['N']}$ with "
        r"teachers orthogonal in every mode, so that $T^{(l)}_{nm} = u_l \delta_{nm}$ holds exactly: the configuration "
        r"that the paper takes for this phase. Dashed: $\alpha^{-\beta/(1+\beta)}$, from the circle to a tenth of the "
        r"time where the faster group of rates ($h_+$) ends, if that is a window at this $L$; from there until the "
        r"slower group ($h_-$) ends, $\epsilon_g$ falls faster. Parameters chosen here."
    )
