"""Figure 14: the covariance spectrum of images, and the power law in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from symsl.data_spectrum import from_data
from symsl.figures import marks, palette
from symsl.figures.images import contrast_patches
from symsl.figures.plan import Array, FigureData, Layout, Parameters

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "The covariance spectrum of image patches"
LAYOUT = Layout(height=2.6)
PARAMETERS: Mapping[str, Parameters] = {
    "full": {"sizes": [8, 16, 24], "patches": 100000, "seed": 3},
    "quick": {"sizes": [8, 12, 16], "patches": 10000, "seed": 3},
}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """Eigenvalues, and the fit (exponent, its error, prefactor, first and last k) for each size of patch."""
    data = {}
    for i, size in enumerate(parameters["sizes"]):
        with work.stage(f"covariance of {size} x {size} patches"):
            found = from_data(contrast_patches(size, parameters["patches"], parameters["seed"]))
        assert found.fit is not None
        data[f"eigenvalues_{i}"] = found.eigenvalues()
        data[f"fit_{i}"] = np.array(
            [found.fit.exponent, found.fit.exponent_error, found.fit.prefactor, *found.fit.range]
        )
    return data


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """Eigenvalues as points, the fitted power law as a line over the range of the fit."""
    (panel,) = axes
    sizes = data.parameters["sizes"]
    for i, (size, colour) in enumerate(zip(sizes, palette.family("L", len(sizes)), strict=True)):
        eigenvalues = data[f"eigenvalues_{i}"]
        exponent, error, prefactor, first, last = data[f"fit_{i}"]
        panel.plot(np.arange(1, len(eigenvalues) + 1), eigenvalues, ".", ms=2, color=colour)
        k = np.array([first, last])
        label = rf"${size}\times{size}$: $1+\beta = {-exponent:.2f}\pm{error:.2f}$"
        panel.plot(k, prefactor * k**exponent, color=colour, label=label)
    marks.logarithmic(panel, "$k$", r"$\lambda_k$")
    panel.legend(loc="lower left")
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    sizes = ", ".join(rf"${size}\times{size}$" for size in parameters["sizes"])
    return (
        rf"Eigenvalues of the covariance of {parameters['patches']} patches of {sizes} pixels (points), cut from two "
        r"photographs (first channel, the brightness of each patch removed; mean eigenvalue 1), and the power law "
        r"fitted to the "
        r"middle half of the axis of $\ln k$ (lines, drawn over the range of the fit; the error is that of the "
        r"straight "
        r"line, not of the choice of range). The photographs stand in for the paper's image data set."
    )
