"""Figure 15: training the first N_l components outside the eigenbasis, SGD against Eqs. 84 and 88."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from symsl.features import covariance_matrix, haar_orthogonal, mean_error, stationary_errors, student_path
from symsl.figures import marks, palette
from symsl.figures.numbers import times
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.precision import exact
from symsl.simulation import initial_weights
from symsl.simulation.inputs import rotated_inputs
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "Linear activation: training outside the eigenbasis of the data"
LAYOUT = Layout(height=3.6, height_ratios=(2.6, 1), sharex=True)
_COMMON = {"beta": "1", "eta": "1/50", "sigma_J": "1/100", "seed": 15}
PARAMETERS: Mapping[str, Parameters] = {
    "full": {**_COMMON, "N": 256, "N_l": [4, 16, 64, 128], "runs": 40, "times": [1e-1, 1e3, 17]},
    "quick": {**_COMMON, "N": 64, "N_l": [4, 16, 32], "runs": 60, "times": [1e-1, 2e2, 12]},
}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """SGD, the mean on the path of Eq. 84 and the limit of Eq. 88 for each N_l, in one random basis."""
    N, eta, sigma_J, seed = (parameters[name] for name in ("N", "eta", "sigma_J", "seed"))
    spectrum, orthogonal = Spectrum.power_law(N, parameters["beta"]), haar_orthogonal(N, seed)
    covariance, inputs = covariance_matrix(spectrum, orthogonal), rotated_inputs(spectrum, orthogonal)
    fine = np.array(times(*parameters["times"][:2]))
    runs = [
        work.simulate(
            f"N_l-{count}", inputs, eta=eta, alpha=times(*parameters["times"]), sigma_J=sigma_J,
            runs=parameters["runs"], seed=seed, trainable=count,
        )
        for count in parameters["N_l"]
    ]  # fmt: skip

    weights = [
        initial_weights(seed, run, N=N, sigma_J=float(exact(sigma_J, "sigma_J"))) for run in range(len(runs[0].J))
    ]
    realised = [
        [_error_on_path(covariance, n, J[0], B[0], eta, runs[0].alpha) for J, B in weights] for n in parameters["N_l"]
    ]
    differences = np.array([run.eps_g for run in runs]) - np.array(realised)
    scale = np.mean(realised, axis=1)
    return {
        "alpha": runs[0].alpha,
        "mean": np.array([run.mean() for run in runs]),
        "error": np.array([run.standard_error() for run in runs]),
        "residual": differences.mean(axis=1) / scale,
        "residual_error": differences.std(axis=1, ddof=1) / scale / np.sqrt(len(weights)),
        "fine_alpha": fine,
        "fine_path": np.array(
            [mean_error(covariance, n, eta=eta, sigma_J=sigma_J, alpha=fine) for n in parameters["N_l"]]
        ),
        "limit": stationary_errors(covariance, sigma_J=sigma_J)[parameters["N_l"]],
    }


def _error_on_path(covariance: Array, count: int, J: Array, B: Array, eta: object, alpha: Array) -> Array:
    """eps_g on the path of Eq. 84 for these weights: (J - B).Sigma (J - B)/(2N)."""
    distance = np.tile(J - B, (len(alpha), 1))
    distance[:, :count] = student_path(covariance, count, J=J, B=B, eta=eta, alpha=alpha) - B[:count]
    error: Array = np.einsum("ti,ij,tj->t", distance, covariance, distance, optimize=True) / (2 * len(J))
    return error


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """Learning curves above, their ratio to the theory below."""
    above, below = axes
    counts = data.parameters["N_l"]
    for i, (count, colour) in enumerate(zip(counts, palette.family("N_l", len(counts)), strict=True)):
        above.plot(data["fine_alpha"], data["fine_path"][i], color=colour)
        above.axhline(data["limit"][i], color=colour, ls=":", lw=0.9)
        marks.points(above, data["alpha"], data["mean"][i], data["error"][i], color=colour, label=f"$N_l = {count}$")
        marks.points(below, data["alpha"], data["residual"][i], data["residual_error"][i], color=colour)
    below.axhline(0, color=palette.GUIDE, lw=0.8)
    marks.logarithmic(above, ylabel=marks.EPS_G)
    above.set_ylim(bottom=float(data["limit"].min()) / 20)  # room for the legend below the last limit
    above.legend(loc="lower left")
    below.set(xscale="log", xlabel=marks.ALPHA, ylabel="SGD/theory $-$ 1")
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    return (
        rf"(a) SGD (points: mean and standard error of {parameters['runs']} runs with fresh weights) where only the "
        rf"first $N_l = $ {marks.listing(parameters['N_l'])} components in a random basis are trained, against the "
        rf"mean "
        r"over the weights on the path of Eq.~(84) (lines) and its limit, Eq.~(88) (dotted); (b) relative "
        r"difference of "
        r"SGD from the path of Eq.~(84) with the weights of the same runs: what is left is the noise of the examples, "
        r"and a systematic part of first order in $\eta$. "
        rf"$N = L = {parameters['N']}$, $\beta = {parameters['beta']}$, $\eta = "
        rf"{marks.tex_number(parameters['eta'])}$, "
        rf"$\sigma_J = {marks.tex_number(parameters['sigma_J'])}$, one Haar-random basis. Parameters chosen here."
    )
