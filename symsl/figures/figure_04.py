"""Figure 4: order parameters on the plateau, and its height."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from symsl.erf.plateau import plateau_height
from symsl.erf.plateau_approximation import (
    approximate_escape_time,
    approximate_height,
    approximate_plateau,
    mean_overlaps,
)
from symsl.erf.solve import solve
from symsl.erf.state import State
from symsl.figures import marks, palette
from symsl.figures.numbers import doubles, times
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "Order parameters and generalization error on the plateau"
LAYOUT = Layout(columns=3, height=2.5)
_COMMON = {"M": 4, "L": 2, "beta": "1/2", "eta": "1/10", "sigma_J": "1/100", "N": 1024, "seed": 2}
PARAMETERS: Mapping[str, Parameters] = {
    "full": {**_COMMON, "times": [1, 3e4, 301]},
    "quick": {**_COMMON, "times": [1, 3e4, 121]},
}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """R, Q and eps_g of a solution, and their values on the plateau by Eqs. 95 and 99."""
    M = parameters["M"]
    start = State.random(
        Spectrum.power_law(parameters["L"], parameters["beta"]),
        K=M, **{name: parameters[name] for name in ("M", "N", "seed", "sigma_J")},
    )  # fmt: skip
    with work.stage("order-parameter equations"):
        solution = solve(start, parameters["eta"], times(*parameters["times"]))
    R, Q = approximate_plateau(start)
    T, D = mean_overlaps(start, 1)
    mean_off_diagonal = Fraction(D / T).limit_denominator(10**9)
    return {
        "alpha": solution.alpha,
        "eps_g": solution.eps_g,
        "R": solution.R,
        "Q": solution.Q,
        "plateau_R": R,
        "plateau_Q": np.array(Q),
        "height": np.array(approximate_height(start)),
        "mean_height": doubles(lambda: [plateau_height(M, mean_off_diagonal)]),
        "escape_time": np.array(approximate_escape_time(start, solution.eta)),
    }


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """R on the left, Q in the middle, eps_g on the right."""
    left, middle, right = axes
    alpha, M = data["alpha"], data.parameters["M"]
    for n, colour in enumerate(palette.family("unit", M)):
        left.plot(alpha, data["R"][:, :, n], color=colour, lw=0.7)
        left.axhline(data["plateau_R"][n], color=colour, ls="--", lw=0.9)
        left.plot([], [], color=colour, label=f"$n = {n + 1}$")
    left.set(xscale="log", xlabel=marks.ALPHA, ylabel=r"$R_{in}$", ylim=(-0.1, 0.4))
    left.legend(loc="upper left")
    for i in range(M):
        for j in range(i, M):
            middle.plot(alpha, data["Q"][:, i, j], color=palette.EQUATIONS, lw=0.7, ls="-" if i == j else ":")
    middle.axhline(float(data["plateau_Q"]), color=palette.FIRST_ORDER, ls="--", lw=0.9)
    middle.plot([], [], color=palette.EQUATIONS, label="$i = j$")
    middle.plot([], [], color=palette.EQUATIONS, ls=":", label=r"$i \neq j$")
    middle.plot([], [], color=palette.FIRST_ORDER, ls="--", lw=0.9, label="Eq. (96)")
    middle.set(xscale="log", xlabel=marks.ALPHA, ylabel="$Q_{ij}$")
    middle.legend(loc="upper left")
    right.plot(alpha, data["eps_g"], color=palette.EQUATIONS, label="solution")
    right.axhline(float(data["height"]), color=palette.FIRST_ORDER, ls="--", lw=0.9, label="Eq. (95)")
    right.axhline(float(data["mean_height"][0]), color=palette.GUIDE, ls=":", label="Eq. (99)")
    marks.logarithmic(right, marks.ALPHA, marks.EPS_G)
    right.set_ylim(1e-5, 0.3)
    right.legend(loc="lower left")
    for panel in axes:
        panel.set_xlim(alpha[0], alpha[-1])
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    return (
        r"(a) Student-teacher overlaps of first order, coloured by teacher unit: one plateau for each of them, at the "
        r"values of Eq.~(95) (dashed; the frame ends where they escape). (b) Student-student overlaps: one plateau "
        r"for all. (c) Generalization error "
        r"with the height of the plateau from Eq.~(95), with the rows of the actual teacher, and from Eq.~(99), with "
        rf"their mean. $K = M = {parameters['M']}$, $L = {parameters['L']}$, $\beta = {parameters['beta']}$, "
        rf"$\eta = {marks.tex_number(parameters['eta'])}$, $\sigma_J = {marks.tex_number(parameters['sigma_J'])}$, "
        rf"weights drawn at $N = {parameters['N']}$, equations to first order in $\eta$. Parameters chosen here."
    )
