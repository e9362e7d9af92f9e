"""Figure b: which exponent does one see? Certified local exponents of Eq. 8 across the scaling window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from flint import ctx

from symsl.figures import marks, palette
from symsl.figures.numbers import doubles
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.linear import local_exponent, scaling_window
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "Certified local exponents in the scaling window"
LAYOUT = Layout(columns=2, height=3.7, height_ratios=(2.2, 1), sharex=True)
_COMMON = {"betas": ["1/2", "1"], "eta": "1/100", "powers": [2, 3, 4, 6, 9, 12], "bits": 128}
PARAMETERS: Mapping[str, Parameters] = {
    "full": {**_COMMON, "places": [-0.15, 1.15, 131]},
    "quick": {**_COMMON, "places": [-0.15, 1.15, 66]},
}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """By beta and L: d ln eps_g/d ln alpha at places u of the window, alpha = start (end/start)^u, and its radius."""
    first, last, count = parameters["places"]
    places = np.linspace(first, last, count)
    exponents, radii = [], []
    for beta in parameters["betas"]:
        for power in parameters["powers"]:
            spectrum = Spectrum.power_law(10**power, beta)
            start, end = doubles(lambda: scaling_window(spectrum, parameters["eta"]))  # noqa: B023
            alphas = [Fraction(f"{time:.9e}") for time in start * (end / start) ** places]
            with work.stage(f"local exponents, beta = {beta}, L = 10^{power}"):
                exponents.append(doubles(lambda: local_exponent(spectrum, parameters["eta"], alphas)))  # noqa: B023
                with ctx.workprec(parameters["bits"]):
                    enclosures = local_exponent(spectrum, parameters["eta"], alphas)
                radii.append([float(ball.rad()) for ball in enclosures])
    shape = len(parameters["betas"]), len(parameters["powers"]), len(places)
    return {
        "place": places, "exponent": np.array(exponents).reshape(shape), "radius": np.array(radii).reshape(shape),
    }  # fmt: skip


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """One column for each beta: exponents above, radii of the enclosures below."""
    betas, powers = data.parameters["betas"], data.parameters["powers"]
    for i, beta in enumerate(betas):
        above, below = axes[i], axes[len(betas) + i]
        exponent = marks.decay_exponent(beta)
        for panel in (above, below):
            marks.window(panel, 0, 1)
        for power, colour, values, radii in zip(
            powers, palette.family("L", len(powers)), data["exponent"][i], data["radius"][i], strict=True
        ):
            above.plot(data["place"], values, color=colour, label=f"$L = 10^{{{power}}}$")
            below.plot(data["place"], radii, color=colour)
        above.axhline(float(exponent), color=palette.GUIDE, ls=(0, (4, 2)), lw=0.9)
        above.set(ylim=(4 * float(exponent), 0.1), ylabel=r"$d\ln\epsilon_g/d\ln\alpha$" if i == 0 else "")
        note = rf"$\beta = {beta}$, dashed: ${exponent}$"
        above.text(0.97, 0.95, note, transform=above.transAxes, ha="right", va="top")
        below.set(yscale="log", ylabel="radius" if i == 0 else "")
        below.set_xlabel(r"$\ln(\alpha/\alpha_{\rm start})/\ln(\alpha_{\rm end}/\alpha_{\rm start})$")
        below.set_xlim(data["place"][0], data["place"][-1])
    axes[0].legend(loc="lower left")
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    return (
        r"(a, b) Local exponent of Eq.~(8) against the place in the scaling window (shaded), on the logarithmic "
        r"axis of "
        r"time between $\alpha_{\rm start} = 1/(2\eta\lambda_+)$ and $\alpha_{\rm end} = L^{1+\beta}\alpha_{\rm "
        r"start}$, for "
        rf"$L = 10^2$ to $10^{{{parameters['powers'][-1]}}}$ and $\beta = $ {marks.listing(parameters['betas'])}; "
        rf"dashed: "
        r"$-\beta/(1+\beta)$. At $L = 10^3$ and $\beta = 1/2$ no time shows the exponent of the theory over more "
        r"than an "
        rf"instant. (c, d) Radius of the enclosures at {parameters['bits']} bits of working precision. "
        rf"$\eta = {marks.tex_number(parameters['eta'])}$."
    )
