"""Figure 17: the height of the plateau from the actual teacher (Eq. 95) against solutions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from symsl.erf.plateau_approximation import approximate_height
from symsl.erf.solve import solve
from symsl.erf.state import State
from symsl.figures import marks, palette
from symsl.figures.numbers import times
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "The height of the plateau for actual teachers"
LAYOUT = Layout(columns=2, height=2.7)
_COMMON = {"M": 4, "beta": "1/2", "eta": "1/10", "sigma_J": "1/100", "N": 1024, "shown": 2}
PARAMETERS: Mapping[str, Parameters] = {
    "full": {**_COMMON, "sizes": [1, 2, 4, 8, 16], "seeds": 20, "times": [1, 1e4, 161]},
    "quick": {**_COMMON, "sizes": [1, 4, 16], "seeds": 6, "times": [1, 1e4, 81]},
}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """eps_g by L and seed, its value where the curve is flattest, and the height of Eq. 95."""
    M, grid = parameters["M"], times(*parameters["times"])
    curves, heights, flattest = [], [], []
    for L in parameters["sizes"]:
        for seed in range(1, parameters["seeds"] + 1):
            start = State.random(
                Spectrum.power_law(L, parameters["beta"]),
                K=M, M=M, N=parameters["N"], seed=seed, sigma_J=parameters["sigma_J"],
            )  # fmt: skip
            with work.stage(f"order-parameter equations, L = {L}, teacher {seed}"):
                curves.append(solve(start, parameters["eta"], grid).eps_g)
            heights.append(approximate_height(start))
            flattest.append(flattest_value(np.array(grid), curves[-1]))
    shape = len(parameters["sizes"]), parameters["seeds"]
    return {
        "alpha": np.array(grid),
        "eps_g": np.array(curves).reshape(*shape, -1),
        "height": np.array(heights).reshape(shape),
        "measured": np.array(flattest).reshape(shape),
    }


def flattest_value(alpha: Array, eps_g: Array) -> float:
    """eps_g where |d eps_g/d alpha| is smallest between a third of its start and the hundredth of that."""
    inside = np.flatnonzero((eps_g < eps_g[0] / 3) & (eps_g > eps_g[0] / 300))
    slope = np.abs(np.gradient(np.log(eps_g[inside]), np.log(alpha[inside])))
    return float(eps_g[inside][int(np.argmin(slope))])


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """Learning curves with their heights on the left, the error of the height on the right."""
    left, right = axes
    sizes, shown = data.parameters["sizes"], data.parameters["shown"]
    for i, (L, colour) in enumerate(zip(sizes, palette.family("L", len(sizes)), strict=True)):
        for seed in range(shown):
            left.plot(data["alpha"], data["eps_g"][i, seed], color=colour, label=f"$L = {L}$" if seed == 0 else None)
            left.axhline(data["height"][i, seed], color=colour, ls="--", lw=0.8)
        difference = data["height"][i] / data["measured"][i] - 1
        places = i + np.linspace(-0.25, 0.25, len(difference))
        right.plot(places, difference, "o", color=colour, ms=3)
    marks.logarithmic(left, marks.ALPHA, marks.EPS_G)
    left.set_xlim(data["alpha"][0], data["alpha"][-1])
    left.set_ylim(3e-4, 0.2)
    left.legend(loc="lower left")
    right.axhline(0, color=palette.GUIDE, lw=0.8)
    right.set_xticks(range(len(sizes)), [f"$L = {L}$" for L in sizes])
    right.tick_params(axis="x", which="both", length=0)
    right.set(ylabel=r"Eq. (95)/solution $-$ 1", xlim=(-0.5, len(sizes) - 0.5))
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    return (
        rf"(a) Generalization error from the order-parameter equations to first order in $\eta$, for "
        rf"{parameters['shown']} teachers each at $L = $ {marks.listing(parameters['sizes'])} (lines), and the "
        rf"height of "
        r"the plateau from Eq.~(95) with the row sums of the actual $T^{(1)}$ (dashed). (b) Relative error of Eq.~(95) "
        rf"for {parameters['seeds']} teachers at each $L$, against the solution where it is flattest: the "
        rf"approximation "
        r"loses with $L$, as higher orders stop self-averaging and the plateau fades. "
        rf"$K = M = {parameters['M']}$, $\beta = {parameters['beta']}$, $\eta = "
        rf"{marks.tex_number(parameters['eta'])}$, "
        rf"$\sigma_J = {marks.tex_number(parameters['sigma_J'])}$, $N = {parameters['N']}$. Parameters chosen here."
    )
