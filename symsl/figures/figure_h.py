"""Figure h: the weights of trained networks, phase by phase, against the state evolution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from symsl.figures import marks, palette
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.figures.trained_weights import counting_grid, draw_counts, measured_counts
from symsl.weight_decay import (
    DiagonalSpectrum,
    PowerLawTarget,
    QuadraticSpectrum,
    lasso_float64,
    quadratic_float64,
)
from symsl.weight_decay.experiments import lasso_experiment, matrix_experiment
from symsl.weight_decay.fits import signal_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "Trained weights in the phases"
LAYOUT = Layout(columns=2, height=5.0, height_ratios=(1, 1))
_COMMON = {"gamma": "1", "seed": 3, "tail": {"d": "1e10", "n": "1e14", "Delta": "1", "lam": "1e-2"}}
PARAMETERS: Mapping[str, Parameters] = {
    "full": {
        **_COMMON,
        "diagonal": {"d": 1000, "n": 300, "Delta": "1/10", "lam": ["1/5", "3/50", "1/500"], "trials": 20},
        "quadratic": {"d": 80, "n": 1200, "Delta": "1/10", "lam": ["1/2", "3/20", "1/400"], "trials": 10},
    },
    "quick": {
        **_COMMON,
        "diagonal": {"d": 300, "n": 150, "Delta": "1/10", "lam": ["1/5", "3/50", "1/500"], "trials": 10},
        "quadratic": {"d": 40, "n": 300, "Delta": "1/10", "lam": ["1/2", "3/20", "1/100"], "trials": 8},
    },
}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """By model and weight decay: x, measured N(x) with its error, the state evolution's; atoms; densities; a tail."""
    arrays: dict[str, Array] = {}
    for model in ("diagonal", "quadratic"):
        setting = parameters[model]
        for place, lam in enumerate(setting["lam"]):
            with work.stage(f"{model} network, lam = {lam}"):
                arrays |= _counts(model, f"{model}_{place}", setting, lam, parameters)
    return arrays | _density(parameters, arrays) | _tail(parameters)


def _problem(setting: Parameters, parameters: Parameters) -> tuple[PowerLawTarget, object, str]:
    return PowerLawTarget(parameters["gamma"], setting["d"]), setting["n"], setting["Delta"]


def _spectrum(
    model: str, setting: Parameters, lam: str, parameters: Parameters
) -> DiagonalSpectrum | QuadraticSpectrum:
    target, n, Delta = _problem(setting, parameters)
    if model == "diagonal":
        return DiagonalSpectrum(target, lasso_float64(target, n, Delta, lam=lam))
    return QuadraticSpectrum(target, quadratic_float64(target, n, Delta, lam=lam))


def _counts(model: str, name: str, setting: Parameters, lam: str, parameters: Parameters) -> dict[str, Array]:
    experiment = lasso_experiment if model == "diagonal" else matrix_experiment
    problem = _problem(setting, parameters)
    weights = experiment(*problem, lam, trials=setting["trials"], seed=parameters["seed"]).weights
    spectrum, x = _spectrum(model, setting, lam, parameters), counting_grid(weights, 25)
    fine = np.geomspace(x[0], x[-1], 121)
    zeros = (weights == 0).sum(axis=1)
    return {
        f"{name}_x": x,
        f"{name}_measured": np.array(measured_counts(weights, x)),
        f"{name}_fine": fine,
        f"{name}_theory": np.array([spectrum.count(value) for value in fine]),
        f"{name}_atom": np.array([zeros.mean(), zeros.std(ddof=1) / np.sqrt(len(zeros)), spectrum.atom]),
        f"{name}_weights": weights,
    }


