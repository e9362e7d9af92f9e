"""Figure 10: the spectrum of A_3 for several learning rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from symsl.figures import marks, rate_panels
from symsl.figures.plan import Array, FigureData, Parameters
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "The rates of the linear network for several learning rates"
LAYOUT = rate_panels.LAYOUT
PARAMETERS: Mapping[str, Parameters] = {
    "full": {"L": 256, "beta": "1/2", "etas": ["1/10", "1/2", "1", "3/2", "19/10"]},
    "quick": {"L": 64, "beta": "1/2", "etas": ["1/10", "1/2", "1", "3/2", "19/10"]},
}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """lambda_k, a_k/(2 eta) and their relative difference for each value."""
    data: dict[str, Array] = {}
    for i, value in enumerate(parameters["etas"]):
        with work.stage(f"the secular equation, eta = {value}"):
            found = rate_panels.relative_rates(Spectrum.power_law(parameters["L"], parameters["beta"]), value)
        data |= {f"{name}_{i}": array for name, array in found.items()}
    return data


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """The spectra on the left, their relative difference on the right."""
    return rate_panels.draw_rates(axes, data, "eta", data.parameters["etas"])


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    return (
        r"(a) Eigenvalues $a_k$ of $-A_3$ over $2\eta$ (points) and the eigenvalues $\lambda_k$ of the data covariance "
        r"(dotted); (b) their relative difference, always positive, "
        rf"at $\eta = $ {marks.listing(parameters['etas'])}; $L = {parameters['L']}$, $\beta = {parameters['beta']}$. "
        r"The larger the learning rate, the more all rates fall behind, the first ones most; the last one vanishes at "
        r"$\eta = 2$. "
        r"Roots of the secular equation, certified. Parameters chosen here."
    )
