"""Figure 3: students that learn only the leading N_l directions, on Gaussian inputs and on images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from symsl.data_spectrum import DataSpectrum, from_data
from symsl.features import generalisation_error, stationary_error
from symsl.figures import marks, palette
from symsl.figures.images import contrast_patches
from symsl.figures.numbers import doubles, times
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.linear import approximation, scaling_window
from symsl.simulation.inputs import data_inputs
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "Linear activation: learning the leading directions only"
LAYOUT = Layout(columns=2, height=2.7)
PARAMETERS: Mapping[str, Parameters] = {
    "full": {
        "L": 1024, "beta": "1", "eta": "1/20", "sigma_J": "1/100", "N_l": [1, 4, 16, 64, 256],
        "times": [1e-3, 1e6, 91],
        "images": {"size": 16, "patches": 100000, "eta": "1/50", "N_l": [4, 16, 64, 255], "runs": 20, "seed": 3,
                   "times": [1e-1, 1e3, 13]},
    },
    "quick": {
        "L": 256, "beta": "1", "eta": "1/20", "sigma_J": "1/100", "N_l": [1, 4, 16, 64], "times": [1e-3, 1e5, 61],
        "images": {"size": 8, "patches": 20000, "eta": "1/50", "N_l": [2, 8, 32], "runs": 20, "seed": 3,
                   "times": [1e-1, 2e2, 11]},
    },
}  # fmt: skip


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """Eqs. 10, 11, 71 by N_l; SGD on image patches with Eqs. 78 (their spectrum) and 79 (the fitted power law)."""
    spectrum, eta, sigma_J = (
        Spectrum.power_law(parameters["L"], parameters["beta"]), parameters["eta"], parameters["sigma_J"],
    )  # fmt: skip
    grid = times(*parameters["times"])
    with work.stage("Eqs. 10 and 11"):
        data = {
            "alpha": np.array(grid),
            "sum": np.array([_sum(spectrum, count, eta, sigma_J, grid) for count in parameters["N_l"]]),
            "closed": np.array([_closed(spectrum, count, eta, sigma_J, grid) for count in parameters["N_l"]]),
            "limit": doubles(lambda: [stationary_error(spectrum, n, sigma_J=sigma_J) for n in parameters["N_l"]]),
            "window": doubles(lambda: scaling_window(spectrum, eta)),
        }
    return data | _images(parameters, work)


def _images(parameters: Parameters, work: Work) -> dict[str, Array]:
    images, sigma_J = parameters["images"], parameters["sigma_J"]
    with work.stage("the spectrum of image patches"):
        rows = contrast_patches(images["size"], images["patches"], images["seed"])
        # The law stands for the whole spectrum here, so that it is fitted to all of it.
        found: DataSpectrum = from_data(rows, fit_range=(1, rows.shape[1]))
        inputs = data_inputs(found.coordinates(rows))
    law, eta, fine = Spectrum.power_law(found.spectrum.L, found.beta), images["eta"], times(*images["times"][:2])
    runs = [
        work.simulate(
            f"images-{count}", inputs, eta=eta, alpha=times(*images["times"]), sigma_J=sigma_J, runs=images["runs"],
            seed=images["seed"], trainable=count,
        )
        for count in images["N_l"]
    ]  # fmt: skip
    with work.stage("Eqs. 78 and 79"):
        return {
            "image_alpha": runs[0].alpha,
            "image_mean": np.array([run.mean() for run in runs]),
            "image_error": np.array([run.standard_error() for run in runs]),
            "image_fine": np.array(fine),
            "image_sum": np.array([_sum(found.spectrum, count, eta, sigma_J, fine) for count in images["N_l"]]),
            "image_closed": np.array([_closed(law, count, eta, sigma_J, fine) for count in images["N_l"]]),
            "image_beta": np.array(found.beta),
        }


def _sum(spectrum: Spectrum, count: int, eta: object, sigma_J: object, grid: Sequence[float]) -> Array:
    """Eqs. 10, 78."""
    return doubles(
        lambda: [
            generalisation_error(spectrum, count, eta=eta, sigma_J=sigma_J, alpha=Fraction(str(time))) for time in grid
        ]
    )


def _closed(law: Spectrum, count: int, eta: object, sigma_J: object, grid: Sequence[float]) -> Array:
    """Eqs. 11, 79."""
    return doubles(lambda: approximation("integral", law, eta, sigma_J, grid, N_l=count))


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """Gaussian inputs on the left, image patches on the right."""
    left, right = axes
    parameters = data.parameters
    marks.window(left, *data["window"])
    for i, (count, colour) in enumerate(
        zip(parameters["N_l"], palette.family("N_l", len(parameters["N_l"])), strict=True)
    ):
        left.plot(data["alpha"], data["sum"][i], color=colour, label=f"$N_l = {count}$")
        left.plot(data["alpha"], data["closed"][i], color=colour, ls="--", lw=0.9)
        left.axhline(data["limit"][i], color=palette.GUIDE, ls=":", lw=0.7)
    marks.logarithmic(left, marks.ALPHA, marks.EPS_G)
    left.plot([], [], color=palette.GUIDE, ls="--", lw=0.9, label="Eq. (11)")
    left.set_ylim(bottom=float(data["limit"].min()) / 20)
    left.legend(loc="lower left")
    images = parameters["images"]
    for i, (count, colour) in enumerate(zip(images["N_l"], palette.family("N_l", len(images["N_l"])), strict=True)):
        right.plot(data["image_fine"], data["image_sum"][i], color=colour)
        right.plot(data["image_fine"], data["image_closed"][i], color=colour, ls="--", lw=0.9)
        marks.points(
            right, data["image_alpha"], data["image_mean"][i], data["image_error"][i], color=colour,
            label=f"SGD, $N_l = {count}$",
        )  # fmt: skip
    off = np.abs(data["image_closed"] / data["image_sum"] - 1).max()
    right.plot([], [], color=palette.GUIDE, label="Eq. (78), image spectrum")
    right.plot(
        [], [], color=palette.GUIDE, ls="--", lw=0.9,
        label=rf"Eq. (79), fit $\beta = {float(data['image_beta']):.2f}$: off by ${100 * off:.0f}\,\%$ at most",
    )  # fmt: skip
    marks.logarithmic(right, marks.ALPHA)
    right.set_ylim(bottom=float(data["image_sum"].min()) / 10)
    right.legend(loc="lower left")
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    images = parameters["images"]
    return (
        rf"(a) Eq.~(10) (lines), its closed form Eq.~(11) (dashed) and the limits of Eq.~(71) (dotted) for "
        rf"$N_l = $ {marks.listing(parameters['N_l'])} trainable directions of $L = {parameters['L']}$; "
        rf"$\beta = {parameters['beta']}$, $\eta = {marks.tex_number(parameters['eta'])}$, "
        rf"$\sigma_J = {marks.tex_number(parameters['sigma_J'])}$; shaded: the scaling window of all directions. "
        rf"(b) SGD on {images['size']}$\times${images['size']} patches of two photographs (first channel, "
        rf"$N = {images['size'] ** 2 - 1}$, $\eta = {marks.tex_number(images['eta'])}$, {images['runs']} runs) in the "
        r"eigenbasis of their covariance (Eq.~(80)), against the sum over the measured eigenvalues, Eq.~(78) (lines), "
        r"and Eq.~(79) with the power law fitted to all of them (dashed; see Fig.~14). Taken away is the brightness of "
        r"each patch, its mean: this one direction holds nine tenths of the variance, which no power law describes, "
        r"so that Eq.~(79) would be off by factors of about ten, while Eq.~(78) and SGD agree on the raw patches too. "
        r"What is left still has a bent spectrum: Eq.~(79) is as good as the legend says. The photographs stand in "
        r"for the "
        r"paper's image data set; the other parameters are chosen here."
    )