def _density(parameters: Parameters, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The interpolating quadratic network: density of positive eigenvalues, and where outliers are expected."""
    setting = parameters["quadratic"]
    spectrum = _spectrum("quadratic", setting, setting["lam"][-1], parameters)
    assert isinstance(spectrum, QuadraticSpectrum)
    weights = arrays[f"quadratic_{len(setting['lam']) - 1}_weights"]
    outliers = spectrum.outliers()[0]
    edge = spectrum.bulk_width
    bins = np.linspace(0, 2.2 * edge, 17)
    counts = np.histogram(weights[weights > 0], bins)[0] / (len(weights) * np.diff(bins))
    x = np.linspace(1e-3 * edge, 2.2 * edge, 121)
    return {
        "bins": bins,
        "histogram": counts,
        "density_x": x,
        "density": np.array([spectrum.density(value) for value in x]),
        "semicircle": spectrum.bulk_density(x),
        "outliers": outliers[outliers > edge],
    }


def _tail(parameters: Parameters) -> dict[str, Array]:
    """Ranks of the outliers of a large network, against the eigenvalue and against the signal behind it."""
    setting = parameters["tail"]
    target, n, Delta = _problem(setting, parameters)
    state = quadratic_float64(target, n, Delta, lam=setting["lam"], method="spiked")
    learned = QuadraticSpectrum(target, state).outliers()[0]
    return {"tail_x": learned, "tail_signal": signal_of(learned, state.theta, state.nu)}


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """Counts of both models above; bulk and outliers, and the tail, below."""
    left, right, bulk, tail = axes
    for panel, model in ((left, "diagonal"), (right, "quadratic")):
        decays = data.parameters[model]["lam"]
        for place, (lam, colour) in enumerate(zip(decays, palette.family("lam", len(decays)), strict=True)):
            name = f"{model}_{place}"
            counts, theory = data[f"{name}_measured"], (data[f"{name}_fine"], data[f"{name}_theory"])
            mean, error, expected = data[f"{name}_atom"]
            label = rf"$\lambda = {marks.tex_number(lam)}$, zeros {mean:.1f}({error:.1f}) / {expected:.1f}"
            draw_counts(panel, data[f"{name}_x"], (counts[0], counts[1]), theory, color=colour, label=label)
        panel.set_title(model, loc="right", pad=3)
        panel.legend(loc="lower left")
        panel.set_ylim(bottom=0.02)
    right.set_ylabel("")
    bulk.stairs(data["histogram"], data["bins"], color=palette.SIMULATION, lw=0.9, label="trained")
    bulk.plot(data["density_x"], data["density"], color=palette.EXACT, label="free convolution")
    bulk.plot(data["density_x"], data["semicircle"], color=palette.GUIDE, ls=(0, (4, 2)), label="semicircle alone")
    inside = data["outliers"][data["outliers"] < data["bins"][-1]]
    bulk.plot(inside, np.zeros(len(inside)), "|", ms=9, color=palette.FIRST_ORDER, clip_on=False, label="outliers")
    bulk.set(xlabel="eigenvalue $x$", ylabel="density of eigenvalues", xlim=(0, data["bins"][-1]))
    bulk.set_ylim(0, 1.3 * max(data["density"].max(), data["histogram"].max()))
    bulk.legend(loc="upper right")
    ranks = np.arange(1.0, len(data["tail_x"]) + 1)
    tail.plot(data["tail_x"], ranks, ".", ms=2.5, color=palette.EXACT, label="against $x$")
    tail.plot(data["tail_signal"], ranks, ".", ms=2.5, color=palette.CLOSED_FORM, label="against $s(x)$")
    exponent = -1 / float(data.parameters["gamma"])
    marks.slope_guide(tail, (data["tail_signal"].min(), 1.0), len(ranks), exponent, r"slope $1 - A$")
    marks.logarithmic(tail, "eigenvalue $x$, signal $s(x)$", "rank")
    tail.legend(loc="lower left")
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    diagonal, quadratic, tail = (parameters[name] for name in ("diagonal", "quadratic", "tail"))

    def sizes(setting: Parameters) -> str:
        return rf"$d = {setting['d']}$, $n = {setting['n']}$, $\Delta = {setting['Delta']}$, {setting['trials']} trials"

    return (
        r"Number of weights above $x$ in trained networks (points with standard errors) and by the state evolution "
        rf"(lines): (a) coefficients of the diagonal network, {sizes(diagonal)}; (b) eigenvalues of $WW^T$ of the "
        rf"quadratic network with Gaussian sensing, {sizes(quadratic)}; from an over-regularised network to one that "
        r"nearly interpolates. In the legends: how many weights are exactly zero, measured / predicted. (c) Density of "
        r"the eigenvalues of the nearly interpolating quadratic network: a piece of a semicircle, deformed by the "
        r"target, and outliers at $s_k + \nu^2/s_k - \theta$ (ticks). (d) Eigenvalues of a large over-regularised "
        rf"network ($d = {marks.tex_number(tail['d'])}$, $n = {marks.tex_number(tail['n'])}$, spiked state evolution): "
        r"the power law with exponent $1 - A = -1/\gamma$ shows against the signal "
        r"$s(x) = [x + \theta + \sqrt{(x+\theta)^2 - 4\nu^2}]/2$ and is bent against $x$. "
        rf"Target $i^{{-\gamma}}$, $\gamma = {parameters['gamma']}$."
    )
