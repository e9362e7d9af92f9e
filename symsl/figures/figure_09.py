"""Figure 9: the two incomplete gamma functions of Eq. 50 live on different time scales."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from flint import arb

from symsl.figures import marks, palette
from symsl.figures.numbers import doubles, times
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.linear import approximation, eps_g, scaling_window
from symsl.linear.euler_maclaurin import upper_gamma
from symsl.precision import ball, exact
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "The two terms of the incomplete-gamma form"
LAYOUT = Layout(columns=2, height=2.7)
_COMMON = {"L": 1000, "sigma_J": "1/100", "eta": "1/100", "betas": ["1/2", "1"]}
PARAMETERS: Mapping[str, Parameters] = {
    "full": {**_COMMON, "times": [1e-2, 1e6, 161]},
    "quick": {**_COMMON, "times": [1e-2, 1e6, 81]},
}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """For each beta: Eq. 8, both terms of Eq. 50 with their prefactor, and the power law of Eq. 53."""
    grid = times(*parameters["times"])
    data: dict[str, Array] = {}
    for i, beta in enumerate(parameters["betas"]):
        with work.stage(f"incomplete gamma functions, beta = {beta}"):
            data |= _curves(Spectrum.power_law(parameters["L"], beta), parameters, grid, i)
    return data | {"alpha": np.array(grid)}


def _curves(spectrum: Spectrum, parameters: Parameters, grid: Sequence[float], i: int) -> dict[str, Array]:
    eta, sigma_J = parameters["eta"], parameters["sigma_J"]

    def known(kind: str) -> list[arb]:
        return approximation(kind, spectrum, eta, sigma_J, grid)

    return {
        f"sum_{i}": doubles(lambda: eps_g(spectrum, eta, sigma_J, grid)),
        f"first_{i}": doubles(lambda: known("one gamma")),
        f"second_{i}": doubles(lambda: _second(spectrum, parameters, grid)),
        f"law_{i}": doubles(lambda: known("power law")),
        f"window_{i}": doubles(lambda: scaling_window(spectrum, eta)),
    }


def _second(spectrum: Spectrum, parameters: Parameters, grid: Sequence[float]) -> list[arb]:
    """(1+sigma_J^2)/2 lambda_+/(L(1+beta)) z^(-p) Gamma(p, z), what the integral of Eq. 50 subtracts."""
    eta, spread = exact(parameters["eta"], "eta"), exact(parameters["sigma_J"], "sigma_J")
    assert spectrum.beta is not None
    p, largest = spectrum.beta / (1 + spectrum.beta), spectrum.largest()
    scale = largest * ball((1 + spread**2) / (2 * spectrum.L * (1 + spectrum.beta)))
    moments = [2 * ball(eta * exact(time, "alpha")) * largest for time in grid]
    return [scale * z ** (-ball(p)) * upper_gamma(p, z) for z in moments]


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """One panel for each beta."""
    for i, (panel, beta) in enumerate(zip(axes, data.parameters["betas"], strict=True)):
        marks.window(panel, *data[f"window_{i}"])
        alpha, total = data["alpha"], data[f"sum_{i}"]
        panel.plot(alpha, total, color=palette.FIRST_ORDER, label=r"$\epsilon_g$, Eq. (8)")
        panel.plot(alpha, data[f"first_{i}"], color=palette.CLOSED_FORM, ls="--", label=r"$\Gamma(p, zL^{-(1+\beta)})$")
        panel.plot(alpha, data[f"second_{i}"], color=palette.CLOSED_FORM, ls=":", label=r"$\Gamma(p, z)$")
        panel.plot(alpha, data[f"law_{i}"], color=palette.GUIDE, lw=0.9, ls=(0, (4, 2)), label="Eq. (53)")
        late = -len(alpha) // 4
        panel.annotate(
            marks.power(r"\alpha", marks.decay_exponent(beta)), (alpha[late], data[f"law_{i}"][late]),
            xytext=(2, 3), textcoords="offset points", color=palette.GUIDE,
        )  # fmt: skip
        marks.logarithmic(panel, marks.ALPHA, r"terms of $\epsilon_g$" if i == 0 else "")
        panel.set_xlim(alpha[0], alpha[-1])
        panel.set_ylim(1e-6, 10)
        panel.text(0.97, 0.95, rf"$\beta = {beta}$", transform=panel.transAxes, ha="right", va="top")
    axes[-1].legend(loc="lower left", bbox_to_anchor=(0.31, 0.0))
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    return (
        r"The two incomplete gamma functions of Eq.~(50), each with the common prefactor, and their difference's "
        r"original, the sum of Eq.~(8). The second dies out as the window of Eq.~(53) (shaded) begins; the "
        r"first bends away from the power law $\alpha^{-\beta/(1+\beta)}$ well before the window ends. "
        rf"$\beta = $ {marks.listing(parameters['betas'])}, $L = {parameters['L']}$, "
        rf"$\eta = {marks.tex_number(parameters['eta'])}$, $\sigma_J = {marks.tex_number(parameters['sigma_J'])}$. "
        r"Parameters chosen here."
    )
