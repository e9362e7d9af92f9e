"""Figure 13: what the deviation of the rates from 2 eta lambda_k does to the learning curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from symsl.figures import marks, palette, rate_panels
from symsl.figures.numbers import doubles, times
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.linear import eps_g, learning_curve
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "Learning curves of the linear network for several learning rates, exponents and numbers of eigenvalues"
LAYOUT = Layout(columns=3, height=2.5)
_COMMON = {
    "sigma_J": "1/100", "beta": "1/2", "eta": "1", "etas": ["1/10", "1/2", "1", "3/2"], "betas": ["1/4", "1/2", "1"],
}  # fmt: skip
PARAMETERS: Mapping[str, Parameters] = {
    "full": {**_COMMON, "L": 256, "sizes": [16, 64, 256, 1024], "times": [1e-2, 3e3, 121]},
    "quick": {**_COMMON, "L": 64, "sizes": [16, 64, 256], "times": [1e-2, 3e3, 61]},
}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """Eqs. 6 and 8 for each value of each of the three parameters."""
    grid, sigma_J = times(*parameters["times"]), parameters["sigma_J"]
    data = {"alpha": np.array(grid)}
    for panel, choices in enumerate(_choices(parameters)):
        for i, (L, beta, eta) in enumerate(choices):
            spectrum = Spectrum.power_law(L, beta)
            with work.stage(f"Eqs. 6 and 8, L = {L}, beta = {beta}, eta = {eta}"):
                curve = learning_curve(spectrum, eta=eta, sigma_J=sigma_J, alpha=grid)
                first = doubles(lambda: eps_g(spectrum, eta, sigma_J, grid))  # noqa: B023
            data |= {f"exact_{panel}_{i}": np.array([float(value) for value in curve]), f"first_{panel}_{i}": first}
    return data


def _choices(parameters: Parameters) -> list[list[tuple[object, object, object]]]:
    """(L, beta, eta) of the curves of each panel."""
    L, beta, eta = parameters["L"], parameters["beta"], parameters["eta"]
    return [
        [(L, beta, value) for value in parameters["etas"]],
        [(L, value, eta) for value in parameters["betas"]],
        [(value, beta, eta) for value in parameters["sizes"]],
    ]


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """One panel for each parameter that varies."""
    alpha = data["alpha"]
    varied = (("eta", "etas"), ("beta", "betas"), ("L", "sizes"))
    for number, (panel, (parameter, name)) in enumerate(zip(axes, varied, strict=True)):
        values = data.parameters[name]
        for i, (value, colour) in enumerate(zip(values, palette.family(parameter, len(values)), strict=True)):
            label = f"${rate_panels.SYMBOLS[parameter]} = {marks.tex_number(value)}$"
            panel.plot(alpha, data[f"exact_{number}_{i}"], color=colour, label=label)
            panel.plot(alpha, data[f"first_{number}_{i}"], color=colour, ls="--", lw=0.8)
        marks.logarithmic(panel, marks.ALPHA, marks.EPS_G if number == 0 else "")
        panel.set_xlim(alpha[0], alpha[-1])
        panel.set_ylim(1e-7, 2)
        panel.legend(loc="upper right" if number else "lower left")
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    return (
        r"Eq.~(6) (lines) and Eq.~(8) (dashed) where (a) the learning rate, (b) the exponent of the spectrum, (c) the "
        rf"number of eigenvalues varies; else $L = {parameters['L']}$, $\beta = {parameters['beta']}$, "
        rf"$\eta = {parameters['eta']}$; $\sigma_J = {marks.tex_number(parameters['sigma_J'])}$. A finite learning "
        r"rate raises the error. Early in the scaling window it also makes the curves flatter, the more the larger "
        r"$\eta$; at its end the slopes of both equations nearly agree. Parameters chosen here."
    )
