"""Figure 7: how far the integral is from the sum it replaces (Euler-Maclaurin), at two learning rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from flint import arb

from symsl.figures import marks, palette
from symsl.figures.numbers import doubles, times
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.linear import correction_terms, distance, eps_g, integral_distance_bound, scaling_window
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "The error of the Euler-Maclaurin approximation"
LAYOUT = Layout(columns=2, height=2.7)
_COMMON = {"beta": "1/2", "sigma_J": "1/100", "etas": ["1/10", "1/10000"], "orders": [0, 1, 2, 3]}
PARAMETERS: Mapping[str, Parameters] = {
    "full": {**_COMMON, "L": 1000, "times": [1e-3, 1e4, 281]},
    "quick": {**_COMMON, "L": 1000, "times": [1e-3, 1e4, 141]},
}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """For each eta: eps_g of Eq. 8, and the distance of Eq. 50 with so many correction terms from it."""
    spectrum, sigma_J = Spectrum.power_law(parameters["L"], parameters["beta"]), parameters["sigma_J"]
    grid = times(*parameters["times"])
    data: dict[str, Array] = {}
    for i, eta in enumerate(parameters["etas"]):
        with work.stage(f"Euler-Maclaurin corrections, eta = {eta}"):
            data |= {
                f"sum_{i}": doubles(lambda eta=eta: eps_g(spectrum, eta, sigma_J, grid)),  # type: ignore[misc]
                f"errors_{i}": _errors(spectrum, eta, sigma_J, grid, parameters["orders"]),
                f"bound_{i}": doubles(
                    lambda eta=eta: integral_distance_bound(spectrum, eta, sigma_J, grid)  # type: ignore[misc]
                ),
                f"window_{i}": doubles(lambda eta=eta: scaling_window(spectrum, eta)),  # type: ignore[misc]
            }
    return data | {"alpha": np.array(grid)}


def _errors(spectrum: Spectrum, eta: object, sigma_J: object, grid: Sequence[float], orders: Sequence[int]) -> Array:
    def rows() -> list[arb]:
        distances = distance("integral", spectrum, eta, sigma_J, grid)
        terms = [correction_terms(spectrum, eta, sigma_J, time, max(orders)) for time in grid]
        return [gap + sum(term[:order], arb(0)) for order in orders for gap, term in zip(distances, terms, strict=True)]

    return np.abs(doubles(rows)).reshape(len(orders), len(grid))


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """One panel for each learning rate."""
    parameters = data.parameters
    names = {0: "integral, Eq. (9)", 1: "with Eq. (49)"}
    for i, (panel, eta) in enumerate(zip(axes, parameters["etas"], strict=True)):
        marks.window(panel, *data[f"window_{i}"])
        panel.plot(data["alpha"], data[f"sum_{i}"], color=palette.FIRST_ORDER, label=r"$\epsilon_g$, Eq. (8)")
        panel.plot(data["alpha"], data[f"bound_{i}"], color=palette.GUIDE, ls=":", label="bound, integral")
        colours = palette.family("order", len(parameters["orders"]))
        for order, colour, error in zip(parameters["orders"], colours, data[f"errors_{i}"], strict=True):
            panel.plot(data["alpha"], error, color=colour, label=names.get(order, f"{order} terms"))
        marks.logarithmic(panel, marks.ALPHA, r"$|\mathrm{error}|$" if i == 0 else "")
        panel.set_xlim(data["alpha"][0], data["alpha"][-1])
        panel.set_ylim(1e-12, 3)
        panel.text(0.97, 0.95, rf"$\eta = {marks.tex_number(eta)}$", transform=panel.transAxes, ha="right", va="top")
    axes[0].legend(loc="lower left")
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    return (
        r"Distance from the sum of Eq.~(8) of the integral, Eq.~(9), and of the integral with one, two and three "
        r"Euler--Maclaurin corrections (the first is Eq.~(49)), at "
        rf"$\eta = $ {marks.listing(parameters['etas'])}; $L = {parameters['L']}$, $\beta = {parameters['beta']}$, "
        rf"$\sigma_J = {marks.tex_number(parameters['sigma_J'])}$. Dotted: the certified bound "
        r"$\frac{1+\sigma_J^2}{2}\max_x f(x)$ on the first. Shaded: the scaling window; before it, where nothing has "
        r"been learned yet, they help least (Fig. 8). All distances are certified to their drawn digits. "
        r"Parameters chosen here."
    )
