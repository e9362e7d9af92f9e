"""Figure 12: the spectrum of A_3 for several numbers of eigenvalues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from symsl.figures import marks, rate_panels
from symsl.figures.plan import Array, FigureData, Parameters
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "The rates of the linear network for several numbers of eigenvalues"
LAYOUT = rate_panels.LAYOUT
PARAMETERS: Mapping[str, Parameters] = {
    "full": {"beta": "1/2", "eta": "1", "sizes": [16, 64, 256, 1024]},
    "quick": {"beta": "1/2", "eta": "1", "sizes": [16, 64, 256]},
}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """lambda_k, a_k/(2 eta) and their relative difference for each value."""
    data: dict[str, Array] = {}
    for i, value in enumerate(parameters["sizes"]):
        with work.stage(f"the secular equation, L = {value}"):
            found = rate_panels.relative_rates(Spectrum.power_law(value, parameters["beta"]), parameters["eta"])
        data |= {f"{name}_{i}": array for name, array in found.items()}
    return data


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """The spectra on the left, their relative difference on the right."""
    return rate_panels.draw_rates(axes, data, "L", data.parameters["sizes"])


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    return (
        r"(a) Eigenvalues $a_k$ of $-A_3$ over $2\eta$ (points) and the eigenvalues $\lambda_k$ of the data covariance "
        r"(dotted); (b) their relative difference, always positive, "
        rf"for $L = $ {marks.listing(parameters['sizes'])}; $\beta = {parameters['beta']}$, $\eta = "
        rf"{parameters['eta']}$. "
        r"At fixed $k$ the deviation depends little on $L$. "
        r"Roots of the secular equation, certified. Parameters chosen here."
    )
